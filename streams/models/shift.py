"""When somebody on the ground is on duty, as they say themselves."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from streams.models.transitions import check_transition


class Shift(models.Model):
    """One turn of duty of one officer, and what the officer is doing in it. Off duty: none goes on."""

    class Status(models.TextChoices):
        """What an officer who is on duty is doing."""

        AVAILABLE = "available", "Available"
        EN_ROUTE = "en_route", "En route"
        AT_SCENE = "at_scene", "At scene"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user_id = models.CharField(max_length=64)
    user_name = models.CharField(max_length=150, blank=True)
    status = models.CharField(max_length=12, choices=Status.choices)
    status_at = models.DateTimeField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    collecting_since = models.DateTimeField(null=True, blank=True, help_text="When its first position was kept.")

    class Meta:
        ordering = ("-began_at",)
        indexes = (models.Index(fields=("ended_at",), name="shift_ended"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(status__in=("available", "en_route", "at_scene")), name="shift_status_known"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=models.F("began_at")),
                name="shift_ended_after_begun",
            ),
            models.UniqueConstraint(fields=("user_id",), condition=Q(ended_at__isnull=True), name="shift_one_going_on"),
        )

    def __str__(self) -> str:
        return f"shift {self.id}"

    def change_status(self, now: datetime, status: str) -> None:
        """The officer does something else from now on."""
        check_transition("shift", "over" if self.ended_at else "going on", ("going on",), status)
        self.status, self.status_at = status, now

    def end(self, now: datetime) -> None:
        """The officer goes off duty."""
        check_transition("shift", "over" if self.ended_at else "going on", ("going on",), "over")
        self.ended_at = max(now, self.began_at)
