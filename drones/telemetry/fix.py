"""A fix of an aircraft: the one shape in which telemetry goes on, whichever way it came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from drones.footprint import View


@dataclass(frozen=True, slots=True)
class AircraftFix:
    """Where an aircraft was at a time, how it flew, and where its camera looked; None for what it did not say.

    Degrees WGS 84; `height_m` above the place of take-off, `altitude_m` above mean sea level; `heading_deg` of the
    nose, clockwise from true north; `speed_mps` over ground. The gimbal as in `footprint.View`: pitch 0 at the horizon
    and -90 straight down, yaw clockwise from the nose, roll with the right side down. `zoom` 1 is the widest.
    """

    fixed_at: datetime
    latitude: float
    longitude: float
    height_m: float | None = None
    altitude_m: float | None = None
    heading_deg: float | None = None
    speed_mps: float | None = None
    gimbal_pitch_deg: float | None = None
    gimbal_yaw_deg: float | None = None
    gimbal_roll_deg: float | None = None
    zoom: float | None = None
    battery_percent: float | None = None


def camera_view(fix: AircraftFix) -> View | None:
    """Return where the camera of an aircraft is and looks, or None where the fix does not say enough.

    The ground is taken to be as high as the place of take-off. What a fix leaves out of yaw, roll and zoom is a
    gimbal that has none of it. Raises `ValueError` for numbers that `plausibility` calls doubtful.
    """
    if fix.height_m is None or fix.heading_deg is None or fix.gimbal_pitch_deg is None:
        return None
    return View(
        latitude_deg=fix.latitude,
        longitude_deg=fix.longitude,
        height_m=fix.height_m,
        heading_deg=fix.heading_deg,
        gimbal_pitch_deg=fix.gimbal_pitch_deg,
        gimbal_yaw_deg=fix.gimbal_yaw_deg or 0.0,
        gimbal_roll_deg=fix.gimbal_roll_deg or 0.0,
        zoom=1.0 if fix.zoom is None else fix.zoom,
    )
