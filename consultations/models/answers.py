"""What people say of a consultation outside of it: that another time would suit them, and how it was."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from consultations.models.participant import Participant
from streams.models import LiveSession


class MoveRequest(models.Model):
    """Somebody asks for another time."""

    class Answer(models.TextChoices):
        """What came of it."""

        MOVED = "moved", "Moved"
        KEPT = "kept", "Kept"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(LiveSession, on_delete=models.CASCADE, related_name="move_requests")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="moves")
    text = models.CharField(max_length=500)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=64, blank=True)
    answer = models.CharField(max_length=8, choices=Answer.choices, blank=True)

    class Meta:
        ordering = ("asked_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("participant",), condition=Q(answered_at__isnull=True), name="move_one_open"
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer="")
                | (Q(answered_at__isnull=False) & Q(answer__in=("moved", "kept"))),
                name="move_answered_has_answer",
            ),
        )

    def __str__(self) -> str:
        return f"move request {self.id}"


class Feedback(models.Model):
    """What a person answered after it: two codes, either of which may be left out."""

    class Got(models.TextChoices):
        """Whether they got what they needed."""

        YES = "yes", "Yes"
        PARTLY = "partly", "Partly"
        NO = "no", "No"

    class Again(models.TextChoices):
        """Whether they would use it again."""

        YES = "yes", "Yes"
        NO = "no", "No"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(LiveSession, on_delete=models.CASCADE, related_name="feedback")
    participant = models.OneToOneField(Participant, on_delete=models.CASCADE, related_name="feedback")
    got_what_needed = models.CharField(max_length=8, choices=Got.choices, blank=True)
    again = models.CharField(max_length=8, choices=Again.choices, blank=True)
    answered_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "feedback"

    def __str__(self) -> str:
        return f"feedback {self.id}"
