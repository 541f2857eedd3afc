"""Files on their way in, piece by piece. How much of one has arrived is its size on disk, and nothing else says so.

A piece is checked whole before its first byte is written, so that what is on disk is right up to its end, wherever a
process is killed. The lock is the file's own: it ends with the process that held it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from django.conf import settings

from evidence import storage
from evidence.errors import OffsetMismatch, PieceDamaged, UploadBusy
from evidence.models import FileRole
from evidence.storage import StoredFile

_ARRIVING = ".arriving"
_ABANDONED_S = 3_600.0
_ALGORITHMS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}
CHECKSUMS = tuple(_ALGORITHMS)


def arrival_path(schema: str, upload_id: UUID) -> Path:
    """Return where a file lies until it is whole."""
    return Path(settings.EVIDENCE_DIR) / schema / _ARRIVING / str(upload_id)


def arrived_bytes(schema: str, upload_id: UUID) -> int:
    """Return how much of a file has arrived."""
    try:
        return arrival_path(schema, upload_id).stat().st_size
    except FileNotFoundError:
        return 0


def add_piece(schema: str, upload_id: UUID, offset: int, piece: bytes, most: int) -> int:
    """Append `piece`, which begins at `offset`, durably; returns the file's new size, never above `most`.

    Raises UploadBusy while another request writes, OffsetMismatch when the file ends elsewhere or would be too long.
    """
    path = arrival_path(schema, upload_id)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600), "r+b", buffering=0) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise UploadBusy from error
        size = os.fstat(file.fileno()).st_size
        if size != offset or offset + len(piece) > most:
            raise OffsetMismatch(details={"offset": size})
        file.seek(offset)
        view = memoryview(piece)
        while view:
            view = view[file.write(view) :]
        os.fsync(file.fileno())
        return offset + len(piece)


def check_piece(piece: bytes, algorithm: str, digest: bytes) -> None:
    """Raise PieceDamaged unless `piece` has that digest; an algorithm that nobody knows counts as damage."""
    known = _ALGORITHMS.get(algorithm)
    if known is None or known(piece).digest() != digest:
        raise PieceDamaged


def adopt(schema: str, item_id: UUID) -> StoredFile:
    """Make a whole file the original of its item, which has the upload's id. May be repeated after a crash.

    Raises FileNotFoundError when neither is there.
    """
    directory = storage.item_directory(schema, item_id)
    target, source = directory / "original", arrival_path(schema, item_id)
    if not target.exists():
        directory.mkdir(parents=True, exist_ok=True)
        for level in (directory, directory.parent):
            level.chmod(0o711)
        source.chmod(0o444)
        source.replace(target)
        storage.sync_directory(directory)
    digest = hashlib.sha256()
    with target.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    size = target.stat().st_size
    return StoredFile(FileRole.ORIGINAL.value, "original", digest.hexdigest(), size, "application/octet-stream")


def discard(schema: str, upload_ids: Iterable[UUID]) -> None:
    """Remove what has arrived of files that will not be whole; what is gone already is no error."""
    for upload_id in upload_ids:
        arrival_path(schema, upload_id).unlink(missing_ok=True)


def find_abandoned(schema: str) -> list[UUID]:
    """List files that nobody has added to for an hour: whether anybody still may, the rows say."""
    directory = Path(settings.EVIDENCE_DIR) / schema / _ARRIVING
    before = time.time() - _ABANDONED_S
    paths = directory.iterdir() if directory.is_dir() else ()
    return [UUID(path.name) for path in paths if path.stat().st_mtime < before]
