"""Aircraft of ours that are in the air, as whoever measures them needs them. Import it when Django is set up."""

from __future__ import annotations

from dataclasses import dataclass

from forces.context import in_force
from tests.bench.accounts import HERTS
from tests.bench.drone_sources import Target, by_rtmp, by_srt, by_whip
from tests.drones.ingest_world import Drone, launch_drone
from tests.flows.system import System


@dataclass(frozen=True)
class Flown:
    """An aircraft in the air, and where it sends."""

    system: System
    drone: Drone
    protocol: str

    @property
    def session_id(self) -> str:
        """The live session of its flight."""
        return str(self.drone.session_id)

    @property
    def target(self) -> Target:
        """Where its picture is sent, by its protocol."""
        simulated = self.drone.simulated
        if self.protocol == "rtmp":
            return by_rtmp(simulated.rtmp_port, simulated.key)
        if self.protocol == "srt":
            assert simulated.srt_port is not None, "the aircraft has no port for SRT"
            return by_srt(simulated.srt_port, simulated.srt_passphrase)
        return by_whip(f"{simulated.base_url}/whip", simulated.key, f"http://127.0.0.1:{self.system.port}")

    def is_waiting(self) -> bool:
        """Whether nothing comes of it any more, and the bridge, where it has one, waits for more."""
        mine = f"session_id = '{self.session_id}'"
        if self.system.sql(f"SELECT 1 FROM herts.streams_stream WHERE {mine} AND state <> 'ended' LIMIT 1"):
            return False
        aircraft = f"aircraft_id = '{self.drone.aircraft_id}'"
        bridge = f"SELECT state FROM herts.drones_feed WHERE {aircraft}"
        return self.protocol == "whip" or self.system.sql(bridge) == "waiting"

    def live_stream(self) -> str:
        """Return the id of its picture while that is live, else nothing."""
        live = f"session_id = '{self.session_id}' AND state = 'live'"
        return self.system.sql(f"SELECT id FROM herts.streams_stream WHERE {live}")


def launch(system: System, protocol: str, name: str = "REAL") -> Flown:
    """Launch a new aircraft that sends by a protocol."""
    ports = system.stack.installation.ports
    return Flown(system, in_force(HERTS, launch_drone, protocol, ports, name=name), protocol)
