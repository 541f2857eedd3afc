"""The simulated operator's console, which has the session open."""

from __future__ import annotations

import asyncio
import json

import pytest
import websockets
from websockets.asyncio.server import ServerConnection

from streams.simulation import attendance
from streams.simulation.attendance import attending
from streams.simulation.door import Door


async def test_operator_has_the_session_open_again_after_each_loss_and_stays_away_when_put_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(attendance, "RECONNECT_SECONDS", 0.01)
    closes = iter([1012, 4401])
    opened: list[str] = []
    out = asyncio.Event()

    async def console(socket: ServerConnection) -> None:
        opened.append(json.loads(await socket.recv())["session_id"])
        await socket.recv()
        code = next(closes)
        await socket.close(code)
        if code == 4401:
            out.set()

    async with websockets.serve(console, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        async with Door(f"http://herts.localhost:{port}") as door, attending(door, "s-1"):
            await asyncio.wait_for(out.wait(), 10)
            await asyncio.sleep(0.1)
    assert opened == ["s-1", "s-1"]
