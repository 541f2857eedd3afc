"""Places in rooms, what they send and receive, and private talks. Gateway ids go with the end of each."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from consultations.models.participant import Participant
from streams.models import LiveSession
from streams.models.transitions import check_transition


class PrivateTalk(models.Model):
    """Two people speak in a room of their own: a member with an aid, or an officer with one who waits."""

    class Kind(models.TextChoices):
        """Between whom."""

        AID = "aid", "A member of the public and an aid"
        OFFICER = "officer", "An officer and one who waits"

    class State(models.TextChoices):
        """Where it stands; `readying`: both are being taken out of the other rooms."""

        ASKED = "asked", "Asked"
        READYING = "readying", "Being made ready"
        ON = "on", "On"
        ENDED = "ended", "Ended"

    GOING_ON = (State.ASKED, State.READYING, State.ON)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(LiveSession, on_delete=models.CASCADE, related_name="private_talks")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    asked_by = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="+")
    first = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="first_talks")
    second = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="second_talks")
    first_from = models.CharField(max_length=8)
    second_from = models.CharField(max_length=8)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    node = models.CharField(max_length=64, blank=True)
    room_id = models.CharField(max_length=120, blank=True)
    asked_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True, blank=True)
    one_left_at = models.DateTimeField(null=True, blank=True, help_text="Since when one of the two has no place.")
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=24, blank=True)
    room_closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("asked_at",)
        constraints = (
            models.UniqueConstraint(fields=("first",), condition=~Q(state="ended"), name="talk_first_once"),
            models.UniqueConstraint(fields=("second",), condition=~Q(state="ended"), name="talk_second_once"),
            models.CheckConstraint(
                condition=Q(first_from__in=("waiting", "call"), second_from__in=("waiting", "call")),
                name="talk_from_known",
            ),
            models.CheckConstraint(condition=~Q(first=models.F("second")), name="talk_of_two"),
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False) | (~Q(state="ended") & Q(ended_at__isnull=True)),
                name="private_talk_ended_has_time",
            ),
        )

    def __str__(self) -> str:
        return f"private talk {self.id}"

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.state == self.State.ENDED

    def other_of(self, participant_id: uuid.UUID) -> uuid.UUID:
        """Return who the other one is."""
        return self.second_id if participant_id == self.first_id else self.first_id

    def has(self, participant_id: uuid.UUID) -> bool:
        """Whether this person is one of the two."""
        return participant_id in (self.first_id, self.second_id)

    def from_of(self, participant_id: uuid.UUID) -> str:
        """Return where this person goes back to: waiting or call."""
        return self.first_from if participant_id == self.first_id else self.second_from

    def accept(self) -> None:
        """Both want it."""
        check_transition("private talk", self.state, (self.State.ASKED,), self.State.READYING)
        self.state = self.State.READYING

    def begin(self, now: datetime) -> None:
        """Both have left every other room at the media server."""
        check_transition("private talk", self.state, (self.State.READYING,), self.State.ON)
        self.state, self.began_at = self.State.ON, now

    def end(self, now: datetime, *, reason: str) -> None:
        """Over for good."""
        check_transition("private talk", self.state, self.GOING_ON, self.State.ENDED)
        self.state, self.ended_at, self.end_reason = self.State.ENDED, max(now, self.asked_at), reason[:24]


class Place(models.Model):
    """A person's one seat in one room; the database allows one open place per participant."""

    class Purpose(models.TextChoices):
        """Which room it is in."""

        CALL = "call", "The call"
        TALK = "talk", "A private talk"
        CHECK = "check", "The line check"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(LiveSession, on_delete=models.CASCADE, related_name="places")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="places")
    purpose = models.CharField(max_length=6, choices=Purpose.choices)
    talk = models.ForeignKey(PrivateTalk, on_delete=models.CASCADE, related_name="places", null=True, blank=True)
    node = models.CharField(max_length=64)
    room_id = models.CharField(max_length=120)
    socket = models.CharField(max_length=120, blank=True, help_text="The page's socket, by its channel.")
    begun_at = models.DateTimeField()
    lost_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=24, blank=True)
    room_closed_at = models.DateTimeField(null=True, blank=True, help_text="Of a line check: its room is closed.")

    class Meta:
        ordering = ("begun_at",)
        indexes = (models.Index(fields=("session",), condition=Q(ended_at__isnull=True), name="place_open"),)
        constraints = (
            models.UniqueConstraint(fields=("participant",), condition=Q(ended_at__isnull=True), name="place_one_open"),
            models.CheckConstraint(
                condition=Q(purpose="talk", talk__isnull=False) | Q(purpose__in=("call", "check"), talk__isnull=True),
                name="place_talk_has_talk",
            ),
        )

    def __str__(self) -> str:
        return f"place {self.id}"

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.ended_at is not None

    def end(self, now: datetime, *, reason: str) -> None:
        """Over for good; coming back is another place."""
        check_transition("place", "ended" if self.is_over else "open", ("open",), "ended")
        self.ended_at, self.end_reason, self.lost_at = max(now, self.begun_at), reason[:24], None


class Feed(models.Model):
    """What a place sends: a camera with its microphone, or a screen. The id is also the feed id at the gateway."""

    class Source(models.TextChoices):
        """What is sent."""

        CAMERA = "camera", "Camera and microphone"
        SCREEN = "screen", "Screen"

    class State(models.TextChoices):
        """Where it stands."""

        ADMITTED = "admitted", "Admitted"
        CONNECTING = "connecting", "Connecting"
        LIVE = "live", "Live"
        STALLED = "stalled", "Stalled"
        ENDED = "ended", "Ended"

    GOING_ON = (State.ADMITTED, State.CONNECTING, State.LIVE, State.STALLED)
    FLOWING = (State.LIVE, State.STALLED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(LiveSession, on_delete=models.CASCADE, related_name="feeds")
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="feeds")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="feeds")
    purpose = models.CharField(max_length=6, choices=Place.Purpose.choices)
    source = models.CharField(max_length=6, choices=Source.choices)
    node = models.CharField(max_length=64)
    room_id = models.CharField(max_length=120)
    gateway_session = models.BigIntegerField(null=True, blank=True)
    gateway_handle = models.BigIntegerField(null=True, blank=True)
    process = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ADMITTED)
    hears = models.BooleanField(default=False, help_text="Sound arrives.")
    layers = models.PositiveSmallIntegerField(default=0, help_text="Which layers of the picture arrive, as bits.")
    is_up = models.BooleanField(default=False, help_text="Connected: others may receive it.")
    admitted_at = models.DateTimeField()
    live_at = models.DateTimeField(null=True, blank=True)
    stalled_at = models.DateTimeField(null=True, blank=True)
    last_media_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=24, blank=True)

    class Meta:
        ordering = ("admitted_at",)
        indexes = (models.Index(fields=("session",), condition=~Q(state="ended"), name="feed_going_on"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False) | (~Q(state="ended") & Q(ended_at__isnull=True)),
                name="feed_ended_has_time",
            ),
            models.UniqueConstraint(fields=("place", "source"), condition=~Q(state="ended"), name="feed_source_once"),
            models.UniqueConstraint(
                fields=("session",),
                condition=Q(source="screen", purpose="call") & ~Q(state="ended"),
                name="feed_one_screen",
            ),
        )

    def __str__(self) -> str:
        return f"feed {self.id}"

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.state == self.State.ENDED

    def connect(self, *, gateway_session: int, gateway_handle: int, process: str) -> None:
        """The media server answered."""
        check_transition("feed", self.state, self.GOING_ON, self.State.CONNECTING)
        if self.state == self.State.ADMITTED:
            self.state = self.State.CONNECTING
        self.gateway_session, self.gateway_handle, self.process = gateway_session, gateway_handle, process

    def note_media(self, now: datetime, *, is_sound: bool, layer: int, arrives: bool) -> bool:
        """Sound, or a layer of the picture, arrives or ceased to; returns whether it has become live by that."""
        check_transition("feed", self.state, self.GOING_ON, self.State.LIVE)
        was_live = self.state == self.State.LIVE
        if is_sound:
            self.hears = arrives
        else:
            self.layers = self.layers | 1 << layer if arrives else self.layers & ~(1 << layer)
        if self.hears or self.layers:
            self.state, self.live_at, self.stalled_at = self.State.LIVE, self.live_at or now, None
            self.last_media_at, self.is_up = now, True
        elif was_live:
            self.state, self.stalled_at = self.State.STALLED, now
        return self.state == self.State.LIVE and not was_live

    def end(self, now: datetime, *, reason: str) -> None:
        """Over for good."""
        check_transition("feed", self.state, self.GOING_ON, self.State.ENDED)
        self.state, self.ended_at, self.end_reason = self.State.ENDED, max(now, self.admitted_at), reason[:24]
        self.is_up = self.hears = False
        self.layers = 0


class Reception(models.Model):
    """What a place receives: all others' tracks by one handle. `lines` is {mid: [feed id, medium]} as last answered."""

    class State(models.TextChoices):
        """Where it stands."""

        OFFERED = "offered", "Offered"
        ANSWERED = "answered", "Answered"
        ENDED = "ended", "Ended"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(LiveSession, on_delete=models.CASCADE, related_name="receptions")
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="receptions")
    node = models.CharField(max_length=64)
    room_id = models.CharField(max_length=120)
    gateway_session = models.BigIntegerField(null=True, blank=True)
    gateway_handle = models.BigIntegerField(null=True, blank=True)
    process = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OFFERED)
    lines = models.JSONField(default=dict, blank=True)
    admitted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=24, blank=True)

    class Meta:
        ordering = ("admitted_at",)
        constraints = (
            models.UniqueConstraint(fields=("place",), condition=~Q(state="ended"), name="reception_one_open"),
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False) | (~Q(state="ended") & Q(ended_at__isnull=True)),
                name="reception_ended_has_time",
            ),
        )

    def __str__(self) -> str:
        return f"reception {self.id}"

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.state == self.State.ENDED

    def end(self, now: datetime, *, reason: str) -> None:
        """Over for good."""
        check_transition("reception", self.state, (self.State.OFFERED, self.State.ANSWERED), self.State.ENDED)
        self.state, self.ended_at, self.end_reason = self.State.ENDED, max(now, self.admitted_at), reason[:24]
