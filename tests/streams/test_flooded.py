"""One socket sends as much as it may, and more: the others' heartbeats come back as before."""

from __future__ import annotations

import asyncio
import contextlib
import statistics
import time
from collections.abc import AsyncIterator, Iterator

import pytest

from config.services.stack import Stack
from tests.streams.line import Line
from tests.streams.web_process import Web, running_web

ROUNDS = 5
SECONDS = 2.5
PAUSE_S = 0.25
# Within this nobody notices anything; a quiet machine's own noise lies far below.
UNNOTICED_S = 0.25
ROLES = ("operator", "supervisor", "operator")
SOCKETS_EACH = 6
AT_THE_LIMIT, BEYOND_IT = 50, 500


@pytest.fixture(scope="module")
def web(stack: Stack, module_db: str) -> Iterator[Web]:
    """Run one web process for these tests."""
    with running_web(stack, module_db) as running:
        yield running


@contextlib.asynccontextmanager
async def _flood(web: Web, frames_a_second: int) -> AsyncIterator[Line]:
    """Let one console ask for its snapshot that often, and read what it is answered."""
    line = await web.console(await web.sign_in())

    async def send() -> None:
        begun = time.monotonic()
        sent = 0
        while True:
            while sent < (time.monotonic() - begun) * frames_a_second:
                await line.send_json("console.snapshot")
                sent += 1
            await asyncio.sleep(0.01)

    tasks = [asyncio.create_task(send()), asyncio.create_task(_read_on(line))]
    try:
        yield line
    finally:
        for task in tasks:
            task.cancel()
        line.close()


async def _read_on(line: Line) -> None:
    while True:
        await line.expect("nothing that ever comes")


async def _round_trips(lines: list[Line]) -> list[float]:
    """Let each socket send its heartbeats for a while; return how long each took, in seconds."""

    async def beat(line: Line, delay_s: float) -> list[float]:
        await asyncio.sleep(delay_s)
        taken, end = [], time.monotonic() + SECONDS
        while time.monotonic() < end:
            begun = time.monotonic()
            assert await line.is_alive()
            taken.append(time.monotonic() - begun)
            await asyncio.sleep(PAUSE_S)
        return taken

    steps = [beat(line, PAUSE_S * index / len(lines)) for index, line in enumerate(lines)]
    return [taken for each in await asyncio.gather(*steps) for taken in each]


def _p99(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=100)[98]


@pytest.mark.parametrize("frames_a_second", [AT_THE_LIMIT, BEYOND_IT])
async def test_flooded_socket_does_not_slow_the_others(web: Web, frames_a_second: int) -> None:
    cookies = [await web.sign_in(role) for role in ROLES]
    lines = [await web.console(cookie) for cookie in cookies for _ in range(SOCKETS_EACH)]
    quiet, flooded = [], []
    for _ in range(ROUNDS):
        quiet.append(_p99(await _round_trips(lines)))
        async with _flood(web, frames_a_second) as flooding:
            flooded.append(_p99(await _round_trips(lines)))
            codes = [frame["code"] for frame in flooding.seen if frame["type"] == "error"]
        assert set(codes) <= {"rate_limited", "busy"}
        assert bool(codes) == (frames_a_second > AT_THE_LIMIT)
    allowed = max(2 * statistics.median(quiet), UNNOTICED_S)
    assert statistics.median(flooded) <= allowed, (quiet, flooded)
