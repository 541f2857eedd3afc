"""What a caller agreed to, and the words in which it was asked."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from streams.models.invitation import Invitation
from streams.models.session import LiveSession

DEFAULT_UPLOAD_TEXT = (
    "Photos and videos: those that I choose on this phone are sent to the police. They are kept as police information "
    "and may be used as evidence."
)


class ConsentWording(models.Model):
    """One version of the words in one language; a change is a new version."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField()
    language = models.CharField(max_length=12, default="en")
    title = models.CharField(max_length=200)
    intro = models.TextField()
    location_text = models.TextField()
    video_text = models.TextField()
    recording_text = models.TextField()
    upload_text = models.TextField(default=DEFAULT_UPLOAD_TEXT)
    stop_text = models.TextField()
    is_active = models.BooleanField(default=True)
    approved_by = models.CharField(max_length=150, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("language", "-version")
        constraints = (
            models.UniqueConstraint(fields=("version", "language"), name="wording_version_once"),
            models.UniqueConstraint(fields=("language",), condition=Q(is_active=True), name="wording_one_active"),
        )

    def __str__(self) -> str:
        return f"{self.title} ({self.language}, version {self.version})"


class Consent(models.Model):
    """A consent by scope; `scopes` is a sorted list of location, video, recording and upload."""

    class Scope(models.TextChoices):
        """What may be shared or done."""

        LOCATION = "location", "Location"
        VIDEO = "video", "Live video"
        RECORDING = "recording", "Recording"
        UPLOAD = "upload", "Photos and videos taken before"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(LiveSession, on_delete=models.CASCADE, related_name="consents")
    invitation = models.ForeignKey(Invitation, on_delete=models.PROTECT, related_name="consents")
    scopes = models.JSONField()
    wording_version = models.PositiveIntegerField()
    language = models.CharField(max_length=12)
    given_at = models.DateTimeField()
    browser_hash = models.CharField(max_length=64)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-given_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("session",), condition=Q(withdrawn_at__isnull=True), name="consent_one_standing"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=models.F("given_at")),
                name="consent_withdrawn_after_given",
            ),
        )

    def __str__(self) -> str:
        return f"consent {self.id}"

    @property
    def is_standing(self) -> bool:
        """Whether it has not been withdrawn."""
        return self.withdrawn_at is None

    def allows(self, scope: str) -> bool:
        """Whether the consent stands and covers `scope`."""
        return self.is_standing and scope in self.scopes
