"""Telemetry as JSON, by HTTP POST or websocket: `drones/TELEMETRY.md` is the text of this module."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

from msgspec import Meta, Struct

from drones.telemetry.fix import AircraftFix
from streams.wire.codec import Codec, WireError
from streams.wire.duty import Number
from streams.wire.fields import LAST_MS, ClientFrame, HeartbeatPing

MOST_FIXES = 120
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class FixOfAircraft(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, gc=False):
    """One fix as it is sent; units and directions are those of `AircraftFix`, `fixed_at` is ms since 1970, UTC.

    Any number passes: `plausibility` flags the impossible, or a message with one bad fix would come again for ever.
    """

    fixed_at: Annotated[float, Meta(ge=0, le=LAST_MS)]
    latitude: Number
    longitude: Number
    height_m: Number | None = None
    altitude_m: Number | None = None
    heading_deg: Number | None = None
    speed_mps: Number | None = None
    gimbal_pitch_deg: Number | None = None
    gimbal_yaw_deg: Number | None = None
    gimbal_roll_deg: Number | None = None
    zoom: Number | None = None
    battery_percent: Number | None = None

    def to_fix(self) -> AircraftFix:
        """Return the fix that it says."""
        said = {name: getattr(self, name) for name in self.__struct_fields__ if name != "fixed_at"}
        return AircraftFix(fixed_at=_EPOCH + timedelta(milliseconds=self.fixed_at), **said)


class TelemetryFixes(ClientFrame, frozen=True, tag="telemetry.fixes"):
    """Where an aircraft is, or was while there was no line."""

    fixes: Annotated[list[FixOfAircraft], Meta(min_length=1, max_length=MOST_FIXES)]
    picture_delay_ms: Annotated[int, Meta(ge=0, le=60_000)] | None = None


TelemetryFrame = TelemetryFixes | HeartbeatPing
_TELEMETRY: Codec[TelemetryFrame] = Codec(TelemetryFrame)


def decode_telemetry(message: str | bytes) -> TelemetryFrame:
    """Read a text frame, or the body of a POST; raises `WireError`."""
    if isinstance(message, str):
        return _TELEMETRY.decode(message)
    try:
        return _TELEMETRY.decode(message.decode())
    except UnicodeDecodeError as error:
        raise WireError("malformed", "A message is text in UTF-8.") from error
