"""Group text of an incident: between the control room and the officers who are on it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from streams.models.incident import Incident


class IncidentMessage(models.Model):
    """One message to everybody on an incident; `client_id` is the sender's own id: sent twice, it is kept once.

    No two of an incident have the same `sent_at`, which is their order.
    """

    class Sender(models.TextChoices):
        """Which side wrote it."""

        CONTROL = "control", "Control room"
        OFFICER = "officer", "Officer"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="messages")
    sender_kind = models.CharField(max_length=8, choices=Sender.choices)
    sender_id = models.CharField(max_length=64)
    sender_name = models.CharField(max_length=150, blank=True)
    text = models.CharField(max_length=1000)
    client_id = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    erased_at = models.DateTimeField(
        null=True, blank=True, help_text="When the text was erased; who wrote, and when, stays."
    )

    class Meta:
        ordering = ("sent_at",)
        indexes = (
            models.Index(fields=("sent_at",), condition=Q(erased_at__isnull=True), name="incident_message_to_erase"),
        )
        constraints = (
            models.UniqueConstraint(fields=("incident", "sent_at"), name="incident_message_in_order"),
            models.UniqueConstraint(fields=("sender_id", "client_id"), name="incident_message_client_id_once"),
            models.CheckConstraint(condition=Q(sender_kind__in=("control", "officer")), name="incident_sender_known"),
            models.CheckConstraint(condition=~Q(text=""), name="incident_message_not_empty"),
        )

    def __str__(self) -> str:
        return f"message {self.id}"
