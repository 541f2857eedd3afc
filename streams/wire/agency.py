"""Frames of an agency's page to `/ws/agency/`, and what it is sent beside a watch's own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from streams.wire.console import WatchAnswer, WatchCandidate, WatchStop
from streams.wire.fields import ClientFrame, HeartbeatPing
from streams.wire.server import ServerFrame


class AgencySnapshotAsk(ClientFrame, frozen=True, tag="agency.snapshot"):
    """Asks for what is shared anew."""


class AgencyWatch(ClientFrame, frozen=True, tag="agency.watch"):
    """Asks to see the stream; the answer is `stream.offer`, with the share's id as the session's."""

    stream_id: UUID
    replaces: UUID | None = None


class AgencyLeave(ClientFrame, frozen=True, tag="agency.leave"):
    """The viewer is done: the place is free, and the page's cookie counts no more."""


AgencyFrame = HeartbeatPing | AgencySnapshotAsk | AgencyWatch | WatchAnswer | WatchCandidate | WatchStop | AgencyLeave


class AgencySnapshot(ServerFrame, frozen=True, tag="agency.snapshot"):
    """What is shared with the agency, and under which name its viewer is known."""

    now: str
    viewer: dict[str, Any]
    shared: dict[str, Any]
    position: dict[str, Any] | None
    seqs: dict[str, int]
