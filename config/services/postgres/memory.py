"""Room in memory for a cluster that may lose its data.

``CREATE DATABASE`` from the tests' template makes 1,500 files. On ext4 that takes over 2 s soon after another database
was dropped, nearly all of it in the search for a free inode, which passes over those deleted in the last 5 s; in memory
it takes a tenth of that.
"""

import hashlib
import os
import shutil
from pathlib import Path

from config.services.identities import own_directory

_MEMORY = Path("/dev/shm")  # what is made there is a directory of our own, closed to others
_LEAST_FREE_BYTES = 3 * 2**30
_NOTE = "belongs-to"


def room_in_memory(directory: Path, user: str | None) -> Path | None:
    """Return the directory in memory that belongs to ``directory``, or None where there is no room.

    It outlives the run and not the machine. Those that belong to directories that are no more are removed.
    """
    home = _MEMORY / f"sightline-{os.geteuid()}"
    if not os.path.ismount(_MEMORY) or (os.path.lexists(home) and home.lstat().st_uid != os.geteuid()):
        return None
    own_directory(home, None, 0o711)
    for note in home.glob(f"*/{_NOTE}"):
        if not Path(note.read_text(encoding="utf-8")).exists():
            shutil.rmtree(note.parent, ignore_errors=True)
    if shutil.disk_usage(_MEMORY).free < _LEAST_FREE_BYTES:
        return None
    room = own_directory(home / hashlib.sha256(str(directory).encode()).hexdigest()[:16], user)
    (room / _NOTE).write_text(str(directory), encoding="utf-8")
    return room
