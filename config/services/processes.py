"""Start, await and end single processes, by their own id and nothing else."""

import os
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from config.services.programs import Program, ServiceError

_POLL_SECONDS = 0.05


@dataclass
class Running:
    """A started program: its process and the file that has what it printed."""

    program: Program
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def pid(self) -> int:
        """Return the process id (of the program itself: there is no shell in between)."""
        return self.process.pid

    def wait_ready(self, seconds: float | None = None) -> None:
        """Wait until the program answers; raises ``ServiceError`` with the end of its log if it does not."""
        name = self.program.name
        deadline = time.monotonic() + (self.program.ready_seconds if seconds is None else seconds)
        while not self.program.is_ready():
            if self.process.poll() is not None:
                raise ServiceError(f"{name} ended with {self.process.returncode}\n{tail(self.log)}")
            if time.monotonic() > deadline:
                raise ServiceError(f"{name} does not answer\n{tail(self.log)}")
            time.sleep(_POLL_SECONDS)

    def stop(self) -> None:
        """End the process: its own signal first, SIGKILL when that is not obeyed in time."""
        if self.process.poll() is None:
            self.process.send_signal(self.program.stop_signal)
        try:
            self.process.wait(self.program.stop_seconds)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End the process with SIGKILL, as a crash would."""
        self.process.kill()
        self.process.wait(5)


def start(program: Program, log: Path) -> Running:
    """Start ``program`` in the background; what it prints goes to ``log``."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            program.command_line(dies_with_parent=True),
            cwd=program.directory,
            env={**os.environ, **program.environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    return Running(program, process, log)


def tail(log: Path, lines: int = 25) -> str:
    """Return the last ``lines`` lines of a log, indented for a report."""
    if not log.exists():
        return f"    (no log at {log})"
    text = log.read_text(encoding="utf-8", errors="replace")
    return "\n".join(f"    {line}" for line in text.splitlines()[-lines:]) or "    (it printed nothing)"


def run_quietly(command: list[str], what: str, *, environment: dict[str, str] | None = None, given: str = "") -> str:
    """Run ``command`` to its end and return what it printed; raises ``ServiceError`` with its words."""
    done = subprocess.run(
        command,
        env={**os.environ, **(environment or {})},
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise ServiceError(f"{what} failed ({done.returncode}):\n{(done.stdout + done.stderr).strip()[-4000:]}")
    return done.stdout


def await_condition(condition: Callable[[], bool], seconds: float) -> bool:
    """Poll ``condition`` until it holds or ``seconds`` have passed; returns whether it held."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True


def is_bound_to_udp(port: int) -> bool:
    """Tell whether a process of this machine takes datagrams on a port; nothing is sent, for nothing need answer."""
    tables = (path for path in map(Path, ("/proc/net/udp", "/proc/net/udp6")) if path.exists())
    rows = (row for table in tables for row in table.read_text(encoding="ascii").splitlines()[1:])
    return any(int(row.split()[1].rpartition(":")[2], 16) == port for row in rows)


def accepts_connections(port: int, host: str = "127.0.0.1") -> bool:
    """Tell whether something listens on a TCP port."""
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False
