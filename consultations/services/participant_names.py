"""Names of people, as others may be shown them. Markup in one is text, and stays."""

from __future__ import annotations

import re
import unicodedata

from consultations.errors import NameEmpty
from forces.errors import InvalidInput

MOST_CHARACTERS = 300
# Marks, overrides and isolates of direction: with them a name could turn what stands beside it around.
_DIRECTION = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def clean_name(name: str) -> str:
    """Return a name in NFC, without control and direction characters and line breaks, its blanks folded.

    Raises `NameEmpty` when nothing is left, `InvalidInput` for more than 300 characters.
    """
    folded = " ".join(_DIRECTION.sub("", name).split())
    shown = "".join(sign for sign in folded if unicodedata.category(sign) not in ("Cc", "Cs", "Co", "Cn"))
    cleaned = " ".join(unicodedata.normalize("NFC", shown).split())
    if not cleaned or not any(unicodedata.category(sign)[0] in "LNSP" for sign in cleaned):
        raise NameEmpty(details={"field": "name"})
    if len(cleaned) > MOST_CHARACTERS:
        raise InvalidInput("A name has 300 characters at most.", details={"field": "name"})
    return cleaned
