"""What one force shares with another, and what the guest's side is still to be told of it. All of it in `public`.

No force's login reads or writes these tables: the functions of the migration do, for the one that is connected.
"""

import uuid

from django.db import models
from django.db.models import F, Q


class ShareGrant(models.Model):
    """A live session's picture, shown to another force for a purpose and until a time, perhaps with its recording."""

    class End(models.TextChoices):
        """Why it is over; `no_consent`: the caller took it back; `erased`: nothing is left to be shown."""

        REVOKED = "revoked"
        EXPIRED = "expired"
        SESSION_OVER = "session_over"
        NO_CONSENT = "no_consent"
        ERASED = "erased"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.CharField(max_length=31, help_text="Schema of the force whose session it is")
    guest = models.CharField(max_length=31, help_text="Schema of the force that may watch")
    session_id = models.UUIDField()
    reference = models.CharField(max_length=64, help_text="The incident's reference, all that is told of it")
    purpose = models.CharField(max_length=300)
    has_chat = models.BooleanField(default=False, help_text="Whether the guest reads the messages, too")
    has_recording = models.BooleanField(default=False, help_text="Whether the guest may play what is recorded, too")
    granted_by = models.CharField(max_length=64)
    granted_by_name = models.CharField(max_length=150, blank=True)
    granted_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=16, blank=True)

    class Meta:
        """Found by either side; of one session a guest has at most one that stands."""

        ordering = ("-granted_at",)
        indexes = (
            models.Index(fields=("owner", "session_id"), name="share_owner_session"),
            models.Index(fields=("guest", "granted_at"), name="share_guest"),
            models.Index(fields=("owner", "ends_at"), condition=Q(ended_at=None), name="share_due"),
        )
        constraints = (
            models.CheckConstraint(condition=~Q(owner=F("guest")), name="share_between_two"),
            models.CheckConstraint(
                condition=Q(ended_at=None, end_reason="") | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
                name="share_ended_has_reason",
            ),
            models.UniqueConstraint(
                fields=("owner", "session_id", "guest"), condition=Q(ended_at=None), name="share_once"
            ),
        )

    def __str__(self) -> str:
        """Return who shares with whom."""
        return f"{self.owner} to {self.guest}"


class ShareNotice(models.Model):
    """An act on the owner's side that the guest's audit must hold, too; taken once, by the guest's own login."""

    class Kind(models.TextChoices):
        """What happened."""

        GRANTED = "granted"
        OPENED = "opened"
        CLOSED = "closed"
        ENDED = "ended"

    id = models.BigAutoField(primary_key=True)
    grant = models.ForeignKey(ShareGrant, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=8)
    disclosure_id = models.UUIDField(help_text="The id that both audits hold")
    at = models.DateTimeField()
    detail = models.JSONField(default=dict)
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """What is not taken yet is found without a walk."""

        ordering = ("id",)
        indexes = (models.Index(fields=("grant",), condition=Q(taken_at=None), name="share_notice_waits"),)

    def __str__(self) -> str:
        """Return what happened."""
        return f"{self.kind} {self.disclosure_id}"
