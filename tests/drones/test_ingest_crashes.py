"""Whatever is killed while a drone sends, and however bad its line is: the picture comes back, and nothing is left."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

from forces.context import ForceRef
from tests.conftest import wait_until
from tests.drones.ingest_looks import BACK_S, until_feed, until_live
from tests.drones.ingest_world import Drone, World, is_alive, pushing
from tests.drones.udp_relay import Line, bad_line

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
        world.kill_rtmp()
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
        world.start_again("bridges")  # in this thread: a program that a thread began ends with it
        await until_live(herts, drone, other_than=before, seconds=BACK_S)

    assert orphans


async def test_sender_that_falls_silent_is_let_go_and_comes_back_by_another_line(
    fly: Fly, world: World, clips: Path, herts: ForceRef
) -> None:
    drone = await fly("rtmp")
    with pushing(world.clip(clips), "flv", world.rtmp_url(drone.key)) as lost:
        before = await until_live(herts, drone)
        os.kill(lost.pid, signal.SIGSTOP)
        with pushing(world.clip(clips), "flv", world.rtmp_url(drone.key), again=True):
            await until_live(herts, drone, other_than=before, seconds=BACK_S)


async def test_call_by_srt_over_a_line_that_loses_and_delays_is_live(
    fly: Fly, world: World, clips: Path, herts: ForceRef
) -> None:
    drone = await fly("srt")
    await until_feed(herts, drone, "waiting")
    assert drone.simulated.srt_port is not None
    async with bad_line(drone.simulated.srt_port, Line(lost=0.03, delay_s=0.02)) as near:
        url = drone.srt_url.replace(f":{drone.simulated.srt_port}", f":{near.port}")
        with pushing(world.clip(clips), "mpegts", url):
            stream = await until_live(herts, drone)
            await asyncio.sleep(5)
            assert (await until_live(herts, drone)).pk == stream.pk

    assert near.dropped > 0


async def test_sender_by_srt_that_goes_away_may_call_again(
    fly: Fly, world: World, clips: Path, herts: ForceRef
) -> None:
    drone = await fly("srt")
    await until_feed(herts, drone, "waiting")
    with pushing(world.clip(clips), "mpegts", drone.srt_url):
        before = await until_live(herts, drone)
    with pushing(world.clip(clips), "mpegts", drone.srt_url, again=True):
        await until_live(herts, drone, other_than=before, seconds=BACK_S)
