"""All of Sightline running for a flow: nginx, daphne, worker, watchdog and media parts on an own database."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from config.services.processes import Running
from config.services.stack import Stack
from tests.conftest import wait_until
from tests.databases import copy_database, drop_database
from tests.people import PASSWORD, code_of

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class System:
    """A running system; addresses are those a browser uses."""

    stack: Stack
    database: str
    processes: dict[str, Running] = field(default_factory=dict)

    @classmethod
    def start(cls, stack: Stack) -> "System":
        """Start our processes and wait until the system says that it is ready."""
        database = copy_database(stack)
        node = stack.environment["SIGHTLINE_JANUS_URL"]
        stack.run_sql(f"UPDATE forces_medianode SET url = '{node}'", database)
        system = cls(stack, database)
        for kind in ("daphne", "watchdog", "worker"):
            system.processes[kind] = stack.spawn(kind, SIGHTLINE_DB_NAME=database)
        wait_until(system.is_ready, 60, why=lambda: system.ready().text)
        return system

    def stop(self) -> None:
        """End our processes and drop the database."""
        for running in self.processes.values():
            running.stop()
        drop_database(self.stack, self.database)

    @property
    def port(self) -> int:
        """The public port of nginx."""
        return int(self.stack.environment["SIGHTLINE_PORT"])

    def url(self, path: str = "/", schema: str = "herts") -> str:
        """Return an address of a force."""
        return f"http://{schema}.localhost:{self.port}{path}"

    def ready(self) -> httpx.Response:
        """Ask for the state of every dependency."""
        headers = {"Host": f"localhost:{self.port}"}
        return httpx.get(f"http://127.0.0.1:{self.port}/readyz", headers=headers, timeout=5)

    def is_ready(self) -> bool:
        """Return whether every dependency is well."""
        try:
            return self.ready().status_code == 200
        except httpx.HTTPError:
            return False

    def api(self, path: str, token: str, schema: str = "herts") -> httpx.Response:
        """Read the REST API with an auditor's token, as a client that resolves no ``*.localhost`` does."""
        headers = {"Host": f"{schema}.localhost:{self.port}", "Authorization": f"Bearer {token}"}
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", headers=headers, timeout=10)

    def start_again(self, kind: str) -> Running:
        """Start a process that ended anew, as the supervisor does, and return it when it answers."""
        self.processes[kind] = self.stack.spawn_program(self.processes[kind].program)
        return self.processes[kind]

    def manage(self, *words: str, clock_moved: timedelta | None = None) -> str:
        """Run a management command with the web's rights and return what it printed; raises when it fails."""
        environment = {**os.environ, **self.stack.environment, "SIGHTLINE_DB_NAME": self.database}
        if clock_moved:
            environment["SIGHTLINE_CLOCK_OFFSET_S"] = str(clock_moved.total_seconds())
        command = [sys.executable, str(ROOT / "manage.py"), *words]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def sql(self, statement: str) -> str:
        """Look at the database as the cluster's superuser, to prove what the product says."""
        return self.stack.run_sql(statement, self.database).strip()


def sign_in(page: Any, system: System, role: str, schema: str = "herts") -> None:
    """Sign a person of ``role`` in by the page."""
    page.goto(system.url("/sign-in/", schema))
    page.fill("input[name=username]", role)
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_load_state()
    if page.url.endswith("/sign-in/code/"):
        page.fill("input[name=code]", code_of(role, schema))
        page.click("button[type=submit] >> nth=0")
        page.wait_for_load_state()


def frames_decoded(page: Any) -> int:
    """Return the most frames any video of the page has presented, by the browser's own count."""
    counted: int = page.evaluate(
        "() => Math.max(0, ...[...document.querySelectorAll('video')]"
        ".map((video) => video.getVideoPlaybackQuality().totalVideoFrames))"
    )
    return counted


def dump(value: Any) -> str:
    """Return JSON of anything, for searching it."""
    return json.dumps(value, default=str)
