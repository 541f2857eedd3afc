"""A session that goes from one operator to another: offered, answered, or taken by a colleague."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from streams.models.session import LiveSession
from streams.models.transitions import check_transition


class Handover(models.Model):
    """One hand-over with its reason; at most one of a session is open.

    The transition methods set fields and raise `InvalidTransition`; the service saves the row.
    """

    class State(models.TextChoices):
        """Where the hand-over stands. Taken: a colleague took the session without being asked."""

        OFFERED = "offered", "Offered"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Withdrawn"
        TAKEN = "taken", "Taken"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(LiveSession, on_delete=models.CASCADE, related_name="handovers")
    from_id = models.CharField(max_length=64)
    from_name = models.CharField(max_length=150, blank=True)
    to_id = models.CharField(max_length=64)
    to_name = models.CharField(max_length=150, blank=True)
    reason = models.CharField(max_length=500)
    answer = models.CharField(max_length=500, blank=True, help_text="Why it was declined.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OFFERED)
    offered_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-offered_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("offered", "accepted", "declined", "withdrawn", "taken")),
                name="handover_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="offered", closed_at__isnull=True)
                | (~Q(state="offered") & Q(closed_at__isnull=False)),
                name="handover_closed_has_time",
            ),
            models.UniqueConstraint(fields=("session",), condition=Q(state="offered"), name="handover_one_open"),
        )

    def __str__(self) -> str:
        return f"hand-over {self.id}"

    def close(self, now: datetime, state: str, *, answer: str = "") -> None:
        """Accepted, declined, withdrawn or taken."""
        check_transition("hand-over", self.state, (self.State.OFFERED,), state)
        self.state = state
        self.answer = answer
        self.closed_at = max(now, self.offered_at)
