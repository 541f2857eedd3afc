"""Where a caller was, how sure the phone was of it, and when."""

from __future__ import annotations

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func, Q

from streams.models.session import LiveSession


class Position(models.Model):
    """One fix. Latitude and longitude in degrees (WGS84), accuracy and altitude in metres.

    `easting` and `northing` are metres on the OS National Grid (OSTN15), null outside its area.
    """

    id = models.BigAutoField(primary_key=True)
    session = models.ForeignKey(LiveSession, on_delete=models.CASCADE, related_name="positions")
    latitude = models.FloatField()
    longitude = models.FloatField()
    accuracy_m = models.FloatField()
    altitude_m = models.FloatField(null=True, blank=True)
    heading_deg = models.FloatField(null=True, blank=True)
    speed_mps = models.FloatField(null=True, blank=True)
    fixed_at = models.DateTimeField()
    received_at = models.DateTimeField()
    easting = models.FloatField(null=True, blank=True)
    northing = models.FloatField(null=True, blank=True)
    grid_reference = models.CharField(max_length=24, blank=True)

    class Meta:
        ordering = ("session", "fixed_at")
        indexes = (
            models.Index(fields=("session", "-fixed_at"), name="position_newest"),
            # Points of the National Grid, to find who was within a square or a circle.
            GistIndex(
                Func(F("easting"), F("northing"), function="point"),
                name="position_place",
                condition=Q(easting__isnull=False, northing__isnull=False),
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="position_on_earth",
            ),
            models.CheckConstraint(condition=Q(accuracy_m__gte=0), name="position_accuracy_not_negative"),
        )

    def __str__(self) -> str:
        return f"fix {self.pk} of {self.session_id}"
