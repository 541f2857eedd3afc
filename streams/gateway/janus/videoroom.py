"""The VideoRoom plugin's words: request bodies out, results and errors in. No I/O."""

from __future__ import annotations

from typing import Any

from streams.gateway.interface import (
    Candidate,
    GatewayError,
    GatewayRefused,
    Layer,
    NoSuchFeed,
    NoSuchRoom,
    RoomSpec,
)
from streams.gateway.janus.transactions import Message

# The plugin's own codes (janus_videoroom.c).
NO_SUCH_ROOM = 426
ROOM_EXISTS = 427
NO_SUCH_FEED = 428

# Both, so that phones and drones publish what they have; nothing is transcoded.
VIDEO_CODECS = "vp8,h264"


KEYFRAME_SECONDS = 10


def create_room(room: RoomSpec, admin_key: str) -> dict[str, Any]:
    """Body that creates `room`: not listed, not kept over restarts, not recording yet."""
    return {
        "request": "create",
        "admin_key": admin_key,
        "room": room.room_id,
        "secret": room.secret,
        "is_private": True,
        "permanent": False,
        "publishers": room.max_publishers,
        "bitrate": room.bitrate,
        "videocodec": VIDEO_CODECS,
        "audiocodec": "opus",
        "record": False,
        "rec_dir": room.recording_dir,
        "notify_joining": False,
        # Seconds between key frames at most: where a recording can be entered, and what heals one that began without.
        "fir_freq": KEYFRAME_SECONDS,
        # Without the extension phones turn their frames themselves, so that a recording does not lie on its side.
        "videoorient_ext": False,
    }


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


# The publisher names its layers from high to low; the plugin counts from low to high.
_SUBSTREAMS = {Layer.HIGH: 2, Layer.MIDDLE: 1, Layer.LOW: 0}


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


def present_feeds(data: dict[str, Any]) -> list[str]:
    """Feed ids of everybody in a `listparticipants` answer, whether they publish or not."""
    return [str(person["id"]) for person in data.get("participants", [])]


def publishing_feeds(data: dict[str, Any]) -> list[str]:
    """Feed ids of those in a `listparticipants` answer who publish."""
    people = data.get("participants", [])
    return [str(person["id"]) for person in people if person.get("publisher")]
