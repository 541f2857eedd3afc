"""What Sightline asks of a media server, in words of its own.

Nothing here knows the vendor: `streams.gateway.janus` fulfils the Protocol, tests may fulfil it with a fake.
All ids of rooms and feeds are strings; times are aware UTC datetimes; SDP is the text a browser exchanges.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from types import MappingProxyType
from typing import Protocol

from streams.gateway.happenings import (
    ConnectionEvent,
    ConnectionLost,
    ConnectionRestored,
    EventKind,
    GatewayEvent,
    HandleEvent,
    LayerTraffic,
)
from streams.gateway.values import (
    Answer,
    Candidate,
    GatewayInfo,
    HandleRef,
    IceServer,
    Layer,
    Line,
    LineWish,
    Medium,
    Offer,
    RoomSpec,
    Tuned,
)

__all__ = [
    "Answer",
    "Candidate",
    "CodecRefused",
    "ConnectionEvent",
    "ConnectionLost",
    "ConnectionRestored",
    "EventKind",
    "GatewayError",
    "GatewayEvent",
    "GatewayInfo",
    "GatewayRefused",
    "GatewayTimeout",
    "GatewayUnavailable",
    "HandleEvent",
    "HandleGone",
    "HandleRef",
    "IceServer",
    "Layer",
    "LayerTraffic",
    "Line",
    "LineWish",
    "MediaGateway",
    "Medium",
    "NoSuchFeed",
    "NoSuchRoom",
    "Offer",
    "OfferPending",
    "RoomSpec",
    "Tuned",
]

NO_LAYERS: Mapping[str, Layer] = MappingProxyType({})


class GatewayError(Exception):
    """Every failure of a media server; the message is for logs, never for callers."""


class GatewayUnavailable(GatewayError):
    """There is no connection, or it dropped before the answer came: the outcome is unknown."""


class GatewayTimeout(GatewayError):
    """No answer within the deadline: the outcome is unknown."""


class NoSuchRoom(GatewayError):
    """The room does not exist (any more)."""


class NoSuchFeed(GatewayError):
    """Nobody publishes under that feed id yet, or not any more."""


class OfferPending(GatewayError):
    """The last offer to this reception is not answered yet: one at a time."""


class HandleGone(GatewayError):
    """The session or the handle does not exist (any more)."""


class CodecRefused(GatewayError):
    """Connected, but without a picture: the two sides share no video codec."""


class GatewayRefused(GatewayError):
    """The media server refused for another reason; `code` and `reason` are its own."""

    def __init__(self, code: int, reason: str) -> None:
        """Keep the vendor's code and words apart for logs and metrics."""
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


class MediaGateway(Protocol):
    """One process's way to one media server.

    Every method raises `GatewayUnavailable` or `GatewayTimeout` besides what it names itself.
    """

    @property
    def is_connected(self) -> bool:
        """Whether requests can be sent now."""

    async def connect(self) -> None:
        """Open the connection; afterwards it is restored by itself. A no-op when connected."""

    async def close(self) -> None:
        """Close for good; sessions of this process end after the media server's reclaim time."""

    async def info(self) -> GatewayInfo:
        """Ask for version and name; needs a connection but no session."""

    async def ensure_room(self, room: RoomSpec) -> None:
        """Create the room; one that exists already is success (and keeps its old settings)."""

    async def close_room(self, room_id: str, secret: str) -> None:
        """End the room and all media in it and close its recordings; an absent room is success.

        Detach its publishers first: one that nobody detaches costs seconds of waiting.
        """

    async def publish(self, *, room: RoomSpec, feed_id: str, opaque_id: str, offer: Offer) -> tuple[HandleRef, Answer]:
        """Join as the publisher `feed_id`. Raises NoSuchRoom, CodecRefused, GatewayRefused.

        Nothing stays behind on the media server when it raises, or when it is cancelled.
        """

    async def subscribe(
        self, *, room: RoomSpec, feed_id: str, opaque_id: str, patience: float = 0.0
    ) -> tuple[HandleRef, Offer]:
        """Join as a viewer of `feed_id`, which may take `patience` seconds to appear.

        Raises NoSuchRoom, NoSuchFeed, GatewayRefused.
        """

    async def subscribe_many(
        self, *, room: RoomSpec, feed_ids: Sequence[str], opaque_id: str, layers: Mapping[str, Layer] = NO_LAYERS
    ) -> tuple[HandleRef, Tuned]:
        """Join as a viewer of several feeds over one connection; `layers` by feed, else the highest.

        Offers come only when asked for, by `retune` and `renew`, and one at a time. Raises NoSuchRoom, GatewayRefused,
        and NoSuchFeed when any of the feeds is absent: then there is nothing. `feed_ids` are not empty.
        """

    async def retune(
        self, handle: HandleRef, add: Sequence[str], drop: Sequence[str], layers: Mapping[str, Layer] = NO_LAYERS
    ) -> Tuned:
        """Change what a reception carries; lines of who left are used again. `add` and `drop` are not both empty.

        Raises NoSuchFeed when any of `add` is absent (then nothing changed; an absent one of `drop` is fine),
        OfferPending, HandleGone. Only the process that subscribed (or claimed) may call it.
        """

    async def renew(self, handle: HandleRef) -> Offer:
        """Return an offer with new ICE credentials for a reception. Raises HandleGone, GatewayRefused.

        While an offer is not answered yet there is no answer to this either: GatewayTimeout. Only the process that
        subscribed (or claimed) may call it.
        """

    async def tune_lines(self, handle: HandleRef, wishes: Sequence[LineWish]) -> None:
        """Choose layers of a reception, without an offer; any process may, and then learns of no refusal.

        Raises HandleGone, and NoSuchFeed when any `mid` is not of the last answered offer: then nothing changed.
        """

    async def start(self, handle: HandleRef, answer: Answer) -> None:
        """Give the viewer's answer; media flows after it. Raises CodecRefused, HandleGone.

        Only the process that subscribed (or claimed) may call it.
        """

    async def trickle(self, handle: HandleRef, candidate: Candidate | None) -> None:
        """Pass a candidate on, None for the end of candidates; any process may. Raises HandleGone."""

    async def restart(self, handle: HandleRef, offer: Offer) -> Answer:
        """Give a publisher's offer with new ICE credentials, and nothing else new. Raises HandleGone, GatewayRefused.

        Only the process that published (or claimed) may call it.
        """

    async def choose_layer(self, handle: HandleRef, layer: Layer) -> None:
        """Send a viewer this layer, the next lower one while it is off; any process may. Raises HandleGone.

        Of a publisher with one layer the viewer goes on getting that.
        """

    async def request_keyframe(self, handle: HandleRef) -> None:
        """Make a publisher send a whole picture now; any process may. Raises HandleGone."""

    async def detach(self, handle: HandleRef) -> None:
        """End a participant's media; any process may; a handle that is gone is success."""

    async def claim(self, handle: HandleRef) -> None:
        """Take over the session of a process that died: its events come here. Raises HandleGone.

        The media server hands it over even while the old owner lives: hold a lease first.
        """

    def release(self, handle: HandleRef) -> None:
        """Forget a session that another process claimed, and leave its media alone; one not ours is fine."""

    async def set_recording(self, room_id: str, secret: str, on: bool) -> None:
        """Record every publisher of the room, or stop; any process may. Raises NoSuchRoom.

        Success does not mean that bytes arrive: look at the files' growth.
        """

    async def set_feed_recording(self, handle: HandleRef, file_base: str | None) -> None:
        """Record one publisher alone into files of the room's directory that begin with `file_base`; None: stop.

        Any process may. A `file_base` is used once: a second time would write over the first. Success does not mean
        that bytes arrive. Raises HandleGone.
        """

    async def kick(self, room_id: str, secret: str, feed_id: str) -> None:
        """Put a publisher out of its room; one that is absent is success. Who only views stays: detach them."""

    async def list_feeds(self, room_id: str, secret: str) -> list[str]:
        """Feed ids that publish now. Raises NoSuchRoom."""

    def events(self) -> AsyncIterator[ConnectionEvent]:
        """Events of this process's own handles and of the connection, for one reader, until `close`."""
