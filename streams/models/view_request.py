"""The control room asks an officer to show what is in front of them, and the answer."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from streams.models.incident import Incident
from streams.models.session import LiveSession
from streams.models.transitions import check_transition


class ViewRequest(models.Model):
    """One request to go live; at most one of an officer is open, and it stands for minutes only.

    The transition methods set fields, count `revision` up and raise `InvalidTransition`; the service saves the row.
    """

    class State(models.TextChoices):
        """Where it stands."""

        ASKED = "asked", "Asked"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Withdrawn"
        EXPIRED = "expired", "Expired"

    class Refusal(models.TextChoices):
        """Why an officer does not go live now; `off_duty` is the server's own word."""

        NOT_SAFE = "not_safe", "Not safe to use the phone"
        BUSY = "busy", "Hands are needed"
        NO_SIGNAL = "no_signal", "No signal"
        OTHER = "other", "Other reason, by radio"
        OFF_DUTY = "off_duty", "Went off duty"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.PositiveIntegerField(default=1)
    user_id = models.CharField(max_length=64)
    user_name = models.CharField(max_length=150, blank=True)
    user_number = models.CharField(max_length=16, blank=True)
    incident = models.ForeignKey(
        Incident, on_delete=models.CASCADE, related_name="view_requests", null=True, blank=True
    )
    # The session in which the officer then went live.
    session = models.ForeignKey(
        LiveSession, on_delete=models.CASCADE, related_name="view_requests", null=True, blank=True
    )
    reason = models.CharField(max_length=200, help_text="Why the control room wants to see.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_by = models.CharField(max_length=64)
    asked_by_name = models.CharField(max_length=150, blank=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    refusal = models.CharField(max_length=16, choices=Refusal.choices, blank=True)

    class Meta:
        ordering = ("-asked_at",)
        indexes = (models.Index(fields=("-asked_at",), name="view_request_newest"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("asked", "accepted", "declined", "withdrawn", "expired")),
                name="view_request_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", closed_at__isnull=True) | (~Q(state="asked") & Q(closed_at__isnull=False)),
                name="view_request_closed_has_time",
            ),
            models.UniqueConstraint(fields=("user_id",), condition=Q(state="asked"), name="view_request_one_open"),
        )

    def __str__(self) -> str:
        return f"view request {self.id}"

    def stands(self, now: datetime) -> bool:
        """Whether it may be answered still."""
        return self.state == self.State.ASKED and now < self.expires_at

    def close(self, now: datetime, state: str, *, refusal: str = "") -> None:
        """Accepted, declined, withdrawn or expired."""
        check_transition("request", self.state, (self.State.ASKED,), state)
        self.state, self.refusal = state, refusal
        self.closed_at = max(now, self.asked_at)
        self.revision += 1
