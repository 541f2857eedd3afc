"""What Janus's sample event handler posts to the events door, as `GatewayEvent`s. No I/O.

The body is one event or a list of events (`grouping`); times are microseconds since 1970. Only the kinds
we act upon are kept; SDP copies and candidates are skipped, and so is whatever later versions of Janus add. The
statistics of a participant come as one list over all tracks (`combine_media_stats`).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from streams.gateway.interface import EventKind, GatewayEvent, LayerTraffic, Medium
from streams.gateway.janus.signals import layer_of

Fields = dict[str, Any]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class MalformedEvents(ValueError):
    """The body is not what the sample event handler posts."""


def parse_event_batch(body: bytes) -> list[GatewayEvent]:
    """The events of one POST that we act upon, in their order. Raises MalformedEvents."""
    try:
        batch = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise MalformedEvents(f"no JSON: {error}") from error
    entries = batch if isinstance(batch, list) else [batch]
    events = [_parse(entry) for entry in entries]
    return [event for event in events if event is not None]


def _parse(entry: object) -> GatewayEvent | None:
    """One entry; None for a kind that is skipped."""
    if not isinstance(entry, dict):
        raise MalformedEvents("an event is no object")
    found = _read(_integer(entry, "type") or 0, entry.get("event"))
    if found is None:
        return None
    return GatewayEvent(
        at=_time(entry),
        opaque_id=str(entry.get("opaque_id", "")),
        session_id=_integer(entry, "session_id"),
        handle_id=_integer(entry, "handle_id"),
        **found,
    )


def _read(kind: int, details: object) -> Fields | None:
    if isinstance(details, list):
        return _traffic(details) if kind == MEDIA_TYPE else None
    reader = _READERS.get(kind)
    return reader(details) if reader is not None and isinstance(details, dict) else None


def _session(details: Fields) -> Fields | None:
    if details.get("name") not in ("destroyed", "timeout"):
        return None
    return {"kind": EventKind.SESSION_GONE, "reason": str(details["name"])}


def _handle(details: Fields) -> Fields | None:
    return {"kind": EventKind.DETACHED} if details.get("name") == "detached" else None


def _webrtc(details: Fields) -> Fields | None:
    if details.get("ice") == "failed":
        return {"kind": EventKind.ICE_FAILED}
    match details.get("connection"):
        case "webrtcup":
            return {"kind": EventKind.WEBRTC_UP}
        case "hangup":
            return {"kind": EventKind.HANGUP, "reason": str(details.get("reason", ""))}
    return None


def _media(details: Fields) -> Fields | None:
    """Receiving or not, or a slow link."""
    medium = details.get("media")
    if medium not in (Medium.VIDEO, Medium.AUDIO):
        return None
    if isinstance(details.get("receiving"), bool):
        return {
            "kind": EventKind.MEDIA,
            "medium": Medium(medium),
            "receiving": details["receiving"],
            "layer": layer_of(details),
        }
    if "slow_link" in details:
        return {
            "kind": EventKind.SLOW_LINK,
            "medium": Medium(medium),
            "reason": str(details["slow_link"]),
        }
    return None


def _traffic(tracks: list[Any]) -> Fields | None:
    """What came of the layers of a picture; a viewer's statistics have them, too, with nothing that came."""
    layers = [found for found in map(_layer_traffic, tracks) if found is not None]
    return {"kind": EventKind.TRAFFIC, "traffic": tuple(layers)} if layers else None


def _layer_traffic(track: object) -> LayerTraffic | None:
    if not isinstance(track, dict):
        return None
    layer = _LAYERS.get(str(track.get("media")))
    total, lately = track.get("bytes-received"), track.get("bytes-received-lastsec")
    if layer is None or not isinstance(total, int) or not isinstance(lately, int):
        return None
    return LayerTraffic(layer, total, lately > 0)


def _plugin(details: Fields) -> Fields | None:
    """A feed appeared in a room, or went: then Janus tells room and feed but not the opaque id."""
    data = details.get("data")
    if not isinstance(data, dict) or data.get("event") not in ("published", "unpublished"):
        return None
    return {
        "kind": EventKind(data["event"]),
        "room_id": str(data.get("room", "")),
        "feed_id": str(data.get("id", "")),
    }


def _server(details: Fields) -> Fields | None:
    match details.get("status"):
        case "started":
            return {"kind": EventKind.RESTARTED}
        case "shutdown":
            return {"kind": EventKind.STOPPED}
    return None


# What Janus calls the layers of a picture in its statistics, lowest first.
_LAYERS = {"video": 0, "video-sim1": 1, "video-sim2": 2}

# Janus's event types (events/eventhandler.h).
MEDIA_TYPE = 32
_READERS: dict[int, Callable[[Fields], Fields | None]] = {
    1: _session,
    2: _handle,
    16: _webrtc,
    MEDIA_TYPE: _media,
    64: _plugin,
    256: _server,
}


def _integer(entry: Fields, name: str) -> int | None:
    """The number under `name`, None when there is none; raises MalformedEvents for anything else."""
    value = entry.get(name)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise MalformedEvents(f"{name} is no number")
    return value


def _time(entry: Fields) -> datetime:
    microseconds = _integer(entry, "timestamp")
    if microseconds is None:
        raise MalformedEvents("an event has no time")
    try:
        return EPOCH + timedelta(microseconds=microseconds)
    except OverflowError as error:
        raise MalformedEvents("an event's time is out of range") from error
