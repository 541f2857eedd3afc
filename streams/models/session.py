"""The live session: one use of Sightline, from the draft to the outcome."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from streams.models.incident import Incident
from streams.models.transitions import check_transition


class LiveSession(models.Model):
    """One use of Sightline. It owns invitations, consents, streams, positions, messages and answers.

    The transition methods set fields and raise `InvalidTransition`; the service saves the row.
    """

    class Kind(models.TextChoices):
        """Whose session it is."""

        CALLER = "caller", "Caller"

    class LinkKind(models.TextChoices):
        """What the link asks for."""

        LOCATION = "location", "Location"
        LOCATION_VIDEO = "location_video", "Location and live video"

    class State(models.TextChoices):
        """Where the session stands."""

        DRAFT = "draft", "Draft"
        INVITED = "invited", "Invited"
        OPENED = "opened", "Link opened"
        CONSENTED = "consented", "Consented"
        LIVE = "live", "Live"
        ENDED = "ended", "Ended"
        EXPIRED = "expired", "Expired"

    OVER = (State.ENDED, State.EXPIRED)
    UNDER_WAY = (State.DRAFT, State.INVITED, State.OPENED, State.CONSENTED, State.LIVE)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="sessions")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.CALLER)
    link_kind = models.CharField(max_length=16, choices=LinkKind.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    phone_number = models.CharField(max_length=16, blank=True, help_text="E.164; empty once erased.")
    language = models.CharField(max_length=12, default="en")
    safe_mode = models.BooleanField(
        default=False, db_default=False, help_text="Somebody who must not know may see the caller's phone."
    )
    created_by = models.CharField(max_length=64)
    created_by_name = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    consented_at = models.DateTimeField(null=True, blank=True)
    live_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by_kind = models.CharField(max_length=8, blank=True, help_text="user, caller or system")
    end_reason = models.CharField(max_length=40, blank=True)
    recording_wanted = models.BooleanField(default=True)
    progress_step = models.CharField(max_length=24, blank=True)
    progress_reason = models.CharField(max_length=120, blank=True)
    progress_at = models.DateTimeField(null=True, blank=True)
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
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("draft", "invited", "opened", "consented", "live", "ended", "expired")),
                name="session_state_known",
            ),
            models.CheckConstraint(
                condition=Q(link_kind__in=("location", "location_video")), name="session_link_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("ended", "expired"), ended_at__isnull=False)
                | (~Q(state__in=("ended", "expired")) & Q(ended_at__isnull=True)),
                name="session_over_has_time",
            ),
            models.CheckConstraint(
                condition=Q(phone_number="") | Q(phone_number__regex=r"^\+[1-9][0-9]{6,14}$"),
                name="session_phone_is_e164",
            ),
            models.UniqueConstraint(fields=("room_id",), condition=~Q(room_id=""), name="session_room_once"),
        )

    def __str__(self) -> str:
        return f"{self.kind} session {self.id}"

    @property
    def is_over(self) -> bool:
        """Ended or expired: nothing more may happen in it but the outcome."""
        return self.state in self.OVER

    @property
    def wants_video(self) -> bool:
        """Whether the link asks for live video, not only for the location."""
        return self.link_kind == self.LinkKind.LOCATION_VIDEO

    def mark_invited(self) -> None:
        """A link was sent, for the first time or again; whatever the caller did before is void."""
        check_transition("session", self.state, self.UNDER_WAY, self.State.INVITED)
        self.state = self.State.INVITED

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
        self.ended_at = now
        self.ended_by_kind = by_kind
        self.end_reason = reason

    def expire(self, now: datetime) -> None:
        """Nobody used the link in time."""
        allowed = (self.State.DRAFT, self.State.INVITED, self.State.OPENED)
        check_transition("session", self.state, allowed, self.State.EXPIRED)
        self.state = self.State.EXPIRED
        self.ended_at = now
        self.ended_by_kind = "system"
        self.end_reason = "expired"
