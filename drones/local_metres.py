"""Degrees WGS 84 to metres around a place and back, as exact inverses.

Good to a decimetre within a few kilometres: the ground is flat there to that.
"""

from __future__ import annotations

import math

_EQUATOR_M = 6_378_137.0  # WGS 84
_ECCENTRICITY_SQUARED = 6.694_379_990_14e-3


def to_metres(origin_deg: tuple[float, float], place_deg: tuple[float, float]) -> tuple[float, float]:
    """Return metres east and north from one place to another, both as latitude and longitude."""
    latitude, longitude = place_deg
    across = _metres_of_degree((latitude + origin_deg[0]) / 2)[0]
    return _turn(longitude - origin_deg[1]) * across, (latitude - origin_deg[0]) * _metres_of_degree(origin_deg[0])[1]


def to_degrees(origin_deg: tuple[float, float], east_m: float, north_m: float) -> tuple[float, float]:
    """Return latitude and longitude of what lies so far east and north of a place."""
    latitude = origin_deg[0] + north_m / _metres_of_degree(origin_deg[0])[1]
    across = _metres_of_degree((latitude + origin_deg[0]) / 2)[0]
    return latitude, _turn(origin_deg[1] + east_m / across)


def _metres_of_degree(latitude_deg: float) -> tuple[float, float]:
    """Metres per degree of longitude and of latitude, on the ellipsoid."""
    sine = math.sin(math.radians(latitude_deg))
    flat = 1 - _ECCENTRICITY_SQUARED * sine**2
    across = _EQUATOR_M / math.sqrt(flat) * math.sqrt(1 - sine**2)
    along = _EQUATOR_M * (1 - _ECCENTRICITY_SQUARED) / flat**1.5
    return math.radians(across), math.radians(along)


def _turn(longitude_deg: float) -> float:
    """Put a longitude between -180 and 180."""
    return longitude_deg if -180 <= longitude_deg < 180 else (longitude_deg + 180) % 360 - 180
