"""When a picture was shown to the officers on its incident: the session's row knows what is true now only."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from streams.models.session import LiveSession
from streams.models.transitions import check_transition


class Showing(models.Model):
    """One stretch from showing to hiding. Nobody decides anything by it: that is what `LiveSession.shown_at` is for."""

    class End(models.TextChoices):
        """Why it is over; `no_consent`: the caller took it back."""

        HIDDEN = "hidden", "Hidden"
        SESSION_OVER = "session_over", "Session over"
        NO_CONSENT = "no_consent", "No consent"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(LiveSession, on_delete=models.CASCADE, related_name="showings")
    shown_at = models.DateTimeField()
    shown_by_name = models.CharField(max_length=150, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by_name = models.CharField(max_length=150, blank=True, help_text="Empty where it ended by itself.")
    end_reason = models.CharField(max_length=16, choices=End.choices, blank=True)

    class Meta:
        ordering = ("shown_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("session",), condition=Q(hidden_at__isnull=True), name="showing_one_going_on"
            ),
            models.CheckConstraint(
                condition=Q(hidden_at__isnull=True, end_reason="") | (Q(hidden_at__isnull=False) & ~Q(end_reason="")),
                name="showing_hidden_has_reason",
            ),
        )

    def __str__(self) -> str:
        return f"showing {self.id}"

    def end(self, now: datetime, *, reason: str, by_name: str) -> None:
        """Over for good; raises `InvalidTransition` when it is over already."""
        state = "going on" if self.hidden_at is None else "ended"
        check_transition("showing", state, ("going on",), "ended")
        self.hidden_at = max(now, self.shown_at)
        self.end_reason = reason
        self.hidden_by_name = by_name[:150]
