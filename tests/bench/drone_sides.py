"""Drones that send and viewers who watch, through all of ours and through a bare Janus: the same of both.

Every drone sends the same clip by WHIP, as it is; every viewer is a `Sink`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Protocol

from tests.bench.accounts import Signed
from tests.bench.drone_sources import by_whip, pushing_clip
from tests.bench.flights import Flown
from tests.bench.peers.janus_api import Janus, JanusError
from tests.bench.sinks import Sink
from tests.bench.watching_console import open_console

VIEWERS = 5
LIVE_WITHIN_S = 30.0


class Side(Protocol):
    """A media server with whatever drives it."""

    name: str
    pid: int
    recordings: Path

    def flying(self) -> AbstractAsyncContextManager[list[Sink]]:
        """Let the drones send and the viewers watch, each by a sink."""
        ...


class OurSide:
    """All of ours: aircraft in the air, and operators' consoles."""

    name = "ours"

    def __init__(self, ffmpeg: str, clip: Path, flown: Sequence[Flown], operators: Sequence[Signed], pid: int) -> None:
        """``pid`` is our media server's."""
        self._ffmpeg, self._clip, self._flown, self._operators, self.pid = ffmpeg, clip, flown, operators, pid
        self.recordings = flown[0].system.stack.installation.directories.recordings

    @asynccontextmanager
    async def flying(self) -> AsyncIterator[list[Sink]]:
        """See ``Side``."""
        await until(lambda: all(one.is_waiting() for one in self._flown))
        async with AsyncExitStack() as rest:
            for one in self._flown:
                rest.enter_context(pushing_clip(self._ffmpeg, self._clip, one.target))
            await until(lambda: all(one.live_stream() for one in self._flown))
            streams = {one.session_id: one.live_stream() for one in self._flown}
            sinks = [Sink() for _ in range(len(self._flown) * VIEWERS)]
            rest.push_async_callback(close_all, sinks)
            places = iter(sinks)
            for operator in self._operators[:VIEWERS]:
                console = await rest.enter_async_context(open_console(self._flown[0].system.port, operator.cookie))
                for session_id, stream_id in streams.items():
                    await console.watch(session_id, stream_id, next(places))
            await asyncio.gather(*(sink.connected() for sink in sinks))
            yield sinks


class BareSide:
    """A bare Janus with a WHIP endpoint, and viewers who speak its own API."""

    name = "bare"

    def __init__(self, ffmpeg: str, clip: Path, drones: int, url: str, endpoint: str, place: tuple[int, Path]) -> None:
        """``url`` is the API's, ``endpoint`` the WHIP server's, ``place`` the process and where it records."""
        self._ffmpeg, self._clip, self._url, self._endpoint = ffmpeg, clip, url, endpoint
        self._rooms = [f"drone-{number}" for number in range(drones)]
        self.pid, self.recordings = place

    @asynccontextmanager
    async def flying(self) -> AsyncIterator[list[Sink]]:
        """See ``Side``."""
        async with AsyncExitStack() as rest:
            for room in self._rooms:
                target = by_whip(f"{self._endpoint}/{room}")
                rest.enter_context(pushing_clip(self._ffmpeg, self._clip, target))
            janus = await Janus.open(self._url)
            rest.push_async_callback(janus.close)
            asking = await janus.attach()
            sinks = [Sink() for _ in range(len(self._rooms) * VIEWERS)]
            rest.push_async_callback(close_all, sinks)
            places = iter(sinks)
            for room in self._rooms:
                feed = await until_async(partial(feed_of, janus, asking, room))
                for _ in range(VIEWERS):
                    await subscribe(janus, room, feed, next(places))
            await asyncio.gather(*(sink.connected() for sink in sinks))
            yield sinks


async def feed_of(janus: Janus, handle: int, room: str) -> str:
    """Return who publishes in a room; nobody while it is not there."""
    with suppress(JanusError):
        said = await janus.message(handle, {"request": "listparticipants", "room": room})
        return next((str(one["id"]) for one in said["participants"] if one["publisher"]), "")
    return ""


async def subscribe(janus: Janus, room: str, feed: str, sink: Sink) -> None:
    """Let a sink watch a feed, on a handle of its own."""
    handle = await janus.attach()
    body = {"request": "join", "ptype": "subscriber", "room": room, "streams": [{"feed": feed}]}
    offer = (await janus.message(handle, body))["jsep"]["sdp"]
    answer = {"type": "answer", "sdp": await sink.answer(offer)}
    await janus.message(handle, {"request": "start"}, answer)


async def close_all(sinks: list[Sink]) -> None:
    """Let every viewer leave."""
    await asyncio.gather(*(sink.close() for sink in sinks))


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something that is looked up holds."""
    async with asyncio.timeout(LIVE_WITHIN_S):
        while not condition():  # noqa: ASYNC110 - rows do not notify
            await asyncio.sleep(0.2)


async def until_async(look: Callable[[], Awaitable[str]]) -> str:
    """Return the first text that is none of emptiness."""
    async with asyncio.timeout(LIVE_WITHIN_S):
        while not (found := await look()):  # noqa: ASYNC110 - Janus tells publishers alone
            await asyncio.sleep(0.2)
    return found
