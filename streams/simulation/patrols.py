"""Where simulated officers patrol: rounds through the towns of each force, as long as a car takes some minutes for."""

from __future__ import annotations

import math

from streams.simulation.route import METRES_PER_DEGREE, Point, Route

CORNERS = 7
# Metres from the middle of the town to the corners; the first officer of a town drives a smaller round than the second.
SHORTEST_M, LONGER_BY_M = 700.0, 400.0

HERTS: tuple[Point, ...] = (
    (51.7632, -0.2256),  # Hatfield
    (51.9017, -0.2019),  # Stevenage
    (51.7527, -0.3394),  # St Albans
    (51.6565, -0.3903),  # Watford
    (51.7537, -0.4700),  # Hemel Hempstead
    (51.7957, -0.0785),  # Hertford
)
BEDS: tuple[Point, ...] = (
    (51.8787, -0.4200),  # Luton
    (52.1364, -0.4668),  # Bedford
    (51.8860, -0.5210),  # Dunstable
    (52.0865, -0.2648),  # Biggleswade
    (51.9180, -0.6370),  # Leighton Buzzard
    (52.0282, -0.4901),  # Ampthill
)
CAMBS: tuple[Point, ...] = (
    (52.2053, 0.1218),  # Cambridge
    (52.5695, -0.2405),  # Peterborough
    (52.3990, 0.2623),  # Ely
    (52.3310, -0.1830),  # Huntingdon
    (52.2280, -0.2700),  # St Neots
    (52.6650, 0.1590),  # Wisbech
)
_TOWNS = {"herts": HERTS, "beds": BEDS, "cambs": CAMBS}


def patrol_of(schema: str, number: int) -> Route:
    """The round of officer `number` (from 0) of a force; a force without towns of its own borrows those of herts."""
    towns = _TOWNS.get(schema, HERTS)
    radius_m = SHORTEST_M + LONGER_BY_M * (number // len(towns))
    return Route(_around(towns[number % len(towns)], radius_m, number))


def _around(middle: Point, radius_m: float, number: int) -> tuple[Point, ...]:
    """Corners around a point, some nearer to it than others: streets are no circle."""
    latitude, longitude = middle
    shrink = math.cos(math.radians(latitude))
    corners = []
    for corner in range(CORNERS):
        angle = 2 * math.pi * corner / CORNERS + number
        reach = radius_m * (0.6 + 0.4 * math.cos(3 * angle + number)) / METRES_PER_DEGREE
        corners.append((latitude + reach * math.cos(angle), longitude + reach * math.sin(angle) / shrink))
    return tuple(corners)
