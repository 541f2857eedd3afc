"""Fixtures of drones: a media server in memory, an aircraft in the air, and a whole system that takes pictures."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from config.services.stack import Stack
from forces.refs import ForceRef
from tests.fakes.gateway import FakeGateway
from tests.streams.conftest import clean_leases, gateway, live_db, peers, settings_turn

if TYPE_CHECKING:
    from tests.drones.devices import Device
    from tests.drones.ingest_world import Drone, World

__all__ = ["clean_leases", "gateway", "live_db", "peers", "settings_turn"]


@pytest.fixture
async def device(live_db: str, gateway: FakeGateway, herts: ForceRef) -> Device:
    """Return the encoder of an aircraft whose flight is launched."""
    from tests.drones.devices import in_the_air

    return await in_the_air(herts, gateway)


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory for clips, each made when it is first asked for."""
    return tmp_path_factory.mktemp("clips")


@pytest.fixture(scope="module")
def world(stack: Stack, module_db: str) -> Iterator[World]:
    """Everything that takes a drone's picture."""
    from streams.simulation.peer import stay_on_loopback
    from tests.drones.ingest_world import World

    stack.run_sql(f"UPDATE forces_medianode SET url = '{stack.environment['SIGHTLINE_JANUS_URL']}'", module_db)
    stay_on_loopback()
    made = World(stack, module_db)
    try:
        made.start()
        yield made
    finally:
        made.stop()


@pytest.fixture
async def fly(live_db: str, world: World, herts: ForceRef) -> AsyncIterator[Callable[..., Awaitable[Drone]]]:
    """Return `await fly(protocol, name)`: an aircraft in the air, which lands in the end."""
    from drones.models import Feed
    from drones.services.flights import land_flight
    from forces import clock
    from forces.context import ain_force
    from streams import signalling
    from tests.drones.ingest_world import launch_drone
    from tests.factories.streams import person
    from tests.streams.socket_peers import until_rows

    flown: list[Drone] = []

    async def launch(protocol: str, name: str = "REAL") -> Drone:
        ports = world.stack.installation.ports
        rtsp_port = _free_port() if protocol == "rtsp" else 1
        drone = await ain_force(herts, launch_drone, protocol, ports, rtsp_port, name)
        flown.append(drone)
        return drone

    yield launch
    for drone in flown:
        await ain_force(herts, land_flight, actor=person(), now=clock.now(), session_id=drone.session_id)
    await until_rows(herts, lambda: not Feed.objects.exclude(state=Feed.State.STOPPED).exists(), 25)
    await signalling.close_gateways()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
