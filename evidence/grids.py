"""Where everybody stands in the film of a call: pure, in pixels of 1280x720, all even.

People stand in the order in which they are given, so that nobody jumps while others come and go. Whoever signs is
never smaller than a quarter of the film; a screen that is shown takes three quarters of the width.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 1_280, 720
_MOST_BESIDE_ONE = 8
_MOST_SIGNING = 2


@dataclass(frozen=True, slots=True)
class Cell:
    """A rectangle of the film: its upper left corner and its size."""

    x: int
    y: int
    width: int
    height: int

    def fit(self) -> Cell:
        """Return the largest picture of 16:9 in the middle of it."""
        width = _even(min(self.width, self.height * 16 / 9))
        height = _even(min(self.height, self.width * 9 / 16))
        return Cell(self.x + _even((self.width - width) / 2), self.y + _even((self.height - height) / 2), width, height)


_WHOLE = Cell(0, 0, WIDTH, HEIGHT)
_LEFT, _RIGHT = Cell(0, 0, 640, HEIGHT), Cell(640, 0, 640, HEIGHT)
_QUARTERS = (Cell(0, 0, 640, 360), Cell(640, 0, 640, 360), Cell(0, 360, 640, 360), Cell(640, 360, 640, 360))
_BELOW = Cell(0, 360, WIDTH, 360)
_SCREEN, _STRIP = Cell(0, 0, 960, HEIGHT), Cell(960, 0, 320, HEIGHT)


def lay_out(people: Sequence[int], signing: Collection[int], screen: int | None) -> dict[int, Cell]:
    """Return the cell of each of `people` and of the `screen`, all by their seats.

    Of `signing` (BSL interpreters among the people) the first two have at least 640x360, whoever else is there.
    """
    large = [seat for seat in people if seat in signing][:_MOST_SIGNING]
    others = [seat for seat in people if seat not in large]
    if screen is not None and not large:
        return {screen: _SCREEN, **_grid(_STRIP, others)} if others else {screen: _WHOLE}
    if screen is None and (not large or len(people) <= len(_QUARTERS)):
        return _grid(_WHOLE, people)
    return _beside([*([] if screen is None else [screen]), *large], others)


def _beside(large: Sequence[int], others: Sequence[int]) -> dict[int, Cell]:
    """Give the large ones their quarters or halves, and the others what is left."""
    if len(large) == 1 and len(others) <= _MOST_BESIDE_ONE:
        return {large[0]: _LEFT, **_grid(_RIGHT, others)}
    if len(large) == 1:
        room = 4  # of the smallest in the quarter beside it
        return {large[0]: _QUARTERS[0], **_grid(_QUARTERS[1], others[:room]), **_grid(_BELOW, others[room:])}
    if len(large) == 2 and not others:
        return dict(zip(large, (_LEFT, _RIGHT), strict=True))
    rest = _BELOW if len(large) == 2 else _QUARTERS[3]
    return {**dict(zip(large, _QUARTERS, strict=False)), **_grid(rest, others)}


def _grid(region: Cell, seats: Sequence[int]) -> dict[int, Cell]:
    """Spread seats over a region so that pictures are as large as they can be; of equal ones the wider grid."""
    if not seats:
        return {}
    columns = max(range(1, len(seats) + 1), key=lambda count: (_picture(region, len(seats), count), count))
    rows = math.ceil(len(seats) / columns)
    width, height = _even(region.width / columns), _even(region.height / rows)
    return {
        seat: Cell(region.x + index % columns * width, region.y + index // columns * height, width, height)
        for index, seat in enumerate(seats)
    }


def _picture(region: Cell, count: int, columns: int) -> int:
    """Return the width of a picture when so many stand in so many columns."""
    rows = math.ceil(count / columns)
    return Cell(0, 0, _even(region.width / columns), _even(region.height / rows)).fit().width


def _even(size: float) -> int:
    return int(size // 2 * 2)
