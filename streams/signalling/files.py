"""The media server's recording files, seen from outside: only their growth proves that something is recorded."""

from __future__ import annotations

import shutil
from uuid import UUID

from django.conf import settings

from forces.context import ForceRef

# Less than a second of a good picture.
LEAST_ROOM_BYTES = 500_000


def is_full() -> bool:
    """Return whether there is no room left for recordings; blocks on the disk."""
    return shutil.disk_usage(settings.RECORDINGS_DIR).free < LEAST_ROOM_BYTES


def video_bytes(force: ForceRef, session_id: UUID, stream_id: UUID) -> int:
    """Return the size, in bytes, of a stream's video files that are being written now; blocks on the disk.

    A file is called X.mjr.part until it is closed; the room's own name begins with "video", so the word
    has to come after the stream's id.
    """
    directory = settings.RECORDINGS_DIR / force.schema / str(session_id)
    sizes = []
    for path in directory.glob(f"*{stream_id}*video*.mjr.part"):
        try:
            sizes.append(path.stat().st_size)
        except FileNotFoundError:
            continue  # closed and renamed in this moment
    return sum(sizes)
