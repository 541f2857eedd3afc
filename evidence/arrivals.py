"""Files on their way in, piece by piece. How much of one has arrived is its size on disk, and nothing else says so.

A piece is checked whole before its first byte is written, so that what is on disk is right up to its end, wherever a
process is killed. The lock is the file's own: it ends with the process that held it.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import hashlib
import os
import time
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from django.conf import settings

from evidence import storage
from evidence.errors import NoRoom, OffsetMismatch, PieceDamaged, UploadBusy
from evidence.models import FileRole
from evidence.stills import require_room
from evidence.storage import StoredFile

_ARRIVING = ".arriving"
_ABANDONED_S = 3_600.0
_LIBC = ctypes.CDLL(None, use_errno=True)
_KEEP_SIZE = 1
_ALGORITHMS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}
CHECKSUMS = tuple(_ALGORITHMS)


def arrival_path(schema: str, upload_id: UUID) -> Path:
    """Return where a file lies until it is whole."""
    return Path(settings.EVIDENCE_DIR) / schema / _ARRIVING / str(upload_id)


def reserve(schema: str, upload_id: UUID, whole_bytes: int) -> None:
    """Take the room of a whole file on the disk before anything of it comes; nothing counts as arrived by that.

    So the disk itself counts what was promised, to whichever force and by whichever process; the room is free again
    when the file is discarded. Where a file system cannot do it, only the rows count. Raises NoRoom.
    """
    require_room(whole_bytes)
    path = arrival_path(schema, upload_id)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        _allocate(handle, whole_bytes)
        require_room(0)  # others have taken room meanwhile
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    finally:
        os.close(handle)


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


def _allocate(handle: int, size: int) -> None:
    """Allocate blocks without a change of the file's size, which Python's own call does not offer (fallocate(2))."""
    if _LIBC.fallocate(handle, _KEEP_SIZE, ctypes.c_longlong(0), ctypes.c_longlong(size)) == 0:
        return
    error = ctypes.get_errno()
    if error == errno.ENOSPC:
        raise NoRoom
    if error not in (errno.EOPNOTSUPP, errno.ENOSYS):
        raise OSError(error, os.strerror(error))


def find_abandoned(schema: str) -> list[UUID]:
    """List files that nobody has added to for an hour: whether anybody still may, the rows say."""
    directory = Path(settings.EVIDENCE_DIR) / schema / _ARRIVING
    before = time.time() - _ABANDONED_S
    paths = directory.iterdir() if directory.is_dir() else ()
    return [UUID(path.name) for path in paths if path.stat().st_mtime < before]
