"""The running installation of this clone: ``demo`` in the foreground, ``up``, ``stop`` in the background."""

import json
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from config.services import applications, builds
from config.services.identities import write_private
from config.services.installation import PARTS, Installation
from config.services.layout import state_directory
from config.services.ports import PortBlock, block_for, is_free
from config.services.preparation import static_files
from config.services.processes import accepts_connections, await_condition, run_quietly, tail
from config.services.programs import Program, ServiceError
from config.services.settings_environment import redis_rights
from config.services.stamps import Stamp, digest_of
from config.services.supervisor.control import Patience
from config.services.supervisor.tree import Group, Tree

DEFAULT_PORT = 8000
SIMULATED_FORCES = ("herts", "beds", "cambs")
# A drone of each, each by another protocol.
SIMULATED_DRONES = {"herts": "rtmp", "beds": "srt", "cambs": "whip"}
_READY_SECONDS = 90
_STUCK_SECONDS = 12  # a program may fail once while what it needs is still starting
_SCHEMA_SOURCES = ("forces", "streams", "evidence", "drones", "consultations", "config/settings")


class Demonstration:
    """Sightline running on this machine, below one state directory."""

    def __init__(self, public_port: int) -> None:
        self.state = state_directory()
        self.public_port = public_port
        self.tree = Tree(self.state, self.state / "log")

    @property
    def seed_file(self) -> Path:
        """Return the file (mode 0600) with addresses, users, passwords and tokens."""
        return self.state / "demo.json"

    def is_running(self) -> bool:
        """Tell whether this clone's supervisor is there."""
        return self.tree.pid() is not None

    def start(self, *, dies_with_us: bool) -> "subprocess.Popen[bytes]":
        """Start everything and return when ``/readyz`` is green; raises ``ServiceError`` with the reason."""
        installation = self._installation()
        self._prepare(installation)
        supervisor = self.tree.start(dies_with_us=dies_with_us)
        try:
            self._await(lambda: _all_ready(installation), "the daemons")
            self._migrate_and_seed(installation)
            self.tree.control().start("applications")
            self._await(lambda: accepts_connections(installation.ports.web()) and self.is_ready(), "/readyz")
            self.tree.control().start("callers")
        except BaseException:
            self.tree.stop()
            raise
        return supervisor

    def is_ready(self) -> bool:
        """Tell whether ``/readyz`` on the public port says that every part answers."""
        return self._readiness() == ""

    def stop(self) -> bool:
        """End everything; returns whether something was running."""
        return self.tree.stop()

    def sign_ins(self) -> dict[str, Any]:
        """Return what the seed wrote."""
        seeded: dict[str, Any] = json.loads(self.seed_file.read_text(encoding="utf-8"))
        return seeded

    def _installation(self) -> Installation:
        if not is_free(self.public_port):
            raise ServiceError(
                f"port {self.public_port} is in use by another program: choose one with PORT=, "
                f"for example `make demo PORT={_next_free(self.public_port)}`"
            )
        kept = self.state / "ports.json"
        preferred = json.loads(kept.read_text())["base"] if kept.exists() else block_for(str(applications.CLONE))
        block = PortBlock.take(preferred)
        write_private(kept, json.dumps({"base": block.ports.base, "public": self.public_port}) + "\n")
        return Installation.describe(
            self.state,
            block.ports.with_public(self.public_port),
            settings_module="config.settings.dev",
            is_durable=True,
        )

    def _prepare(self, installation: Installation) -> None:
        installation.prepare()
        builds.copy_web_files(installation.directories.web_files, static_files())
        for part in PARTS:
            installation.service(part).prepare()
        database, *daemons = (installation.service(part).program() for part in PARTS)
        self.tree.write(
            [
                Group("database", [database], starts_at_once=True),
                Group("daemons", daemons, starts_at_once=True),
                Group("applications", self._applications(installation)),
                Group("callers", self._callers()),
            ]
        )

    def _applications(self, installation: Installation) -> list[Program]:
        as_web = redis_rights(installation.settings, "web")
        as_worker = redis_rights(installation.settings, "worker")
        return [
            applications.worker(as_worker),
            applications.provisioning_worker(as_worker),
            applications.scheduler(as_worker, self.state / "schedule"),
            applications.watchdog(as_web),
            applications.bridges(as_web),
            applications.telemetry(installation.ports.mavlink, as_web),
            applications.web_process(installation.ports.web(), as_web),
        ]

    def _callers(self) -> list[Program]:
        callers = [applications.simulated_caller(schema, {}) for schema in SIMULATED_FORCES]
        officers = [applications.simulated_officers(schema, {}) for schema in SIMULATED_FORCES]
        drones = [
            applications.simulated_drone(schema, {}, ("--protocol", protocol))
            for schema, protocol in SIMULATED_DRONES.items()
        ]
        return [*callers, *officers, *drones]

    def _migrate_and_seed(self, installation: Installation) -> None:
        installation.postgres.establish()
        sources = [applications.CLONE / name for name in _SCHEMA_SOURCES]
        digest = digest_of(sources, str(installation.ports))
        stamp = Stamp(self.state / "postgres" / "seeded")
        if stamp.is_current(digest) and self.seed_file.exists():
            return
        print("Migrating and seeding", flush=True)
        owner = {**installation.settings, **installation.owner_settings}
        run_quietly([*applications.manage("migrate_schemas")], "migrate_schemas", environment=owner)
        seed = ("seed_demo", "--output", str(self.seed_file), "--port", str(self.public_port))
        run_quietly([*applications.manage(*seed)], "seed_demo", environment=owner)
        stamp.write(digest)

    def _await(self, condition: Callable[[], bool], what: str) -> None:
        patience, deadline = Patience(_STUCK_SECONDS), time.monotonic() + _READY_SECONDS
        while not condition():
            patience.note(self.tree.control().states())
            if patience.lost():
                raise ServiceError("\n".join(self._end_of_log(name) for name in patience.lost()))
            if time.monotonic() > deadline:
                raise ServiceError(f"{what}: not ready in time. {self._readiness()}")
            time.sleep(0.2)

    def _end_of_log(self, name: str) -> str:
        return f"{name} does not stay up; the end of its log:\n{tail(self.tree.log_of(name))}"

    def _readiness(self) -> str:
        request = urllib.request.Request(f"http://127.0.0.1:{self.public_port}/readyz", headers={"Host": "localhost"})
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return "" if answer.status == 200 else f"status {answer.status}"
        except urllib.error.HTTPError as error:
            return f"status {error.code}: {error.read(2000).decode(errors='replace')}"
        except OSError as error:
            return str(error)


def run_in_foreground(public_port: int) -> None:
    """Start, print addresses and sign-ins, and stay until Ctrl-C or SIGTERM, which end everything."""
    demonstration = Demonstration(public_port)
    if demonstration.is_running():
        raise ServiceError("Sightline is running already in this clone; `make stop` ends it")
    signal.signal(signal.SIGTERM, _raise_interrupt)
    signal.signal(signal.SIGHUP, _raise_interrupt)
    try:
        supervisor = demonstration.start(dies_with_us=True)
        print_sign_ins(demonstration.sign_ins(), demonstration.seed_file)
        print("Ctrl-C ends everything.", flush=True)
        supervisor.wait()
        raise ServiceError(f"the supervisor ended by itself: see {demonstration.tree.log_of('supervisord')}")
    except KeyboardInterrupt:
        print("\nStopping ...", flush=True)
        demonstration.stop()
        print("Stopped.")


def start_in_background(public_port: int) -> None:
    """Start, return when it is ready, and print the addresses; running already is success."""
    demonstration = Demonstration(public_port)
    if not demonstration.is_running():
        demonstration.start(dies_with_us=False)
    elif not await_condition(demonstration.is_ready, 10):
        raise ServiceError(
            f"Sightline is running in this clone, but not ready on port {public_port}; `make stop` ends it"
        )
    print_sign_ins(demonstration.sign_ins(), demonstration.seed_file)


def print_sign_ins(seeded: dict[str, Any], file: Path) -> None:
    """Print a table of addresses, users and passwords."""
    print("\nSightline is running.\n")
    row = "  {:<34} {:<16} {:<12} {}"
    print(row.format("Address", "Role", "User", "Password"))
    groups = [seeded["platform"], *seeded["forces"].values()]
    for group in groups:
        for user in group["users"].values():
            if not user["username"].startswith("patrol"):  # simulated
                print(row.format(group["base_url"] + "/", user["role"], user["username"], user["password"]))
    print(
        "\nRoles with a second factor are asked for a code, too: `make code WHO=herts/supervisor` prints it; the secret"
    )
    print("for an authenticator app is in the file below.")
    print(f"\nThe same for scripts, with an auditor's token per force: {file}")
    print(
        "Each force has one simulated caller on its console, six officers on duty (patrol1 to patrol6), and a drone.",
        flush=True,
    )


def _all_ready(installation: Installation) -> bool:
    return all(installation.service(part).program().is_ready() for part in PARTS)


def _next_free(port: int) -> int:
    return next((other for other in range(port + 1, port + 200) if is_free(other)), port + 1)


def _raise_interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt
