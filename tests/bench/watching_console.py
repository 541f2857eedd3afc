"""An operator's console without a page: it watches pictures over the real socket, each with a `Sink`."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from tests.bench.sinks import Sink

OFFERED_WITHIN_S = 20.0
HEARTBEAT_S = 2.0


class Console:
    """One operator's console that watches."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._numbers = count()
        self._asked: dict[str, asyncio.Future[dict[str, Any]]] = {}

    async def watch(self, session_id: str, stream_id: str, sink: Sink) -> None:
        """Watch a picture."""
        ref = str(next(self._numbers))
        self._asked[ref] = asyncio.get_running_loop().create_future()
        await self._say("stream.watch", session_id=session_id, stream_id=stream_id, ref=ref)
        offer = await asyncio.wait_for(self._asked[ref], OFFERED_WITHIN_S)
        del self._asked[ref]
        assert offer["type"] == "stream.offer", offer
        await self._say("watch.answer", watch_id=offer["watch_id"], sdp=await sink.answer(offer["sdp"]))

    async def read(self) -> None:
        """Take what comes, for ever."""
        async for text in self._socket:
            frame = json.loads(text)
            asked = self._asked.get(frame.get("ref") or "")
            if asked is not None and not asked.done():
                asked.set_result(frame)

    async def beat(self) -> None:
        """Say that somebody is there, for ever."""
        while True:
            await self._say("heartbeat.ping", sent_at=int(time.time() * 1000))
            await asyncio.sleep(HEARTBEAT_S)

    async def _say(self, kind: str, **fields: Any) -> None:
        await self._socket.send(json.dumps({"type": kind, **fields}))


@asynccontextmanager
async def open_console(port: int, cookie: str) -> AsyncIterator[Console]:
    """Open a console of herts."""
    host = f"herts.localhost:{port}"
    socket = await connect(
        f"ws://{host}/ws/console/",
        host="127.0.0.1",
        port=port,
        origin=Origin(f"http://{host}"),
        additional_headers={"Cookie": cookie},
        max_size=None,
        proxy=None,
    )
    console = Console(socket)
    tasks = [asyncio.create_task(console.read()), asyncio.create_task(console.beat())]
    try:
        yield console
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await socket.close()
