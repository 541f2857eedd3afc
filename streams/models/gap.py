"""When a picture was missing: a stream's row knows the last time only, and what happened later is told from these."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from streams.models.session import LiveSession
from streams.models.stream import Stream


class PictureGap(models.Model):
    """A stretch of a live stream without video; `ended_at` is set when video arrives again, not by the stream's end."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    stream = models.ForeignKey(Stream, on_delete=models.CASCADE, related_name="gaps")
    session = models.ForeignKey(LiveSession, on_delete=models.CASCADE, related_name="gaps")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("began_at",)
        indexes = (models.Index(fields=("session", "began_at"), name="gap_in_order"),)
        constraints = (
            models.UniqueConstraint(fields=("stream",), condition=Q(ended_at__isnull=True), name="gap_one_going_on"),
        )

    def __str__(self) -> str:
        return f"gap {self.id}"
