"""Where an officer on duty was, how sure the phone was of it, and when: kept for a short time of its own."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from streams.models.shift import Shift


class OfficerPosition(models.Model):
    """One fix of a shift: degrees WGS 84, metres, degrees from north, metres per second. It belongs to no session.

    `is_late`: the phone had no network when it was taken. `is_doubtful`: too unsure, impossible, or of a time to come:
    kept as it was said, and believed by nobody.
    """

    id = models.BigAutoField(primary_key=True)
    shift = models.ForeignKey(Shift, on_delete=models.CASCADE, related_name="positions", db_index=False)
    latitude = models.FloatField()
    longitude = models.FloatField()
    accuracy_m = models.FloatField()
    heading_deg = models.FloatField(null=True, blank=True)
    speed_mps = models.FloatField(null=True, blank=True)
    fixed_at = models.DateTimeField()
    received_at = models.DateTimeField()
    is_late = models.BooleanField()
    is_doubtful = models.BooleanField()

    class Meta:
        ordering = ("shift", "fixed_at")
        # Rows come in the order of their time: a few bytes per thousand of them find what is due.
        indexes = (BrinIndex(fields=("received_at",), name="officer_position_due"),)
        constraints = (
            # A phone that lost the answer sends the same fix again.
            models.UniqueConstraint(fields=("shift", "fixed_at"), name="officer_position_once"),
            models.CheckConstraint(
                condition=Q(is_doubtful=True)
                | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="officer_position_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(is_doubtful=True) | Q(accuracy_m__gte=0), name="officer_position_accuracy"
            ),
        )

    def __str__(self) -> str:
        return f"fix {self.pk} of shift {self.shift_id}"
