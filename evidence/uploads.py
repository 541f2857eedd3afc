"""Checking an upload that is whole: what it is by its content alone, and the harmless copies that people are shown."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

from evidence import encoding, pictures, storage
from evidence.arrivals import adopt
from evidence.encoding import Clip
from evidence.errors import NotAPicture, TooManyPixels
from evidence.models import FileRole
from evidence.sandbox import Deadline, ProgramFailed, open_workshop
from evidence.services import intake
from evidence.services.intake import Checked, SealJob
from evidence.storage import StoredFile
from forces.context import ForceRef, in_force

LONGEST_SIDE = 1_280
LONGEST_MS = 4 * 3_600_000
_MOST_PICTURE_BYTES = 60_000_000
_EBML = b"\x1aE\xdf\xa3"


class UploadRefused(Exception):
    """The file is of no kind that is taken, or damaged; the text is a code. The original is kept."""


@dataclass(frozen=True, slots=True)
class _Made:
    path: Path
    name: str
    role: FileRole
    media_type: str


def check(force: ForceRef, job: SealJob) -> tuple[list[StoredFile], Checked] | None:
    """Adopt the original, and make what is shown of it; None when the attempt was overtaken.

    Raises UploadRefused, sandbox.SandboxUnavailable, sandbox.DeadlinePassed, OSError.
    """
    deadline = Deadline.after(job.time_limit.total_seconds())
    original = adopt(force.schema, job.item_id)
    if in_force(force, lambda: intake.note_originals(job=job, files=[original])) is None:
        return None
    source = storage.item_directory(force.schema, job.item_id) / original.name
    workshop = storage.workshop(force.schema, job.item_id)
    try:
        made, checked = _make(source, workshop, deadline)
    except (NotAPicture, ProgramFailed) as error:
        deadline.left()
        raise UploadRefused("type_refused") from error
    except TooManyPixels as error:
        raise UploadRefused("too_many_pixels") from error
    files = [
        storage.keep(
            one.path,
            force.schema,
            job.item_id,
            f"{Path(one.name).stem}.{job.attempt}{Path(one.name).suffix}",
            role=one.role.value,
            media_type=one.media_type,
        )
        for one in made
    ]
    return files, checked


def _make(source: Path, workshop: Path, deadline: Deadline) -> tuple[list[_Made], Checked]:
    with source.open("rb") as file:
        head = file.read(32)
    if head[4:8] == b"ftyp" or head[:4] == _EBML:
        return _make_film(source, "film.mp4" if head[4:8] == b"ftyp" else "film.mkv", workshop, deadline)
    if source.stat().st_size > _MOST_PICTURE_BYTES:
        raise NotAPicture("larger than pictures are")
    shown = pictures.make_shown(source.read_bytes(), workshop, deadline)
    made = [
        _Made(shown.picture, "picture.jpg", FileRole.PICTURE, "image/jpeg"),
        _Made(shown.thumbnail, "thumbnail.jpg", FileRole.THUMBNAIL, "image/jpeg"),
    ]
    return made, Checked("picture", None, shown.shape.width, shown.shape.height)


def _make_film(source: Path, name: str, workshop: Path, deadline: Deadline) -> tuple[list[_Made], Checked]:
    open_workshop(workshop)
    # Linked: the sandbox needs no way to the original's directory, and meets no name from outside.
    (workshop / name).hardlink_to(source)
    clip = encoding.probe(name, workshop, deadline)
    if clip.width * clip.height > pictures.MOST_PIXELS:
        raise TooManyPixels(f"{clip.width} x {clip.height}")
    if clip.duration_ms > LONGEST_MS:
        raise UploadRefused("too_long")
    whole = encoding.join(
        encoding.reencode_all([_fitted(clip)], workshop, deadline), "playable.mp4", workshop, deadline
    )
    at = min(1.0, whole.duration_ms / 4000)
    encoding.cut_picture(whole, at, None, "poster.jpg", workshop, deadline)
    encoding.cut_picture(whole, at, pictures.THUMBNAIL_WIDTH, "thumbnail.jpg", workshop, deadline)
    made = [
        _Made(workshop / whole.name, "playable.mp4", FileRole.PLAYABLE, "video/mp4"),
        _Made(workshop / "poster.jpg", "poster.jpg", FileRole.POSTER, "image/jpeg"),
        _Made(workshop / "thumbnail.jpg", "thumbnail.jpg", FileRole.THUMBNAIL, "image/jpeg"),
    ]
    return made, Checked("video", whole.duration_ms, clip.width, clip.height)


def _fitted(clip: Clip) -> Clip:
    """Return the clip with the size that it is shown in."""
    scale = min(1.0, LONGEST_SIDE / max(clip.width, clip.height))
    width, height = (max(2, round(side * scale / 2) * 2) for side in (clip.width, clip.height))
    return dataclasses.replace(clip, width=width, height=height)
