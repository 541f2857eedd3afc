"""Where a simulated caller walks: a round through a town of the force, as a phone would report it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import accumulate, pairwise

METRES_PER_DEGREE = 111_195.0  # of latitude, on a sphere of the Earth's mean radius
WALKING_SPEED_MPS = 1.3

Point = tuple[float, float]  # latitude and longitude, degrees WGS 84


@dataclass(frozen=True, slots=True)
class Place:
    """A point of a route: degrees WGS 84, heading in degrees clockwise from north."""

    latitude: float
    longitude: float
    heading_deg: float


class Route:
    """A closed round along straight legs between its corners."""

    def __init__(self, corners: tuple[Point, ...]) -> None:
        """`corners` has at least two points, no two neighbours the same; the last leads back to the first."""
        self._legs = list(pairwise((*corners, corners[0])))
        self._starts = [0.0, *accumulate(distance_m(start, end) for start, end in self._legs)]

    @property
    def length_m(self) -> float:
        """The whole round in metres."""
        return self._starts[-1]

    def at(self, metres: float) -> Place:
        """The place after `metres`, as many rounds as that is."""
        along = metres % self.length_m
        index = max(i for i, start in enumerate(self._starts[:-1]) if start <= along)
        (start, end), begun = self._legs[index], self._starts[index]
        share = (along - begun) / (self._starts[index + 1] - begun)
        return Place(
            latitude=start[0] + share * (end[0] - start[0]),
            longitude=start[1] + share * (end[1] - start[1]),
            heading_deg=heading_deg(start, end),
        )


def distance_m(start: Point, end: Point) -> float:
    """Metres between two points that are at most some kilometres apart (flat Earth between them)."""
    return math.hypot(*_offset_m(start, end))


def heading_deg(start: Point, end: Point) -> float:
    """Degrees clockwise from north, 0 up to 360."""
    north, east = _offset_m(start, end)
    return math.degrees(math.atan2(east, north)) % 360.0


def accuracy_m(seconds: float) -> float:
    """The radius that a phone in a town reports: 6 m to 16 m, drifting."""
    return 11.0 + 5.0 * math.sin(seconds / 17.0)


def _offset_m(start: Point, end: Point) -> Point:
    """Metres to the north and to the east."""
    shrink = math.cos(math.radians((start[0] + end[0]) / 2))
    return (end[0] - start[0]) * METRES_PER_DEGREE, (end[1] - start[1]) * METRES_PER_DEGREE * shrink
