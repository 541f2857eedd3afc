"""Where a sequence's pictures wait until it is sealed: the phone's own bytes, and the harmless copy of each.

Files are durable before their row is written, so that what was acknowledged is there, whichever process is killed.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from django.conf import settings

from evidence import storage

_WAITING = ".gathered"
_NEW_S = 60.0
_SENT, _SHOWN = ".sent", ".jpg"


def sent_path(schema: str, picture_id: UUID) -> Path:
    """Return where the bytes lie as the phone sent them."""
    return _directory(schema) / f"{picture_id}{_SENT}"


def shown_path(schema: str, picture_id: UUID) -> Path:
    """Return where the copy lies that was encoded anew."""
    return _directory(schema) / f"{picture_id}{_SHOWN}"


def keep(schema: str, picture_id: UUID, *, sent: Path, shown: Path) -> None:
    """Copy both files of a picture to where they wait, durably."""
    storage.keep_at(sent, sent_path(schema, picture_id))
    storage.keep_at(shown, shown_path(schema, picture_id))


def erase(schema: str, picture_ids: Iterable[UUID]) -> None:
    """Remove both files of each picture; what is gone already is no error."""
    for picture_id in picture_ids:
        sent_path(schema, picture_id).unlink(missing_ok=True)
        shown_path(schema, picture_id).unlink(missing_ok=True)


def find_old(schema: str) -> list[UUID]:
    """List the pictures that have lain there for a minute: whether a sequence waits for them, the rows say."""
    before, found = time.time() - _NEW_S, set()
    directory = _directory(schema)
    for path in directory.iterdir() if directory.is_dir() else ():
        try:
            if path.suffix in (_SENT, _SHOWN) and path.stat().st_mtime < before:
                found.add(UUID(path.stem))
        except FileNotFoundError:
            continue  # it was sealed in this moment
    return sorted(found)


def _directory(schema: str) -> Path:
    return Path(settings.EVIDENCE_DIR) / schema / _WAITING
