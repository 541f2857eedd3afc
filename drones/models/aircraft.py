"""The aircraft that a force flies, and the keys by which they send."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

# UK Reg (EU) 2019/947, article 14: the operator's registration, which the aircraft wears.
OPERATOR_ID = r"^GBR-OP-[A-Z0-9]{12}\Z"
_ANGLE = (MinValueValidator(1.0), MaxValueValidator(179.0))


class Aircraft(models.Model):
    """One unmanned aircraft of the force. Angles of view are the whole of what the camera sees, in degrees."""

    class Protocol(models.TextChoices):
        """How a picture comes from it, or from the controller in the pilot's hands."""

        WHIP = "whip", "WHIP"
        RTMP = "rtmp", "RTMP"
        SRT = "srt", "SRT"
        RTSP = "rtsp", "RTSP"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    make = models.CharField(max_length=40)
    model = models.CharField(max_length=60)
    serial = models.CharField(max_length=40, unique=True, help_text="The maker's serial number.")
    operator_id = models.CharField(
        "CAA operator ID",
        max_length=19,
        validators=[RegexValidator(OPERATOR_ID, "An operator ID of the CAA reads like GBR-OP-BAZ4DH6GJ88T.")],
        help_text="The registration that the aircraft wears, e.g. GBR-OP-BAZ4DH6GJ88T.",
    )
    horizontal_fov_deg = models.FloatField(
        "horizontal field of view (degrees)", validators=_ANGLE, help_text="Of the camera, without zoom."
    )
    vertical_fov_deg = models.FloatField(
        "vertical field of view (degrees)", validators=_ANGLE, help_text="Of the camera, without zoom."
    )
    protocols = models.JSONField(default=list, help_text="How its picture may come.")
    is_in_service = models.BooleanField("in service", default=True)
    rtsp_address = models.CharField(
        "RTSP address",
        max_length=500,
        blank=True,
        help_text="From where the picture is pulled, as rtsp://10.20.3.4:554/live, without user and password.",
    )
    rtsp_user = models.CharField("RTSP user", max_length=100, blank=True)
    # Encrypted: a copy of the database alone opens no camera.
    rtsp_password_kept = models.TextField(blank=True, editable=False)
    # Which of the force's ports is this aircraft's: encoders have it typed in, so it stays.
    srt_slot = models.PositiveSmallIntegerField(null=True, unique=True, editable=False)

    class Meta:
        ordering = ("make", "model", "serial")
        verbose_name_plural = "aircraft"
        constraints = (
            models.CheckConstraint(
                condition=Q(horizontal_fov_deg__gte=1, horizontal_fov_deg__lte=179, vertical_fov_deg__gte=1)
                & Q(vertical_fov_deg__lte=179),
                name="aircraft_fov_is_an_angle",
            ),
        )

    def __str__(self) -> str:
        return f"{self.make} {self.model} {self.serial}"


class AircraftKey(models.Model):
    """What an aircraft shows when it sends. Only a digest is kept; one key of an aircraft stands at a time."""

    aircraft = models.ForeignKey(Aircraft, on_delete=models.PROTECT, related_name="keys")
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(editable=False)
    made_by_name = models.CharField(max_length=150, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("-made_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("aircraft",), condition=Q(revoked_at__isnull=True), name="aircraft_key_one_stands"
            ),
        )

    def __str__(self) -> str:
        return f"key of {self.aircraft}"

    @property
    def stands(self) -> bool:
        """Whether it opens anything."""
        return self.revoked_at is None

    def revoke(self, now: datetime) -> None:
        """From now on it opens nothing. Sets the field; the service saves."""
        self.revoked_at = self.revoked_at or now
