"""A media server in memory that fulfils `MediaGateway`: what it was told can be read, what it does can be set."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from streams.gateway.interface import (
    Answer,
    Candidate,
    ConnectionEvent,
    EventKind,
    GatewayError,
    GatewayInfo,
    HandleEvent,
    HandleGone,
    HandleRef,
    Layer,
    Medium,
    NoSuchFeed,
    NoSuchRoom,
    Offer,
    RoomSpec,
)

ANSWER, OFFER = "v=0 answer", "v=0 offer"


@dataclass
class Room:
    """A room: its secret, whether it is recorded, and who publishes."""

    spec: RoomSpec
    is_recording: bool = False
    feeds: set[str] = field(default_factory=set)


@dataclass
class Seat:
    """A participant: its opaque id, the room, the feed it publishes or views, and what it was told."""

    opaque_id: str
    room_id: str
    feed_id: str
    is_publisher: bool
    is_started: bool = False
    layer: Layer | None = None
    candidates: list[Candidate | None] = field(default_factory=list)
    restarts: list[Offer] = field(default_factory=list)


class FakeGateway:
    """Fulfils `streams.gateway.interface.MediaGateway`.

    `answer` and `restart_answer` are what publishers get. `failures[method]` is raised by that method;
    `gate`, when set to an event, holds `publish` until it is set.
    """

    def __init__(self) -> None:
        self.is_connected = False
        self.answer = self.restart_answer = ANSWER
        self.rooms: dict[str, Room] = {}
        self.closed_rooms: list[str] = []
        self.seats: dict[HandleRef, Seat] = {}
        self.calls: list[str] = []
        self.claimed: list[HandleRef] = []
        self.released: list[HandleRef] = []
        self.failures: dict[str, GatewayError] = {}
        self.gate: asyncio.Event | None = None
        self.is_publishing = asyncio.Event()
        self._numbers = itertools.count(1)
        self._events: asyncio.Queue[ConnectionEvent | None] = asyncio.Queue()

    async def connect(self) -> None:
        self._begin("connect")
        self.is_connected = True

    async def close(self) -> None:
        self.is_connected = False
        self._events.put_nowait(None)

    async def info(self) -> GatewayInfo:
        self._begin("info")
        return GatewayInfo("1.4.1", "fake")

    async def ensure_room(self, room: RoomSpec) -> None:
        self._begin("ensure_room")
        self.rooms.setdefault(room.room_id, Room(room))

    async def close_room(self, room_id: str, secret: str) -> None:
        self._begin("close_room")
        room = self.rooms.pop(room_id, None)
        if room is not None:
            assert room.spec.secret == secret
            self.closed_rooms.append(room_id)

    async def publish(self, *, room: RoomSpec, feed_id: str, opaque_id: str, offer: Offer) -> tuple[HandleRef, Answer]:
        self.is_publishing.set()
        if self.gate is not None:
            await self.gate.wait()
        self._begin("publish")
        self._room(room.room_id, room.secret).feeds.add(feed_id)
        return self._sit(Seat(opaque_id, room.room_id, feed_id, is_publisher=True)), Answer(self.answer)

    async def subscribe(
        self, *, room: RoomSpec, feed_id: str, opaque_id: str, patience: float = 0.0
    ) -> tuple[HandleRef, Offer]:
        self._begin("subscribe")
        if feed_id not in self._room(room.room_id, room.secret).feeds:
            raise NoSuchFeed(feed_id)
        return self._sit(Seat(opaque_id, room.room_id, feed_id, is_publisher=False)), Offer(OFFER)

    async def start(self, handle: HandleRef, answer: Answer) -> None:
        self._begin("start")
        self._seat(handle).is_started = True

    async def trickle(self, handle: HandleRef, candidate: Candidate | None) -> None:
        self._begin("trickle")
        self._seat(handle).candidates.append(candidate)

    async def restart(self, handle: HandleRef, offer: Offer) -> Answer:
        self._begin("restart")
        self._seat(handle).restarts.append(offer)
        return Answer(self.restart_answer)

    async def choose_layer(self, handle: HandleRef, layer: Layer) -> None:
        self._begin("choose_layer")
        self._seat(handle).layer = layer

    async def request_keyframe(self, handle: HandleRef) -> None:
        self._begin("request_keyframe")
        self._seat(handle)

    async def detach(self, handle: HandleRef) -> None:
        self._begin("detach")
        seat = self.seats.pop(handle, None)
        if seat is not None and seat.is_publisher and seat.room_id in self.rooms:
            self.rooms[seat.room_id].feeds.discard(seat.feed_id)

    async def claim(self, handle: HandleRef) -> None:
        self._begin("claim")
        self._seat(handle)
        self.claimed.append(handle)

    def release(self, handle: HandleRef) -> None:
        self.calls.append("release")
        self.released.append(handle)

    async def set_recording(self, room_id: str, secret: str, on: bool) -> None:
        self._begin("set_recording")
        self._room(room_id, secret).is_recording = on

    async def list_feeds(self, room_id: str, secret: str) -> list[str]:
        self._begin("list_feeds")
        return sorted(self._room(room_id, secret).feeds)

    async def events(self) -> AsyncIterator[ConnectionEvent]:
        while (event := await self._events.get()) is not None:
            yield event

    def emit(self, event: ConnectionEvent) -> None:
        """Report an event to the process that owns the handle."""
        self._events.put_nowait(event)

    def emit_video(self, feed_id: str, *, receiving: bool) -> None:
        """Report that the video of a feed begins or ceases to arrive."""
        handle = self.publisher(feed_id)
        self.emit(HandleEvent(EventKind.MEDIA, handle, medium=Medium.VIDEO, receiving=receiving))

    def publisher(self, feed_id: str) -> HandleRef:
        """Return the handle that publishes a feed."""
        found = [h for h, seat in self.seats.items() if seat.is_publisher and seat.feed_id == feed_id]
        return found[0]

    @property
    def viewers(self) -> list[Seat]:
        """Everybody who views."""
        return [seat for seat in self.seats.values() if not seat.is_publisher]

    def forget_everything(self) -> None:
        """Start anew, as a media server does that was killed."""
        self.rooms.clear()
        self.seats.clear()

    def _begin(self, method: str) -> None:
        self.calls.append(method)
        if method in self.failures:
            raise self.failures[method]

    def _sit(self, seat: Seat) -> HandleRef:
        handle = HandleRef(2**53 - next(self._numbers), next(self._numbers))
        self.seats[handle] = seat
        return handle

    def _seat(self, handle: HandleRef) -> Seat:
        if handle not in self.seats:
            raise HandleGone(str(handle))
        return self.seats[handle]

    def _room(self, room_id: str, secret: str) -> Room:
        room = self.rooms.get(room_id)
        if room is None:
            raise NoSuchRoom(room_id)
        assert room.spec.secret == secret
        return room
