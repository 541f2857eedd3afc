"""What the force decided about the work in its control room."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class RoomPolicy(models.Model):
    """How long a session may be unattended, and whether a search needs a reason; exactly one row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    is_only = models.BooleanField(default=True, editable=False, unique=True)
    unattended_after_s = models.PositiveSmallIntegerField(
        default=60, help_text="Seconds without anybody watching until the consoles say so."
    )
    escalate_after_s = models.PositiveSmallIntegerField(
        default=60, help_text="Seconds after that until supervisors are called."
    )
    search_needs_reason = models.BooleanField(
        default=True, help_text="Whoever searches past sessions says why (Data Protection Act 2018, section 62)."
    )

    class Meta:
        verbose_name_plural = "control room policy"
        constraints = (
            models.CheckConstraint(condition=Q(is_only=True), name="room_policy_only_row"),
            models.CheckConstraint(
                condition=Q(unattended_after_s__gte=10, unattended_after_s__lte=900), name="room_policy_unattended_sane"
            ),
            models.CheckConstraint(
                condition=Q(escalate_after_s__gte=10, escalate_after_s__lte=1800), name="room_policy_escalate_sane"
            ),
        )

    def __str__(self) -> str:
        return "Control room policy"
