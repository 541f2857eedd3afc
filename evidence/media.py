"""From recorded tracks to one file that a browser plays, with a poster and thumbnails.

Copied when the copy decodes without a complaint, re-encoded when not: a copy with lost packets stops a
browser's player within a second, although ffmpeg decodes it with concealment. Nothing here touches the
database; every program runs in `evidence.sandbox`, and every file is named relative to the workshop.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from evidence import encoding
from evidence.encoding import Clip
from evidence.mjr import VIDEO_CONTAINERS, NotARecording, Track, read_track
from evidence.sandbox import Deadline, ProgramFailed, open_workshop, run

_THUMBNAILS = 6


class NoPicture(Exception):
    """There is no video with at least one packet among the files."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch between on and off: a picture, and the sound that ran with it."""

    video: Track
    audio: Track | None

    @property
    def started_at(self) -> datetime:
        """When the first packet of the picture came in."""
        return datetime.fromtimestamp(self.video.first_us / 1e6, UTC)


@dataclass(frozen=True, slots=True)
class Playable:
    """The result: absolute paths, the true length, and where on the wall clock each segment began.

    `segments` lists {started_at: ISO 8601, offset_ms, duration_ms}; `offset_ms` is the place in the playable
    file.
    """

    file: Path
    media_type: str
    duration_ms: int
    segments: list[dict[str, Any]]
    poster: Path
    thumbnails: tuple[Path, ...]
    is_reencoded: bool
    is_whole: bool = True
    """Whether every segment is in it."""


def find_segments(files: Sequence[Path]) -> list[Segment]:
    """Pair pictures with their sound by time; empty files are passed over. Raises NoPicture."""
    tracks = sorted((track for path in files if (track := _read(path))), key=lambda track: track.first_us)
    videos = [track for track in tracks if track.medium == "video" and track.codec in VIDEO_CONTAINERS]
    if not videos:
        raise NoPicture("no picture was recorded")
    sounds = [track for track in tracks if track.medium == "audio" and track.codec == "opus"]
    return [Segment(video, _sound_of(video, videos, sounds)) for video in videos]


def make_playable(files: Sequence[Path], workshop: Path, deadline: Deadline) -> Playable:
    """Make the playable file of all `files` (.mjr, .mjr.part) of one recording in `workshop`, emptied first.

    A segment of which nothing can be decoded, as of a stream that was cut after its first packets, must not cost the
    others: it is left out, and its original is still evidence.

    Raises NoPicture, sandbox.ProgramFailed, sandbox.SandboxUnavailable.
    """
    found = find_segments(files)
    open_workshop(workshop)
    segments, clips = _extract_all(found, workshop, deadline)
    whole = _copy_if_clean(clips, workshop, deadline)
    is_reencoded = whole is None
    if whole is None:
        clips = encoding.reencode_all(clips, workshop, deadline)
        whole = encoding.join(clips, "playable.mp4", workshop, deadline)
    poster, thumbnails = cut_pictures(whole, workshop, deadline)
    return Playable(
        file=workshop / whole.name,
        media_type="video/webm" if whole.name.endswith(".webm") else "video/mp4",
        duration_ms=whole.duration_ms,
        segments=_timeline(segments, clips),
        poster=poster,
        thumbnails=thumbnails,
        is_reencoded=is_reencoded,
        is_whole=len(segments) == len(found),
    )


def _read(path: Path) -> Track | None:
    try:
        return read_track(path)
    except NotARecording:
        return None


def _sound_of(video: Track, videos: Sequence[Track], sounds: Sequence[Track]) -> Track | None:
    """The sound that ran longest with `video` and with no other picture longer."""
    mine = [s for s in sounds if s.overlap_us(video) and video == max(videos, key=s.overlap_us)]
    return max(mine, key=video.overlap_us, default=None)


def _extract_all(found: Sequence[Segment], workshop: Path, deadline: Deadline) -> tuple[list[Segment], list[Clip]]:
    """Unpack the segments that can be; raises what the last one did where none can."""
    segments, clips = [], []
    for index, segment in enumerate(found):
        try:
            clips.append(_extract(segment, index, workshop, deadline))
        except ProgramFailed:
            deadline.left()
            if index == len(found) - 1 and not clips:
                raise
        else:
            segments.append(segment)
    return segments, clips


def _extract(segment: Segment, index: int, workshop: Path, deadline: Deadline) -> Clip:
    """Unpack one segment's tracks and put them into one container, without re-encoding."""
    picture = unpack(segment.video, f"{index}.v.{VIDEO_CONTAINERS[segment.video.codec]}", workshop, deadline)
    sound = _unpack_sound(segment.audio, f"{index}.a.opus", workshop, deadline)
    if sound is None or segment.audio is None:
        return encoding.probe(picture, workshop, deadline)
    lag = (segment.video.first_us - segment.audio.first_us) / 1e6
    return encoding.mux(picture, sound, lag, f"{index}.av{Path(picture).suffix}", workshop, deadline)


def unpack(track: Track, name: str, workshop: Path, deadline: Deadline) -> str:
    """Have the media server's own tool write the track into the container that `name` ends in."""
    source = f"{Path(name).stem}.mjr"
    # Linked, so that the sandbox needs no way to the original's directory and meets no name from outside.
    (workshop / source).hardlink_to(track.path)
    run(["janus-pp-rec", "--disable-colors", source, name], workshop=workshop, deadline=deadline)
    if not (workshop / name).exists():
        raise ProgramFailed(f"janus-pp-rec wrote nothing for {track.path.name}")
    return name


def _unpack_sound(track: Track | None, name: str, workshop: Path, deadline: Deadline) -> str | None:
    """Unpack the sound if there is any; sound that cannot be read must not cost the picture."""
    if track is None:
        return None
    try:
        return unpack(track, name, workshop, deadline)
    except ProgramFailed:
        deadline.left()
        return None


def _copy_if_clean(clips: Sequence[Clip], workshop: Path, deadline: Deadline) -> Clip | None:
    """Join the clips by copying; None when they do not fit one another or do not decode cleanly."""
    first = clips[0]
    if any(not clip.fits(first) for clip in clips):
        return None
    try:
        whole = encoding.join(clips, f"copied{Path(first.name).suffix}", workshop, deadline)
        return whole if encoding.is_clean(whole, workshop, deadline) else None
    except ProgramFailed:
        deadline.left()
        return None


def cut_pictures(whole: Clip, workshop: Path, deadline: Deadline) -> tuple[Path, tuple[Path, ...]]:
    """Cut a poster of full size and a few small pictures at even distances."""
    encoding.cut_picture(whole, min(1.0, whole.duration_ms / 4000), None, "poster.jpg", workshop, deadline)
    step = whole.duration_ms / 1000 / _THUMBNAILS
    names = [f"thumbnail-{index}.jpg" for index in range(_THUMBNAILS)]
    for index, name in enumerate(names):
        encoding.cut_picture(whole, step * index, 320, name, workshop, deadline)
    made = tuple(workshop / name for name in names if (workshop / name).exists())
    return workshop / "poster.jpg", made


def _timeline(segments: Sequence[Segment], clips: Sequence[Clip]) -> list[dict[str, Any]]:
    """Say for each segment when it began and where it lies in the playable file."""
    rows, offset = [], 0
    for segment, clip in zip(segments, clips, strict=True):
        started_at = segment.started_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        rows.append({"started_at": started_at, "offset_ms": offset, "duration_ms": clip.duration_ms})
        offset += clip.duration_ms + encoding.SEAM_MS
    return rows
