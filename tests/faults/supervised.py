"""All of Sightline under its supervisor, as an installation runs it, on a database of its own."""

import shutil
import subprocess
from collections.abc import Collection

from config.services import applications, builds
from config.services.identities import is_root, own_directory
from config.services.installation import PARTS
from config.services.postgres.cluster import DATABASE
from config.services.preparation import static_files
from config.services.processes import await_condition, tail
from config.services.programs import Program, ServiceError
from config.services.settings_environment import redis_rights
from config.services.stack import Stack
from config.services.supervisor.control import Control
from config.services.supervisor.tree import Group, Tree
from tests.databases import copy_database

START_SECONDS = 60.0
# More than `/readyz` asks for; memory is only taken for what is written.
ROOMY = "1200m"


class Supervised(Stack):
    """A stack whose daemons and applications are restarted by supervisor, and by nobody else."""

    @property
    def tree(self) -> Tree:
        """The supervisor of this stack."""
        return Tree(self.directory, self.installation.directories.logs)

    @property
    def control(self) -> Control:
        """A connection to the running supervisor."""
        return self.tree.control()

    def stop(self) -> None:
        """End what was started beside the supervisor, then the supervisor with everything below it."""
        while self._running:
            self._running.pop().stop()
        self.tree.stop()
        self.limit_recordings(None)
        super().stop()

    def program(self, part: str) -> Program:
        """Return a daemon: what it is called, and how it shows that it answers."""
        return self.installation.service(part).program()

    def log(self, name: str) -> str:
        """Return what a program has printed since its first start."""
        path = self.tree.log_of(name)
        return path.read_text(errors="replace") if path.exists() else ""

    def limit_recordings(self, size: str | None) -> None:
        """Give the recordings a file system of their own of ``size``, as mount(8) spells it; None: take it away."""
        place = self.installation.directories.recordings
        if not is_root():
            return
        if size is None:
            while place.is_mount():
                subprocess.run(["umount", "--lazy", str(place)], check=True)
            return
        own_directory(place)
        how = ["-o", f"remount,size={size}"] if place.is_mount() else ["-t", "tmpfs", "-o", f"size={size}", "tmpfs"]
        subprocess.run(["mount", *how, str(place)], check=True)

    def _start_parts(self, parts: Collection[str]) -> None:
        places = self.installation.directories
        self.limit_recordings(None)
        for stale in (places.recordings, places.evidence):
            shutil.rmtree(stale, ignore_errors=True)
        self.limit_recordings(ROOMY)
        own_directory(places.logs)
        self.installation.prepare()
        builds.copy_web_files(places.web_files, static_files())
        for part in PARTS:
            self.installation.service(part).prepare()
        daemons = [self.program(part) for part in PARTS]
        self.tree.write([Group("daemons", daemons, starts_at_once=True), Group("applications", self._applications())])
        self.tree.start(dies_with_us=True)
        for daemon in daemons:
            if not await_condition(daemon.is_ready, START_SECONDS):
                raise ServiceError(f"{daemon.name} does not answer\n{tail(self.tree.log_of(daemon.name))}")
        self._make_database()
        self.control.start("applications")

    def _make_database(self) -> None:
        """Copy the template to the name that every program of an installation uses."""
        self.run_sql(f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)')
        self.installation.postgres.establish()
        copy = copy_database(self)
        self.run_sql(f'DROP DATABASE "{DATABASE}"; ALTER DATABASE "{copy}" RENAME TO "{DATABASE}"')
        self.run_sql(f"UPDATE forces_medianode SET url = '{self.environment['SIGHTLINE_JANUS_URL']}'", DATABASE)

    def _applications(self) -> list[Program]:
        as_web = {**self.environment, **redis_rights(self.environment, "web")}
        as_worker = {**self.environment, **redis_rights(self.environment, "worker")}
        return [
            applications.worker(as_worker),
            applications.scheduler(as_worker, self.directory / "schedule"),
            applications.watchdog(as_web),
            applications.bridges(as_web),
            applications.telemetry(self.installation.ports.mavlink, as_web),
            applications.web_process(self.installation.ports.web(), as_web),
        ]
