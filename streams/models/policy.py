"""What the force decided about the work in its control room, and about duty outside of it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class RoomPolicy(models.Model):
    """How long a session may be unattended, how late a picture be, and whether a search needs a reason; one row."""

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

    late_picture_ms = models.PositiveIntegerField(
        default=2_000,
        db_default=2_000,
        help_text="Milliseconds from a camera to the console over which a picture is marked as late: 300 to 60000.",
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
            models.CheckConstraint(
                condition=Q(late_picture_ms__gte=300, late_picture_ms__lte=60_000),
                name="room_policy_late_sane",
                violation_error_message="A picture is late after 300 to 60000 milliseconds.",
            ),
        )

    def __str__(self) -> str:
        return "Control room policy"


class DutyPolicy(models.Model):
    """How long shifts and the positions of officers on duty are kept, and when a shift nobody ended ends; one row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    is_only = models.BooleanField(default=True, editable=False, unique=True)
    keep_positions_days = models.PositiveSmallIntegerField(
        default=31, help_text="Days until the positions of officers on duty are erased: 1 to 366."
    )
    keep_shifts_days = models.PositiveSmallIntegerField(
        default=365,
        help_text="Days until a shift that ended is erased: 1 to 3660, no fewer than its positions are kept.",
    )
    end_shift_after_h = models.PositiveSmallIntegerField(
        default=14, help_text="Hours without a sign of life after which a shift ends by itself: 2 to 72."
    )

    class Meta:
        verbose_name_plural = "duty policy"
        constraints = (
            models.CheckConstraint(condition=Q(is_only=True), name="duty_policy_only_row"),
            models.CheckConstraint(
                condition=Q(keep_positions_days__gte=1, keep_positions_days__lte=366),
                name="duty_policy_positions_sane",
                violation_error_message="Positions are kept for 1 to 366 days.",
            ),
            models.CheckConstraint(
                condition=Q(keep_shifts_days__gte=models.F("keep_positions_days"), keep_shifts_days__lte=3660),
                name="duty_policy_shifts_sane",
                violation_error_message="Shifts are kept for as long as their positions, and 3660 days at most.",
            ),
            models.CheckConstraint(
                condition=Q(end_shift_after_h__gte=2, end_shift_after_h__lte=72),
                name="duty_policy_hours_sane",
                violation_error_message="A shift ends by itself after 2 to 72 hours.",
            ),
        )

    def __str__(self) -> str:
        return "Duty policy"
