"""The words in the film of a call, as a file of subtitles (ASS): who is who, and what begins with each part.

What people call themselves is hostile: no markup, no line break and no direction of it reaches beyond its own tile.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from evidence.grids import HEIGHT, WIDTH, Cell

LONGEST_NAME = 40
"""What is shown of a name, in characters as people count them; the item's `cast` has all of it."""
_FIRST_STRONG, _POP = "\u2068", "\u2069"
_DIRECTIONS = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_MARKUP = str.maketrans({"{": "(", "}": ")", "\\": "/"})
_JOINER = "\u200d"
_ROLES = {"bsl_interpreter": "BSL interpreter", "pcso": "PCSO"}
_HEAD = f"""[Script Info]
ScriptType: v4.00+
PlayResX: {WIDTH}
PlayResY: {HEIGHT}
WrapStyle: 2

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, OutlineColour, BorderStyle, Outline, Shadow, Alignment, Encoding
Style: name,DejaVu Sans,22,&H00FFFFFF,&H00140F0B,3,3,0,1,-1
Style: card,DejaVu Sans,44,&H00FFFFFF,&H00140F0B,1,0,0,5,-1

[Events]
Format: Layer, Start, End, Style, Text
"""
_ALWAYS = "0,0:00:00.00,9:59:59.99"
_NEW_LINE = "\\N"


@dataclass(frozen=True, slots=True)
class Tile:
    """Somebody's place in the film; in one without a picture the name stands in the middle."""

    cell: Cell
    name: str
    role: str
    has_picture: bool
    is_screen: bool = False


def write_names(tiles: Iterable[Tile]) -> str:
    """Return the subtitles that stand through one stretch: each name with its role in its own tile."""
    return _HEAD + "".join(f"Dialogue: {_ALWAYS},name,{_place(tile)}{_words(tile)}\n" for tile in tiles)


def write_card(lines: Sequence[str]) -> str:
    """Return the subtitles of a card."""
    return f"{_HEAD}Dialogue: {_ALWAYS},card,{_NEW_LINE.join(map(_plain, lines))}\n"


def shown_name(name: str) -> str:
    """Return what is shown of a name: one line of at most `LONGEST_NAME` characters, without what would be obeyed."""
    characters = list(_characters(_plain(name)))
    whole = "".join(characters[:LONGEST_NAME])
    return whole if len(characters) <= LONGEST_NAME else f"{whole.rstrip()}…"


def role_words(role: str) -> str:
    """Return a role as people read it."""
    return _ROLES.get(role, role.replace("_", " ").capitalize())


def _words(tile: Tile) -> str:
    # The isolates keep a name from the right to the left from turning its line, and the role's, around.
    name = f"{_FIRST_STRONG}{shown_name(tile.name)}{_POP}" if tile.name.strip() else ""
    role = f"{role_words(tile.role)}, screen" if tile.is_screen else role_words(tile.role)
    return _NEW_LINE.join(words for words in (name, _plain(role)) if words)


def _place(tile: Tile) -> str:
    """Return the override that keeps a tile's words in it."""
    cell = tile.cell
    size = max(11, min(24, cell.width // 20))
    clip = f"\\clip({cell.x},{cell.y},{cell.x + cell.width},{cell.y + cell.height})"
    if tile.has_picture:
        picture = cell.fit()
        at = f"\\an1\\pos({picture.x + 8},{picture.y + picture.height - 8})"
    else:
        at = f"\\an5\\pos({cell.x + cell.width // 2},{cell.y + cell.height // 2})"
    return f"{{{at}{clip}\\fs{size}}}"


def _plain(text: str) -> str:
    """Return text without markup, control characters, directions and breaks."""
    folded = " ".join("".join(" " if _is_break(one) else one for one in text).split())
    return "".join(one for one in folded if one not in _DIRECTIONS).translate(_MARKUP)


def _is_break(one: str) -> bool:
    return unicodedata.category(one) in ("Cc", "Zl", "Zp", "Cs")


def _characters(text: str) -> Iterator[str]:
    """Yield what people take for one character each: with its marks, as one joined picture, as one flag."""
    character = ""
    for one in text:
        if character and not (_continues(one) or character.endswith(_JOINER) or _is_half_flag(character, one)):
            yield character
            character = ""
        character += one
    if character:
        yield character


def _continues(one: str) -> bool:
    """Whether it belongs to the character before it."""
    is_mark = unicodedata.category(one) in ("Mn", "Mc", "Me")
    return is_mark or one == _JOINER or "\U0001f3fb" <= one <= "\U0001f3ff" or "\U000e0020" <= one <= "\U000e007f"


def _is_half_flag(character: str, one: str) -> bool:
    return len(character) == 1 and all("\U0001f1e6" <= half <= "\U0001f1ff" for half in (character, one))
