"""System users: root starts each daemon as a user of its own, others start everything as themselves."""

import os
import pwd
import shutil
from pathlib import Path

from config.services.programs import ServiceError

# The users that Debian's and Ubuntu's packages make; Janus's package makes none.
_USERS = {
    "postgres": "postgres",
    "redis": "redis",
    "janus": "nobody",
    "coturn": "turnserver",
    "nginx": "www-data",
    # Reads strangers' bytes: a user that owns nothing, and may read nothing of the front's.
    "rtmp": "daemon",
}


def is_root() -> bool:
    """Tell whether this process is root."""
    return os.geteuid() == 0


def service_user(service: str) -> str | None:
    """Return the user ``service`` runs as, or None for us; raises ``ServiceError`` if there is none."""
    if not is_root():
        return None
    user = _USERS[service]
    try:
        pwd.getpwnam(user)
    except KeyError:
        raise ServiceError(f"{service} needs the system user {user!r}: run `make setup` first") from None
    return user


def own_directory(path: Path, user: str | None = None, mode: int = 0o700) -> Path:
    """Make ``path`` a directory of ``user`` with exactly ``mode``; parents are made when missing."""
    if not path.exists():
        path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        path.mkdir()
    if user is not None:
        shutil.chown(path, user, pwd.getpwnam(user).pw_gid)
    path.chmod(mode)
    return path


def write_private(path: Path, text: str, user: str | None = None, mode: int = 0o600) -> Path:
    """Write ``text`` to ``path`` at once (never half a file), readable with ``mode`` by ``user`` only."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    if user is not None:
        shutil.chown(fresh, user, pwd.getpwnam(user).pw_gid)
    fresh.chmod(mode)
    fresh.replace(path)
    return path
