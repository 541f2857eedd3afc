"""WGS 84 to the OS National Grid: eastings and northings by OSTN15, with the grid letters people read out."""

from __future__ import annotations

import math
from dataclasses import dataclass

from convertbng.cutil import convert_bng

# The grid's rectangle also covers the island of Ireland, which has a grid of its own. This outline, as
# (longitude, latitude), runs along the middle of the sea between the two.
_IRELAND = (
    (-11.5, 51.0), (-6.6, 51.4), (-6.0, 52.0), (-5.8, 52.8), (-5.5, 53.5), (-5.3, 54.2),
    (-5.35, 54.65), (-5.6, 54.95), (-5.97, 55.25), (-6.2, 55.4), (-7.0, 55.5), (-11.5, 55.6),
)  # fmt: skip
_LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"  # the 25 letters of the grid: no I
_SQUARE_M = 100_000


@dataclass(frozen=True, slots=True)
class GridPoint:
    """A point on the OS National Grid: metres east and north of its origin, and "TL 23904 12345"."""

    easting: float
    northing: float
    reference: str


def to_grid(latitude: float, longitude: float) -> GridPoint | None:
    """Convert degrees WGS 84 to the National Grid, or None outside Great Britain and its waters.

    OSTN15 is the definition of the grid in terms of ETRS89; a phone's WGS 84 differs from that by less
    than a metre, far below its own accuracy. Metres are rounded to the millimetre.
    """
    if _lies_in(_IRELAND, longitude, latitude):
        return None
    eastings, northings = convert_bng([longitude], [latitude])
    easting, northing = float(eastings[0]), float(northings[0])
    if not (math.isfinite(easting) and math.isfinite(northing)):
        return None
    return GridPoint(round(easting, 3), round(northing, 3), grid_reference(easting, northing))


def grid_reference(easting: float, northing: float) -> str:
    """Write metres on the grid as letters and two times five digits; digits are cut, as the OS does it."""
    east, north = int(easting), int(northing)
    column, row = east // _SQUARE_M, north // _SQUARE_M
    # Each letter names one of 5 x 5 squares, from the north-west; the origin of the grid lies in square SV.
    first = (3 - row // 5) * 5 + 2 + column // 5
    second = (4 - row % 5) * 5 + column % 5
    return f"{_LETTERS[first]}{_LETTERS[second]} {east % _SQUARE_M:05d} {north % _SQUARE_M:05d}"


def read_reference(text: str) -> tuple[float, float, float] | None:
    """Read a grid reference as people write it; returns metres east and north of its corner and the side of its square.

    "TL 23904 12345" is one metre, "TL 23 12" a kilometre, "TL" a hundred; None for what is none.
    """
    packed = "".join(text.split()).upper()
    letters, digits = packed[:2], packed[2:]
    is_sound = len(letters) == 2 and all(letter in _LETTERS for letter in letters) and len(digits) in range(0, 11, 2)
    if not is_sound or (digits and not (digits.isascii() and digits.isdigit())):
        return None
    first, second = (_LETTERS.index(letter) for letter in letters)
    column = (first % 5 - 2) * 5 + second % 5
    row = (3 - first // 5) * 5 + 4 - second // 5
    if not (0 <= column < 7 and 0 <= row < 13):
        return None
    half = len(digits) // 2
    side = _SQUARE_M / 10**half
    east, north = (int(part or "0") * side for part in (digits[:half], digits[half:]))
    return column * _SQUARE_M + east, row * _SQUARE_M + north, side


def _lies_in(outline: tuple[tuple[float, float], ...], x: float, y: float) -> bool:
    """Whether the point lies inside the closed outline (the even-odd rule)."""
    inside = False
    previous_x, previous_y = outline[-1]
    for corner_x, corner_y in outline:
        if (corner_y > y) != (previous_y > y):
            crossing = corner_x + (y - corner_y) / (previous_y - corner_y) * (previous_x - corner_x)
            inside ^= x < crossing
        previous_x, previous_y = corner_x, corner_y
    return inside
