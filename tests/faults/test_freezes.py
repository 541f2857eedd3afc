"""Parts that hang instead of dying: stopped for eight seconds, then let go on."""

import time

import pytest

from tests.conftest import wait_until
from tests.faults.world import World

FROZEN_S = 8.0
UNSURE_S = 5.0


# Switches: for Janus the deadline of `_feeds_of` and `BLIND_AFTER_S` in streams/signalling/upkeep.py; for Postgres the
# check in `ConsoleSocket.heard`; for Redis the deadlines of forces.dispatch.async_redis and of the page's
# pong, together.
@pytest.mark.parametrize("part", ["janus", "postgres", "redis"])
def test_part_frozen_is_no_longer_claimed_and_goes_on_by_itself(world: World, part: str) -> None:
    before = world.stack.control.pids()
    with world.frozen(part) as at:
        said = world.await_unsure(UNSURE_S, at)
        if part == "janus":  # who reads REST is not told a lie, either
            left = UNSURE_S - (time.monotonic() - at)
            wait_until(lambda: "|stalled|" in world.stream(), left, why=world.stream)
        while time.monotonic() - at < FROZEN_S:
            world.page.wait_for_timeout(100)
            assert not world.is_live(), f"{said}, then live again while {part} hangs"
    world.await_live(10)
    world.await_fixes(6)
    assert world.stack.control.pids() == before, "something had to be started again"
