"""The picture a simulated caller sends: a street scene, encoded once and then passed through.

Encoding live would cost half a core per caller; sending packets that are ready costs a few per cent.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import subprocess
import threading
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError
from av.stream import Stream

from streams.simulation.delay import LateFrames
from streams.simulation.scene import street_scene

SECONDS = 24
FRAMES_PER_SECOND = 20
# A viewer who joins, or lost packets, waits for the next keyframe: nothing is encoded on demand.
KEYFRAME_EVERY = FRAMES_PER_SECOND
ENCODING_TIMEOUT_SECONDS = 120.0

_CLOCK_RATE = 90_000
_TIME_BASE = Fraction(1, _CLOCK_RATE)


class ClipError(Exception):
    """The clip could not be made or read."""


def clip_name(tint: int) -> str:
    """A file name for the clip; a changed scene or encoding gets another one."""
    recipe = " ".join(_command("ffmpeg", Path("clip"), tint))
    return f"street-{hashlib.sha256(recipe.encode()).hexdigest()[:12]}.ts"


def make_clip(ffmpeg: str, path: Path, tint: int) -> None:
    """Encode the clip to `path` (MPEG-TS) unless it is there; `tint` turns the colours, in degrees.

    H.264 constrained baseline without B-frames, headers before each keyframe: what a phone would send,
    and what every browser decodes. Raises ClipError with ffmpeg's words.
    """
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{os.getpid()}-{threading.get_ident()}-{path.name}")
    try:
        subprocess.run(_command(ffmpeg, fresh, tint), check=True, capture_output=True, timeout=ENCODING_TIMEOUT_SECONDS)
        fresh.replace(path)
    except FileNotFoundError as error:
        raise ClipError(f"no ffmpeg at {ffmpeg}") from error
    except subprocess.CalledProcessError as error:
        raise ClipError(error.stderr.decode(errors="replace").strip()) from error
    except subprocess.TimeoutExpired as error:
        raise ClipError(f"ffmpeg took over {ENCODING_TIMEOUT_SECONDS:g} s") from error
    finally:
        fresh.unlink(missing_ok=True)


def _command(ffmpeg: str, target: Path, tint: int) -> list[str]:
    """The words of the ffmpeg call."""
    scene = street_scene(SECONDS, FRAMES_PER_SECOND, tint)
    return [
        *(ffmpeg, "-nostdin", "-y", "-loglevel", "error", "-filter_complex", scene, "-map", "[out]"),
        *("-c:v", "libx264", "-preset", "medium", "-profile:v", "baseline", "-level:v", "3.1", "-bf", "0"),
        *("-g", str(KEYFRAME_EVERY), "-keyint_min", str(KEYFRAME_EVERY), "-sc_threshold", "0"),
        *("-b:v", "500k", "-maxrate", "600k", "-bufsize", "600k", "-x264-params", "repeat-headers=1"),
        *("-t", str(SECONDS), "-f", "mpegts", str(target)),
    ]


@dataclass(frozen=True, slots=True)
class Clip:
    """Frames as Annex B bytes, in order, each shown for 1 / `frames_per_second`; the first is a keyframe."""

    frames: tuple[bytes, ...]
    frames_per_second: int

    @classmethod
    def load(cls, path: Path) -> Clip:
        """Read the whole clip (about a megabyte) into memory. Raises ClipError."""
        try:
            with av.open(str(path)) as container:
                frames = tuple(bytes(packet) for packet in container.demux(video=0) if packet.size)
        except (OSError, av.FFmpegError) as error:
            raise ClipError(f"{path}: {error}") from error
        if not frames:
            raise ClipError(f"{path}: no picture")
        return cls(frames, FRAMES_PER_SECOND)


class ClipTrack(MediaStreamTrack):
    """A video track that plays a clip over and over in real time, packet by packet."""

    kind = "video"

    def __init__(self, clip: Clip) -> None:
        """Begin with the first frame, when the first packet is asked for."""
        super().__init__()
        self._clip = clip
        self._count = 0
        self._started_at = 0.0
        self._late = LateFrames()

    def late_seconds(self) -> float | None:
        """How late frames were on average since the last look; None where there was none."""
        return self._late.take()

    async def recv(self) -> av.Packet[Stream]:
        """The next frame, when it is due. After a pause (a suspended machine) it goes on from now."""
        if self.readyState != "live":
            raise MediaStreamError
        now = asyncio.get_running_loop().time()
        due = self._started_at + self._count / self._clip.frames_per_second
        if self._count == 0 or now - due > 1.0:
            self._started_at += now - due
        else:
            await asyncio.sleep(due - now)
            self._late.note(asyncio.get_running_loop().time() - due)
        packet = av.Packet(self._clip.frames[self._count % len(self._clip.frames)])
        packet.pts = self._count * _CLOCK_RATE // self._clip.frames_per_second
        packet.time_base = _TIME_BASE
        self._count += 1
        return packet
