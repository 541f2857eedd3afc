"""Running media programs on hostile input: no network, no rights, bounded memory, time and output.

Every program runs in a new user, network and process namespace, as a user of its own when the worker is root, with
its working directory as the only place it can write to. Where the machine offers no such isolation nothing runs
at all.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SANDBOX_UID = 64_613
"""The user of sandboxed programs when the worker is root: without an account, owning nothing else."""

_LIMITS = ("--as=4294967296", "--fsize=34359738368", "--nofile=256", "--core=0")
_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}
_KEPT_OUTPUT = 4_000


class SandboxUnavailable(Exception):
    """This machine cannot isolate media programs; nothing was run."""


class ProgramFailed(Exception):
    """A sandboxed program ended with an error; the text is the end of what it said."""


class DeadlinePassed(ProgramFailed):
    """A sandboxed program, or the work as a whole, ran out of time."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment of the monotonic clock by which a whole chain of programs must have ended."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        """Return the deadline `seconds` from here."""
        return cls(time.monotonic() + seconds)

    def left(self) -> float:
        """Seconds left; raises DeadlinePassed when there are none."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise DeadlinePassed("out of time")
        return left


@dataclass(frozen=True, slots=True)
class Finished:
    """What a program said before it ended well."""

    stdout: str
    stderr: str


def open_workshop(path: Path) -> None:
    """Make `path` an empty directory that sandboxed programs, and only they and the worker, can write to."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True, mode=0o700)
    if os.geteuid() == 0:
        os.chown(path, SANDBOX_UID, SANDBOX_UID)


def run(
    command: list[str], *, workshop: Path, deadline: Deadline, environment: Mapping[str, str] | None = None
) -> Finished:
    """Run `command` in `workshop`, naming files relative to it. Raises ProgramFailed, SandboxUnavailable.

    `environment` adds to the few variables that every program gets; nothing of the worker's own is ever in them.
    """
    process = subprocess.Popen(
        [*_isolation(), "prlimit", *_LIMITS, "--", *command],
        cwd=workshop,
        env={**_ENVIRONMENT, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
        errors="replace",
    )
    try:
        stdout, stderr = process.communicate(timeout=deadline.left())
    except (subprocess.TimeoutExpired, DeadlinePassed) as error:
        raise DeadlinePassed(f"{command[0]} ran out of time") from error
    finally:
        _end(process)
    if process.returncode != 0:
        raise ProgramFailed(f"{Path(command[0]).name}: {(stderr or stdout)[-_KEPT_OUTPUT:].strip()}")
    return Finished(stdout, stderr)


def _end(process: "subprocess.Popen[str]") -> None:
    """Kill the program's whole process group if it still runs; its namespace ends with it, whatever it started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@cache
def _isolation() -> tuple[str, ...]:
    """Return the first prefix that this machine allows; raises SandboxUnavailable when it allows none."""
    for prefix in _root_prefixes() if os.geteuid() == 0 else _user_prefixes():
        if shutil.which(prefix[0]) and _works(prefix):
            return prefix
    raise SandboxUnavailable("no unprivileged user and network namespace on this machine")


# What a program starts lives in its own process namespace, and ends with it.
_OWN_PROCESSES = ("unshare", "--pid", "--fork", "--kill-child")
_NO_CAPABILITIES = ("--ambient-caps=-all", "--inh-caps=-all", "--bounding-set=-all")


def _user_prefixes() -> tuple[tuple[str, ...], ...]:
    # The death signal comes after unshare, which clears it with a new user namespace; that one's capabilities are
    # kept for one step, to make the process namespace.
    outer = ("unshare", "--user", "--net", "--ipc", "--keep-caps", "setpriv", "--pdeathsig=KILL")
    inner = ("setpriv", *_NO_CAPABILITIES, "--no-new-privs", "--pdeathsig=KILL")
    return ((*outer, *_OWN_PROCESSES, *inner),)


def _root_prefixes() -> tuple[tuple[str, ...], ...]:
    drop = ("setpriv", f"--reuid={SANDBOX_UID}", f"--regid={SANDBOX_UID}", "--clear-groups", "--no-new-privs")
    # The second form serves machines that forbid user namespaces to ordinary users.
    plain = ("setpriv", "--pdeathsig=KILL", *_OWN_PROCESSES, "--net", "--ipc")
    return (
        (*drop, *_user_prefixes()[0]),
        (*plain, *drop, "--bounding-set=-all", "--pdeathsig=KILL"),
    )


def _works(prefix: tuple[str, ...]) -> bool:
    """Whether `true` runs under the prefix."""
    probe = subprocess.run([*prefix, "true"], capture_output=True, check=False, timeout=20, env=_ENVIRONMENT)
    return probe.returncode == 0
