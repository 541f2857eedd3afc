"""All the set-up that is missing, for each of the commands that need it."""

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path

from config.services import builds, system_packages
from config.services.layout import state_directory

PURPOSES = ("check", "test", "demo", "all")


def prepare_for(purpose: str) -> None:
    """Do what is missing for ``purpose``: static checks need no daemons, and only tests need browsers."""
    with _one_at_a_time():
        system_packages.install_missing((*system_packages.CERTIFICATES, *system_packages.python_packages()))
        if purpose != "check":
            system_packages.install_missing(system_packages.DAEMONS)
        if purpose in {"test", "all"}:
            system_packages.install_missing(system_packages.BROWSERS)
        builds.build_virtual_environment()
        builds.install_node_packages()
        if purpose != "check":
            builds.build_web()
            builds.collect_static(static_files())


def static_files() -> Path:
    """Return where the static files of Django's own pages are collected."""
    return state_directory() / "static"


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    # `make test` beside `make demo` in a fresh clone: the second waits for the first's set-up.
    with (state_directory() / "setup.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
