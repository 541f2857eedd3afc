"""Live media of a session, who watched it, and what of it was recorded."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from streams.models.session import LiveSession
from streams.models.transitions import check_transition


class Stream(models.Model):
    """One publisher's live media; the id is also the feed id at the gateway.

    The transition methods set fields and raise `InvalidTransition`; the service saves the row.
    """

    class State(models.TextChoices):
        """Where the media stand. Live means that frames arrive, never that a connection is up.

        Prepared: the phone connects before its camera is on, so that the first picture need not wait for it.
        """

        PREPARED = "prepared", "Prepared"
        ADMITTED = "admitted", "Admitted"
        CONNECTING = "connecting", "Connecting"
        LIVE = "live", "Live"
        STALLED = "stalled", "Stalled"
        ENDED = "ended", "Ended"

    class Stall(models.TextChoices):
        """Why it is not called live: no frames arrive, or nobody could find out whether they do."""

        SILENT = "silent", "Silent"
        BLIND = "blind", "Blind"

    GOING_ON = (State.PREPARED, State.ADMITTED, State.CONNECTING, State.LIVE, State.STALLED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(LiveSession, on_delete=models.CASCADE, related_name="streams")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ADMITTED)
    node = models.CharField(max_length=64, blank=True)
    room_id = models.CharField(max_length=120, blank=True)
    gateway_session = models.BigIntegerField(null=True, blank=True)
    gateway_handle = models.BigIntegerField(null=True, blank=True)
    owner = models.CharField(max_length=64, blank=True, help_text="The process that holds the handle.")
    admitted_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True, blank=True, help_text="When the camera came on, or was said to be on.")
    live_at = models.DateTimeField(null=True, blank=True)
    stalled_at = models.DateTimeField(null=True, blank=True)
    stall_reason = models.CharField(max_length=8, choices=Stall.choices, blank=True)
    last_media_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=40, blank=True)
    layers = models.PositiveSmallIntegerField(default=0, help_text="Which layers of the picture arrive, as bits.")
    video_codec = models.CharField(max_length=16, blank=True)

    class Meta:
        ordering = ("-admitted_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("prepared", "admitted", "connecting", "live", "stalled", "ended")),
                name="stream_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False) | (~Q(state="ended") & Q(ended_at__isnull=True)),
                name="stream_ended_has_time",
            ),
            models.UniqueConstraint(fields=("session",), condition=~Q(state="ended"), name="stream_one_going_on"),
        )

    def __str__(self) -> str:
        return f"stream {self.id}"

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.state == self.State.ENDED

    def connect(self, *, gateway_session: int, gateway_handle: int, owner: str) -> None:
        """The gateway answered: remember the handle. One that is live already stays so, and so does a prepared one."""
        check_transition("stream", self.state, self.GOING_ON, self.State.CONNECTING)
        if self.state == self.State.ADMITTED:
            self.state = self.State.CONNECTING
        self.gateway_session = gateway_session
        self.gateway_handle = gateway_handle
        self.owner = owner

    def begin(self, now: datetime) -> None:
        """The camera of a prepared stream is on; pictures may have arrived before the word of it."""
        check_transition("stream", self.state, self.GOING_ON, self.State.CONNECTING)
        if self.state == self.State.PREPARED:
            self.state = self.State.CONNECTING
        self.begun_at = self.begun_at or now

    def go_live(self, now: datetime) -> None:
        """Frames arrive, for the first time or again after a stall."""
        check_transition("stream", self.state, self.GOING_ON, self.State.LIVE)
        self.state = self.State.LIVE
        self.live_at = self.live_at or now
        self.last_media_at = now
        self.stalled_at = None
        self.stall_reason = ""

    def note_layer(self, layer: int, *, arrives: bool) -> bool:
        """A layer of the picture arrives, or ceased to; returns whether any still does."""
        self.layers = self.layers | 1 << layer if arrives else self.layers & ~(1 << layer)
        return self.layers != 0

    def has_layer(self, layer: int) -> bool:
        """Whether a layer of the picture is known to arrive."""
        return bool(self.layers & 1 << layer)

    def stall(self, now: datetime, reason: str = Stall.SILENT) -> None:
        """Frames stopped arriving, or nobody knows; what is known to be silent stays so."""
        check_transition("stream", self.state, (self.State.LIVE, self.State.STALLED), self.State.STALLED)
        self.state = self.State.STALLED
        self.stalled_at = self.stalled_at or now
        if self.stall_reason != self.Stall.SILENT:
            self.stall_reason = reason

    def end(self, now: datetime, *, reason: str) -> None:
        """Over for good; a new start is a new stream."""
        check_transition("stream", self.state, self.GOING_ON, self.State.ENDED)
        self.state = self.State.ENDED
        self.ended_at = now
        self.end_reason = reason


class Watch(models.Model):
    """One user's viewing of one stream; `seconds` is set when it ends."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    stream = models.ForeignKey(Stream, on_delete=models.CASCADE, related_name="watches")
    session = models.ForeignKey(LiveSession, on_delete=models.CASCADE, related_name="watches")
    user_id = models.CharField(max_length=64)
    user_name = models.CharField(max_length=150, blank=True)
    gateway_session = models.BigIntegerField(null=True, blank=True)
    gateway_handle = models.BigIntegerField(null=True, blank=True)
    owner = models.CharField(max_length=64, blank=True, help_text="The console's socket that watches.")
    process = models.CharField(max_length=64, blank=True, help_text="The process that holds the handle.")
    guest = models.CharField(
        max_length=31, blank=True, default="", db_default="", help_text="Another force whose user it is, by its schema."
    )
    share_id = models.UUIDField(null=True, blank=True, help_text="What lets a guest watch.")
    is_colleagues = models.BooleanField(
        default=False, db_default=False, help_text="An officer's on the incident, whom the control room shows it."
    )
    agency_viewer = models.ForeignKey(
        "streams.AgencyViewer",
        on_delete=models.CASCADE,
        related_name="watches",
        null=True,
        blank=True,
        help_text="Who watches for an outside agency.",
    )
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    seconds = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("started_at",)
        verbose_name_plural = "watches"
        indexes = (models.Index(fields=("session",), condition=Q(ended_at__isnull=True), name="watch_going_on"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, seconds__isnull=True)
                | Q(ended_at__isnull=False, seconds__isnull=False),
                name="watch_ended_has_seconds",
            ),
            models.CheckConstraint(
                condition=Q(guest="", share_id__isnull=True) | (~Q(guest="") & Q(share_id__isnull=False)),
                name="watch_guest_has_share",
            ),
        )

    def __str__(self) -> str:
        return f"watch {self.id}"


class RecordingSegment(models.Model):
    """One unbroken recording of a stream; `confirmed_at` is when its file was first seen to grow."""

    class State(models.TextChoices):
        """Where the recording stands."""

        STARTING = "starting", "Starting"
        RECORDING = "recording", "Recording"
        ALARM = "alarm", "Alarm"
        STOPPED = "stopped", "Stopped"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    stream = models.ForeignKey(Stream, on_delete=models.CASCADE, related_name="segments")
    session = models.ForeignKey(LiveSession, on_delete=models.CASCADE, related_name="segments")
    state = models.CharField(max_length=10, choices=State.choices, default=State.STARTING)
    alarm_reason = models.CharField(max_length=80, blank=True)
    alarm_at = models.DateTimeField(null=True, blank=True, help_text="When the alarm was raised, last.")
    started_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    bytes_seen = models.BigIntegerField(default=0)
    last_growth_at = models.DateTimeField(null=True, blank=True)
    stopped_by_kind = models.CharField(max_length=8, blank=True, help_text="user, caller or system")

    class Meta:
        ordering = ("started_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("starting", "recording", "alarm", "stopped")),
                name="segment_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="stopped", stopped_at__isnull=False)
                | (~Q(state="stopped") & Q(stopped_at__isnull=True)),
                name="segment_stopped_has_time",
            ),
            models.UniqueConstraint(fields=("stream",), condition=~Q(state="stopped"), name="segment_one_going_on"),
        )

    def __str__(self) -> str:
        return f"recording segment {self.id}"
