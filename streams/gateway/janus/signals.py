"""Events which Janus sends over the API socket, as `HandleEvent`s. No I/O."""

from __future__ import annotations

from streams.gateway.interface import EventKind, HandleEvent, HandleRef, Medium
from streams.gateway.janus.transactions import Message
from streams.gateway.janus.videoroom import plugin_data

MOST_LAYERS = 3

_KINDS = {
    "webrtcup": EventKind.WEBRTC_UP,
    "media": EventKind.MEDIA,
    "slowlink": EventKind.SLOW_LINK,
    "ice-failed": EventKind.ICE_FAILED,
    "hangup": EventKind.HANGUP,
    "detached": EventKind.DETACHED,
    "timeout": EventKind.SESSION_GONE,
}


def handle_event(message: Message, handle: HandleRef) -> HandleEvent | None:
    """What `message` says of `handle`, None when it is nothing we act upon."""
    name = message.get("janus")
    if name == "event":
        return HandleEvent(EventKind.UNPUBLISHED, handle) if _has_no_feed_left(message) else None
    kind = _KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        return None
    if kind is EventKind.MEDIA:
        medium = message.get("type")
        if medium not in (Medium.VIDEO, Medium.AUDIO):
            return None
        receiving = bool(message.get("receiving"))
        return HandleEvent(kind, handle, Medium(medium), receiving, layer=layer_of(message))
    return HandleEvent(kind, handle, reason=str(message.get("reason", "")))


def layer_of(event: Message) -> int:
    """The number of the layer that a media event is about; 0 of a publisher with one."""
    layer = event.get("substream")
    return layer if isinstance(layer, int) and 0 <= layer < MOST_LAYERS else 0


def _has_no_feed_left(message: Message) -> bool:
    """Whether a viewer was told that every track it watches ended."""
    data = plugin_data(message)
    streams = data.get("streams")
    if data.get("videoroom") != "updated" or not isinstance(streams, list):
        return False
    return not any(isinstance(stream, dict) and stream.get("active") for stream in streams)
