"""A console that sends as much as it may, or more, and others whose heartbeats are timed meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

from tests.streams.line import Line
from tests.streams.web_process import Web

SECONDS = 2.5
PAUSE_S = 0.25
ROLES = ("operator", "supervisor", "operator")
SOCKETS_EACH = 6
AT_THE_LIMIT, BEYOND_IT = 50, 500


async def open_consoles(web: Web) -> list[Line]:
    """Open the consoles that nobody floods, several to a sign-in."""
    cookies = [await web.sign_in(role) for role in ROLES]
    return [await web.console(cookie) for cookie in cookies for _ in range(SOCKETS_EACH)]


@contextlib.asynccontextmanager
async def flood(web: Web, frames_a_second: int) -> AsyncIterator[Line]:
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


async def round_trips(lines: list[Line]) -> list[float]:
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


async def _read_on(line: Line) -> None:
    while True:
        await line.expect("nothing that ever comes")
