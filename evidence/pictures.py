"""Pictures that a phone sent: what they are by their content, and the harmless copy that people are shown.

A picture's kind and size are read from its own first bytes before anything decodes it, never from a name or a header
of the request. What is shown is decoded and encoded anew in the sandbox, without any of the original's metadata.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from evidence import encoding
from evidence.errors import NotAPicture, TooManyPixels
from evidence.sandbox import Deadline, ProgramFailed, open_workshop

MOST_PIXELS = encoding.MOST_DECODED_PIXELS
MOST_ON_A_SIDE = 16_000
THUMBNAIL_WIDTH = 320
MEDIA_TYPES = {"jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
_PNG = b"\x89PNG\r\n\x1a\n"
# Start-of-frame markers; DHT, JPG and DAC lie between them and are none.
_SOF = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# Cameras write tens of segments before the frame. Millions of empty ones would hold up whoever walks them.
_MOST_STEPS = 4_096
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})


@dataclass(frozen=True, slots=True)
class Shape:
    """What a picture says it is: `kind` is jpeg, png or webp; pixels."""

    kind: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Shown:
    """The harmless copies, absolute paths; `shape` is of the original, upright."""

    shape: Shape
    picture: Path
    thumbnail: Path


def read_shape(content: bytes) -> Shape:
    """Read kind and size from a picture's first bytes. Raises NotAPicture, TooManyPixels."""
    try:
        shape = _shape(content)
    except (struct.error, IndexError) as error:
        raise NotAPicture("cut off before its size") from error
    if min(shape.width, shape.height) < 1:
        raise NotAPicture("a picture without an area")
    if max(shape.width, shape.height) > MOST_ON_A_SIDE or shape.width * shape.height > MOST_PIXELS:
        raise TooManyPixels(f"{shape.width} x {shape.height}")
    return shape


def make_shown(content: bytes, workshop: Path, deadline: Deadline) -> Shown:
    """Decode `content` in `workshop`, emptied first, and encode it anew at full and at thumbnail size.

    Raises NotAPicture, TooManyPixels, sandbox.SandboxUnavailable, sandbox.DeadlinePassed.
    """
    shape = read_shape(content)
    open_workshop(workshop)
    source = workshop / f"sent.{shape.kind}"
    source.write_bytes(content)
    source.chmod(0o644)
    try:
        encoding.redraw(source.name, "picture.jpg", "thumbnail.jpg", THUMBNAIL_WIDTH, workshop, deadline)
        upright = read_shape((workshop / "picture.jpg").read_bytes())
    except ProgramFailed as error:
        deadline.left()
        raise NotAPicture("it cannot be decoded") from error
    except FileNotFoundError as error:
        raise NotAPicture("nothing was in it") from error
    return Shown(
        shape=Shape(shape.kind, upright.width, upright.height),
        picture=workshop / "picture.jpg",
        thumbnail=workshop / "thumbnail.jpg",
    )


def _shape(content: bytes) -> Shape:
    if content[:3] == b"\xff\xd8\xff":
        return _jpeg(content)
    if content[:8] == _PNG and content[12:16] == b"IHDR":
        return Shape("png", *struct.unpack(">II", content[16:24]))
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _webp(content)
    raise NotAPicture("no picture begins like this")


def _jpeg(content: bytes) -> Shape:
    """Walk the segments to the first frame header."""
    at = 2
    for _ in range(_MOST_STEPS):
        if content[at] != 0xFF:
            break
        marker = content[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        if marker in _SOF:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return Shape("jpeg", width, height)
        at += 2 if marker in _WITHOUT_LENGTH else 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]
    raise NotAPicture("no frame where one belongs")


def _webp(content: bytes) -> Shape:
    chunk = content[12:16]
    if chunk == b"VP8X":
        width = int.from_bytes(content[24:27], "little") + 1
        return Shape("webp", width, int.from_bytes(content[27:30], "little") + 1)
    if chunk == b"VP8 " and content[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", content[26:30])
        return Shape("webp", width & 0x3FFF, height & 0x3FFF)
    if chunk == b"VP8L" and content[20] == 0x2F:
        (bits,) = struct.unpack("<I", content[21:25])
        return Shape("webp", (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1)
    raise NotAPicture("a WebP file without a picture at its beginning")
