"""A still from the phone's bytes to stored files, outside of any transaction: hash, harmless copies, original."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from evidence import gathering, pictures, storage
from evidence.errors import NoRoom
from evidence.models import FileRole
from evidence.pictures import Shape
from evidence.sandbox import Deadline
from evidence.storage import StoredFile
from forces.refs import ForceRef

LEAST_ROOM_BYTES = 500_000_000
"""What stills and uploads leave free: recordings of what happens now come first."""
_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class StoredStill:
    """A still on disk; `files` is empty for one of the ladder's, which is no item of its own."""

    shape: Shape
    sha256: str
    bytes: int
    files: tuple[StoredFile, ...] = ()


def store_still(force: ForceRef, item_id: UUID, content: bytes) -> StoredStill:
    """Keep the original bit for bit in the item's directory, with a picture and a thumbnail made from it.

    Raises NoRoom, NotAPicture, TooManyPixels, sandbox.SandboxUnavailable, sandbox.DeadlinePassed.
    """
    require_room(len(content))
    workshop = storage.workshop(force.schema, item_id)
    try:
        shown = pictures.make_shown(content, workshop, Deadline.after(_SECONDS))
        original = workshop / "original"
        original.write_bytes(content)
        kind = shown.shape.kind
        kept = (
            (original, f"original.{kind}", FileRole.ORIGINAL, pictures.MEDIA_TYPES[kind]),
            (shown.picture, "picture.jpg", FileRole.PICTURE, "image/jpeg"),
            (shown.thumbnail, "thumbnail.jpg", FileRole.THUMBNAIL, "image/jpeg"),
        )
        files = tuple(
            storage.keep(path, force.schema, item_id, name, role=role.value, media_type=media_type)
            for path, name, role, media_type in kept
        )
    except BaseException:
        storage.erase_item_files(force.schema, item_id)
        raise
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
    return StoredStill(shown.shape, files[0].sha256, len(content), files)


def store_live(
    force: ForceRef, session_id: UUID, still_id: UUID, content: bytes, *, is_gathered: bool = False
) -> StoredStill:
    """Keep a harmless copy of a picture that stands for live video; `is_gathered`: its own bytes for a sequence, too.

    Raises as `store_still`.
    """
    require_room(len(content))
    workshop = storage.workshop(force.schema, still_id)
    try:
        shown = pictures.make_shown(content, workshop, Deadline.after(_SECONDS))
        if is_gathered:
            sent = workshop / "gathered"
            sent.write_bytes(content)
            gathering.keep(force.schema, still_id, sent=sent, shown=shown.picture)
        storage.keep_live(shown.picture, force.schema, session_id, live_name(still_id))
    except BaseException:
        gathering.erase(force.schema, [still_id])
        raise
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
    return StoredStill(shown.shape, hashlib.sha256(content).hexdigest(), len(content))


def live_name(still_id: UUID) -> str:
    """Return the file name of a picture that stands for live video."""
    return f"{still_id}.jpg"


def require_room(size: int) -> None:
    """Raise NoRoom unless `size` bytes leave what recordings need."""
    settings.EVIDENCE_DIR.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(settings.EVIDENCE_DIR).free - size < LEAST_ROOM_BYTES:
        raise NoRoom
