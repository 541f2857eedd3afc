"""Sealing one item: claim, work outside any transaction, outcome. Killed anywhere, the sweep goes on.

Originals are stored and hashed before anything is made from them, so that a recording nothing can play is
still evidence. The media server's copies go only when the outcome is committed.
"""

import logging
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Event, Thread
from typing import Any
from uuid import UUID

from django.db import DatabaseError

from evidence import composing, gathering, media, sequences, storage, uploads
from evidence.media import Playable
from evidence.models import FileRole, ItemKind
from evidence.sandbox import Deadline, ProgramFailed, SandboxUnavailable
from evidence.selectors import find_leftover
from evidence.services import intake
from evidence.services import sequences as gathered
from evidence.services.intake import SealJob
from evidence.storage import StoredFile
from forces.actors import Actor
from forces.context import ForceRef, in_force

Clock = Callable[[], datetime]
RENEW_S = 30.0
_ACTOR = Actor.system("sealing")
_EXPECTED = (
    media.NoPicture,
    ProgramFailed,
    SandboxUnavailable,
    storage.RecordingStillOpen,
    OSError,
    ValueError,
)
log = logging.getLogger(__name__)


class Overtaken(Exception):
    """Another attempt has taken the item; this one's work is worth nothing."""


def seal(force: ForceRef, item_id: UUID, clock: Clock) -> None:
    """Seal the item if it is due, and tidy up after sealing."""
    job = in_force(force, lambda: intake.claim_item(actor=_ACTOR, now=clock(), item_id=item_id))
    if job is not None:
        try:
            with _claim_kept(force, job, clock):
                _work(force, job, clock)
        except Overtaken:
            return
        except _EXPECTED as error:
            log.warning("sealing failed", extra={"item": str(item_id), "cause": type(error).__name__})
            _note_failed(force, job, clock, error)
        finally:
            shutil.rmtree(storage.workshop(force.schema, item_id), ignore_errors=True)
    _tidy(force, item_id)


@contextmanager
def _claim_kept(force: ForceRef, job: SealJob, clock: Clock) -> Iterator[None]:
    """Renew the claim from a thread for as long as the work goes on: encoding may take hours."""
    is_over = Event()

    def renew() -> None:
        while not is_over.wait(RENEW_S):
            try:
                in_force(force, lambda: intake.renew_claim(now=clock(), job=job))
            except DatabaseError:
                log.exception("claim not renewed", extra={"item": str(job.item_id)})

    thread = Thread(target=renew, name="claim", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def _work(force: ForceRef, job: SealJob, clock: Clock) -> None:
    """Store originals, make the playable file of them, store that, commit."""
    if job.kind == ItemKind.UPLOAD:
        _check_upload(force, job, clock)
    elif job.kind == ItemKind.SEQUENCE:
        _seal_sequence(force, job, clock)
    else:
        _seal_tracks(force, job, clock)


def _seal_tracks(force: ForceRef, job: SealJob, clock: Clock) -> None:
    """Store the tracks of a recording or a call, make the film of them, store that, commit."""
    deadline = Deadline.after(job.time_limit.total_seconds())
    names = _keep_originals(force, job)
    directory = storage.item_directory(force.schema, job.item_id)
    originals = [directory / name for name in names]
    workshop = storage.workshop(force.schema, job.item_id)
    if job.kind == ItemKind.CALL:
        playable, size = composing.compose(originals, job.cast, job.gaps, workshop, deadline), composing.SIZE
    else:
        playable, size = media.make_playable(originals, workshop, deadline), None
    if not playable.is_whole:
        in_force(force, lambda: gathered.note_incomplete(job=job))
    files = _keep_made(force, job, playable)
    _commit(force, job, clock, files, duration_ms=playable.duration_ms, segments=playable.segments, size=size)


def _check_upload(force: ForceRef, job: SealJob, clock: Clock) -> None:
    try:
        found = uploads.check(force, job)
    except uploads.UploadRefused as refusal:
        code = str(refusal)
        in_force(force, lambda: intake.note_refused(actor=_ACTOR, job=job, code=code))
        return
    if found is None:
        raise Overtaken
    files, checked = found
    size = (checked.width, checked.height)
    _commit(force, job, clock, files, duration_ms=checked.duration_ms, segments=[], size=size)


def _seal_sequence(force: ForceRef, job: SealJob, clock: Clock) -> None:
    """Store the archive of a sequence's pictures, make the film that shows them, store that, commit."""
    deadline = Deadline.after(job.time_limit.total_seconds())
    workshop = storage.workshop(force.schema, job.item_id)
    found = in_force(force, lambda: gathered.list_pictures(item_id=job.item_id))
    packed = sequences.pack(force.schema, job.item_id, found, workshop)
    if not packed.is_complete:
        in_force(force, lambda: gathered.note_incomplete(job=job))
    original = _keep(force, job, packed.file, packed.file.name, FileRole.ORIGINAL, "application/zip")
    if in_force(force, lambda: intake.note_originals(job=job, files=[original])) is None:
        raise Overtaken
    film, clip = sequences.make_film(force.schema, found, workshop, deadline)
    files, size = _keep_made(force, job, film), (clip.width, clip.height)
    _commit(force, job, clock, files, duration_ms=film.duration_ms, segments=film.segments, size=size)


def _commit(force: ForceRef, job: SealJob, clock: Clock, files: list[StoredFile], **made: Any) -> None:
    """Write down that the item is sealed with these files; `made` is what `intake.note_sealed` takes of them."""
    if not in_force(force, lambda: intake.note_sealed(actor=_ACTOR, now=clock(), job=job, files=files, **made)):
        raise Overtaken


def _keep_originals(force: ForceRef, job: SealJob) -> list[str]:
    """Store what the media server recorded; returns the names of all originals, also of earlier attempts."""
    sources = []
    if job.replaces is not None:
        sources = storage.kept_tracks(force.schema, job.replaces, job.stream_ids)
    elif job.source_directory and job.stream_ids:
        sources = storage.source_files(job.source_directory, job.stream_ids)
    files = [
        _keep(force, job, source, storage.original_name(source), FileRole.ORIGINAL, "application/octet-stream")
        for source in sources
    ]
    names = in_force(force, lambda: intake.note_originals(job=job, files=files))
    if names is None:
        raise Overtaken
    return names


def _keep_made(force: ForceRef, job: SealJob, playable: Playable) -> list[StoredFile]:
    """Store what was made; the attempt's number in the names keeps a late worker from writing over them."""
    ending = f".{job.attempt}{playable.file.suffix}"
    made = [_keep(force, job, playable.file, f"playable{ending}", FileRole.PLAYABLE, playable.media_type)]
    pictures: Sequence[tuple[Path, FileRole]] = [
        (playable.poster, FileRole.POSTER),
        *((path, FileRole.THUMBNAIL) for path in playable.thumbnails),
    ]
    for path, role in pictures:
        made.append(_keep(force, job, path, f"{path.stem}.{job.attempt}.jpg", role, "image/jpeg"))
    return made


def _keep(force: ForceRef, job: SealJob, path: Path, name: str, role: FileRole, media_type: str) -> StoredFile:
    return storage.keep(path, force.schema, job.item_id, name, role=role.value, media_type=media_type)


def _note_failed(force: ForceRef, job: SealJob, clock: Clock, error: Exception) -> None:
    in_force(force, lambda: intake.note_failed(actor=_ACTOR, now=clock(), job=job, error=error))


def _tidy(force: ForceRef, item_id: UUID) -> None:
    """Once an item is sealed or given up, remove what is not part of it. May be repeated."""
    leftover = in_force(force, lambda: find_leftover(item_id))
    if leftover is None:
        return
    storage.keep_only(force.schema, item_id, leftover.names)
    if leftover.stream_ids:
        storage.erase_sources(leftover.source_directory, leftover.stream_ids)
    gathering.erase(force.schema, leftover.pictures)
    in_force(force, lambda: intake.note_sources_erased(item_id=item_id))
