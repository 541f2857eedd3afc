"""From the frame of a fix to the fix."""

from __future__ import annotations

from datetime import UTC, datetime

from streams import wire
from streams.services import positions


def fix_of(frame: wire.PositionFix) -> positions.NewFix:
    """Return the fix that a frame states."""
    return positions.NewFix(
        latitude=frame.latitude,
        longitude=frame.longitude,
        accuracy_m=frame.accuracy_m,
        fixed_at=datetime.fromtimestamp(frame.fixed_at / 1000, UTC),
        altitude_m=frame.altitude_m,
        heading_deg=frame.heading_deg,
        speed_mps=frame.speed_mps,
    )


def fix_on_duty(frame: wire.FixOnDuty) -> positions.NewFix:
    """Return one of the fixes that an officer on duty sends."""
    return positions.NewFix(
        latitude=frame.latitude,
        longitude=frame.longitude,
        accuracy_m=frame.accuracy_m,
        fixed_at=datetime.fromtimestamp(frame.fixed_at / 1000, UTC),
        heading_deg=frame.heading_deg,
        speed_mps=frame.speed_mps,
    )
