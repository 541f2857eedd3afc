"""Where sealed files lie (``EVIDENCE_DIR/<schema>/<item id>/<name>``) and what is still to be sealed.

Directories can be entered but not listed by others, files are read-only: nginx serves a file when it is told
the whole path, which holds the item's random id. Every write goes to a temporary name, is forced to disk and
renamed.
"""

import hashlib
import os
import shutil
import stat
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import UUID, uuid4

from django.conf import settings

_CHUNK = 1 << 20
_STILL_OPEN_S = 10.0
_NEW_S = 60.0
_TRACK = ".mjr"
_PART = ".part"
_LIVE = ".live"


class RecordingStillOpen(Exception):
    """The media server is still writing; sealing must wait."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file in an item's directory: `name` relative to it, `sha256` in hex, `bytes` its size."""

    role: str
    name: str
    sha256: str
    bytes: int
    media_type: str


def item_directory(schema: str, item_id: UUID) -> Path:
    """Return the directory of an item's files."""
    return Path(settings.EVIDENCE_DIR) / schema / str(item_id)


def live_directory(schema: str, session_id: UUID) -> Path:
    """Return the directory of the newest pictures that stand for a session's video; they are no evidence."""
    return Path(settings.EVIDENCE_DIR) / schema / _LIVE / str(session_id)


def live_path(session_id: UUID, name: str) -> str:
    """Return the path of such a picture within the force's evidence."""
    return f"{_LIVE}/{session_id}/{name}"


def erase_live(schema: str, session_id: UUID, names: Iterable[str]) -> None:
    """Remove such pictures; what is gone already is no error."""
    for name in names:
        (live_directory(schema, session_id) / name).unlink(missing_ok=True)


def find_live(schema: str) -> list[tuple[UUID, str]]:
    """List (session, file name) of such pictures that are older than a minute: whether they are news, the rows say."""
    before = time.time() - _NEW_S
    found = []
    for path in (Path(settings.EVIDENCE_DIR) / schema / _LIVE).glob("*/*"):
        try:
            if path.stat().st_mtime < before:
                found.append((UUID(path.parent.name), path.name))
        except FileNotFoundError:
            continue  # another picture took its place in this moment
    return found


def erase_all_live(schema: str, session_id: UUID) -> None:
    """Remove all such pictures of a session."""
    shutil.rmtree(live_directory(schema, session_id), ignore_errors=True)


def workshop(schema: str, item_id: UUID) -> Path:
    """Return the directory an item is worked on in, on the same file system as its files."""
    return Path(settings.EVIDENCE_DIR) / schema / ".work" / str(item_id)


def keep(source: Path, schema: str, item_id: UUID, name: str, *, role: str, media_type: str) -> StoredFile:
    """Copy `source` into the item's directory as `name`, durably, and hash what was written."""
    digest, size = _keep(source, item_directory(schema, item_id), name)
    return StoredFile(role, name, digest, size, media_type)


def keep_live(source: Path, schema: str, session_id: UUID, name: str) -> None:
    """Copy a picture that stands for live video to where it lies for as long as it is news."""
    _keep(source, live_directory(schema, session_id), name)


def keep_at(source: Path, target: Path) -> None:
    """Copy `source` to a path within the evidence, durably."""
    _keep(source, target.parent, target.name)


def _keep(source: Path, directory: Path, name: str) -> tuple[str, int]:
    """Copy `source` into `directory`, which others may enter and not list; returns SHA-256 and size."""
    directory.mkdir(parents=True, exist_ok=True)
    for level in (directory, *directory.parents):
        if level == Path(settings.EVIDENCE_DIR):
            break
        level.chmod(0o711)
    temporary = directory / f".{uuid4().hex}"
    try:
        digest, size = _copy(source, temporary)
        temporary.replace(directory / name)
    finally:
        temporary.unlink(missing_ok=True)
    sync_directory(directory)
    return digest, size


def keep_only(schema: str, item_id: UUID, names: Iterable[str]) -> None:
    """Remove everything from the item's directory but `names`: what attempts that came to nothing left."""
    wanted = set(names)
    directory = item_directory(schema, item_id)
    for path in directory.iterdir() if directory.is_dir() else ():
        if path.name not in wanted:
            path.unlink(missing_ok=True)


def erase_item_files(schema: str, item_id: UUID) -> None:
    """Remove an item's files and its workshop; what is gone already is no error."""
    for directory in (item_directory(schema, item_id), workshop(schema, item_id)):
        if directory.exists():
            shutil.rmtree(directory)
    if item_directory(schema, item_id).parent.is_dir():
        sync_directory(item_directory(schema, item_id).parent)


def source_files(directory: str, stream_ids: Collection[UUID]) -> list[Path]:
    """List what the media server recorded of streams, oldest name first; `directory` as in `Item`.

    Raises RecordingStillOpen while a file that was not closed is still growing. One that its writer left
    behind, killed, keeps the ending ``.part`` and is taken as it is.
    """
    found = _find_sources(directory, stream_ids)
    if any(path.suffix == _PART and _age(path) < _STILL_OPEN_S for path in found):
        raise RecordingStillOpen("the recording is not closed yet")
    return found


def kept_tracks(schema: str, item_id: UUID, stream_ids: Collection[UUID]) -> list[Path]:
    """List what an item keeps of these streams, its originals, oldest name first."""
    directory, wanted = item_directory(schema, item_id), [str(stream_id) for stream_id in stream_ids]
    names = directory.iterdir() if directory.is_dir() else ()
    return sorted(path for path in names if path.suffix == _TRACK and any(one in path.name for one in wanted))


def original_name(source: Path) -> str:
    """Return the name an original is kept under: the media server's own, without its mark of an open file."""
    return source.name.removesuffix(_PART)


def erase_sources(directory: str, stream_ids: Collection[UUID]) -> None:
    """Remove the media server's own copies, and the directory once nothing of any stream is left in it."""
    for path in _find_sources(directory, stream_ids):
        path.unlink(missing_ok=True)
    parent = _source_directory(directory)
    if parent.is_dir() and not any(parent.iterdir()):
        parent.rmdir()


def _find_sources(directory: str, stream_ids: Collection[UUID]) -> list[Path]:
    endings = (_TRACK, _TRACK + _PART)
    parent = _source_directory(directory)
    names = parent.iterdir() if parent.is_dir() else ()
    wanted = [str(stream_id) for stream_id in stream_ids]
    return sorted(path for path in names if path.name.endswith(endings) and any(one in path.name for one in wanted))


def _source_directory(directory: str) -> Path:
    """Resolve `directory`, which must lie inside the recordings."""
    root = Path(settings.RECORDINGS_DIR).resolve()
    path = (root / directory).resolve()
    if path == root or not path.is_relative_to(root):
        raise ValueError("a recording must lie in a directory of its own among the recordings")
    return path


def _age(path: Path) -> float:
    """Seconds since `path` last changed, by the file system's clock."""
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0  # renamed this moment: it has only just been closed


def _copy(source: Path, target: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with _open_regular(source) as reader, target.open("xb") as writer:
        while chunk := reader.read(_CHUNK):
            digest.update(chunk)
            writer.write(chunk)
            size += len(chunk)
        writer.flush()
        os.fchmod(writer.fileno(), 0o444)
        os.fsync(writer.fileno())
    return digest.hexdigest(), size


def _open_regular(path: Path) -> BinaryIO:
    """Open a regular file and nothing that a link or a device pretends to be one."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise ValueError(f"{path.name} is no regular file")
    return os.fdopen(handle, "rb")


def sync_directory(directory: Path) -> None:
    """Force a directory's own entries to disk."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
