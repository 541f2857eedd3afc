"""Where people stand in the film of a call: nobody hidden, nobody outside, whoever signs always large."""

from itertools import combinations

import pytest

from evidence.grids import HEIGHT, WIDTH, Cell, lay_out


def overlap(one: Cell, other: Cell) -> bool:
    is_beside = one.x + one.width <= other.x or other.x + other.width <= one.x
    return not (is_beside or one.y + one.height <= other.y or other.y + other.height <= one.y)


@pytest.mark.parametrize("screen", [None, 99])
@pytest.mark.parametrize("signing", [set(), {0}, {3}, {1, 2}, {0, 1, 2}])
@pytest.mark.parametrize("count", range(1, 15))
def test_everybody_has_an_even_place_of_their_own_in_the_film(
    count: int, signing: set[int], screen: int | None
) -> None:
    cells = lay_out(range(count), signing, screen)

    assert set(cells) == {*range(count), *([] if screen is None else [screen])}
    for one, other in combinations(cells.values(), 2):
        assert not overlap(one, other)
    for cell in cells.values():
        sides = (cell.x, cell.y, cell.width, cell.height)
        assert all(side % 2 == 0 for side in (*sides, cell.fit().x, cell.fit().y, cell.fit().width))
        assert cell.width >= 128
        assert cell.x + cell.width <= WIDTH
        assert cell.y + cell.height <= HEIGHT


@pytest.mark.parametrize("screen", [None, 99])
@pytest.mark.parametrize("count", range(1, 13))
@pytest.mark.parametrize("signing", [{0}, {0, 2}])
def test_whoever_signs_is_never_smaller_than_a_quarter(count: int, signing: set[int], screen: int | None) -> None:
    cells = lay_out(range(count), signing, screen)

    for seat in signing & set(range(count)):
        assert cells[seat].width >= 640
        assert cells[seat].height >= 360


@pytest.mark.parametrize(
    ("count", "width", "height"),
    [
        *((1, 1280, 720), (2, 640, 720), (3, 640, 360), (4, 640, 360), (5, 426, 360), (6, 426, 360)),
        *((7, 426, 240), (9, 426, 240), (10, 320, 240), (12, 320, 240)),
    ],
)
def test_people_without_a_screen_share_the_film(count: int, width: int, height: int) -> None:
    assert {(cell.width, cell.height) for cell in lay_out(range(count), (), None).values()} == {(width, height)}


def test_people_keep_their_order_in_rows() -> None:
    cells = lay_out([4, 7, 2], (), None)

    assert [(cells[seat].x, cells[seat].y) for seat in (4, 7, 2)] == [(0, 0), (640, 0), (0, 360)]


def test_screen_is_large_and_people_stand_beside_it() -> None:
    cells = lay_out(range(4), (), 9)

    assert cells[9] == Cell(0, 0, 960, 720)
    assert [(cells[seat].x, cells[seat].y, cells[seat].width) for seat in range(4)] == [
        (960, 0, 320),
        (960, 180, 320),
        (960, 360, 320),
        (960, 540, 320),
    ]


def test_screen_alone_fills_the_film() -> None:
    assert lay_out([], (), 9) == {9: Cell(0, 0, WIDTH, HEIGHT)}


def test_picture_lies_in_the_middle_of_its_cell() -> None:
    assert Cell(640, 0, 640, 720).fit() == Cell(640, 180, 640, 360)
    assert Cell(0, 0, 1280, 360).fit() == Cell(320, 0, 640, 360)
