"""Where an aircraft was, how it flew and what its camera saw of the ground: kept with the flight."""

from __future__ import annotations

import uuid

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from streams.models import LiveSession


class AircraftPoint(models.Model):
    """One fix of a flight, as the aircraft said it: units and directions are those of `telemetry.fix.AircraftFix`.

    `is_late`: it waited somewhere for a line. `doubts`: why it, or a part of it, is not believed, codes of
    `plausibility.Doubt` with commas between them. `outline`: what the camera saw of the ground then, as it was
    shown: `[latitude, longitude, is_cut]` clockwise, or null where the fix does not say, or is not believed.
    """

    id = models.BigAutoField(primary_key=True)
    session = models.ForeignKey(LiveSession, on_delete=models.CASCADE, related_name="aircraft_points", db_index=False)
    latitude = models.FloatField()
    longitude = models.FloatField()
    height_m = models.FloatField(null=True, blank=True)
    altitude_m = models.FloatField(null=True, blank=True)
    heading_deg = models.FloatField(null=True, blank=True)
    speed_mps = models.FloatField(null=True, blank=True)
    gimbal_pitch_deg = models.FloatField(null=True, blank=True)
    gimbal_yaw_deg = models.FloatField(null=True, blank=True)
    gimbal_roll_deg = models.FloatField(null=True, blank=True)
    zoom = models.FloatField(null=True, blank=True)
    battery_percent = models.FloatField(null=True, blank=True)
    fixed_at = models.DateTimeField()
    received_at = models.DateTimeField()
    is_late = models.BooleanField()
    doubts = models.CharField(max_length=120, blank=True)
    outline = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ("session_id", "fixed_at")
        # Rows come in the order of their time: a few bytes per thousand of them find what is due.
        indexes = (BrinIndex(fields=("received_at",), name="aircraft_point_due"),)
        constraints = (
            # An aircraft that lost the answer sends the same fix again: its time is its name.
            models.UniqueConstraint(fields=("session", "fixed_at"), name="aircraft_point_once"),
        )

    def __str__(self) -> str:
        return f"point {self.pk} of {self.session_id}"


class TelemetryPolicy(models.Model):
    """How long the telemetry of a flight is kept of which nothing was recorded; exactly one row.

    While anything of a flight is kept as evidence, its telemetry is kept with it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    is_only = models.BooleanField(default=True, editable=False, unique=True)
    keep_days = models.PositiveSmallIntegerField(
        default=31,
        help_text="Days until telemetry is erased of a flight of which nothing is kept as evidence: 1 to 366.",
    )

    class Meta:
        verbose_name_plural = "telemetry policy"
        constraints = (
            models.CheckConstraint(condition=Q(is_only=True), name="telemetry_policy_only_row"),
            models.CheckConstraint(
                condition=Q(keep_days__gte=1, keep_days__lte=366),
                name="telemetry_policy_days_sane",
                violation_error_message="Telemetry is kept for 1 to 366 days.",
            ),
        )

    def __str__(self) -> str:
        return "Telemetry policy"
