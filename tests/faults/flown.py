"""An aircraft in the air whose picture an operator watches: what is pushed for it, and what is left of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from tests.conftest import wait_until
from tests.drones.ingest_world import PLAIN, listening_ports, pushing, run_ffmpeg
from tests.faults.world import World, command_of

LAUNCH = """
from forces.context import in_force
from forces.selectors import find_force
from tests.drones.devices import launch
key, session_id = in_force(find_force("herts"), launch, {serial!r})
print("launched", key, session_id)
"""
LAND = """
from uuid import UUID
from drones.services.flights import land_flight
from forces import clock
from forces.context import in_force
from forces.selectors import find_force
from tests.factories.streams import person
in_force(find_force("herts"), land_flight, actor=person(), now=clock.now(), session_id=UUID({session_id!r}))
"""
SEALED_S = 90.0


@dataclass(frozen=True)
class Recorded:
    """What was kept of a flight: how many recordings, and of the first one what it says of itself."""

    count: int
    is_complete: bool
    reasons: list[str]
    segments: int


class Flown:
    """One flight; `session_id` is its session's."""

    def __init__(self, world: World) -> None:
        """Launch an aircraft of its own."""
        self.world = world
        told = world.system.manage("shell", "--no-imports", "-c", LAUNCH.format(serial=f"FAULT-{uuid4().hex[:6]}"))
        self.key, self.session_id = told.split("launched ")[1].split()

    @property
    def address(self) -> str:
        """Where RTMP is taken."""
        return f"rtmp://127.0.0.1:{self.world.stack.installation.ports.rtmp}/live/"

    @property
    def inside_address(self) -> str:
        """Where bridges read, as their words spell it."""
        return f"rtmp://127.0.0.1:{self.world.stack.installation.ports.rtmp_inside}/live/"

    @contextmanager
    def pushed(self, directory: Path) -> Iterator[None]:
        """Push a picture as a controller does: it comes back by itself, a second after each end."""
        clip = directory / "flown.ts"
        source = ("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25", "-t", "4")
        assert run_ffmpeg(*source, *PLAIN, "-g", "25", "-f", "mpegts", str(clip)).wait(60) == 0
        with pushing(clip, "flv", f"{self.address}{self.key}", again=True):
            yield

    def bridges(self) -> set[int]:
        """Every process on the machine that bridges from our RTMP server, whoever its parent is."""
        words = (self.inside_address.encode(), b"\0whip\0")
        return {pid for pid in _pids() if all(word in command_of(pid) for word in words)}

    def gates(self) -> int:
        """How many ports the process of the bridges listens on."""
        return listening_ports(self.world.pid("bridges"))

    def feed(self) -> str:
        """How the bridge stands, as the console is told."""
        of = f"JOIN herts.drones_flight f ON f.aircraft_id = d.aircraft_id WHERE f.session_id = '{self.session_id}'"
        return self.world.sql(f"SELECT d.state, d.trouble FROM herts.drones_feed d {of}")

    def await_alone(self) -> None:
        """Wait until nothing is there but one bridge and its gate."""
        why = lambda: (self.bridges(), self.gates(), self.feed())  # noqa: E731
        wait_until(lambda: len(self.bridges()) == 1 and self.gates() == 1, 10, why=why)
        wait_until(lambda: self.feed() == "passing|", 10, why=self.feed)

    def land(self) -> None:
        """Land; twice changes nothing."""
        self.world.system.manage("shell", "--no-imports", "-c", LAND.format(session_id=self.session_id))

    def await_no_bridge(self) -> None:
        """Wait until no bridge, no port and no picture is left of the flight, although its controller still tries."""
        wait_until(lambda: not self.bridges() and not self.gates(), 10, why=lambda: (self.bridges(), self.gates()))
        assert self.world.sql("SELECT count(*) FROM herts.streams_stream WHERE state <> 'ended'") == "0"

    def await_no_file(self) -> None:
        """Wait until no file of the media server's is left: what was recorded lies with its evidence."""
        recorded = self.world.stack.installation.directories.recordings / "herts" / self.session_id
        wait_until(lambda: not recorded.exists(), 20, why=lambda: list(recorded.iterdir()))

    def recorded(self) -> Recorded:
        """Wait until what was recorded is sealed."""
        of = f"FROM herts.evidence_item WHERE session_id = '{self.session_id}' AND kind = 'recording'"
        found = (
            f"SELECT state, is_complete, jsonb_array_length(segments), jsonb_path_query_array(gaps, '$[*].reason') {of}"
        )
        why = lambda: self.world.sql(f"SELECT * {of}")  # noqa: E731
        wait_until(lambda: self.world.sql(found).startswith("sealed"), SEALED_S, why=why)
        rows = self.world.sql(found).splitlines()
        _, is_complete, segments, reasons = rows[0].split("|")
        named = [reason.strip('" ') for reason in reasons.strip("[]").split(",") if reason]
        return Recorded(len(rows), is_complete == "t", named, int(segments))


def _pids() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
