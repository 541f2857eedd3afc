"""What a simulated drone's camera sees: fields, a road and a clock, encoded once and then passed through."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

from streams.simulation.clip import ClipError

SECONDS = 24
FRAMES_PER_SECOND = 20
ENCODING_TIMEOUT_SECONDS = 180.0
LAP = 1400
_FIELDS = ("0x6f8f4e", "0x87a05a", "0xa8a05c", "0x5f7d48", "0x94925a", "0x7a9a55")


def make_aerial_clip(ffmpeg: str, directory: Path) -> Path:
    """Return the clip (MPEG-TS), encoded unless it is there. Raises ClipError with ffmpeg's words.

    H.264 constrained baseline without B-frames, a keyframe and its headers each second: what a drone's live view is.
    """
    recipe = " ".join(_command("ffmpeg", Path("clip")))
    path = directory / f"aerial-{hashlib.sha256(recipe.encode()).hexdigest()[:12]}.ts"
    if path.exists():
        return path
    directory.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{os.getpid()}-{path.name}")
    try:
        subprocess.run(_command(ffmpeg, fresh), check=True, capture_output=True, timeout=ENCODING_TIMEOUT_SECONDS)
        fresh.replace(path)
    except FileNotFoundError as error:
        raise ClipError(f"no ffmpeg at {ffmpeg}") from error
    except subprocess.CalledProcessError as error:
        raise ClipError(error.stderr.decode(errors="replace").strip()) from error
    except subprocess.TimeoutExpired as error:
        raise ClipError(f"ffmpeg took over {ENCODING_TIMEOUT_SECONDS:g} s") from error
    finally:
        fresh.unlink(missing_ok=True)
    return path


def _command(ffmpeg: str, target: Path) -> list[str]:
    return [
        *(ffmpeg, "-nostdin", "-y", "-loglevel", "error", "-filter_complex", _scene(), "-map", "[out]"),
        *("-c:v", "libx264", "-preset", "veryfast", "-profile:v", "baseline", "-level:v", "3.1", "-bf", "0"),
        *("-g", str(FRAMES_PER_SECOND), "-keyint_min", str(FRAMES_PER_SECOND), "-sc_threshold", "0"),
        *("-b:v", "2000k", "-maxrate", "2200k", "-bufsize", "2000k", "-x264-params", "repeat-headers=1"),
        *("-t", str(SECONDS), "-f", "mpegts", str(target)),
    ]


def _scene() -> str:
    """A filter graph with the output [out], 1280x720: every movement repeats within 24 s, but for the clock's."""
    timing = f"r={FRAMES_PER_SECOND}:d={SECONDS}"
    fields = [
        f"x={260 * column + 20 * (row % 2)}:y={190 * row}:w=250:h=182:c={_FIELDS[(column + 2 * row) % len(_FIELDS)]}"
        for row in range(5)
        for column in range(6)
    ]
    road = ["x=0:y=392:w=1480:h=60:c=0x55585c", *(f"x={20 + 120 * i}:y=420:w=60:h=4:c=0xe8e6da" for i in range(13))]
    house = [
        "x=620:y=240:w=120:h=90:c=0x8a4f4f",
        "x=620:y=282:w=120:h=6:c=0x5f3434",
        "x=780:y=260:w=70:h=60:c=0x9a8f80",
    ]
    return ";".join(
        [
            f"color=c=0x4f6b3c:s=1480x900:{timing},{_boxes([*fields, *road, *house])},noise=alls=8:allf=t[ground]",
            f"color=c=0xc8402f:s=46x22:{timing}[car]",
            f"color=c=0xf2f2ee:s=54x24:{timing},{_boxes(['x=0:y=9:w=54:h=6:c=0x1f5bff'])}[patrol]",
            f"color=c=0x202020:s=9x9:{timing}[walker]",
            f"testsrc2=s=640x360:{timing},crop=100:18:2:2,scale=300:54:flags=neighbor[clock]",
            f"[ground][car]overlay=x='mod(t*{LAP / 8},{LAP})-60':y=398[a]",
            f"[a][patrol]overlay=x='{LAP}-mod(t*{LAP / 12},{LAP})':y=428[b]",
            "[b][walker]overlay=x='700+150*sin(2*PI*t/24)':y='520+60*cos(2*PI*t/24)'[c]",
            "[c]crop=1280:720:x='100+90*sin(2*PI*t/24)':y='90+80*cos(2*PI*t/24)'[d]",
            "[d][clock]overlay=x=960:y=20,format=yuv420p[out]",
        ]
    )


def _boxes(boxes: list[str]) -> str:
    return ",".join(f"drawbox={box}:t=fill" for box in boxes)
