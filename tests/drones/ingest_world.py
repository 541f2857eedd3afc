"""A whole system that takes pictures of drones, and the programs that send some: for tests of ingest in earnest."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings

from config.services.applications import web_process
from config.services.nginx.rtmp import Rtmp
from config.services.processes import Running
from config.services.settings_environment import redis_rights
from config.services.stack import Stack
from drones.models import Aircraft
from drones.services.keys import issue_key
from drones.services.srt_ports import srt_port
from drones.simulation.aircraft import SimulatedAircraft
from forces import clock
from tests.conftest import wait_until
from tests.factories.drones import make_aircraft, make_flying, make_pilot
from tests.factories.streams import person

PLAIN = ("-c:v", "libx264", "-preset", "ultrafast", "-profile:v", "baseline", "-bf", "0", "-pix_fmt", "yuv420p")
B_FRAMES = ("-c:v", "libx264", "-bf", "2", "-pix_fmt", "yuv420p")
H265 = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none", "-pix_fmt", "yuv420p")


@dataclass
class World:
    """Web process behind nginx, watchdog and bridges on one database, beside the stack's media parts."""

    stack: Stack
    database: str
    processes: dict[str, Running] = field(default_factory=dict)
    _clips: dict[tuple[str, ...], Path] = field(default_factory=dict)

    def start(self) -> None:
        """Start our processes."""
        named = {"SIGHTLINE_DB_NAME": self.database}
        environment = {**self.stack.environment, **redis_rights(self.stack.environment, "web"), **named}
        web = web_process(self.stack.installation.ports.web(), environment, "daphne-ingest")
        self.processes["daphne"] = self.stack.spawn_program(web)
        for kind in ("watchdog", "bridges"):
            self.processes[kind] = self.stack.spawn(kind, **named)

    def stop(self) -> None:
        """End them."""
        for running in reversed(self.processes.values()):
            running.stop()

    def start_again(self, kind: str) -> None:
        """Start a process that ended anew, as the supervisor does."""
        self.processes[kind] = self.stack.spawn_program(self.processes[kind].program)

    @property
    def rtmp_port(self) -> int:
        return self.stack.installation.ports.rtmp

    def bridges(self) -> set[int]:
        """The processes that the bridges' process has begun."""
        return children_of(self.processes["bridges"].pid)

    def left_open(self) -> tuple[int, int, int]:
        """How many programs, pipes and listening ports the bridges' process has."""
        pid = self.processes["bridges"].pid
        pipes = [link for link in open_links(pid) if link.startswith("pipe:")]
        return len(self.bridges()), len(pipes), listening_ports(pid)

    def words_of_bridges(self) -> str:
        """What everybody on the machine can read of the bridges."""
        return " ".join(word for pid in self.bridges() for word in _words(pid))

    def logs(self) -> str:
        """What every process has printed."""
        return "".join(path.read_text(errors="replace") for path in self.stack.installation.directories.logs.iterdir())

    def kill_rtmp(self) -> None:
        """Kill the RTMP server as a crash would, and start it again."""
        self._end_rtmp()
        self.stack.spawn_program(self.stack.installation.rtmp.program())

    def serve_rtmp(self, server: Rtmp) -> None:
        """Let another configuration of the RTMP server take the place of the one that runs."""
        self._end_rtmp()
        server.prepare()
        self.stack.spawn_program(server.program())

    def _end_rtmp(self) -> None:
        configuration = str(self.stack.installation.rtmp.directory / "nginx.conf")
        (pid,) = [pid for pid in _pids() if configuration in _words(pid)]
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not is_alive(pid))

    def clip(self, directory: Path, coding: tuple[str, ...] = PLAIN, size: str = "320x180") -> Path:
        """Four seconds of a moving picture, as MPEG-TS; made when it is first asked for."""
        name = (*coding, size)
        if name not in self._clips:
            path = directory / f"{len(self._clips)}.ts"
            source = ("-f", "lavfi", "-i", f"testsrc2=size={size}:rate=25", "-t", "4")
            run_ffmpeg(*source, *coding, "-g", "25", "-f", "mpegts", str(path)).wait(60)
            self._clips[name] = path
        return self._clips[name]

    def rtmp_url(self, key: str) -> str:
        return f"rtmp://127.0.0.1:{self.rtmp_port}/live/{key}"

    def read_url(self, name: str) -> str:
        """Where a bridge reads."""
        return f"rtmp://127.0.0.1:{self.stack.installation.ports.rtmp_inside}/live/{name}"


@dataclass(frozen=True)
class Drone:
    """An aircraft in the air, as its pilot knows it."""

    aircraft_id: UUID
    session_id: UUID
    simulated: SimulatedAircraft

    @property
    def key(self) -> str:
        return self.simulated.key

    @property
    def srt_url(self) -> str:
        options = {"passphrase": self.simulated.srt_passphrase, "latency": 120_000, "connect_timeout": 3000}
        return f"srt://127.0.0.1:{self.simulated.srt_port}?{urlencode(options)}"


def launch_drone(protocol: str, ports: Any, rtsp_port: int = 1, name: str = "REAL") -> Drone:
    """Launch an aircraft that sends by a protocol, with a new key, in the active force; each name is another one."""
    now, serial = clock.now(), f"{name}-{protocol}"
    aircraft = make_aircraft(serial, protocols=[protocol])
    Aircraft.objects.filter(pk=aircraft.pk).update(rtsp_address=f"rtsp://127.0.0.1:{rtsp_port}/live")
    issued = issue_key(actor=person("force_admin"), now=now, aircraft_id=aircraft.pk)
    aircraft.refresh_from_db()
    flight = make_flying(aircraft, make_pilot(f"pilot-{serial.lower()}"), now=now).flight
    simulated = SimulatedAircraft(
        protocol=protocol,
        base_url=f"http://herts.localhost:{ports.public}",
        id=str(aircraft.pk),
        name=str(aircraft),
        key=issued.key,
        rtmp_port=ports.rtmp,
        rtsp_port=rtsp_port,
        srt_port=srt_port(aircraft),
        srt_passphrase=issued.srt_passphrase,
    )
    return Drone(aircraft.pk, flight.session_id, simulated)


@contextmanager
def pushing(source: Path, kind: str, url: str, *, again: bool = False) -> Iterator[subprocess.Popen[bytes]]:
    """Push a clip in true time, over and over; `again`: begin anew a second after each end, as a controller does."""
    words = ("-re", "-stream_loop", "-1", "-i", str(source), "-c", "copy", "-f", kind, url)
    if again:
        command = f'while :; do {settings.FFMPEG} -nostdin -loglevel error "$@"; sleep 1; done'
        process = subprocess.Popen(
            ("sh", "-c", command, "encoder", *words), start_new_session=True, stderr=subprocess.DEVNULL
        )
    else:
        process = run_ffmpeg(*words)
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def run_ffmpeg(*words: str) -> subprocess.Popen[bytes]:
    """Start ffmpeg in a group of its own."""
    command = (settings.FFMPEG, "-nostdin", "-y", "-loglevel", "error", *words)
    return subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def children_of(parent: int) -> set[int]:
    """Processes whose parent this is."""
    return {pid for pid in _pids() if _parent(pid) == parent}


def is_alive(pid: int) -> bool:
    """Whether a process is there, and no corpse."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def open_links(pid: int) -> list[str]:
    """What a process has open, as the kernel calls it."""
    links = []
    for path in Path(f"/proc/{pid}/fd").glob("*"):
        with contextlib.suppress(OSError):  # closed in this moment
            links.append(os.readlink(path))
    return links


def listening_ports(pid: int) -> int:
    """How many TCP ports a process listens on."""
    rows = (row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:])
    return len({f"socket:[{row[9]}]" for row in rows if row[3] == "0A"} & set(open_links(pid)))


def _pids() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def _words(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return []
