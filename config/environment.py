"""Load the env file of a set-up installation when the process was not given its variables."""

import os
from pathlib import Path

_CLONE = Path(__file__).resolve().parents[1]


def load_environment() -> None:
    """Read ``env`` of the state directory, and ``owner.env`` for ``DB_ROLE=owner``; what is set stays.

    The state directory is ``SIGHTLINE_STATE``, else ``.run``. A process that was given its secrets without a
    state directory (a container, a static check) is left as it is.
    """
    state = os.environ.get("SIGHTLINE_STATE")
    if state is None and "SIGHTLINE_SECRET_KEY" in os.environ:
        return
    directory = Path(state) if state else _CLONE / ".run"
    if "SIGHTLINE_SECRET_KEY" not in os.environ:
        _read(directory / "env")
    if os.environ.get("DB_ROLE") == "owner":
        _read(directory / "owner.env")


def _read(path: Path) -> None:
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        name, found, value = line.partition("=")
        if found and not name.startswith("#"):
            os.environ.setdefault(name, value)
