"""What is set down of a call beside its media: cautions and silent signals."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from consultations.models.participant import Participant
from streams.models import LiveSession


class Caution(models.Model):
    """A participant became a suspect: when, why, and whether it was being recorded at that moment."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(LiveSession, on_delete=models.CASCADE, related_name="cautions")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="cautions")
    stated_by = models.CharField(max_length=64)
    stated_by_name = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField()
    reason = models.CharField(max_length=500)
    recording = models.CharField(max_length=8, help_text="How the recording stood at that moment.")
    recording_part = models.PositiveSmallIntegerField(null=True, blank=True)
    goes_on = models.BooleanField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("at",)
        constraints = (
            models.UniqueConstraint(
                fields=("participant",), condition=Q(lifted_at__isnull=True), name="caution_one_standing"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by="") | (Q(lifted_at__isnull=False) & ~Q(lifted_by="")),
                name="caution_lifted_has_who",
            ),
        )

    def __str__(self) -> str:
        return f"caution {self.id}"


class SilentSignal(models.Model):
    """Somebody asked for help without a sign on their screen."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(LiveSession, on_delete=models.CASCADE, related_name="silent_signals")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="signals")
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("at",)
        indexes = (models.Index(fields=("session",), condition=Q(seen_at__isnull=True), name="signal_unseen"),)

    def __str__(self) -> str:
        return f"silent signal {self.id}"
