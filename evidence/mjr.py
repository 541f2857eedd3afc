"""Reading the media server's own recording format, one track per file.

Layout (Janus `src/record.c`): ``MJR00002``, a 16-bit length and that much JSON; then per packet ``MEET``, 32
bits of milliseconds since the first packet, a 16-bit length and the RTP packet. All numbers are big-endian. A
file whose writer was killed ends anywhere and is read up to its last whole packet.
"""

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

_MAGIC = b"MJR00002"
_FRAME = struct.Struct(">4sIH")
_MAX_HEADER = 65_535
_SILENT_MS = 1_000

VIDEO_CONTAINERS = {"vp8": "webm", "vp9": "webm", "av1": "mp4", "h264": "mp4", "h265": "mp4"}
"""Container that each video codec is unpacked into without re-encoding."""


class NotARecording(Exception):
    """The file is not in the format, or holds no media at all."""


@dataclass(frozen=True, slots=True)
class Track:
    """One track: `first_us` is the wall clock of its first packet (UTC, microseconds), `span_ms` its span.

    `gaps_us` lists from when to when, on the same clock, nothing came for more than a second: a camera that was off.
    """

    path: Path
    medium: str
    codec: str
    first_us: int
    span_ms: int
    packets: int
    gaps_us: tuple[tuple[int, int], ...] = ()

    @property
    def last_us(self) -> int:
        """Wall clock of the last packet, in microseconds."""
        return self.first_us + self.span_ms * 1000

    def overlap_us(self, other: "Track") -> int:
        """For how long both tracks ran at once, in microseconds; 0 when they did not."""
        return max(0, min(self.last_us, other.last_us) - max(self.first_us, other.first_us))


def read_track(path: Path) -> Track:
    """Read the header and walk the packets of `path`; raises NotARecording when there is nothing in it."""
    with path.open("rb") as source:
        info = _read_info(source)
        spans = list(_walk(source))
    if not spans:
        raise NotARecording(f"{path.name} holds no packets")
    medium = {"v": "video", "a": "audio"}.get(str(info.get("t")), "")
    first_us, codec = info.get("u"), str(info.get("c", "")).lower()
    if not medium or not isinstance(first_us, int):
        raise NotARecording(f"{path.name} is neither video nor audio")
    gaps = tuple((first_us + before * 1000, first_us + after * 1000) for before, after in _gaps(spans))
    return Track(path, medium, codec, first_us, max(spans), len(spans), gaps)


def _gaps(spans: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the milliseconds between which there was no packet for more than a second."""
    return ((before, after) for before, after in pairwise(sorted(spans)) if after - before > _SILENT_MS)


def _read_info(source: BinaryIO) -> dict[str, object]:
    """Return the JSON of the header."""
    start = source.read(len(_MAGIC) + 2)
    if len(start) < len(_MAGIC) + 2 or not start.startswith(_MAGIC):
        raise NotARecording("no header")
    length = min(int.from_bytes(start[-2:], "big"), _MAX_HEADER)
    try:
        info = json.loads(source.read(length))
    except ValueError as error:
        raise NotARecording("unreadable header") from error
    if not isinstance(info, dict):
        raise NotARecording("unreadable header")
    return info


def _walk(source: BinaryIO) -> Iterator[int]:
    """Yield the milliseconds of each whole packet."""
    while len(head := source.read(_FRAME.size)) == _FRAME.size:
        magic, milliseconds, length = _FRAME.unpack(head)
        if magic != b"MEET" or len(source.read(length)) < length:
            return
        yield milliseconds
