"""Pictures and films as phones make them, and as nobody should."""

from __future__ import annotations

import struct
import subprocess
import zlib
from functools import cache

from django.conf import settings


@cache
def picture(kind: str = "jpeg", size: str = "640x360", *, hue: int = 0) -> bytes:
    """Return a JPEG, PNG or WebP picture; another `hue` is another picture."""
    codec = {"jpeg": "mjpeg", "png": "png", "webp": "libwebp"}[kind]
    drawn = ["-f", "lavfi", "-i", f"testsrc=size={size}", "-vf", f"hue=h={hue}", "-frames:v", "1"]
    made = subprocess.run(
        [str(settings.FFMPEG), "-v", "error", *drawn, "-c:v", codec, "-f", "image2pipe", "-"],
        capture_output=True,
        check=True,
    )
    return made.stdout


def with_exif(jpeg: bytes, *, orientation: int = 1, note: bytes = b"51.8 N 0.08 W") -> bytes:
    """Return a JPEG that says where it was taken, and how the phone was held."""
    tags = struct.pack("<HHII", 0x010E, 2, len(note) + 1, 38) + struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0)
    tiff = b"II*\x00\x08\x00\x00\x00" + struct.pack("<H", 2) + tags + b"\x00" * 4 + note + b"\x00"
    segment = b"Exif\x00\x00" + tiff
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + jpeg[2:]


def bomb_png(side: int = 30_000) -> bytes:
    """Return a small PNG that says it has `side` x `side` pixels, and has them."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    row = b"\x00" * (side // 8 + 1)
    packed = zlib.compressobj(9)
    rows = b"".join(packed.compress(row) for _ in range(side)) + packed.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def two_faced_jpeg() -> bytes:
    """Return a JPEG whose first frame header is small and whose second one is enormous."""
    jpeg = picture()
    at = jpeg.index(b"\xff\xc0")
    length = struct.unpack(">H", jpeg[at + 2 : at + 4])[0] + 2
    header = bytearray(jpeg[at : at + length])
    header[5:9] = struct.pack(">HH", 15_900, 15_900)
    return jpeg[: at + length] + bytes(header) + jpeg[at + length :]
