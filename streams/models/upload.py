"""Uploads: photos and videos that somebody took before, on their way in pieces."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q

from streams.models.session import LiveSession
from streams.models.transitions import check_transition


class Upload(models.Model):
    """One file. How much of it has arrived is the size of the file on disk; `received_bytes` is what was told last.

    `file_name` is what the phone calls it: shown to people, never part of a path. In a session of several people
    a file is one sender's: nobody else may add to it.
    """

    class State(models.TextChoices):
        """Where the file stands."""

        ARRIVING = "arriving", "Arriving"
        CHECKING = "checking", "Checking"
        READY = "ready", "Ready"
        REFUSED = "refused", "Refused"
        EXPIRED = "expired", "Expired"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(LiveSession, on_delete=models.CASCADE, related_name="uploads")
    sender_id = models.UUIDField(null=True, blank=True, help_text="Of a consultation: the participant who sends it.")
    sender_name = models.CharField(max_length=300, blank=True, default="", db_default="")
    file_name = models.CharField(max_length=150)
    declared_bytes = models.PositiveBigIntegerField()
    received_bytes = models.PositiveBigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ARRIVING)
    refusal = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()
    heard_at = models.DateTimeField(help_text="When a piece of it came last.")
    expires_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    medium = models.CharField(max_length=8, blank=True, help_text="picture or video, once it is checked")
    sha256 = models.CharField(max_length=64, blank=True)
    item_id = models.UUIDField(null=True, blank=True, unique=True)

    class Meta:
        ordering = ("created_at", "id")
        indexes = (models.Index(fields=("expires_at",), condition=Q(state="arriving"), name="upload_expiry_due"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("arriving", "checking", "ready", "refused", "expired")),
                name="upload_state_known",
            ),
            models.CheckConstraint(condition=Q(declared_bytes__gte=1), name="upload_not_empty"),
            models.CheckConstraint(
                condition=Q(received_bytes__lte=F("declared_bytes")), name="upload_no_more_than_declared"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("checking", "ready")) | Q(item_id__isnull=False), name="upload_whole_has_item"
            ),
        )

    def __str__(self) -> str:
        return f"upload {self.id}"

    def finish(self, now: datetime, *, item_id: uuid.UUID) -> None:
        """All of it has arrived and is an item of evidence, which is checked next."""
        check_transition("upload", self.state, (self.State.ARRIVING,), self.State.CHECKING)
        self.state, self.finished_at, self.item_id = self.State.CHECKING, now, item_id
        self.received_bytes = self.declared_bytes

    def expire(self, *, refusal: str = "") -> None:
        """The rest of it did not come in time, or may not come any more."""
        check_transition("upload", self.state, (self.State.ARRIVING,), self.State.EXPIRED)
        self.state, self.refusal = self.State.EXPIRED, refusal

    def settle(self, *, is_ready: bool, refusal: str = "") -> None:
        """What checking said of a file that is whole."""
        state = self.State.READY if is_ready else self.State.REFUSED
        check_transition("upload", self.state, (self.State.CHECKING,), state)
        self.state, self.refusal = state, refusal
