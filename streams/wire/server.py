"""Replies of the server to one socket, and how the server writes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import Struct


class ServerFrame(Struct, frozen=True, tag_field="type", kw_only=True, omit_defaults=True):
    """A reply to one socket; broadcasts are plain dicts with `topic` and `seq`."""

    ref: str | None = None


class ErrorFrame(ServerFrame, frozen=True, tag="error"):
    """Why a frame was not carried out."""

    code: str
    message: str
    details: dict[str, Any] | None = None


class HeartbeatPong(ServerFrame, frozen=True, tag="heartbeat.pong"):
    """Answer to a ping."""

    sent_at: str | int | float
    now: str


class CallerState(ServerFrame, frozen=True, tag="caller.state"):
    """All that the caller's page needs to begin or to go on."""

    session: dict[str, Any]
    wording: dict[str, Any] | None
    consent: dict[str, Any] | None
    stream: dict[str, Any] | None
    ice_servers: list[dict[str, Any]] | None
    recording: dict[str, Any]
    watching: bool
    count: int
    guests: int
    messages: list[dict[str, Any]]
    still_asks: list[str]
    phrases: list[dict[str, Any]]


class OfficerState(ServerFrame, frozen=True, tag="officer.state"):
    """All that the officer's page needs to begin or to go on."""

    now: str
    me: dict[str, Any]
    force_name: str
    shift: dict[str, Any] | None
    incidents: list[dict[str, Any]]
    assignments: list[dict[str, Any]]
    view_request: dict[str, Any] | None
    live: dict[str, Any] | None
    notices: list[dict[str, Any]]
    groups: list[dict[str, Any]]
    pictures: list[dict[str, Any]]
    seqs: dict[str, int]


class ConsentGiven(ServerFrame, frozen=True, tag="consent.given"):
    """Consent is on record; from here on addresses may be exchanged."""

    scopes: list[str]
    ice_servers: list[dict[str, Any]]


class StreamAnswer(ServerFrame, frozen=True, tag="stream.answer"):
    """The media server's answer to the caller's offer."""

    stream_id: str
    sdp: str


class ConsoleSnapshot(ServerFrame, frozen=True, tag="console.snapshot"):
    """Every session that matters now; `seqs` says where the broadcasts go on."""

    now: str
    me: dict[str, Any]
    sessions: list[dict[str, Any]]
    shared: list[dict[str, Any]]
    shared_missing: list[str]
    partners: list[dict[str, Any]]
    assignments: list[dict[str, Any]]
    view_requests: list[dict[str, Any]]
    late_picture_ms: int
    seqs: dict[str, int]


class SessionSnapshot(ServerFrame, frozen=True, tag="session.snapshot"):
    """One session whole."""

    session: dict[str, Any]
    positions: list[dict[str, Any]]
    messages: list[dict[str, Any]]
    stills: list[dict[str, Any]]
    still_asks: list[dict[str, Any]]
    uploads: list[dict[str, Any]]
    talk: dict[str, Any] | None
    seqs: dict[str, int]


class IncidentSnapshot(ServerFrame, frozen=True, tag="incident.snapshot"):
    """One incident whole."""

    incident: dict[str, Any]
    sessions: list[dict[str, Any]]
    officers: list[dict[str, Any]]
    messages: list[dict[str, Any]]
    items: list[dict[str, Any]]
    uploads: list[dict[str, Any]]
    seqs: dict[str, int]


class SharedSnapshot(ServerFrame, frozen=True, tag="shared.snapshot"):
    """What another force shares, whole; `position`, `messages` and `recordings` where it shows them."""

    shared: dict[str, Any]
    position: dict[str, Any] | None
    messages: list[dict[str, Any]]
    recordings: list[dict[str, Any]]
    seqs: dict[str, int]


class StreamOffer(ServerFrame, frozen=True, tag="stream.offer"):
    """The media server's offer to a console that asked to watch."""

    watch_id: str
    stream_id: str
    session_id: str
    sdp: str
    ice_servers: list[dict[str, Any]]


class WatchEnded(ServerFrame, frozen=True, tag="watch.ended"):
    """A watch of this socket is over; `session_id` is null when it was over before it was stopped."""

    watch_id: str
    session_id: str | None
    reason: str


def encode(frame: ServerFrame | dict[str, Any]) -> str:
    """Write a reply or a broadcast as the text of a frame."""
    return msgspec.json.encode(frame).decode()


def wire_time(moment: datetime) -> str:
    """Write an aware datetime as the wire does: UTC, milliseconds, `Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
