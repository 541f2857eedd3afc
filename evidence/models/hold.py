"""A hold: while it is in force, nothing erases the item."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from evidence.models.item import Item
from forces.errors import InvalidTransition


class Hold(models.Model):
    """Why an item must be kept past its retention date, and who said so. At most one is in force per item."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=500)
    placed_by = models.CharField(max_length=64)
    placed_by_name = models.CharField(max_length=150)
    placed_at = models.DateTimeField()
    released_by = models.CharField(max_length=64, blank=True, default="")
    released_by_name = models.CharField(max_length=150, blank=True, default="")
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-placed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(released_at__isnull=True), name="hold_one_in_force_per_item"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="hold_has_reason"),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, released_by="")
                | (Q(released_at__isnull=False) & ~Q(released_by="")),
                name="hold_release_has_releaser",
            ),
        ]

    def __str__(self) -> str:
        return f"hold on {self.item_id}"

    def release(self, now: datetime, by: str, by_name: str) -> None:
        """End the hold. One that is released already stays as it was."""
        if self.released_at is not None:
            raise InvalidTransition("This hold is released already.")
        self.released_at, self.released_by, self.released_by_name = now, by, by_name
