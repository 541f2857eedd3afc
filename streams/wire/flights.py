"""Frames about aircraft in the air: consoles follow where they are, and what their cameras see of the ground."""

from __future__ import annotations

from typing import Any

from streams.wire.fields import ClientFrame
from streams.wire.server import ServerFrame


class FlightsFollow(ClientFrame, frozen=True, tag="flights.follow"):
    """Asks for every aircraft in the air, and follows them."""


class FlightsSnapshot(ServerFrame, frozen=True, tag="flights.snapshot"):
    """Every aircraft in the air that has said where it is; `seqs` says where the broadcasts go on."""

    now: str
    flights: list[dict[str, Any]]
    seqs: dict[str, int]
