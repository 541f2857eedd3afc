"""A bridge, the process of the bridges, and the RTMP server, killed while a drone sends: the picture comes back."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

from forces.context import ForceRef
from tests.conftest import wait_until
from tests.drones.ingest_looks import (
    BACK_S,
    until_live,
)
from tests.drones.ingest_world import Drone, World, is_alive, pushing

Fly = Callable[[str], Awaitable[Drone]]


async def test_bridge_that_is_killed_comes_back(fly: Fly, world: World, clips: Path, herts: ForceRef) -> None:
    drone = await fly("rtmp")
    with pushing(world.clip(clips), "flv", world.rtmp_url(drone.key)):
        before = await until_live(herts, drone)
        (pid,) = world.bridges()
        os.kill(pid, signal.SIGKILL)
        await until_live(herts, drone, other_than=before, seconds=BACK_S)

        assert not is_alive(pid)
        assert len(world.bridges()) == 1


async def test_rtmp_server_that_is_killed_comes_back(fly: Fly, world: World, clips: Path, herts: ForceRef) -> None:
    drone = await fly("rtmp")
    with pushing(world.clip(clips), "flv", world.rtmp_url(drone.key), again=True):
        before = await until_live(herts, drone)
        await asyncio.to_thread(world.kill_rtmp)
        await until_live(herts, drone, other_than=before, seconds=BACK_S)

    assert len(world.bridges()) == 1


async def test_process_of_the_bridges_that_is_killed_leaves_none_and_comes_back(
    fly: Fly, world: World, clips: Path, herts: ForceRef
) -> None:
    drone = await fly("rtmp")
    with pushing(world.clip(clips), "flv", world.rtmp_url(drone.key)):
        before = await until_live(herts, drone)
        orphans = world.bridges()
        await asyncio.to_thread(world.processes["bridges"].kill)
        await asyncio.to_thread(wait_until, lambda: not any(map(is_alive, orphans)), 5)
        await asyncio.to_thread(world.start_again, "bridges")
        await until_live(herts, drone, other_than=before, seconds=BACK_S)

    assert orphans
