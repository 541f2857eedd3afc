"""An officer who is asked to go to an incident, and the answer."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from streams.models.incident import Incident
from streams.models.transitions import check_transition


class Assignment(models.Model):
    """One officer asked to go to one incident; at most one of the two is open at a time.

    The transition methods set fields, count `revision` up and raise `InvalidTransition`; the service saves the row.
    """

    class State(models.TextChoices):
        """Where it stands. Ended: by the officer, the control room, or the end of the shift."""

        ASKED = "asked", "Asked"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        ENDED = "ended", "Ended"

    class Refusal(models.TextChoices):
        """Why an officer does not go; `off_duty` is the server's own word."""

        COMMITTED = "committed", "Committed elsewhere"
        TOO_FAR = "too_far", "Too far away"
        NOT_EQUIPPED = "not_equipped", "Without the skill or equipment"
        END_OF_SHIFT = "end_of_shift", "Shift ends"
        OTHER = "other", "Other reason, by radio"
        OFF_DUTY = "off_duty", "Went off duty"

    class End(models.TextChoices):
        """Why it ended after it was asked."""

        DONE = "done", "Done"
        WITHDRAWN = "withdrawn", "Withdrawn before the answer"
        STOOD_DOWN = "stood_down", "Stood down"
        OFF_DUTY = "off_duty", "Went off duty"
        INCIDENT_CLOSED = "incident_closed", "Incident closed"

    OPEN = (State.ASKED, State.ACCEPTED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.PositiveIntegerField(default=1)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="assignments")
    user_id = models.CharField(max_length=64)
    user_name = models.CharField(max_length=150, blank=True)
    user_number = models.CharField(max_length=16, blank=True)
    note = models.CharField(max_length=200, blank=True, help_text="What the officer is told besides the incident.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_by = models.CharField(max_length=64)
    asked_by_name = models.CharField(max_length=150, blank=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    refusal = models.CharField(max_length=16, choices=Refusal.choices, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=16, choices=End.choices, blank=True)

    class Meta:
        ordering = ("-asked_at",)
        indexes = (
            models.Index(fields=("user_id",), condition=Q(ended_at__isnull=True), name="assignment_open_of_officer"),
            models.Index(fields=("-asked_at",), name="assignment_newest"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("asked", "accepted", "declined", "ended")), name="assignment_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("asked", "accepted"), ended_at__isnull=True)
                | Q(state__in=("declined", "ended"), ended_at__isnull=False),
                name="assignment_over_has_time",
            ),
            models.UniqueConstraint(
                fields=("incident", "user_id"),
                condition=Q(state__in=("asked", "accepted")),
                name="assignment_one_open",
            ),
        )

    def __str__(self) -> str:
        return f"assignment {self.id}"

    @property
    def is_open(self) -> bool:
        """Asked or accepted."""
        return self.state in self.OPEN

    def accept(self, now: datetime) -> None:
        """The officer goes."""
        self._change((self.State.ASKED,), self.State.ACCEPTED)
        self.answered_at = max(now, self.asked_at)

    def decline(self, now: datetime, *, refusal: str) -> None:
        """The officer does not go."""
        self._change((self.State.ASKED,), self.State.DECLINED)
        self.answered_at = self.ended_at = max(now, self.asked_at)
        self.refusal = refusal

    def end(self, now: datetime, *, reason: str) -> None:
        """Nobody goes, or is there, any more."""
        self._change(self.OPEN, self.State.ENDED)
        self.ended_at = max(now, self.asked_at)
        self.end_reason = reason

    def _change(self, allowed: tuple[str, ...], target: str) -> None:
        check_transition("assignment", self.state, allowed, target)
        self.state = target
        self.revision += 1
