"""Frames about officers on duty: their pages say where they are, and consoles follow them."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct

from streams.wire.fields import LAST_MS, ClientFrame
from streams.wire.server import ServerFrame

MOST_FIXES = 120
# Any number that there is: what is not on Earth is refused fix by fix, or a frame with one bad fix would never be kept.
Number = Annotated[float, Meta(ge=-1e12, le=1e12)]


class FixOnDuty(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """One fix: degrees WGS 84, metres, ms since 1970 by the server's clock, degrees from north, metres per second."""

    latitude: Number
    longitude: Number
    accuracy_m: Number
    fixed_at: Annotated[float, Meta(ge=0, le=LAST_MS)]
    heading_deg: Number | None = None
    speed_mps: Number | None = None


class DutyFixes(ClientFrame, frozen=True, tag="duty.fixes"):
    """Where an officer on duty is, or was while there was no network."""

    fixes: Annotated[list[FixOnDuty], Meta(min_length=1, max_length=MOST_FIXES)]


class OfficersFollow(ClientFrame, frozen=True, tag="officers.follow"):
    """Asks for every officer on duty, and follows them."""


class OfficersLeave(ClientFrame, frozen=True, tag="officers.leave"):
    """No longer follows officers."""


class DutyKept(ServerFrame, frozen=True, tag="duty.kept"):
    """`count` fixes of a frame are durable; `refused` are not kept, and would not be if they came again.

    `is_doubtful`: the newest is kept, and not believed.
    """

    count: int
    refused: int
    is_doubtful: bool = False


class OfficersSnapshot(ServerFrame, frozen=True, tag="officers.snapshot"):
    """Every officer on duty; `seqs` says where the broadcasts go on."""

    now: str
    officers: list[dict[str, Any]]
    seqs: dict[str, int]
