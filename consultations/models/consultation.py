"""A consultation: what a live session is beside its people and its media, from the booking to the end."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from streams.models import LiveSession
from streams.models.transitions import check_transition


class Consultation(models.Model):
    """One booked or begun video call; incident, risk answers, outcome and evidence are its session's.

    The transition methods set fields and raise `InvalidTransition`; the service saves the row.
    """

    class Purpose(models.TextChoices):
        """What it is for."""

        REPORT = "report", "Taking a report"
        DOMESTIC_ABUSE = "domestic_abuse", "Domestic abuse: rapid video response"
        SCENE_ADVICE = "scene_advice", "Scenes-of-crime advice"
        STATEMENT = "statement", "Statement"
        WELFARE = "welfare", "Welfare"
        OTHER = "other", "Other"

    class State(models.TextChoices):
        """Where it stands."""

        PLANNED = "planned", "Planned"
        OPEN = "open", "Open"
        ENDED = "ended", "Ended"
        CANCELLED = "cancelled", "Cancelled"
        MISSED = "missed", "Missed"

    class Recording(models.TextChoices):
        """Whether it is recorded."""

        OFF = "off", "Off"
        ASKING = "asking", "People are being asked"
        ON = "on", "On"

    OVER = (State.ENDED, State.CANCELLED, State.MISSED)
    GOING_ON = (State.PLANNED, State.OPEN)

    session = models.OneToOneField(LiveSession, on_delete=models.CASCADE, primary_key=True, related_name="consultation")
    purpose = models.CharField(max_length=16, choices=Purpose.choices)
    purpose_note = models.CharField(max_length=500, blank=True)
    starts_at = models.DateTimeField()
    length_min = models.PositiveSmallIntegerField()
    team = models.CharField(max_length=80, blank=True, help_text="Whose officers may take it; empty: anybody's.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    booking_version = models.PositiveIntegerField(default=1, help_text="Rises with each change of the booking.")
    taken_by = models.CharField(max_length=64, blank=True, help_text="Who leads it.")
    taken_by_name = models.CharField(max_length=150, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    is_locked = models.BooleanField(default=False)
    locked_at = models.DateTimeField(null=True, blank=True)
    locked_by = models.CharField(max_length=64, blank=True)
    recording = models.CharField(max_length=8, choices=Recording.choices, default=Recording.OFF)
    recording_round = models.PositiveIntegerField(default=0)
    started_round = models.PositiveIntegerField(
        default=0, help_text="In which round the recording was asked for that is the present one."
    )
    recording_asked_at = models.DateTimeField(null=True, blank=True, help_text="Since when the present round asks.")
    recording_wish = models.BooleanField(default=False, help_text="It was booked to be recorded.")
    ask_again_min = models.PositiveSmallIntegerField(null=True, blank=True)
    risk_due_at = models.DateTimeField(null=True, blank=True)
    risk_asked_at = models.DateTimeField(null=True, blank=True)
    risk_alerted_at = models.DateTimeField(null=True, blank=True)
    nobody_leads_since = models.DateTimeField(null=True, blank=True, help_text="Since when no police are in the call.")
    nobody_comes_at = models.DateTimeField(null=True, blank=True, help_text="When it was told that nobody comes.")
    opened_at = models.DateTimeField(null=True, blank=True, help_text="When an officer took it first.")
    over_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(max_length=300, blank=True)
    created_by = models.CharField(max_length=64)
    created_by_name = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField()
    figures = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ("starts_at",)
        indexes = (
            models.Index(fields=("state", "starts_at"), name="consultation_board"),
            models.Index(fields=("risk_due_at",), condition=Q(risk_due_at__isnull=False), name="consultation_risk_due"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("planned", "open", "ended", "cancelled", "missed")),
                name="consultation_state_known",
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=("report", "domestic_abuse", "scene_advice", "statement", "welfare", "other")),
                name="consultation_purpose_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("ended", "cancelled", "missed"), over_at__isnull=False)
                | (~Q(state__in=("ended", "cancelled", "missed")) & Q(over_at__isnull=True)),
                name="consultation_over_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("open", "ended"), opened_at__isnull=False)
                | Q(state__in=("planned", "cancelled", "missed"), opened_at__isnull=True),
                name="consultation_open_has_time",
            ),
            models.CheckConstraint(condition=~Q(state="open") | ~Q(taken_by=""), name="consultation_open_is_led"),
            models.CheckConstraint(
                condition=Q(is_locked=False, locked_at__isnull=True, locked_by="")
                | (Q(is_locked=True, locked_at__isnull=False) & ~Q(locked_by="")),
                name="consultation_locked_has_who",
            ),
            models.CheckConstraint(
                condition=Q(recording="off") | Q(recording__in=("asking", "on"), state="open"),
                name="consultation_recorded_is_open",
            ),
            models.CheckConstraint(
                condition=Q(length_min__gte=5, length_min__lte=240), name="consultation_length_sane"
            ),
            models.CheckConstraint(
                condition=Q(ask_again_min__isnull=True) | Q(ask_again_min__gte=5, ask_again_min__lte=60),
                name="consultation_ask_again_sane",
            ),
            models.CheckConstraint(condition=Q(booking_version__gte=1), name="consultation_version_sane"),
        )

    def __str__(self) -> str:
        return f"consultation {self.session_id}"

    @property
    def is_over(self) -> bool:
        """Whether nothing more may happen in it but the outcome."""
        return self.state in self.OVER

    @property
    def is_recording(self) -> bool:
        """Whether people are asked about a recording, or one goes on."""
        return self.recording != self.Recording.OFF

    @property
    def ends_at(self) -> datetime:
        """When it ends by plan."""
        return self.starts_at + timedelta(minutes=self.length_min)

    def take(self, now: datetime, *, by: str, by_name: str) -> bool:
        """From now on this officer leads; returns whether that opened it."""
        check_transition("consultation", self.state, self.GOING_ON, self.State.OPEN)
        is_first = self.state == self.State.PLANNED
        self.state = self.State.OPEN
        self.opened_at = self.opened_at or now
        self.taken_by, self.taken_by_name, self.taken_at = by, by_name[:150], now
        return is_first

    def lock(self, now: datetime, *, by: str) -> None:
        """Nobody else comes in."""
        check_transition("consultation", self.state, (self.State.OPEN,), "locked")
        self.is_locked, self.locked_at, self.locked_by = True, now, by

    def unlock(self) -> None:
        """The room is open again."""
        self.is_locked, self.locked_at, self.locked_by = False, None, ""

    def change(self) -> None:
        """The booking is another one from now on."""
        check_transition("consultation", self.state, (self.State.PLANNED,), "changed")
        self.booking_version += 1

    def ask_to_record(self, now: datetime) -> None:
        """Another round of questions begins."""
        check_transition("consultation", self.state, (self.State.OPEN,), "recorded")
        self.recording = self.Recording.ASKING
        self.recording_round += 1
        self.started_round, self.recording_asked_at = self.recording_round, now

    def finish(self, now: datetime, *, state: str) -> None:
        """It is over; `state` is one of `OVER`."""
        before = (self.State.OPEN,) if state == self.State.ENDED else (self.State.PLANNED,)
        check_transition("consultation", self.state, before, state)
        self.state = state
        self.over_at = now
        self.unlock()
        self.recording = self.Recording.OFF
        self.recording_asked_at = self.risk_due_at = self.nobody_leads_since = None


class ConsultationPolicy(models.Model):
    """What the force decided about its consultations; one row."""

    class OnRefusal(models.TextChoices):
        """What a no to the recording does."""

        LEAVE_OUT = "leave_out", "Whoever refuses is not recorded"
        STOP = "stop", "Nothing is recorded"

    class WhenJoined(models.TextChoices):
        """What becomes of a recording when somebody comes in."""

        GOES_ON = "goes_on", "It goes on until somebody says no"
        PAUSES = "pauses", "Each is recorded again once they have answered"

    is_only = models.BooleanField(default=True, editable=False, unique=True)
    on_refusal = models.CharField(max_length=10, choices=OnRefusal.choices, default=OnRefusal.LEAVE_OUT)
    when_joined = models.CharField(max_length=8, choices=WhenJoined.choices, default=WhenJoined.GOES_ON)
    answer_minutes = models.PositiveSmallIntegerField(
        default=5, help_text="Minutes of waiting after which a person is told to call the number."
    )
    call_number = models.CharField(max_length=24, default="101", help_text="The number, as people dial it.")
    remind_day_min = models.PositiveSmallIntegerField(default=1440)
    remind_soon_min = models.PositiveSmallIntegerField(default=15)
    ask_again_min = models.PositiveSmallIntegerField(
        default=15, help_text="Minutes after which the risk questions are asked again in a domestic abuse call."
    )
    max_minutes = models.PositiveSmallIntegerField(default=240)
    opens_before_min = models.PositiveSmallIntegerField(
        default=30, help_text="How early before its start the waiting room opens."
    )
    caution_text = models.CharField(
        max_length=500,
        default="A caution was given in this call. An officer has told you what this means for you.",
        help_text="Everybody in the call reads it once a caution was noted.",
    )

    class Meta:
        verbose_name_plural = "consultation policy"
        constraints = (
            models.CheckConstraint(condition=Q(is_only=True), name="consult_policy_only_row"),
            models.CheckConstraint(
                condition=Q(on_refusal__in=("leave_out", "stop"), when_joined__in=("goes_on", "pauses")),
                name="consult_policy_known",
            ),
            models.CheckConstraint(
                condition=Q(answer_minutes__gte=1, answer_minutes__lte=60), name="consult_policy_answer_sane"
            ),
            models.CheckConstraint(
                condition=Q(ask_again_min__gte=5, ask_again_min__lte=60), name="consult_policy_ask_again_sane"
            ),
            models.CheckConstraint(
                condition=Q(max_minutes__gte=15, max_minutes__lte=720), name="consult_policy_length_sane"
            ),
            models.CheckConstraint(
                condition=Q(opens_before_min__gte=0, opens_before_min__lte=240), name="consult_policy_opens_sane"
            ),
            models.CheckConstraint(
                condition=Q(remind_day_min__gte=60, remind_day_min__lte=10_080)
                & Q(remind_soon_min__gte=5, remind_soon_min__lte=120),
                name="consult_policy_reminders_sane",
            ),
        )

    def __str__(self) -> str:
        return "Consultation policy"
