"""The supervisor that keeps every process of an installation up, and what it says about them."""

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.services.applications import CLONE, python
from config.services.identities import is_root, own_directory, write_private
from config.services.processes import await_condition, tail
from config.services.programs import Program, ServiceError
from config.services.rendering import render
from config.services.supervisor.control import Control

_LONGEST_SOCKET_PATH = 90  # supervisord adds its process id while it binds


@dataclass(frozen=True)
class Group:
    """Programs that start and end together: with the supervisor, or when ``Control.start`` is called."""

    name: str
    programs: Sequence[Program]
    starts_at_once: bool = False


@dataclass(frozen=True)
class Tree:
    """The supervisor of one state directory."""

    state: Path
    logs: Path

    @property
    def configuration(self) -> Path:
        """Return the configuration file, by which the process is recognised."""
        return self.state / "supervisord.conf"

    @property
    def socket(self) -> Path:
        """Return the control socket, elsewhere when the state's path is too long for one."""
        path = self.state / "supervisor.sock"
        if len(str(path)) <= _LONGEST_SOCKET_PATH:
            return path
        # The same directory each time, entered by its owner only.
        name = f"sightline-{os.getuid()}-{self.state.stat().st_ino}"
        return own_directory(Path(tempfile.gettempdir()) / name) / "supervisor.sock"

    def log_of(self, name: str) -> Path:
        """Return the file that has what a program printed."""
        return self.logs / f"{name}.log"

    def write(self, groups: Sequence[Group]) -> None:
        """Write the configuration; groups end in reverse order, the programs of one group all at once."""
        self._put_logs_aside()
        text = render(
            "supervisor/supervisord.conf",
            state=self.state,
            logs=self.logs,
            clone=CLONE,
            socket=self.socket,
            user="user=root" if is_root() else "",
            programs="".join(self._section(group, position) for position, group in enumerate(groups, 1)),
        )
        write_private(self.configuration, text)

    def start(self, *, dies_with_us: bool) -> "subprocess.Popen[bytes]":
        """Start the supervisor, in a session of its own so that Ctrl-C reaches us alone."""
        command = (python(), "-m", "supervisor.supervisord", "-c", str(self.configuration))
        program = Program("supervisor", command, CLONE, self.answers)
        with self.log_of("supervisor-output").open("wb") as output:
            process = subprocess.Popen(
                program.command_line(dies_with_parent=dies_with_us),
                cwd=CLONE,
                env=_clean_environment(self.state),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        if not await_condition(lambda: self.answers() or process.poll() is not None, 15) or not self.answers():
            process.kill()
            raise ServiceError(f"the supervisor does not start:\n{tail(self.log_of('supervisor-output'))}")
        return process

    def control(self) -> Control:
        """Return a connection to the running supervisor."""
        return Control(self.socket)

    def answers(self) -> bool:
        """Tell whether the supervisor is there."""
        return self.pid() is not None and self.control().is_alive()

    def pid(self) -> int | None:
        """Return the supervisor's process id while it lives; its command line proves that it is ours."""
        try:
            number = int((self.state / "supervisord.pid").read_text(encoding="ascii"))
            words = Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError):
            return None
        return number if str(self.configuration).encode() in words else None

    def stop(self, seconds: float = 45) -> bool:
        """End the supervisor and everything below it; returns whether there was one."""
        number = self.pid()
        if number is None:
            return False
        os.kill(number, signal.SIGTERM)
        if not await_condition(lambda: self.pid() is None, seconds):
            # Its children end with it: each was started with a parent-death signal.
            os.kill(number, signal.SIGKILL)
        return True

    def _put_logs_aside(self) -> None:
        # What failed is told by the end of a log: it must be this run's.
        before = self.logs.with_name(f"{self.logs.name}.before")
        shutil.rmtree(before, ignore_errors=True)
        if self.logs.exists():
            self.logs.rename(before)
        own_directory(self.logs)

    def _section(self, group: Group, position: int) -> str:
        programs = "".join(self._program(program, group.starts_at_once) for program in group.programs)
        names = ",".join(program.name for program in group.programs)
        return f"\n[group:{group.name}]\nprograms={names}\npriority={position}\n{programs}"

    def _program(self, program: Program, starts_at_once: bool) -> str:
        return render(
            "supervisor/program.conf",
            name=program.name,
            command=_escape(shlex.join(program.command_line(dies_with_parent=True))),
            directory=program.directory,
            environment=_environment_line(program.environment),
            # Our own programs take seconds to find out that they cannot run.
            start_seconds=1 if starts_at_once else 5,
            starts_at_once=str(starts_at_once).lower(),
            stop_signal=program.stop_signal.name.removeprefix("SIG"),
            stop_seconds=int(program.stop_seconds),
            log=self.log_of(program.name),
        )


def _clean_environment(state: Path) -> dict[str, str]:
    # Settings come from the state's env files, never from the shell somebody happened to have open.
    foreign = ("SIGHTLINE_", "DB_ROLE", "DJANGO_SETTINGS_MODULE", "PYTHONPATH")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return {**kept, "SIGHTLINE_STATE": str(state)}


def _escape(text: str) -> str:
    # supervisor expands %(name)s in values.
    return text.replace("%", "%%")


def _environment_line(environment: Mapping[str, str]) -> str:
    return ",".join(f'{name}="{_escape(value)}"' for name, value in environment.items())
