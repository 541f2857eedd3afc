"""Text between the control room and the caller."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from streams.models.session import LiveSession


class ChatMessage(models.Model):
    """One message; `client_id` is the sender's own id, so that a message sent twice is kept once.

    `text` is what was sent, in `language`; `shown_text` what the other side reads, in `shown_language`. Only a fixed
    phrase (`phrase`, its code) is in two languages: free text is shown as it was typed.
    """

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
    language = models.CharField(max_length=12, default="en", db_default="en")
    phrase = models.CharField(max_length=40, blank=True, default="", db_default="")
    shown_text = models.CharField(max_length=1000, blank=True, default="", db_default="")
    shown_language = models.CharField(max_length=12, default="en", db_default="en")
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
