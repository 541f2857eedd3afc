"""Parts that hang instead of dying: stopped for eight seconds, then let go on."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.conftest import wait_until
from tests.faults.world import World

FROZEN_S = 8.0
UNSURE_S = 5.0
# Whoever has a connection waits for the answer for 17 s at most, whoever has none gives up sooner.
LONG_S, ANSWERED_S, RETURNED_S = 30.0, 25.0, 5.0


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


def test_postgres_frozen_for_long_holds_no_request_and_pages_come_back(world: World) -> None:
    # Switches: `AnsweringConnection` and `reconnect_timeout` in forces/postgres/base.py.
    before = world.stack.control.pids()
    with ThreadPoolExecutor(12) as asking:
        with world.frozen("postgres") as at:
            asked = [asking.submit(world.get, "/api/v1/sessions/", timeout=ANSWERED_S) for _ in range(12)]
            answers = [one.result() for one in asked]
            assert time.monotonic() - at < ANSWERED_S
            assert {answer.status_code for answer in answers} == {503}
            assert world.get(timeout=ANSWERED_S).json()["code"] == "unavailable"
            world.page.wait_for_timeout(max(0.0, LONG_S - (time.monotonic() - at)) * 1000)
        returned = time.monotonic()
        wait_until(lambda: world.get().status_code == 200, RETURNED_S, why=lambda: world.get().text)
    world.await_live(10, returned)
    world.await_fixes(6)
    assert world.stack.control.pids() == before, "something had to be started again"
