"""What a sequence is made of: the pictures that stood for a stretch of video, each as it came."""

import uuid

from django.db import models
from django.db.models import Q

from evidence.models.item import Item


class SequencePicture(models.Model):
    """One picture of a sequence. `sha256` is the phone's own hash, found to be true on arrival; `bytes` its size.

    `position` is the caller's fix at that time, {latitude, longitude, accuracy_m, fixed_at}, or None.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="pictures")
    taken_at = models.DateTimeField(help_text="By the phone's clock.")
    received_at = models.DateTimeField()
    kind = models.CharField(max_length=4, help_text="jpeg, png or webp")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    bytes = models.PositiveIntegerField()
    position = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["received_at", "id"]
        indexes = [models.Index(fields=["item", "received_at"], name="sequence_in_order")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["jpeg", "png", "webp"]), name="sequence_kind_known"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="sequence_sha256_hex"),
        ]

    def __str__(self) -> str:
        return f"picture of {self.item_id}"
