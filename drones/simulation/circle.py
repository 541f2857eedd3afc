"""Where a simulated drone flies: a circle over a place, its camera on the middle, as its ground station reports it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

METRES_PER_DEGREE = 111_195.0  # of latitude, on a sphere of the Earth's mean radius

Point = tuple[float, float]  # latitude and longitude, degrees WGS 84

PLACES: dict[str, Point] = {
    "herts": (51.7640, -0.2256),  # Hatfield
    "beds": (51.8787, -0.4200),  # Luton
    "cambs": (52.2053, 0.1218),  # Cambridge
}


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle flown clockwise; metres, metres per second, and height above the place of take-off."""

    middle: Point
    radius_m: float = 150.0
    height_m: float = 90.0
    speed_mps: float = 8.0
    ground_m: float = 75.0
    flight_minutes: float = 35.0

    def fix_at(self, seconds: float, fixed_at_ms: int) -> dict[str, Any]:
        """Return the fix after so many seconds in the air, as `drones/TELEMETRY.md` has it."""
        bearing = seconds * self.speed_mps / self.radius_m  # of the aircraft from the middle, radians from north
        north, east = self.radius_m * math.cos(bearing), self.radius_m * math.sin(bearing)
        shrink = math.cos(math.radians(self.middle[0]))
        return {
            "fixed_at": fixed_at_ms,
            "latitude": round(self.middle[0] + north / METRES_PER_DEGREE, 7),
            "longitude": round(self.middle[1] + east / (METRES_PER_DEGREE * shrink), 7),
            "height_m": self.height_m,
            "altitude_m": self.height_m + self.ground_m,
            "heading_deg": round((math.degrees(bearing) + 90.0) % 360.0, 2),
            "speed_mps": self.speed_mps,
            # The middle is always on the right-hand side.
            "gimbal_pitch_deg": round(-math.degrees(math.atan2(self.height_m, self.radius_m)), 2),
            "gimbal_yaw_deg": 90.0,
            "gimbal_roll_deg": 0.0,
            "zoom": 1.0,
            "battery_percent": max(5, round(100 * (1 - seconds / 60.0 / self.flight_minutes))),
        }
