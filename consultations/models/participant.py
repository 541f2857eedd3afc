"""The people of a consultation, their links, and what they ask before it."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from streams.models import LiveSession
from streams.models.transitions import check_transition

POLICE = ("officer", "supervisor")
PUBLIC = ("victim", "witness", "reporting_person")
AIDS = ("interpreter", "bsl_interpreter", "appropriate_adult", "solicitor", "support_worker")


class Participant(models.Model):
    """One person of one consultation. `admission` rises whenever somebody is let in, or put out.

    The transition methods set fields and raise `InvalidTransition`; the service saves the row.
    """

    class Role(models.TextChoices):
        """As whom they take part."""

        OFFICER = "officer", "Officer"
        SUPERVISOR = "supervisor", "Supervisor"
        VICTIM = "victim", "Victim"
        WITNESS = "witness", "Witness"
        REPORTING_PERSON = "reporting_person", "Reporting person"
        INTERPRETER = "interpreter", "Interpreter"
        BSL_INTERPRETER = "bsl_interpreter", "BSL interpreter"
        APPROPRIATE_ADULT = "appropriate_adult", "Appropriate adult"
        SOLICITOR = "solicitor", "Solicitor"
        SUPPORT_WORKER = "support_worker", "Support worker"

    class State(models.TextChoices):
        """Where they stand."""

        INVITED = "invited", "Invited"
        WAITING = "waiting", "Waiting"
        ADMITTED = "admitted", "Let in"
        SENT_AWAY = "sent_away", "Sent away"
        LEFT = "left", "Left"
        REMOVED = "removed", "Removed"
        WITHDRAWN = "withdrawn", "Withdrawn"
        OVER = "over", "Over"

    class Alone(models.TextChoices):
        """What they said of whether somebody is with them."""

        YES = "yes", "Alone"
        NO = "no", "Not alone"
        UNSAID = "unsaid", "Would rather not say"

    OUT = (State.REMOVED, State.WITHDRAWN, State.OVER)
    """Of these nobody comes in any more."""
    BEFORE = (State.INVITED, State.WAITING, State.SENT_AWAY, State.LEFT)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(LiveSession, on_delete=models.CASCADE, related_name="participants")
    role = models.CharField(max_length=18, choices=Role.choices)
    user_id = models.CharField(max_length=64, blank=True, help_text="Of police alone.")
    name = models.CharField(max_length=300, help_text="As the officer wrote it.")
    shown_name = models.CharField(max_length=300, blank=True, help_text="As the person chose it before joining.")
    phone_number = models.CharField(max_length=16, blank=True)
    email_address = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=12, default="en")
    safe_mode = models.BooleanField(default=False)
    contact_from = models.TimeField(null=True, blank=True, help_text="From when on it is safe to write, London time.")
    contact_to = models.TimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.INVITED)
    admission = models.PositiveIntegerField(default=0)
    alone = models.CharField(max_length=8, choices=Alone.choices, blank=True)
    checked = models.JSONField(default=dict, blank=True, help_text="The newest line check alone.")
    ready_at = models.DateTimeField(null=True, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    admitted_at = models.DateTimeField(null=True, blank=True)
    admitted_by = models.CharField(max_length=64, blank=True)
    admitted_by_name = models.CharField(max_length=150, blank=True)
    last_here_at = models.DateTimeField(null=True, blank=True, help_text="When they had a place in the call last.")
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.CharField(max_length=64, blank=True)
    sent_away_text = models.CharField(max_length=300, blank=True)
    hand_at = models.DateTimeField(null=True, blank=True)
    is_muted = models.BooleanField(default=False, help_text="As their page says.")
    camera_off = models.BooleanField(default=False)
    rung = models.CharField(max_length=12, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ("session_id", "order", "added_at")
        indexes = (
            models.Index(fields=("session", "state"), name="participant_state"),
            models.Index(fields=("phone_number",), condition=~Q(phone_number=""), name="participant_phone"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(role__in=(*POLICE, *PUBLIC, *AIDS)), name="participant_role_known"),
            models.CheckConstraint(
                condition=Q(
                    state__in=(
                        "invited",
                        "waiting",
                        "admitted",
                        "sent_away",
                        "left",
                        "removed",
                        "withdrawn",
                        "over",
                    )
                ),
                name="participant_state_known",
            ),
            models.CheckConstraint(
                condition=(Q(role__in=POLICE) & ~Q(user_id="")) | (~Q(role__in=POLICE) & Q(user_id="")),
                name="participant_police_have_user",
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by="")
                | (Q(removed_at__isnull=False, state__in=("removed", "over")) & ~Q(removed_by="")),
                name="participant_removed_has_who",
            ),
            models.CheckConstraint(
                condition=~Q(state="removed") | Q(removed_at__isnull=False), name="participant_removed_has_time"
            ),
            models.CheckConstraint(
                condition=Q(phone_number="") | Q(phone_number__regex=r"^\+[1-9][0-9]{6,14}$"),
                name="participant_phone_is_e164",
            ),
            models.CheckConstraint(
                condition=Q(rung__in=("", "video", "video_low", "voice")), name="participant_rung_known"
            ),
            models.UniqueConstraint(fields=("session", "user_id"), condition=~Q(user_id=""), name="participant_once"),
        )

    def __str__(self) -> str:
        return f"participant {self.id}"

    @property
    def side(self) -> str:
        """Return police, public or aid."""
        return "police" if self.is_police else "public" if self.role in PUBLIC else "aid"

    @property
    def is_police(self) -> bool:
        """Whether it is one of the police."""
        return self.role in POLICE

    @property
    def is_out(self) -> bool:
        """Whether they do not come in any more."""
        return self.state in self.OUT

    @property
    def is_admitted(self) -> bool:
        """Whether they may have a place in the call."""
        return self.state == self.State.ADMITTED

    @property
    def display_name(self) -> str:
        """Return what others see of the name."""
        return self.shown_name or self.name

    def wait(self, now: datetime) -> None:
        """They are in the waiting room, at its end."""
        check_transition("participant", self.state, (*self.BEFORE, self.State.ADMITTED), self.State.WAITING)
        if self.state != self.State.WAITING:
            self.waiting_since = now
        if self.state == self.State.ADMITTED:
            self.admission += 1
        self.state, self.sent_away_text, self.hand_at = self.State.WAITING, "", None

    def admit(self, now: datetime, *, by: str, by_name: str) -> None:
        """They may come in."""
        check_transition("participant", self.state, (self.State.WAITING,), self.State.ADMITTED)
        self.state = self.State.ADMITTED
        self.admission += 1
        self.admitted_at, self.admitted_by, self.admitted_by_name = now, by, by_name[:150]
        self.last_here_at = now

    def lead(self, now: datetime, *, by_name: str) -> None:
        """An officer takes the consultation, from whatever door, and is in."""
        check_transition("participant", self.state, (*self.BEFORE, self.State.ADMITTED), self.State.ADMITTED)
        if self.state != self.State.ADMITTED:
            self.state = self.State.WAITING
            self.admit(now, by=self.user_id, by_name=by_name)

    def send_away(self, *, text: str) -> None:
        """They are asked to come another time, by the same link."""
        check_transition("participant", self.state, (self.State.WAITING,), self.State.SENT_AWAY)
        self.state, self.sent_away_text = self.State.SENT_AWAY, text
        self.admission += 1
        self.waiting_since = None

    def leave(self) -> None:
        """They left, of their own accord."""
        check_transition("participant", self.state, (*self.BEFORE, self.State.ADMITTED), self.State.LEFT)
        if self.state != self.State.LEFT:
            self.admission += 1
        self.state, self.hand_at, self.waiting_since = self.State.LEFT, None, None

    def remove(self, now: datetime, *, by: str) -> None:
        """They are out, for good."""
        check_transition("participant", self.state, (*self.BEFORE, self.State.ADMITTED), self.State.REMOVED)
        self.state, self.removed_at, self.removed_by = self.State.REMOVED, now, by
        self.admission += 1
        self.hand_at = self.waiting_since = None

    def withdraw(self) -> None:
        """They are not asked to come any more."""
        check_transition("participant", self.state, self.BEFORE, self.State.WITHDRAWN)
        self.state, self.waiting_since = self.State.WITHDRAWN, None
        self.admission += 1

    def finish(self) -> None:
        """The consultation is over; whoever was removed or withdrawn stays so."""
        if self.state not in self.OUT:
            self.state, self.hand_at, self.waiting_since = self.State.OVER, None, None


class MeetingLink(models.Model):
    """A person's own link. Of its token only the hash is stored; `arming` says which tickets count."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(LiveSession, on_delete=models.CASCADE, related_name="meeting_links")
    participant = models.OneToOneField(Participant, on_delete=models.CASCADE, related_name="link")
    generation = models.PositiveIntegerField(default=1)
    token_hash = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the token, hex; empty once erased.")
    arming = models.CharField(max_length=32)
    opened_at = models.DateTimeField(null=True, blank=True)
    browser_hash = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("token_hash",), condition=~Q(token_hash=""), name="meeting_link_token"),
        )

    def __str__(self) -> str:
        return f"meeting link {self.id}"

    def rearm(self, arming: str) -> None:
        """Let another browser in by the same link; whatever was bound to it is void."""
        self.arming, self.browser_hash, self.opened_at = arming, "", None
