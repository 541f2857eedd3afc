"""The calls of ffmpeg and ffprobe. Inputs are read by a named demuxer over the file protocol only."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from evidence.sandbox import Deadline, ProgramFailed, run

_DEMUXERS = {".webm": "matroska", ".mkv": "matroska", ".mp4": "mov", ".opus": "ogg", ".txt": "concat"}
_PICTURES = {".jpeg": "jpeg_pipe", ".png": "png_pipe", ".webp": "webp_pipe"}
_QUIET = ["-nostdin", "-hide_banner", "-loglevel", "error", "-y"]
X264 = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "24", "-pix_fmt", "yuv420p", "-profile:v", "high"]
_SEEKABLE = [
    "-force_key_frames",
    "expr:gte(t,n_forced*2)",
    "-fps_mode",
    "vfr",
    "-video_track_timescale",
    "90000",
]
AAC = ["-c:a", "aac", "-b:a", "96k", "-ar", "48000", "-ac", "2"]

MOST_DECODED_PIXELS = 64_000_000
"""A decoder that is asked for a larger frame refuses, whatever the file said of itself at its beginning."""

SEAM_MS = 40
"""What lies between two joined clips: a last frame has no length, and two frames may not coincide."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A file in the workshop and what must be equal for two of them to be joined by copying."""

    name: str
    codec: str
    width: int
    height: int
    parameters: str
    has_sound: bool
    duration_ms: int

    def fits(self, other: "Clip") -> bool:
        """Whether a player can go on from `other` into this one without a new set-up of its decoder."""
        # VP8 carries its size in every key frame; for the others the container's parameters rule.
        is_same_size = self.codec == "vp8" or (self.width, self.height) == (other.width, other.height)
        return is_same_size and (self.codec, self.parameters, self.has_sound) == (
            other.codec,
            other.parameters,
            other.has_sound,
        )


def probe(name: str, workshop: Path, deadline: Deadline) -> Clip:
    """Read what `name` is; raises ProgramFailed when there is no picture in it."""
    command = ["ffprobe", "-v", "error", *reading(name), "-show_streams", "-show_format"]
    said = run([*command, "-show_data_hash", "sha256", "-of", "json"], workshop=workshop, deadline=deadline)
    facts = json.loads(said.stdout)
    video = next((s for s in facts["streams"] if s["codec_type"] == "video"), None)
    duration = float(facts["format"].get("duration", 0))
    if video is None or duration <= 0:
        raise ProgramFailed(f"{name} holds no picture")
    width, height = int(video.get("width", 0)), int(video.get("height", 0))
    if "codec_name" not in video or min(width, height) < 1:
        raise ProgramFailed(f"{name} holds a picture that nobody can decode")
    if _is_turned(video):
        width, height = height, width
    return Clip(
        name=name,
        codec=str(video["codec_name"]),
        width=width,
        height=height,
        parameters=str(video.get("extradata_hash", "")),
        has_sound=any(s["codec_type"] == "audio" for s in facts["streams"]),
        duration_ms=round(duration * 1000),
    )


def _is_turned(video: dict[str, Any]) -> bool:
    """Whether a phone was held upright: the picture is shown turned by a quarter."""
    turns = [side.get("rotation", 0) for side in video.get("side_data_list", [])]
    return any(round(float(turn)) % 180 == 90 for turn in turns)


def mux(picture: str, sound: str, lag: float, out: str, workshop: Path, deadline: Deadline) -> Clip:
    """Put picture and sound together; the picture began `lag` seconds after the sound (may be negative)."""
    late = ["-itsoffset", f"{abs(lag):.6f}"]
    inputs = [*(late if lag > 0 else []), *reading(picture), *(late if lag < 0 else []), *reading(sound)]
    maps = ["-map", "0:v:0", "-map", "1:a:0", "-c", "copy", "-avoid_negative_ts", "make_zero"]
    encode([*inputs, *maps, out], workshop, deadline)
    return probe(out, workshop, deadline)


def join(clips: Sequence[Clip], out: str, workshop: Path, deadline: Deadline) -> Clip:
    """Join clips that fit one another by copying, with the index at the front for players that seek."""
    listing = write_list(((clip.name, (clip.duration_ms + SEAM_MS) / 1000) for clip in clips), workshop)
    flags = ["-movflags", "+faststart"] if out.endswith(".mp4") else ["-cues_to_front", "1"]
    encode([*reading(listing), "-map", "0", "-c", "copy", *flags, out], workshop, deadline)
    return probe(out, workshop, deadline)


def show_in_turn(
    pictures: Sequence[tuple[str, int]], size: tuple[int, int], workshop: Path, deadline: Deadline
) -> Clip:
    """Make one film, "playable.mp4", of JPEG pictures (name, ms to be shown), all in one even `size`."""
    out, last = "playable.mp4", pictures[-1]
    # The last one is named again, as one more frame at the end: without it, its time would be lost.
    listing = write_list(((name, ms / 1000) for name, ms in [*pictures, last]), workshop)
    source = ["-f", "concat", "-i", listing]
    limits = ["-protocol_whitelist", "file", "-format_whitelist", "concat,image2,jpeg_pipe"]
    limits += ["-max_pixels", str(MOST_DECODED_PIXELS)]
    film = ["-vf", fit(size), *X264, *_SEEKABLE, "-movflags", "+faststart"]
    encode([*limits, *source, "-map", "0:v:0", *film, out], workshop, deadline)
    return probe(out, workshop, deadline)


def write_list(clips: Iterable[tuple[str, float]], workshop: Path) -> str:
    """Write the concat demuxer's list of files (name, seconds); returns its name."""
    lines = (f"file {name}\nduration {round(seconds, 6)}\n" for name, seconds in clips)
    return write_text("".join(lines), "join.txt", workshop)


def write_text(text: str, name: str, workshop: Path) -> str:
    """Write a file that programs in the workshop may read; returns its name."""
    path = workshop / name
    # Made anew: a hostile program may have left a link of this name to a file of the worker's.
    path.unlink(missing_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
        os.fchmod(file.fileno(), 0o644)
    return name


def fit(size: tuple[int, int]) -> str:
    """Return the filters that fit any picture into `size`."""
    width, height = size
    scale = f"scale={width}:{height}:force_original_aspect_ratio=decrease"
    return f"{scale},pad={width}:{height}:(ow-iw)/2:(oh-ih)/2,setsar=1"


def is_clean(clip: Clip, workshop: Path, deadline: Deadline) -> bool:
    """Whether every frame decodes without a complaint."""
    command = [_program(), "-nostdin", "-v", "error", *reading(clip.name), "-f", "null", "-"]
    return not run(command, workshop=workshop, deadline=deadline).stderr.strip()


def reencode_all(clips: Sequence[Clip], workshop: Path, deadline: Deadline) -> list[Clip]:
    """Decode with concealment and encode anew, all to one size and, if any has sound, all with sound."""
    width = max(clip.width + clip.width % 2 for clip in clips)
    height = max(clip.height + clip.height % 2 for clip in clips)
    with_sound = any(clip.has_sound for clip in clips)
    return [_reencode(clip, (width, height), with_sound, workshop, deadline) for clip in clips]


def cut_picture(clip: Clip, at: float, width: int | None, out: str, workshop: Path, deadline: Deadline) -> None:
    """Write the frame at `at` seconds as JPEG, scaled to `width` pixels unless None."""
    # JPEG is full range; a picture that says it is not (browsers' often do) would be refused by the encoder.
    scale = f"scale={width or 'iw'}:{-2 if width else 'ih'}:out_range=full,format=yuvj420p"
    arguments = ["-ss", f"{at:.3f}", *reading(clip.name), "-frames:v", "1", "-vf", scale, "-q:v", "4", "-f", "mjpeg"]
    encode([*arguments, out], workshop, deadline)


def redraw(name: str, out: str, small: str, small_width: int, workshop: Path, deadline: Deadline) -> None:
    """Decode one picture and write it anew, upright and without metadata, as JPEG: whole, and `small_width` wide."""
    full = "out_range=full,format=yuvj420p"
    graph = f"[0:v:0]scale=iw:ih:{full},split[a][b];[b]scale={small_width}:-2:{full}[c]"
    jpeg = ["-frames:v", "1", "-map_metadata", "-1", "-f", "mjpeg"]
    demuxer = _PICTURES[Path(name).suffix]
    limits = ["-protocol_whitelist", "file", "-format_whitelist", demuxer, "-max_pixels", str(MOST_DECODED_PIXELS)]
    outputs = ["-map", "[a]", "-q:v", "3", *jpeg, out, "-map", "[c]", "-q:v", "5", *jpeg, small]
    encode([*limits, "-f", demuxer, "-i", name, "-filter_complex", graph, *outputs], workshop, deadline)


def _reencode(clip: Clip, size: tuple[int, int], with_sound: bool, workshop: Path, deadline: Deadline) -> Clip:
    sound_input, sound = [], []
    if with_sound and clip.has_sound:
        sound = ["-map", "0:a:0", "-af", "aresample=async=1", *AAC]
    elif with_sound:
        sound_input = ["-f", "lavfi", "-i", "anullsrc=r=48000:cl=stereo"]
        sound = ["-map", "1:a:0", *AAC, "-t", f"{clip.duration_ms / 1000:.3f}"]
    out = f"{Path(clip.name).stem}.anew.mp4"
    picture = ["-map", "0:v:0", "-vf", fit(size), *X264, *_SEEKABLE]
    encode([*reading(clip.name), *sound_input, *picture, *sound, out], workshop, deadline)
    return probe(out, workshop, deadline)


def encode(
    arguments: Sequence[str], workshop: Path, deadline: Deadline, environment: Mapping[str, str] | None = None
) -> None:
    """Run ffmpeg with `arguments`, which name what they read by `reading`. Raises as `sandbox.run`."""
    run([_program(), *_QUIET, *arguments], workshop=workshop, deadline=deadline, environment=environment)


def _program() -> str:
    """Return the ffmpeg to run; the sandbox's user must be able to execute it."""
    return str(settings.FFMPEG)


def reading(name: str) -> list[str]:
    """Return the options that read `name` as what it is supposed to be and let it refer to nothing else."""
    demuxer = _DEMUXERS[Path(name).suffix]
    allowed = "concat,matroska,webm,mov,mp4,ogg" if demuxer == "concat" else demuxer
    return [
        "-protocol_whitelist",
        "file",
        "-format_whitelist",
        _whitelist(allowed),
        "-f",
        demuxer,
        "-i",
        name,
    ]


def _whitelist(names: str) -> str:
    """Expand to the demuxers' full names, which is what the whitelist compares with."""
    full = {"matroska": "matroska,webm", "mov": "mov,mp4,m4a,3gp,3g2,mj2"}
    return ",".join(full.get(name, name) for name in names.split(","))
