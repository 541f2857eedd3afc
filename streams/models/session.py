"""The live session: one use of Sightline, from the draft to the outcome."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from streams.models.incident import Incident
from streams.models.session_rules import SESSION_RULES
from streams.models.transitions import check_transition


class LiveSession(models.Model):
    """One use of Sightline. It owns invitations, consents, streams, positions, messages and answers.

    The transition methods set fields and raise `InvalidTransition`; the service saves the row.
    """

    class Kind(models.TextChoices):
        """Whose session it is."""

        CALLER = "caller", "Caller"
        OFFICER = "officer", "Officer"
        FLIGHT = "flight", "Flight of a drone"

    class LinkKind(models.TextChoices):
        """What the link asks for."""

        LOCATION = "location", "Location"
        LOCATION_VIDEO = "location_video", "Location and live video"
        LOCATION_UPLOAD = "location_upload", "Location, photos and videos"

    class State(models.TextChoices):
        """Where the session stands."""

        DRAFT = "draft", "Draft"
        INVITED = "invited", "Invited"
        OPENED = "opened", "Link opened"
        CONSENTED = "consented", "Consented"
        LIVE = "live", "Live"
        ENDED = "ended", "Ended"
        EXPIRED = "expired", "Expired"

    class Rung(models.TextChoices):
        """How much of the picture the caller's line carries, best first, and what stands in for it."""

        VIDEO = "video", "Video"
        VIDEO_LOW = "video_low", "Small video"
        STILLS = "stills", "Stills"
        POSITION = "position", "Position only"
        TEXT = "text", "Messages only"

    BY_ORDER = (Kind.OFFICER, Kind.FLIGHT)
    """A police recording: nobody is asked to agree to it, and there is no link."""
    WITHOUT_VIDEO = (Rung.STILLS, Rung.POSITION, Rung.TEXT)
    OVER = (State.ENDED, State.EXPIRED)
    UNDER_WAY = (State.DRAFT, State.INVITED, State.OPENED, State.CONSENTED, State.LIVE)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="sessions")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.CALLER)
    link_kind = models.CharField(max_length=16, choices=LinkKind.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    phone_number = models.CharField(max_length=16, blank=True, help_text="E.164; empty once erased.")
    email_address = models.CharField(max_length=254, blank=True, help_text="Empty without one, and once erased.")
    language = models.CharField(max_length=12, default="en")
    safe_mode = models.BooleanField(
        default=False, db_default=False, help_text="Somebody who must not know may see the caller's phone."
    )
    created_by = models.CharField(max_length=64)
    created_by_name = models.CharField(max_length=150, blank=True)
    officer_number = models.CharField(
        max_length=16, blank=True, default="", db_default="", help_text="Of an officer's session: the collar number."
    )
    source_id = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_default="",
        help_text="Of a flight: the device that sends its picture.",
    )
    source_name = models.CharField(max_length=150, blank=True, default="", db_default="")
    created_at = models.DateTimeField()
    assigned_to = models.CharField(max_length=64, blank=True, help_text="Whose session it is now.")
    assigned_to_name = models.CharField(max_length=150, blank=True)
    neglected_since = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Since when nobody was seen to attend; not told yet."
    )
    unattended_since = models.DateTimeField(null=True, blank=True, help_text="Since when it counts as unattended.")
    unattended_reason = models.CharField(max_length=24, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True, help_text="When supervisors were called.")
    opened_at = models.DateTimeField(null=True, blank=True)
    consented_at = models.DateTimeField(null=True, blank=True, help_text="Of a flight: its launch.")
    live_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by_kind = models.CharField(max_length=8, blank=True, help_text="user, caller or system")
    end_reason = models.CharField(max_length=40, blank=True)
    recording_wanted = models.BooleanField(default=True)
    shown_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when the officers on the incident are shown its picture."
    )
    shown_by = models.CharField(max_length=64, blank=True, default="", db_default="")
    shown_by_name = models.CharField(max_length=150, blank=True, default="", db_default="")
    progress_step = models.CharField(max_length=24, blank=True)
    progress_reason = models.CharField(max_length=120, blank=True)
    progress_at = models.DateTimeField(null=True, blank=True)
    rung = models.CharField(max_length=12, blank=True, help_text="How much of the picture gets through; empty: unsaid.")
    rung_reason = models.CharField(max_length=24, blank=True)
    rung_at = models.DateTimeField(null=True, blank=True)
    media_node = models.CharField(max_length=64, blank=True)
    room_id = models.CharField(max_length=120, blank=True)
    room_closed_at = models.DateTimeField(null=True, blank=True)
    outcome_code = models.CharField(max_length=40, blank=True)
    outcome_note = models.TextField(blank=True)
    outcome_by = models.CharField(max_length=64, blank=True)
    outcome_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveBigIntegerField(
        default=0, db_default=0, editable=False, help_text="Rises with each state that sockets are told."
    )

    class Meta:
        ordering = ("-created_at",)
        indexes = (
            models.Index(fields=("state", "-created_at"), name="session_state_newest"),
            models.Index(fields=("-ended_at",), name="session_ended"),
            models.Index(fields=("-created_at", "-id"), name="session_newest"),
            models.Index(fields=("assigned_to", "-created_at"), name="session_assigned"),
            models.Index(fields=("created_by", "-created_at"), name="session_created_by"),
            models.Index(fields=("outcome_code", "-created_at"), condition=~Q(outcome_code=""), name="session_outcome"),
            models.Index(fields=("phone_number",), condition=~Q(phone_number=""), name="session_phone"),
        )
        constraints = SESSION_RULES

    def __str__(self) -> str:
        return f"{self.kind} session {self.id}"

    @property
    def is_over(self) -> bool:
        """Ended or expired: nothing more may happen in it but the outcome."""
        return self.state in self.OVER

    @property
    def is_officers(self) -> bool:
        """Whether an officer streams in it: by order, not by consent, and with no link."""
        return self.kind == self.Kind.OFFICER

    @property
    def is_flight(self) -> bool:
        """Whether a drone's picture is in it, which comes by a key."""
        return self.kind == self.Kind.FLIGHT

    @property
    def is_by_order(self) -> bool:
        """Whether it is a police recording, by order and not by consent."""
        return self.kind in self.BY_ORDER

    @property
    def counts_from(self) -> datetime:
        """Since when it goes on, for the limit of time: a flight may be planned ahead, and counts from its launch."""
        return (self.is_flight and self.consented_at) or self.created_at

    @property
    def wants_video(self) -> bool:
        """Whether the session is for live video, not only for the location."""
        return self.link_kind == self.LinkKind.LOCATION_VIDEO

    @property
    def may_be_neglected(self) -> bool:
        """Whether somebody waits in it for an answer: the link was opened, and it is not over."""
        return self.state in (self.State.OPENED, self.State.CONSENTED, self.State.LIVE)

    def assign(self, user_id: str, name: str) -> None:
        """From now on it is this person's."""
        self.assigned_to, self.assigned_to_name = user_id, name

    def attend(self) -> bool:
        """Somebody looks after it; returns whether it had been unattended."""
        was_unattended = self.unattended_since is not None
        self.neglected_since = self.unattended_since = self.escalated_at = None
        self.unattended_reason = ""
        return was_unattended

    def show_to_officers(self, now: datetime, *, by: str, by_name: str) -> None:
        """From now on the officers on the incident may see its picture."""
        self.shown_at, self.shown_by, self.shown_by_name = now, by, by_name

    def hide_from_officers(self) -> None:
        """From now on they may not."""
        self.shown_at, self.shown_by, self.shown_by_name = None, "", ""

    def mark_unattended(self, now: datetime, *, reason: str) -> None:
        """Nobody has looked after it for too long."""
        check_transition(
            "session", self.state, (self.State.OPENED, self.State.CONSENTED, self.State.LIVE), "unattended"
        )
        self.unattended_since = self.unattended_since or now
        self.unattended_reason = self.unattended_reason or reason

    def escalate(self, now: datetime) -> None:
        """It is unattended still: supervisors are called."""
        if self.unattended_since is not None:
            self.escalated_at = self.escalated_at or now

    def mark_invited(self) -> None:
        """A link was sent, for the first time or again; whatever the caller did before is void."""
        check_transition("session", self.state, self.UNDER_WAY, self.State.INVITED)
        self.state = self.State.INVITED
        self.attend()

    def mark_opened(self, now: datetime) -> None:
        """A person opened the link; opening it again before consent changes nothing."""
        check_transition("session", self.state, (self.State.INVITED, self.State.OPENED), self.State.OPENED)
        self.state = self.State.OPENED
        self.opened_at = self.opened_at or now

    def mark_consented(self, now: datetime) -> None:
        """The caller gave consent."""
        check_transition("session", self.state, (self.State.OPENED,), self.State.CONSENTED)
        self.state = self.State.CONSENTED
        self.consented_at = now

    def launch(self, now: datetime) -> None:
        """The flight begins: from now on its device may send."""
        check_transition("flight", self.state, (self.State.DRAFT,), self.State.CONSENTED)
        self.state = self.State.CONSENTED
        self.consented_at = now

    def lapse_consent(self) -> None:
        """The consent was withdrawn: back to opened, and a new link is needed to go on."""
        check_transition("session", self.state, (self.State.CONSENTED, self.State.LIVE), self.State.OPENED)
        self.state = self.State.OPENED

    def go_live(self, now: datetime) -> None:
        """First media frame, or first fix of a location-only session; being live already is fine."""
        check_transition("session", self.state, (self.State.CONSENTED, self.State.LIVE), self.State.LIVE)
        self.state = self.State.LIVE
        self.live_at = self.live_at or now

    def end(self, now: datetime, *, by_kind: str, reason: str) -> None:
        """Ended by an operator, the caller or the system (`by_kind`: user, caller, system)."""
        check_transition("session", self.state, self.UNDER_WAY, self.State.ENDED)
        self.state = self.State.ENDED
        self.attend()
        self.ended_at = now
        self.ended_by_kind = by_kind
        self.end_reason = reason

    def expire(self, now: datetime) -> None:
        """Nobody used the link in time."""
        allowed = (self.State.DRAFT, self.State.INVITED, self.State.OPENED)
        check_transition("session", self.state, allowed, self.State.EXPIRED)
        self.state = self.State.EXPIRED
        self.attend()
        self.ended_at = now
        self.ended_by_kind = "system"
        self.end_reason = "expired"
