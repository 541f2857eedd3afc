"""What Sightline asks of a media server, in words of its own.

Nothing here knows the vendor: `streams.gateway.janus` fulfils the Protocol, tests may fulfil it with a fake.
All ids of rooms and feeds are strings; times are aware UTC datetimes; SDP is the text a browser exchanges.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Offer:
    """An SDP offer: from a publisher to the media server, or from the media server to a viewer."""

    sdp: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An SDP answer to an `Offer`."""

    sdp: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """One trickled ICE candidate; the names follow RTCIceCandidateInit."""

    candidate: str
    sdp_mid: str | None
    sdp_mline_index: int | None


@dataclass(frozen=True, slots=True)
class IceServer:
    """One entry of RTCConfiguration.iceServers, with credentials that expire within minutes."""

    urls: tuple[str, ...]
    username: str
    credential: str


@dataclass(frozen=True, slots=True)
class HandleRef:
    """One participant's place on the media server; both numbers fit a signed 64-bit column."""

    session_id: int
    handle_id: int


@dataclass(frozen=True, slots=True)
class RoomSpec:
    """A room: `recording_dir` is an absolute directory of the media server, `bitrate` a cap in bit/s.

    The cap is for all layers of a publisher together; browsers serve the low ones first.
    """

    room_id: str
    secret: str
    recording_dir: str
    max_publishers: int = 6
    bitrate: int = 2_600_000


@dataclass(frozen=True, slots=True)
class GatewayInfo:
    """Version and name of the media server; `is_outdated` when below the release with known fixes."""

    version: str
    name: str
    is_outdated: bool = False


class EventKind(StrEnum):
    """What a media server can report about one participant."""

    WEBRTC_UP = "webrtc_up"  # ICE and DTLS are up; says nothing of media
    MEDIA = "media"  # `medium` and `receiving` say what began or ceased to arrive
    SLOW_LINK = "slow_link"
    ICE_FAILED = "ice_failed"
    HANGUP = "hangup"  # the peer connection is gone, `reason` says why
    DETACHED = "detached"  # the handle is gone
    SESSION_GONE = "session_gone"  # the participant's session timed out or was destroyed
    PUBLISHED = "published"
    UNPUBLISHED = "unpublished"
    RESTARTED = "restarted"  # the media server itself started: nothing from before exists
    STOPPED = "stopped"  # the media server shuts down
    TRAFFIC = "traffic"  # `traffic` says how much came of each layer of the video; comes every few seconds


class Medium(StrEnum):
    """The kind of a track."""

    VIDEO = "video"
    AUDIO = "audio"


class Layer(StrEnum):
    """A layer of a picture that its publisher sends in several sizes."""

    HIGH = "high"
    MIDDLE = "middle"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class HandleEvent:
    """An event about a handle which this process owns, heard over its own connection.

    `medium` and `receiving` are set for MEDIA only; `reason` is the media server's word for HANGUP. A publisher who
    sends several layers has an event for each: `layer` is its number.
    """

    kind: EventKind
    handle: HandleRef
    medium: Medium | None = None
    receiving: bool | None = None
    reason: str = ""
    layer: int = 0


@dataclass(frozen=True, slots=True)
class ConnectionLost:
    """The connection to the media server dropped: media goes on for some seconds, nothing can be asked."""

    reason: str


@dataclass(frozen=True, slots=True)
class ConnectionRestored:
    """The connection is back. `kept` were claimed again; `gone` no longer exist.

    Events that fell into the gap are lost: re-read the room's state.
    """

    kept: tuple[HandleRef, ...]
    gone: tuple[HandleRef, ...]


ConnectionEvent = HandleEvent | ConnectionLost | ConnectionRestored


@dataclass(frozen=True, slots=True)
class LayerTraffic:
    """What came of one layer so far, in bytes, and whether any of it in the second before."""

    layer: int
    total_bytes: int
    is_arriving: bool


@dataclass(frozen=True, slots=True)
class GatewayEvent:
    """An event posted by the media server to the events door, about any participant of any process.

    `opaque_id` is what `publish` or `subscribe` were given, empty where the media server does not say;
    then `room_id` and `feed_id` tell whom it concerns. `at` is the media server's own clock.
    """

    kind: EventKind
    at: datetime
    opaque_id: str = ""
    session_id: int | None = None
    handle_id: int | None = None
    medium: Medium | None = None
    receiving: bool | None = None
    reason: str = ""
    room_id: str = ""
    feed_id: str = ""
    layer: int = 0
    traffic: tuple[LayerTraffic, ...] = ()


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

    async def list_feeds(self, room_id: str, secret: str) -> list[str]:
        """Feed ids that publish now. Raises NoSuchRoom."""

    def events(self) -> AsyncIterator[ConnectionEvent]:
        """Events of this process's own handles and of the connection, for one reader, until `close`."""
