"""Recording by consent: what was asked in which words, who answered what, and what was recorded of whom."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from consultations.models.participant import Participant
from consultations.models.place import Feed
from streams.models import LiveSession


class RecordingWording(models.Model):
    """One version of the words in one language; a change is a new version."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField()
    language = models.CharField(max_length=12, default="en")
    title = models.CharField(max_length=200)
    body = models.TextField()
    withdraw_text = models.TextField()
    is_active = models.BooleanField(default=True)
    approved_by = models.CharField(max_length=150, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("language", "-version")
        constraints = (
            models.UniqueConstraint(fields=("version", "language"), name="recording_wording_once"),
            models.UniqueConstraint(
                fields=("language",), condition=Q(is_active=True), name="recording_wording_one_active"
            ),
        )

    def __str__(self) -> str:
        return f"{self.title} ({self.language}, version {self.version})"


class RecordingConsent(models.Model):
    """What one person was asked in one round, and what they answered."""

    class Why(models.TextChoices):
        """Why they were asked."""

        STARTED = "started", "A recording was to start"
        JOINED = "joined", "They came in"
        SOMEONE_JOINED = "someone_joined", "Somebody else came in"

    class Answer(models.TextChoices):
        """What they said."""

        YES = "yes", "Yes"
        NO = "no", "No"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(LiveSession, on_delete=models.CASCADE, related_name="recording_consents")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="recording_consents")
    round = models.PositiveIntegerField()
    why = models.CharField(max_length=16, choices=Why.choices)
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=4, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    wording_version = models.PositiveIntegerField(null=True, blank=True)
    language = models.CharField(max_length=12, blank=True)

    class Meta:
        ordering = ("asked_at",)
        constraints = (
            models.UniqueConstraint(fields=("participant", "round"), name="recording_consent_once"),
            models.UniqueConstraint(
                fields=("participant",),
                condition=Q(answer="yes", withdrawn_at__isnull=True),
                name="recording_consent_one_standing",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | Q(answer__in=("yes", "no"), answered_at__isnull=False),
                name="recording_consent_answered_has_time",
            ),
        )

    def __str__(self) -> str:
        return f"recording consent {self.id}"

    def say(self, now: datetime, *, answer: str, wording_version: int, language: str) -> None:
        """They answered; a later answer in the same round takes the place of the one before."""
        self.answer, self.answered_at, self.withdrawn_at = answer, now, None
        self.wording_version, self.language = wording_version, language

    def withdraw(self, now: datetime) -> None:
        """They took it back."""
        self.withdrawn_at = max(now, self.answered_at or now)


class RecordingPart(models.Model):
    """One unbroken part of a recording, from 1 on."""

    class Stop(models.TextChoices):
        """Why it stopped."""

        OFFICER = "officer", "An officer stopped it"
        REFUSED = "refused", "Somebody refused"
        WITHDRAWN = "withdrawn", "Somebody withdrew"
        CAUTION = "caution", "A caution"
        MEDIA_SERVER_LOST = "media_server_lost", "The media server was lost"
        NO_POLICE = "no_police", "No police were in the call"
        CALL_OVER = "call_over", "The call was over"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(LiveSession, on_delete=models.CASCADE, related_name="recording_parts")
    number = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)
    stop_reason = models.CharField(max_length=20, choices=Stop.choices, blank=True)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("session", "number"), name="recording_part_number"),
            models.UniqueConstraint(
                fields=("session",), condition=Q(stopped_at__isnull=True), name="recording_part_one_open"
            ),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True, stop_reason="")
                | (Q(stopped_at__isnull=False) & ~Q(stop_reason="")),
                name="recording_part_stopped_has_reason",
            ),
        )

    def __str__(self) -> str:
        return f"recording part {self.number} of {self.session_id}"


class TrackSegment(models.Model):
    """One unbroken recording of a feed; its files begin with `file_base`, which is never used twice."""

    class State(models.TextChoices):
        """Where the recording stands."""

        STARTING = "starting", "Starting"
        RECORDING = "recording", "Recording"
        ALARM = "alarm", "Alarm"
        STOPPED = "stopped", "Stopped"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(LiveSession, on_delete=models.CASCADE, related_name="track_segments")
    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="segments")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="segments")
    part = models.ForeignKey(RecordingPart, on_delete=models.CASCADE, related_name="segments")
    file_base = models.CharField(max_length=80, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.STARTING)
    alarm_reason = models.CharField(max_length=80, blank=True)
    alarm_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    bytes_seen = models.BigIntegerField(default=0)
    last_growth_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("started_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("starting", "recording", "alarm", "stopped")), name="track_segment_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="stopped", stopped_at__isnull=False)
                | (~Q(state="stopped") & Q(stopped_at__isnull=True)),
                name="track_segment_stopped_has_time",
            ),
            models.UniqueConstraint(fields=("feed",), condition=~Q(state="stopped"), name="track_segment_one_open"),
        )

    def __str__(self) -> str:
        return f"track segment {self.id}"

    def stop(self, now: datetime) -> None:
        """Its file is closed."""
        self.state, self.stopped_at = self.State.STOPPED, max(now, self.started_at)
