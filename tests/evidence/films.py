"""Films of calls: what they are made from, and what is looked at and listened to in them."""

import math
import struct
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from evidence import composing, grids
from evidence.media import Playable
from evidence.sandbox import Deadline
from tests.fakes import mjr
from tests.fakes.mjr import Packet

COLOURS = {"red": (255, 0, 0), "blue": (0, 0, 255), "lime": (0, 255, 0), "yellow": (255, 255, 0)}
GROUND, TILE = (11, 15, 20), (27, 37, 48)


class Call:
    """Tracks of a call on disk, and its cast in the order in which people were added."""

    def __init__(self, tmp_path: Path) -> None:
        self.path = tmp_path
        self.files: list[Path] = []
        self.cast: list[dict[str, Any]] = []

    def add(self, name: str, role: str = "victim", source: str = "camera") -> str:
        """Somebody of whom nothing is recorded yet; returns the feed's id."""
        feed_id = str(uuid4())
        self.cast.append({"feed_id": feed_id, "name": name, "role": role, "source": source, "segments": []})
        return feed_id

    def record(self, feed_id: str, codec: str, packets: Sequence[Packet], at_s: float = 0) -> Path:
        """Write one track that begins so many seconds into the call."""
        medium = "audio-0" if codec == "opus" else "video-1"
        path = self.path / f"{feed_id}-{len(self.files)}-{medium}.mjr"
        self.files.append(mjr.write_mjr(path, codec, packets, start_us=mjr.START_US + round(at_s * 1_000_000)))
        return path

    def compose(self, gaps: Sequence[Mapping[str, Any]] = (), seconds: float = 120) -> Playable:
        """Make the film."""
        return composing.compose(self.files, self.cast, gaps, self.path / "workshop", Deadline.after(seconds))


class Frame:
    """One frame of the film, as pixels."""

    def __init__(self, film: Path, second: float) -> None:
        command = ["ffmpeg", "-nostdin", "-v", "error", "-ss", f"{second}", "-i", str(film), "-frames:v", "1"]
        raw = [*command, "-pix_fmt", "rgb24", "-f", "rawvideo", "-"]
        self.pixels = subprocess.run(raw, capture_output=True, check=True).stdout
        assert len(self.pixels) == grids.WIDTH * grids.HEIGHT * 3

    def at(self, x: int, y: int) -> tuple[int, int, int]:
        """The colour of one pixel."""
        start = (y * grids.WIDTH + x) * 3
        red, green, blue = self.pixels[start : start + 3]
        return red, green, blue

    def shows(self, colour: tuple[int, int, int], x: int, y: int) -> bool:
        """Whether a pixel has this colour, nearly."""
        return near(self.at(x, y), colour)

    def has(self, colour: tuple[int, int, int]) -> bool:
        """Whether the colour is anywhere, looked for on a net of points."""
        points = ((x, y) for x in range(4, grids.WIDTH, 16) for y in range(4, grids.HEIGHT, 16))
        return any(self.shows(colour, x, y) for x, y in points)


def near(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    """Whether two colours are the same but for what encoding does to them."""
    return all(abs(a - b) <= 40 for a, b in zip(one, other, strict=True))


def loudness(film: Path, hertz: int, since: float, seconds: float = 0.5) -> float:
    """How loud one tone is in a piece of the film's sound: its share of full scale (Goertzel)."""
    rate = 8_000
    command = ["ffmpeg", "-nostdin", "-v", "error", "-ss", f"{since}", "-t", f"{seconds}", "-i", str(film), "-map", "a"]
    raw = subprocess.run(
        [*command, "-ac", "1", "-ar", str(rate), "-f", "s16le", "-"], capture_output=True, check=True
    ).stdout
    samples = [value[0] / 32_768 for value in struct.iter_unpack("<h", raw)]
    factor, before, last = 2 * math.cos(2 * math.pi * hertz / rate), 0.0, 0.0
    for sample in samples:
        before, last = last, sample + factor * last - before
    power = before * before + last * last - factor * before * last
    return math.sqrt(max(power, 0.0)) * 2 / max(1, len(samples))


def iso(seconds: float) -> str:
    """So many seconds into the call, as an item's gaps have it."""
    at = datetime.fromtimestamp(mjr.START_US / 1_000_000 + seconds, UTC)
    return at.isoformat().replace("+00:00", "Z")
