"""Where the state of this clone lies: ``.run/``, or below /var/lib when daemons cannot reach the clone."""

import hashlib
import subprocess
from pathlib import Path

from config.services.applications import CLONE
from config.services.identities import is_root, own_directory
from config.services.programs import ServiceError

_SHARED_STATE = Path("/var/lib/sightline")


def state_directory() -> Path:
    """Return the state directory of this clone, made when missing; ``.run`` always leads to it.

    A clone in root's home cannot be entered by the users that Postgres, Janus and nginx run as: its state
    lies in /var/lib/sightline, under a name made from the clone's path, linked as ``.run``.
    """
    link = CLONE / ".run"
    if link.is_symlink() and not _is_reachable(CLONE):
        return own_directory(_elsewhere(), None, 0o711)
    if link.is_dir() and not link.is_symlink():
        return link
    if _is_reachable(CLONE):
        link.unlink(missing_ok=True)
        return own_directory(link, None, 0o711)
    target = own_directory(_elsewhere(), None, 0o711)
    link.unlink(missing_ok=True)
    link.symlink_to(target)
    return target


def _elsewhere() -> Path:
    return _SHARED_STATE / hashlib.sha256(str(CLONE).encode()).hexdigest()[:16]


def _is_reachable(directory: Path) -> bool:
    # Asked of the system itself: modes, ACLs and mounts all count.
    if not is_root():
        return True
    try:
        words = ["setpriv", "--reuid=nobody", "--regid=65534", "--clear-groups", "test", "-x", str(directory)]
        return subprocess.run(words, check=False).returncode == 0
    except FileNotFoundError:
        raise ServiceError("setpriv (package util-linux) is not installed") from None
