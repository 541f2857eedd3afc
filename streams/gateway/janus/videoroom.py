"""The VideoRoom plugin's words: request bodies out, results and errors in. No I/O."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from streams.gateway.interface import (
    Candidate,
    GatewayError,
    GatewayRefused,
    Layer,
    Line,
    LineWish,
    Medium,
    NoSuchFeed,
    NoSuchRoom,
    RoomSpec,
)
from streams.gateway.janus.transactions import Message

# The plugin's own codes (janus_videoroom.c).
NO_SUCH_ROOM = 426
ROOM_EXISTS = 427
NO_SUCH_FEED = 428

KEYFRAME_SECONDS = 10


def create_room(room: RoomSpec, admin_key: str) -> dict[str, Any]:
    """Body that creates `room`: not listed, not kept over restarts, not recording yet."""
    body: dict[str, Any] = {
        "request": "create",
        "admin_key": admin_key,
        "room": room.room_id,
        "secret": room.secret,
        "is_private": True,
        "permanent": False,
        "publishers": room.max_publishers,
        "bitrate": room.bitrate,
        "videocodec": room.video_codecs,
        "audiocodec": "opus",
        "record": False,
        "rec_dir": room.recording_dir,
        "notify_joining": False,
        # Seconds between key frames at most: where a recording can be entered, and what heals one that began without.
        "fir_freq": KEYFRAME_SECONDS,
        # Without the extension phones turn their frames themselves, so that a recording does not lie on its side.
        "videoorient_ext": False,
    }
    return body | {"opus_fec": True} if room.opus_fec else body


def ask_for_keyframe() -> dict[str, Any]:
    """Body, on a publisher's handle, that makes it send a key frame."""
    return {"request": "configure", "keyframe": True}


def destroy_room(room_id: str, secret: str) -> dict[str, Any]:
    """Body that ends a room."""
    return {"request": "destroy", "room": room_id, "secret": secret, "permanent": False}


def enable_recording(room_id: str, secret: str, on: bool) -> dict[str, Any]:
    """Body that records each publisher of a room, or stops."""
    return {"request": "enable_recording", "room": room_id, "secret": secret, "record": on}


def list_participants(room_id: str, secret: str) -> dict[str, Any]:
    """Body that asks who is in a room."""
    return {"request": "listparticipants", "room": room_id, "secret": secret}


def kick(room_id: str, secret: str, feed_id: str) -> dict[str, Any]:
    """Body that puts a participant out of a room."""
    return {"request": "kick", "room": room_id, "secret": secret, "id": feed_id}


def join_publisher(room: RoomSpec, feed_id: str) -> dict[str, Any]:
    """Body that joins and publishes in one request; the tracks are those of the offer."""
    return {
        "request": "joinandconfigure",
        "ptype": "publisher",
        "room": room.room_id,
        "id": feed_id,
        "bitrate": room.bitrate,
    }


def renegotiate() -> dict[str, Any]:
    """Body that goes with a publisher's new offer; what is published stays as it was."""
    return {"request": "configure"}


def join_subscriber(room: RoomSpec, feed_id: str) -> dict[str, Any]:
    """Body that subscribes to every track of a feed."""
    return {
        "request": "join",
        "ptype": "subscriber",
        "room": room.room_id,
        "streams": [{"feed": feed_id}],
    }


def join_subscriber_many(room: RoomSpec, feed_ids: Iterable[str], layers: Mapping[str, Layer]) -> dict[str, Any]:
    """Body that subscribes to every track of several feeds.

    Without `autoupdate: False` the plugin makes an offer by itself whenever one of them leaves.
    """
    return {
        "request": "join",
        "ptype": "subscriber",
        "room": room.room_id,
        "autoupdate": False,
        "streams": [_wanted(feed_id, layers) for feed_id in feed_ids],
    }


def update(add: Iterable[str], drop: Iterable[str], layers: Mapping[str, Layer]) -> dict[str, Any]:
    """Body, on a viewer's handle, that takes feeds in and lets feeds go; the plugin refuses empty lists."""
    lists = {
        "subscribe": [_wanted(feed_id, layers) for feed_id in add],
        "unsubscribe": [{"feed": feed_id} for feed_id in drop],
    }
    return {"request": "update", **{name: feeds for name, feeds in lists.items() if feeds}}


def tune_lines(wishes: Iterable[LineWish]) -> dict[str, Any]:
    """Body, on a viewer's handle, that chooses layers by line; a `mid` it does not have fails the whole."""
    streams = [
        {"mid": wish.mid, "send": False}
        if wish.layer is None
        else {"mid": wish.mid, "send": True, "substream": _SUBSTREAMS[wish.layer]}
        for wish in wishes
    ]
    return {"request": "configure", "streams": streams}


def renew_subscriber() -> dict[str, Any]:
    """Body, on a viewer's handle, that asks for an offer with new ICE credentials."""
    return {"request": "configure", "restart": True}


def record_feed(file_base: str | None) -> dict[str, Any]:
    """Body, on a publisher's handle, that records it into files that begin with `file_base`; None stops."""
    if file_base is None:
        return {"request": "configure", "record": False}
    return {"request": "configure", "record": True, "filename": file_base}


# The publisher names its layers from high to low; the plugin counts from low to high.
_SUBSTREAMS = {Layer.HIGH: 2, Layer.MIDDLE: 1, Layer.LOW: 0}


def _wanted(feed_id: str, layers: Mapping[str, Layer]) -> dict[str, Any]:
    layer = layers.get(feed_id)
    return {"feed": feed_id} if layer is None else {"feed": feed_id, "substream": _SUBSTREAMS[layer]}


def choose_layer(layer: Layer) -> dict[str, Any]:
    """Body, on a viewer's handle, that chooses a layer; the plugin falls back on a lower one by itself."""
    return {"request": "configure", "substream": _SUBSTREAMS[layer]}


def start_subscriber() -> dict[str, Any]:
    """Body that goes with the viewer's answer."""
    return {"request": "start"}


def candidate_body(candidate: Candidate | None) -> dict[str, Any]:
    """A candidate as Janus wants it; None ends them."""
    if candidate is None:
        return {"completed": True}
    body: dict[str, Any] = {"candidate": candidate.candidate}
    if candidate.sdp_mid is not None:
        body["sdpMid"] = candidate.sdp_mid
    if candidate.sdp_mline_index is not None:
        body["sdpMLineIndex"] = candidate.sdp_mline_index
    return body


def plugin_data(message: Message) -> dict[str, Any]:
    """The plugin's part of an answer or event, {} when it has none."""
    plugin = message.get("plugindata")
    data = plugin.get("data") if isinstance(plugin, dict) else None
    return data if isinstance(data, dict) else {}


def checked_data(message: Message) -> dict[str, Any]:
    """The plugin's part of an answer; raises NoSuchRoom, NoSuchFeed or GatewayRefused for an error."""
    data = plugin_data(message)
    if "error_code" not in data:
        return data
    code, reason = int(data["error_code"]), str(data.get("error", ""))
    if code == NO_SUCH_ROOM:
        raise NoSuchRoom(reason)
    if code == NO_SUCH_FEED:
        raise NoSuchFeed(reason)
    raise GatewayRefused(code, reason)


def session_description(message: Message, expected: str) -> str:
    """The SDP of an answer's jsep, which must be of the type `expected` ("offer" or "answer")."""
    jsep = message.get("jsep")
    if not isinstance(jsep, dict) or jsep.get("type") != expected or not isinstance(jsep.get("sdp"), str):
        raise GatewayError(f"janus gave no {expected}")
    sdp: str = jsep["sdp"]
    return sdp


def lines_of(data: dict[str, Any]) -> tuple[Line, ...]:
    """The lines of a viewer in its `attached` or `updated`; those that nobody feeds now are left out."""
    streams = [stream for stream in data.get("streams", []) if stream.get("active") and "feed_id" in stream]
    return tuple(
        Line(str(stream["mid"]), str(stream["feed_id"]), Medium(stream["type"]))
        for stream in streams
        if stream.get("type") in tuple(Medium)
    )


def present_feeds(data: dict[str, Any]) -> list[str]:
    """Feed ids of everybody in a `listparticipants` answer, whether they publish or not."""
    return [str(person["id"]) for person in data.get("participants", [])]


def publishing_feeds(data: dict[str, Any]) -> list[str]:
    """Feed ids of those in a `listparticipants` answer who publish."""
    people = data.get("participants", [])
    return [str(person["id"]) for person in people if person.get("publisher")]
