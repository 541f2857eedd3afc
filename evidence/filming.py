"""The calls of ffmpeg that make the film of a call: tracks in one form, stretches, cards, one sound of all, the whole.

Stretches and cards have equal parameters, so that they are joined by copying; their lengths are whole frames.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evidence import captions
from evidence.captions import Tile
from evidence.encoding import AAC, MOST_DECODED_PIXELS, X264, Clip, encode, fit, probe, reading, write_list, write_text
from evidence.grids import HEIGHT, WIDTH, Cell
from evidence.sandbox import Deadline, ProgramFailed
from evidence.stretches import FPS

PICTURE, SCREEN = (640, 360), (1_280, 720)
"""The size, pixels, in which a person's and a screen's pictures are kept until the film is made of them."""
_MOST_MIXED = 24
_GROUND, _TILE = "0x0b0f14", "0x1b2530"
_EDGE = 2
_FONTS = (
    '<?xml version="1.0"?>\n<fontconfig><dir>/usr/share/fonts/truetype</dir>'
    # By the way that needs no right on what lies above the workshop.
    "<cachedir>/proc/self/cwd/fonts</cachedir></fontconfig>\n"
)
_WITH_FONTS = {"FONTCONFIG_FILE": "/proc/self/cwd/fonts.conf"}
# One thread each: a dozen decoders with one for each core would not fit into a sandbox's memory.
_ONE_THREAD = ["-threads", "1"]
_STRETCH = [
    *X264,
    *["-threads", "4", "-force_key_frames", "expr:gte(t,n_forced*2)"],
    *["-fps_mode", "cfr", "-r", str(FPS), "-video_track_timescale", "90000"],
]


@dataclass(frozen=True, slots=True)
class Shown:
    """A tile of a stretch: `film` is the picture's file if it has one, `from_frame` where in it the stretch begins.

    A negative `from_frame` says how many frames into the stretch it begins.
    """

    tile: Tile
    film: str | None = None
    from_frame: int = 0


@dataclass(frozen=True, slots=True)
class Heard:
    """A sound and the milliseconds of the film at which it begins."""

    name: str
    at_ms: int


def lay_out_fonts(workshop: Path) -> None:
    """Say where fonts are, in the workshop: without a cache of its own each program would look through them all."""
    write_text(_FONTS, "fonts.conf", workshop)


def normalise(name: str, size: tuple[int, int], out: str, workshop: Path, deadline: Deadline) -> None:
    """Decode a picture with concealment and write it in one size and rate, from the first packet on."""
    source = [*_ONE_THREAD, "-max_pixels", str(MOST_DECODED_PIXELS), *reading(name)]
    coded = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-pix_fmt", "yuv420p", "-g", str(FPS), "-bf", "0"]
    # Frames before the first that can be decoded are filled up with it: places in the file are places in time.
    filters = f"fps={FPS}:start_time=0,{fit(size)}"
    encode([*source, "-map", "0:v:0", "-vf", filters, *coded, "-an", "-threads", "4", out], workshop, deadline)
    probe(out, workshop, deadline)


def require_sound(name: str, workshop: Path, deadline: Deadline) -> None:
    """Decode a sound once: one that nothing can be heard of must not cost the others. Raises ProgramFailed."""
    encode([*_ONE_THREAD, *reading(name), "-map", "0:a:0", "-f", "null", "-"], workshop, deadline)


def shoot(shown: Sequence[Shown], frames: int, name: str, workshop: Path, deadline: Deadline) -> str:
    """Film one stretch of so many frames, with the names over the pictures; returns the file's name."""
    words = write_text(captions.write_names(one.tile for one in shown), f"{name}.ass", workshop)
    films = [one for one in shown if one.film is not None]
    inputs = [option for one in films for option in _from(one, frames)]
    boxes = ",".join(["null", *(_box(one.tile.cell) for one in shown)])
    graph, last = [f"[0:v]{boxes}[v0]"], "v0"
    for number, one in enumerate(films, start=1):
        picture = one.tile.cell.fit()
        late = f"+{-one.from_frame}/{FPS}/TB" if one.from_frame < 0 else ""
        graph += [
            f"[{number}:v]setpts=PTS-STARTPTS{late},scale={picture.width}:{picture.height}[p{number}]",
            f"[{last}][p{number}]overlay={picture.x}:{picture.y}:eof_action=pass[v{number}]",
        ]
        last = f"v{number}"
    return _shoot([*graph, f"[{last}]ass={words}[out]"], inputs, frames, f"{name}.mp4", workshop, deadline)


def shoot_card(lines: Sequence[str], frames: int, name: str, workshop: Path, deadline: Deadline) -> str:
    """Film a card with these lines; returns the file's name."""
    words = write_text(captions.write_card(lines), f"{name}.ass", workshop)
    return _shoot([f"[0:v]ass={words}[out]"], [], frames, f"{name}.mp4", workshop, deadline)


def mix(sounds: Sequence[Heard], workshop: Path, deadline: Deadline) -> str | None:
    """Mix all sounds, each at its place, into one file; returns its name, or None when there is none."""
    rest = list(sounds)
    if not rest:
        return None
    number = 0
    # In groups: a command has an end, and so has a sandbox's memory.
    while len(rest) > _MOST_MIXED:
        group, rest = rest[:_MOST_MIXED], rest[_MOST_MIXED:]
        name = f"mixed-{number}.mkv"
        _mix(group, ["-c:a", "flac"], name, workshop, deadline)
        rest.append(Heard(name, 0))
        number += 1
    _mix(rest, AAC, "sound.mp4", workshop, deadline)
    return "sound.mp4"


def finish(pieces: Sequence[tuple[str, int]], sound: str | None, workshop: Path, deadline: Deadline) -> Clip:
    """Join pieces (name, frames) by copying, with the sound, into "playable.mp4", its index at the front."""
    listing = write_list(((name, frames / FPS) for name, frames in pieces), workshop)
    heard = [] if sound is None else reading(sound)
    maps = ["-map", "0:v:0", *([] if sound is None else ["-map", "1:a:0"])]
    copied = ["-c", "copy", "-movflags", "+faststart", "playable.mp4"]
    encode([*reading(listing), *heard, *maps, *copied], workshop, deadline)
    return probe("playable.mp4", workshop, deadline)


def _shoot(
    graph: Sequence[str], inputs: Sequence[str], frames: int, out: str, workshop: Path, deadline: Deadline
) -> str:
    ground = f"color=c={_GROUND}:s={WIDTH}x{HEIGHT}:r={FPS}:d={(frames + 1) / FPS:.6f}"
    source = ["-f", "lavfi", "-i", ground, *inputs, "-filter_complex_threads", "2"]
    film = ["-filter_complex", ";".join(graph), "-map", "[out]", "-frames:v", str(frames), *_STRETCH, "-an", out]
    encode([*source, *film], workshop, deadline, _WITH_FONTS)
    return out


def _from(one: Shown, frames: int) -> list[str]:
    """Return the options that read of a picture what belongs to the stretch."""
    if one.film is None:
        raise ProgramFailed("there is no picture to read")
    begin = f"{max(0, one.from_frame) / FPS:.6f}"
    return ["-ss", begin, "-t", f"{frames / FPS:.6f}", *_ONE_THREAD, *reading(one.film)]


def _box(cell: Cell) -> str:
    """Return the filter that draws an empty tile."""
    place = f"x={cell.x + _EDGE}:y={cell.y + _EDGE}:w={cell.width - 2 * _EDGE}:h={cell.height - 2 * _EDGE}"
    return f"drawbox={place}:color={_TILE}:t=fill"


def _mix(sounds: Sequence[Heard], coded: Sequence[str], out: str, workshop: Path, deadline: Deadline) -> None:
    inputs = [option for sound in sounds for option in (*_ONE_THREAD, *reading(sound.name))]
    even = "aresample=48000:async=1:first_pts=0,aformat=channel_layouts=stereo"
    placed = [f"[{number}:a]{even},adelay={sound.at_ms}:all=1[a{number}]" for number, sound in enumerate(sounds)]
    names = "".join(f"[a{number}]" for number in range(len(sounds)))
    whole = f"{names}amix=inputs={len(sounds)}:duration=longest:normalize=0,alimiter=limit=0.95:level=disabled[out]"
    graph = ";".join([*placed, whole])
    encode([*inputs, "-filter_complex", graph, "-map", "[out]", *coded, out], workshop, deadline)
