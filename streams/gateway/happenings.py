"""What a media server reports: of one participant, of the connection to it, and through the events door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from streams.gateway.values import HandleRef, Medium


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
