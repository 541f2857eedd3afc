"""A media server in memory that fulfils `MediaGateway`: what it was told can be read, what it does can be set."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field

from streams.gateway.interface import (
    NO_LAYERS,
    Answer,
    Candidate,
    ConnectionEvent,
    EventKind,
    GatewayError,
    GatewayInfo,
    GatewayTimeout,
    HandleEvent,
    HandleGone,
    HandleRef,
    Layer,
    Line,
    LineWish,
    Medium,
    NoSuchFeed,
    NoSuchRoom,
    Offer,
    OfferPending,
    RoomSpec,
    Tuned,
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
    """A participant: its opaque id, the room, the feed it publishes or views, and what it was told.

    Of a reception: its lines, the layers they are wanted in, how many offers it got, and whether one waits for its
    answer. Of a publisher: the bases of its recordings, the one that goes on last.
    """

    opaque_id: str
    room_id: str
    feed_id: str
    is_publisher: bool
    is_started: bool = False
    layer: Layer | None = None
    candidates: list[Candidate | None] = field(default_factory=list)
    restarts: list[Offer] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    wishes: dict[str, Layer | None] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)
    offers: int = 0
    has_open_offer: bool = False
    file_bases: list[str] = field(default_factory=list)
    is_recorded: bool = False


class FakeGateway:
    """Fulfils `streams.gateway.interface.MediaGateway`.

    `answer` and `restart_answer` are what publishers get. `failures[method]` is raised by that method;
    `gate`, when set to an event, holds `publish` until it is set. A feed has sound and picture unless `media_of` says
    otherwise. `broken_rules` says what a real media server would have answered with confusion.
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
        self.media_of: dict[str, tuple[Medium, ...]] = {}
        self.kicked: list[str] = []
        self.broken_rules: list[str] = []
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

    async def subscribe_many(
        self, *, room: RoomSpec, feed_ids: Sequence[str], opaque_id: str, layers: Mapping[str, Layer] = NO_LAYERS
    ) -> tuple[HandleRef, Tuned]:
        self._begin("subscribe_many")
        assert feed_ids, "a real media server refuses an empty join"
        self._check_feeds(self._room(room.room_id, room.secret), feed_ids)
        seat = Seat(opaque_id, room.room_id, feed_id="", is_publisher=False)
        return self._sit(seat), self._tune(seat, feed_ids, (), layers)

    async def retune(
        self, handle: HandleRef, add: Sequence[str], drop: Sequence[str], layers: Mapping[str, Layer] = NO_LAYERS
    ) -> Tuned:
        self._begin("retune")
        assert add or drop, "a real media server refuses an empty update"
        seat = self._seat(handle)
        if seat.has_open_offer:
            self.broken_rules.append(f"second change of {seat.opaque_id} while an offer is open")
            raise OfferPending(seat.opaque_id)
        self._check_feeds(self.rooms[seat.room_id], add)
        return self._tune(seat, add, drop, layers)

    async def renew(self, handle: HandleRef) -> Offer:
        self._begin("renew")
        seat = self._seat(handle)
        if seat.has_open_offer:
            self.broken_rules.append(f"renewal of {seat.opaque_id} while an offer is open")
            raise GatewayTimeout(seat.opaque_id)
        return self._offer(seat)

    async def tune_lines(self, handle: HandleRef, wishes: Sequence[LineWish]) -> None:
        self._begin("tune_lines")
        seat = self._seat(handle)
        for wish in wishes:
            if wish.mid not in seat.answered:
                raise NoSuchFeed(wish.mid)
        seat.wishes |= {wish.mid: wish.layer for wish in wishes}

    async def start(self, handle: HandleRef, answer: Answer) -> None:
        self._begin("start")
        seat = self._seat(handle)
        seat.is_started, seat.has_open_offer = True, False
        seat.answered = {line.mid for line in seat.lines}

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

    async def set_feed_recording(self, handle: HandleRef, file_base: str | None) -> None:
        self._begin("set_feed_recording")
        seat = self._seat(handle)
        assert file_base not in seat.file_bases, "a real media server would write over the first recording"
        seat.is_recorded = file_base is not None
        seat.file_bases += [file_base] if file_base else []

    async def kick(self, room_id: str, secret: str, feed_id: str) -> None:
        self._begin("kick")
        if room_id in self.rooms:
            self._room(room_id, secret).feeds.discard(feed_id)
        self.kicked.append(feed_id)

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

    def _check_feeds(self, room: Room, feed_ids: Sequence[str]) -> None:
        if absent := [feed_id for feed_id in feed_ids if feed_id not in room.feeds]:
            raise NoSuchFeed(absent[0])

    def _tune(self, seat: Seat, add: Sequence[str], drop: Sequence[str], layers: Mapping[str, Layer]) -> Tuned:
        """Let go first, then take in: lines that nobody feeds any more are used again."""
        kept = self.rooms[seat.room_id].feeds - {*drop}
        seat.lines = [line if line.feed_id in kept else Line(line.mid, "", line.medium) for line in seat.lines]
        for feed_id in add:
            for medium in self.media_of.get(feed_id, (Medium.AUDIO, Medium.VIDEO)):
                free = [line.mid for line in seat.lines if (line.feed_id, line.medium) == ("", medium)]
                mid = free[0] if free else str(len(seat.lines))
                seat.lines[int(mid) : int(mid) + 1] = [Line(mid, feed_id, medium)]
                seat.wishes[mid] = layers.get(feed_id, Layer.HIGH)
        return Tuned(self._offer(seat), tuple(line for line in seat.lines if line.feed_id))

    def _offer(self, seat: Seat) -> Offer:
        seat.offers, seat.has_open_offer = seat.offers + 1, True
        return Offer(f"{OFFER} {seat.offers}")

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
