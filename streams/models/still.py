"""Stills: pictures that the caller's phone takes, who asked for them, and who looked at those that stand for video."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from streams.models.session import LiveSession


class StillAsk(models.Model):
    """An operator's request for one full-resolution picture; it stands until it is answered or refused."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(LiveSession, on_delete=models.CASCADE, related_name="still_asks")
    client_id = models.CharField(max_length=64)
    asked_by = models.CharField(max_length=64)
    asked_by_name = models.CharField(max_length=150, blank=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    refusal = models.CharField(max_length=24, blank=True, help_text="Why no picture came; a code.")

    class Meta:
        ordering = ("asked_at",)
        constraints = (
            models.UniqueConstraint(fields=("session", "client_id"), name="still_ask_once"),
            models.CheckConstraint(
                condition=Q(refusal="") | Q(answered_at__isnull=False), name="still_ask_refused_is_answered"
            ),
        )

    def __str__(self) -> str:
        return f"still ask {self.id}"

    def answer(self, now: datetime, *, refusal: str = "") -> None:
        """The picture came, or the phone said why none will."""
        self.answered_at, self.refusal = now, refusal


class Still(models.Model):
    """One picture. `sha256` is of what the phone sent: its own hash, found to be true on arrival."""

    class Purpose(models.TextChoices):
        """Why it was taken."""

        ASKED = "asked", "Asked for by an operator"
        OWN = "own", "Sent by the caller"
        LADDER = "ladder", "In place of video on a bad line"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(LiveSession, on_delete=models.CASCADE, related_name="stills")
    ask = models.OneToOneField(StillAsk, on_delete=models.CASCADE, related_name="still", null=True, blank=True)
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    taken_at = models.DateTimeField(help_text="By the phone's clock.")
    received_at = models.DateTimeField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    bytes = models.PositiveIntegerField()
    item_id = models.UUIDField(null=True, blank=True, help_text="Its item of evidence; none for the ladder's.")

    class Meta:
        ordering = ("received_at", "id")
        indexes = (models.Index(fields=("session", "-received_at"), name="still_newest"),)
        constraints = (
            models.CheckConstraint(condition=Q(purpose__in=("asked", "own", "ladder")), name="still_purpose_known"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="still_sha256_hex"),
            models.CheckConstraint(
                condition=Q(purpose="ladder", item_id__isnull=True) | (~Q(purpose="ladder") & Q(item_id__isnull=False)),
                name="still_evidence_unless_ladder",
            ),
            models.CheckConstraint(
                condition=Q(purpose="asked", ask__isnull=False) | (~Q(purpose="asked") & Q(ask__isnull=True)),
                name="still_asked_has_ask",
            ),
            models.UniqueConstraint(
                fields=("session", "sha256"), condition=~Q(purpose="ladder"), name="still_evidence_once"
            ),
        )

    def __str__(self) -> str:
        return f"still {self.id}"


class StillViewing(models.Model):
    """One user's look at the pictures that stand for a session's video, from the first to the last; audited once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(LiveSession, on_delete=models.CASCADE, related_name="still_viewings")
    user_id = models.CharField(max_length=64)
    user_name = models.CharField(max_length=150, blank=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ("-started_at",)
        indexes = (models.Index(fields=("session", "user_id", "-seen_at"), name="still_viewing_recent"),)

    def __str__(self) -> str:
        return f"still viewing {self.id}"
