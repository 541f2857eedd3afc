"""Messages: those that go out by text and e-mail, and those that people write in the call."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from consultations.models.participant import Participant
from streams.models import LiveSession


class Message(models.Model):
    """One message to one person. The row is the truth, a task a hint; no two of a kind and version can be.

    The transition methods set fields; the service saves the row.
    """

    class Kind(models.TextChoices):
        """What it says."""

        INVITATION = "invitation", "Invitation"
        CHANGED = "changed", "Changed"
        CANCELLED = "cancelled", "Cancelled"
        REMINDER_DAY = "reminder_day", "Reminder of the day before"
        REMINDER_SOON = "reminder_soon", "Reminder of the last minutes"

    class Channel(models.TextChoices):
        """How it goes."""

        SMS = "sms", "Text message"
        EMAIL = "email", "E-mail"

    class State(models.TextChoices):
        """Where it stands."""

        HELD = "held", "Held until it is due"
        QUEUED = "queued", "Queued"
        SENDING = "sending", "Sending"
        SENT = "sent", "Sent"
        DELIVERED = "delivered", "Delivered"
        FAILED = "failed", "Failed"
        DROPPED = "dropped", "Not sent"

    WAITING = (State.HELD, State.QUEUED, State.SENDING)
    UNSENT = (State.HELD, State.QUEUED)
    REMINDERS = (Kind.REMINDER_DAY, Kind.REMINDER_SOON)
    GONE_OUT = (State.SENDING, State.SENT, State.DELIVERED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(LiveSession, on_delete=models.CASCADE, related_name="consultation_messages")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=14, choices=Kind.choices)
    booking_version = models.PositiveIntegerField()
    resend = models.PositiveSmallIntegerField(default=0, help_text="How often an officer had it sent again before.")
    channel = models.CharField(max_length=6, choices=Channel.choices)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.HELD)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    provider_reference = models.CharField(max_length=64, blank=True)
    failure_reason = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("made_at", "due_at")
        indexes = (
            models.Index(
                fields=("next_attempt_at",), condition=Q(next_attempt_at__isnull=False), name="consult_message_due"
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("participant", "kind", "booking_version", "resend"), name="consult_message_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("held", "queued", "sending"), next_attempt_at__isnull=False)
                | Q(state__in=("sent", "delivered", "failed", "dropped"), next_attempt_at__isnull=True),
                name="consult_message_waiting_is_due",
            ),
        )

    def __str__(self) -> str:
        return f"consultation message {self.id}"

    def queue(self, now: datetime) -> None:
        """It is due: a worker may take it."""
        self.state, self.next_attempt_at = self.State.QUEUED, now

    def claim(self, *, lease_until: datetime) -> None:
        """A worker takes it to send it; it comes due again at `lease_until`."""
        self.state = self.State.SENDING
        self.attempts += 1
        self.next_attempt_at = lease_until

    def mark_sent(self, now: datetime, *, provider_reference: str) -> None:
        """The provider has it; a receipt may have been there before."""
        self.next_attempt_at = None
        self.provider_reference = provider_reference[:64]
        self.sent_at = self.sent_at or now
        if self.state != self.State.DELIVERED:
            self.state, self.failure_reason = self.State.SENT, ""

    def retry(self, *, at: datetime, reason: str) -> None:
        """It is tried again."""
        if self.state != self.State.DELIVERED:
            self.state, self.next_attempt_at, self.failure_reason = self.State.QUEUED, at, reason[:120]

    def mark_delivered(self, now: datetime) -> None:
        """The provider says that it arrived."""
        self.state, self.next_attempt_at, self.failure_reason = self.State.DELIVERED, None, ""
        self.sent_at = self.sent_at or now
        self.delivered_at = self.delivered_at or now

    def give_up(self, *, reason: str) -> None:
        """It will not arrive."""
        self.next_attempt_at = None
        if self.state != self.State.DELIVERED:
            self.state, self.failure_reason = self.State.FAILED, reason[:120]

    def drop(self, *, reason: str) -> None:
        """It is of no use any more and is not sent."""
        self.state, self.next_attempt_at, self.failure_reason = self.State.DROPPED, None, reason[:120]


class CallMessage(models.Model):
    """What somebody wrote in the call; kept for those who are in it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(LiveSession, on_delete=models.CASCADE, related_name="call_messages")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="said")
    name = models.CharField(max_length=300)
    role = models.CharField(max_length=18)
    text = models.CharField(max_length=1000)
    client_id = models.CharField(max_length=64)
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ("sent_at", "id")
        indexes = (models.Index(fields=("session", "sent_at"), name="call_message_newest"),)
        constraints = (models.UniqueConstraint(fields=("participant", "client_id"), name="call_message_once"),)

    def __str__(self) -> str:
        return f"call message {self.id}"
