"""One force's officers flood a web process with positions: another force's still reach their console in time."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from config.services.stack import Stack
from forces import clock
from tests.streams.line import Line
from tests.streams.web_process import Web, running_web

ROLES = ("officer", "pcso", "scenes_of_crime")
PAGES_EACH = 4
# Beyond what a socket may send, and each report as full as it may be.
REPORTS_A_SECOND, FIXES_IN_REPORT = 40, 120
MOVES, PAUSE_S = 12, 0.3
# A marker that is older than this is shown as old; a tick takes a quarter of a second.
SHOWN_WITHIN_S = 2.0


@pytest.fixture(scope="module")
def web(stack: Stack, module_db: str) -> Iterator[Web]:
    """Run one web process for these tests."""
    with running_web(stack, module_db) as running:
        yield running


def fix(number: int) -> dict[str, Any]:
    fixed_at = int(clock.now().timestamp() * 1000) - FIXES_IN_REPORT + number % FIXES_IN_REPORT
    return {"latitude": 51.8 + number / 1e6, "longitude": -0.08, "accuracy_m": 9, "fixed_at": fixed_at}


async def on_duty(web: Web, cookie: str) -> Line:
    """Open an officer's page that is on duty."""
    line = await web.open("/ws/officer/", cookie)
    await line.expect("officer.state")
    await line.send_json("status.set", status="available")
    await line.send_json("officer.snapshot", ref="on duty")
    await line.expect("officer.state", ref="on duty")
    return line


@contextlib.asynccontextmanager
async def flood(web: Web) -> AsyncIterator[list[Line]]:
    """Let every page of a force's officers send as many positions as it can."""
    cookies = [await web.sign_in(role) for role in ROLES]
    lines = [await on_duty(web, cookie) for cookie in cookies for _ in range(PAGES_EACH)]

    async def send(line: Line) -> None:
        for number in range(1_000_000):
            await line.send_json("duty.fixes", fixes=[fix(number + at) for at in range(FIXES_IN_REPORT)])
            await asyncio.sleep(1 / REPORTS_A_SECOND)

    async def read(line: Line) -> None:
        await line.expect("nothing that ever comes")

    tasks = [asyncio.create_task(act(line)) for line in lines for act in (send, read)]
    try:
        yield lines
    finally:
        for task in tasks:
            task.cancel()
        for line in lines:
            line.close()


async def test_flood_of_one_force_does_not_slow_anothers_ticks(web: Web) -> None:
    console = await web.console(await web.sign_in())
    await console.send_json("officers.follow")
    await console.expect("officers.snapshot")
    officer = await on_duty(web, await web.sign_in("officer"))

    async with flood(web.of("beds")) as flooding:
        taken = []
        for number in range(MOVES):
            sent, begun = fix(number), time.monotonic()
            await officer.send_json("duty.fixes", fixes=[sent])
            moved = await console.expect("officers.moved")
            assert moved["officers"][0]["fix"]["latitude"] == sent["latitude"]
            taken.append(time.monotonic() - begun)
            await asyncio.sleep(PAUSE_S)
        kept = [frame for line in flooding for frame in line.seen if frame["type"] == "duty.kept"]

    assert sum(frame["count"] for frame in kept) > MOVES * FIXES_IN_REPORT, "nothing was flooded"
    assert max(taken) < SHOWN_WITHIN_S
