"""Faults while a drone flies, whose controller pushes by RTMP: each part that its picture comes through is killed."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.services.processes import accepts_connections
from tests.conftest import wait_until
from tests.faults.flown import Flown
from tests.faults.world import World, state_of

LOST_S = 5.0
BACK_S = 10.0
# A process of ours loads for seconds on a busy machine before it does anything.
LOADED_S = 20.0


@pytest.fixture
def flown(world: World, tmp_path: Path) -> Iterator[Flown]:
    """An aircraft in the air instead of the caller; the operator watches its picture, and it is recorded."""
    world.hang_up()
    before = world.sql("SELECT string_agg(id::text, ' ') FROM herts.streams_livesession").split()
    aircraft = Flown(world)
    try:
        with aircraft.pushed(tmp_path):
            world.watch_another(before)
            world.await_live(20)
            aircraft.await_alone()
            segment = f"FROM herts.streams_recordingsegment WHERE session_id = '{aircraft.session_id}'"
            wait_until(lambda: world.sql(f"SELECT state {segment}") == "recording", 10)
            yield aircraft
    finally:
        aircraft.land()
    world.begin_call()


def _ends_as_one_recording(flown: Flown, reasons: list[str]) -> None:
    """The flight lands while the controller still pushes: nothing is left, and what is missing is said."""
    flown.await_alone()
    flown.world.page.wait_for_timeout(2_000)  # something is to be recorded of what came back
    flown.land()
    flown.await_no_bridge()
    recorded = flown.recorded()
    assert (recorded.count, recorded.reasons, recorded.segments) == (1, reasons, len(reasons) + 1)
    assert recorded.is_complete is (not reasons)
    flown.await_no_file()


def test_rtmp_server_killed_picture_comes_back(flown: Flown) -> None:
    # Switch: autorestart=false in config/services/supervisor/program.conf, or a `Bridge.run` that ends with its input.
    world, port = flown.world, flown.world.stack.installation.ports.rtmp
    old, victim = world.stream().split("|")[0], world.pid("rtmp")
    died = world.kill("rtmp")
    world.await_unsure(LOST_S, died)
    world.await_restart("rtmp", victim)
    wait_until(lambda: accepts_connections(port), 10)
    world.await_live(BACK_S, time.monotonic())
    assert world.stream().split("|")[0] != old
    _ends_as_one_recording(flown, ["picture_lost"])


def test_bridge_killed_picture_comes_back(flown: Flown) -> None:
    # Switch: a `Bridge.run` that ends with its ffmpeg.
    world, process = flown.world, flown.world.pid("bridges")
    old, (victim,) = world.stream().split("|")[0], flown.bridges()
    os.kill(victim, signal.SIGKILL)
    died = time.monotonic()
    wait_until(lambda: state_of(victim) in ("", "Z"), 2)
    world.await_unsure(LOST_S, died)
    wait_until(lambda: flown.bridges() - {victim}, 5)
    world.await_live(BACK_S, died)
    assert world.stream().split("|")[0] != old
    assert world.pid("bridges") == process, "what keeps the bridges was not touched"
    _ends_as_one_recording(flown, ["picture_lost"])


def test_process_of_the_bridges_killed_leaves_no_orphan_and_picture_comes_back(flown: Flown) -> None:
    # Switches: autorestart=false in program.conf; for orphans the parent-death signal in drones/ingest/processes.py.
    world = flown.world
    old, victim, orphans = world.stream().split("|")[0], world.pid("bridges"), flown.bridges()
    died = world.kill("bridges")
    wait_until(lambda: all(state_of(pid) in ("", "Z") for pid in orphans), 2, why=lambda: orphans)
    world.await_unsure(LOST_S, died)
    world.await_restart("bridges", victim)
    wait_until(lambda: flown.bridges(), LOADED_S)
    world.await_live(BACK_S, time.monotonic())
    assert world.stream().split("|")[0] != old
    _ends_as_one_recording(flown, ["picture_lost"])


def test_janus_killed_picture_comes_back(flown: Flown) -> None:
    # Switch: without `WhipGate._look` a bridge whose ffmpeg hears of nothing sends into nothing for ever.
    world = flown.world
    old, victim, before = world.stream().split("|")[0], world.pid("janus"), flown.bridges()
    died = world.kill("janus")
    world.await_unsure(LOST_S, died)
    world.await_restart("janus", victim)
    wait_until(world.stack.program("janus").is_ready, 10)
    world.await_live(BACK_S, time.monotonic())
    assert world.stream().split("|")[0] != old
    assert not flown.bridges() & before, "the bridge of the picture that was lost is gone"
    ended = world.sql(f"SELECT end_reason FROM herts.streams_stream WHERE id = '{old}'")
    assert ended == "gateway_failed"
    _ends_as_one_recording(flown, ["media_server_lost"])


def test_web_process_killed_picture_goes_on(flown: Flown) -> None:
    # Switches: `error_page ... =204` of /machine/rtmp/update/ in config/services/nginx/nginx.conf, without which the
    # push is cut; `Upkeep.take_over_places`, without which the media server ends what the dead process held.
    world, port = flown.world, flown.world.stack.installation.ports.web()
    old, victim, before = world.stream(), world.pid("daphne"), flown.bridges()
    died = world.kill("daphne")
    world.await_unsure(LOST_S, died)
    world.await_restart("daphne", victim)
    wait_until(lambda: accepts_connections(port), LOADED_S)
    world.await_live(BACK_S, time.monotonic())
    # Longer than the RTMP server waits between two questions, and the media server for who holds a place.
    world.page.wait_for_timeout(25_000)
    world.await_live(3)
    assert world.stream() == old, "the picture went on without the web process"
    assert flown.bridges() == before
    _ends_as_one_recording(flown, [])
