"""What a daemon is to us: a command, the user it runs as, and a way to see that it answers."""

import pwd
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


class ServiceError(Exception):
    """A service could not be set up or started; the text says which one and why, for a person to read."""


@dataclass(frozen=True)
class Program:
    """One long-running process.

    ``user`` is the system user it must run as, or None for whoever runs us; ``environment`` is added to ours;
    ``is_ready`` answers whether it does its work (it never waits longer than a second).
    """

    name: str
    command: tuple[str, ...]
    directory: Path
    is_ready: Callable[[], bool]
    user: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_signal: signal.Signals = signal.SIGTERM
    ready_seconds: float = 30
    stop_seconds: float = 15

    def command_line(self, *, dies_with_parent: bool = False) -> list[str]:
        """Return the words to execute: the right user, no new privileges, and its end with its parent's.

        A parent killed with SIGKILL (a test run that was aborted) leaves nothing behind that way.
        """
        words = ["setpriv", "--no-new-privs"]
        if self.user is not None:
            words += [f"--reuid={self.user}", f"--regid={self.user_group}", "--init-groups"]
        if dies_with_parent:
            words += ["--pdeathsig", self.stop_signal.name.removeprefix("SIG")]
        return [*words, *self.command]

    @property
    def user_group(self) -> int:
        """Return the number of the user's own group."""
        if self.user is None:
            raise ServiceError(f"{self.name} has no user of its own")
        return pwd.getpwnam(self.user).pw_gid
