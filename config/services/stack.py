"""Daemons of their own for a test run: free ports, own secrets, nothing shared with a demo or another run."""

import contextlib
import fcntl
import itertools
import shutil
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from config.services import applications, builds
from config.services.identities import own_directory
from config.services.installation import PARTS, Installation
from config.services.layout import state_directory
from config.services.ports import PortBlock
from config.services.preparation import static_files
from config.services.processes import Running, start
from config.services.programs import Program, ServiceError
from config.services.settings_environment import redis_rights


class Stack:
    """Running daemons, and the environment that processes need to use them.

    >>> with Stack.start(parts={"postgres", "redis"}) as stack:
    ...     subprocess.run([...], env={**os.environ, **stack.owner_environment})
    ...     web = stack.spawn("daphne")
    """

    def __init__(self, installation: Installation, block: PortBlock, lock: TextIO) -> None:
        self.installation = installation
        self.directory = installation.directories.state
        self._block = block
        self._lock = lock
        self._running: list[Running] = []
        self._web_numbers = itertools.count()

    @classmethod
    def start(cls, directory: Path | None = None, parts: Collection[str] = PARTS, *, is_durable: bool = False) -> Self:
        """Start the daemons named in ``parts`` and return when all answer.

        ``directory`` (default: ``test`` of the clone's state) keeps a Postgres cluster from run to run, one
        for each run that goes on at the same time; unless ``is_durable``, a crash may lose its data. Raises
        ``ServiceError`` with the log of what failed.
        """
        home = directory if directory is not None else state_directory() / "test"
        place, lock = _take_place(own_directory(home, None, 0o711))
        block = PortBlock.take()
        has_media = not {"janus", "coturn"}.isdisjoint(parts)
        installation = Installation.describe(
            place, block.ports, settings_module="config.settings.test", is_durable=is_durable, has_media=has_media
        )
        stack = cls(installation, block, lock)
        try:
            stack._start_parts(parts)
        except BaseException:
            stack.stop()
            raise
        return stack

    @property
    def environment(self) -> dict[str, str]:
        """Return the settings of an ordinary process (web, worker): no owner's password."""
        return dict(self.installation.settings)

    @property
    def owner_environment(self) -> dict[str, str]:
        """Return the settings of a process that makes and migrates schemas (``DB_ROLE=owner``)."""
        return {**self.installation.settings, **self.installation.owner_settings}

    def run_sql(self, sql: str, database: str = "postgres") -> str:
        """Run ``sql`` as Postgres's superuser and return psql's bare output."""
        return self.installation.postgres.run_sql(sql, database)

    def spawn(self, kind: str, *words: str, **settings: str) -> Running:
        """Start one of our own processes against this stack and return it when it answers.

        ``kind``: ``daphne`` (the first is behind nginx; each has a port of its own), ``worker``,
        ``provisioning``, ``beat``, ``watchdog``, ``bridges``, ``telemetry``, or ``manage`` with the command's words.
        ``settings`` are added to its environment.
        """
        return self.spawn_program(self._program(kind, words, settings))

    def spawn_program(self, program: Program) -> Running:
        """Start any program, to be ended with the stack; its log lies in the stack's directory."""
        log = self.installation.directories.logs / f"{program.name}-{len(self._running)}.log"
        running = start(program, log)
        self._running.append(running)
        running.wait_ready()
        return running

    def stop(self) -> None:
        """End everything this stack started, newest first, and nothing else; the cluster's files stay."""
        while self._running:
            self._running.pop().stop()
        self._block.release()
        self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _start_parts(self, parts: Collection[str]) -> None:
        unknown = set(parts) - set(PARTS)
        if unknown:
            raise ServiceError(f"no such parts: {', '.join(sorted(unknown))}")
        places = self.installation.directories
        for stale in (places.recordings, places.evidence, places.logs):
            shutil.rmtree(stale, ignore_errors=True)
        self.installation.prepare()
        for part in (part for part in PARTS if part in parts):
            if part == "nginx":
                builds.copy_web_files(self.installation.directories.web_files, static_files())
            service = self.installation.service(part)
            service.prepare()
            self.spawn_program(service.program())
        if "postgres" in parts:
            self.installation.postgres.establish()

    def _program(self, kind: str, words: Sequence[str], extra: dict[str, str]) -> Program:
        user = "worker" if kind in {"worker", "provisioning", "beat"} else "web"
        settings = {**self.environment, **redis_rights(self.environment, user), **extra}
        if kind == "daphne":
            number = next(self._web_numbers)
            return applications.web_process(self.installation.ports.web(number), settings, f"daphne-{number}")
        if kind == "beat":
            return applications.scheduler(settings, self.directory / "schedule")
        if kind == "manage":
            return applications.management_command(words, settings)
        if kind == "telemetry":
            return applications.telemetry(self.installation.ports.mavlink, settings)
        makers: dict[str, Callable[[dict[str, str]], Program]] = {
            "worker": applications.worker,
            "provisioning": applications.provisioning_worker,
            "watchdog": applications.watchdog,
            "bridges": applications.bridges,
        }
        return makers[kind](settings)


def _take_place(home: Path) -> tuple[Path, TextIO]:
    """Return the first place below ``home`` that no other run holds, and the lock that holds it."""
    for number in itertools.count(1):
        lock = (home / f"{number}.lock").open("a")
        with contextlib.suppress(OSError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return own_directory(home / str(number), None, 0o711), lock
        lock.close()
    raise AssertionError("itertools.count ended")
