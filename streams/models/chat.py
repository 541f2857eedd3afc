"""Text between the control room and the caller."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from streams.models.session import LiveSession


class ChatMessage(models.Model):
    """One message; `client_id` is the sender's own id, so that a message sent twice is kept once."""

    class Sender(models.TextChoices):
        """Which side wrote it."""

        OPERATOR = "operator", "Operator"
        CALLER = "caller", "Caller"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(LiveSession, on_delete=models.CASCADE, related_name="messages")
    sender_kind = models.CharField(max_length=8, choices=Sender.choices)
    sender_id = models.CharField(max_length=64)
    sender_name = models.CharField(max_length=150, blank=True)
    text = models.CharField(max_length=1000)
    client_id = models.CharField(max_length=64)
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ("sent_at",)
        indexes = (models.Index(fields=("session", "sent_at"), name="message_in_order"),)
        constraints = (
            models.UniqueConstraint(fields=("session", "client_id"), name="message_client_id_once"),
            models.CheckConstraint(condition=Q(sender_kind__in=("operator", "caller")), name="message_sender_known"),
            models.CheckConstraint(condition=~Q(text=""), name="message_not_empty"),
        )

    def __str__(self) -> str:
        return f"message {self.id}"
