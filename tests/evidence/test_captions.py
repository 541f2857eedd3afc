"""Names in the film of a call: hostile ones stay words, in their own tile."""

import pytest

from evidence.captions import LONGEST_NAME, Tile, role_words, shown_name, write_card, write_names
from evidence.grids import Cell

CELL = Cell(640, 360, 640, 360)


def spoken(*tiles: Tile) -> list[str]:
    """The lines that say something, without what stands before the words."""
    lines = [line for line in write_names(tiles).splitlines() if line.startswith("Dialogue:")]
    return [line.split(",", 4)[4] for line in lines]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ann {\\fs200}Ball", "Ann (/fs200)Ball"),
        ("Ann\\NBall", "Ann/NBall"),
        ("Ann\nDialogue: 0,0:00:00.00,9:00:00.00,card,Ball", "Ann Dialogue: 0,0:00:00.00,9:00:00.00,ca…"),
        ("Ann\r\n\tBall\u2028Carr\x00", "Ann Ball Carr"),
        ("Ann \u202eevil\u202c \u2067Ball\u2069", "Ann evil Ball"),
        ("<b>Ann</b> & Co", "<b>Ann</b> & Co"),
        ("فاطمہ بی بی", "فاطمہ بی بی"),
    ],
)
def test_hostile_name_stays_one_line_of_words(name: str, shown: str) -> None:
    assert shown_name(name) == shown


def test_long_name_is_cut_between_characters_as_people_count_them() -> None:
    assert shown_name("x" * 300) == f"{'x' * LONGEST_NAME}…"
    assert shown_name("x" * LONGEST_NAME) == "x" * LONGEST_NAME
    family, flag, marked = "👨\u200d👩\u200d👧", "🇬🇧", "e\u0301"
    assert shown_name(family * 50) == f"{family * LONGEST_NAME}…"
    assert shown_name(flag * 50) == f"{flag * LONGEST_NAME}…"
    assert shown_name(marked * 50) == f"{marked * LONGEST_NAME}…"


def test_name_of_the_other_direction_is_isolated_and_its_role_is_on_the_next_line() -> None:
    (line,) = spoken(Tile(CELL, "فاطمہ", "bsl_interpreter", has_picture=True))

    assert line.endswith("\u2068فاطمہ\u2069\\NBSL interpreter")


def test_screen_says_whose_it_is() -> None:
    (line,) = spoken(Tile(CELL, "Ann", "officer", has_picture=True, is_screen=True))

    assert line.endswith("\u2068Ann\u2069\\NOfficer, screen")


def test_words_of_a_tile_cannot_leave_it() -> None:
    one, other = spoken(Tile(CELL, "x" * 300, "victim", has_picture=True), Tile(CELL, "Ann", "", has_picture=False))

    assert "\\clip(640,360,1280,720)" in one
    assert "\\pos(648,712)" in one
    assert "\\an5\\pos(960,540)" in other


def test_somebody_without_a_name_is_shown_by_the_role() -> None:
    assert spoken(Tile(CELL, " ", "reporting_person", has_picture=False))[0].endswith("}Reporting person")


def test_each_tile_has_one_line_whatever_it_is_called() -> None:
    tiles = [Tile(CELL, name, "victim\n", has_picture=True) for name in ("a\nb", "a\\Nb", "{\\p1}", "\x1b[0m")]

    assert len(spoken(*tiles)) == len(tiles)


def test_card_says_its_lines() -> None:
    assert write_card(["Part 2, 14:05:21", "x"]).endswith(",card,Part 2, 14:05:21\\Nx\n")


def test_roles_are_words() -> None:
    assert [role_words(role) for role in ("appropriate_adult", "bsl_interpreter", "")] == [
        "Appropriate adult",
        "BSL interpreter",
        "",
    ]
