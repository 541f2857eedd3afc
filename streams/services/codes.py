"""The code that an operator reads out, for callers who cannot find or open the text message.

A code is 8 of 21 characters. Left out is all that looks like something else (0/O, 1/I/L, 5/S, 2/Z, 8/B, U/V), and the
vowels that were left (A, E): no code is ever a word. That makes 21 ** 8 = 37,822,859,361 codes, 35 bits. With 50 live
codes in a force and its whole failure budget spent on guessing, 300 in 10 minutes, one guess in 756 million hits and
there are 15.8 million a year: one hit in 48 years. A link's token needs no budget; a code is worth nothing without.

Like a token it is derived by the link key. What is stored is a keyed hash: 35 bits are searched through in minutes,
so that a plain one would give the code away.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from uuid import UUID

from django.conf import settings

from forces.errors import DomainError

ALPHABET = "34679CDFGHJKMNPQRTWXY"
CODE_CHARACTERS = 8
SPACE = len(ALPHABET) ** CODE_CHARACTERS
_GROUP = 4
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015]+")  # what people put between groups: spaces, hyphens, dashes


class CodeMalformed(DomainError):
    """What was typed cannot be a code, whatever links there are (HTTP 400)."""

    code = "code_malformed"
    http_status = 400
    message = "A code has 8 letters and numbers. Ask the operator to read it to you again."


class CodeUnknown(DomainError):
    """No link can be opened by this code here and now (HTTP 404). Never says whether one ever could."""

    code = "code_unknown"
    http_status = 404
    message = "That code does not work. Ask the operator to read it to you again."


def code_of(schema: str, invitation_id: UUID, generation: int) -> str:
    """Return the code (8 characters, not grouped) of a link of the force `schema`."""
    number = int.from_bytes(_keyed(f"code:{schema}:{invitation_id}:{generation}").digest(), "big") % SPACE
    characters = []
    for _ in range(CODE_CHARACTERS):
        number, place = divmod(number, len(ALPHABET))
        characters.append(ALPHABET[place])
    return "".join(characters)


def hash_of_code(schema: str, code: str) -> str:
    """Return the keyed hash (hex) of a code of the force `schema`: all that is ever stored of one."""
    return _keyed(f"code-hash:{schema}:{code}").hexdigest()


def read_code(typed: str) -> str:
    """Return the code in what a caller typed, in whatever case and groups; raises `CodeMalformed`."""
    code = _BETWEEN.sub("", typed).upper()
    if len(code) != CODE_CHARACTERS or not set(code) <= set(ALPHABET):
        raise CodeMalformed
    return code


def grouped(code: str) -> str:
    """Return a code as it is shown and read out: two groups of four."""
    return f"{code[:_GROUP]} {code[_GROUP:]}"


def _keyed(text: str) -> hmac.HMAC:
    return hmac.new(settings.LINK_KEY.encode(), text.encode(), hashlib.sha256)
