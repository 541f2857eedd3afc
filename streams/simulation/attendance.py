"""A simulated operator's console: it has the session open while the call lasts, so that nobody is called to help."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import websockets
from websockets.asyncio.client import ClientConnection

from streams.simulation.door import Door

logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 2.0
RECONNECT_SECONDS = 2.0
# Nobody is let in again after these (PROTOCOL.md, close codes).
FINAL_CLOSE_CODES = range(4400, 4500)


@asynccontextmanager
async def attending(door: Door, session_id: str) -> AsyncIterator[None]:
    """Keep a session open on a console of the operator who is signed in at `door`, for the length of a block.

    Nothing is watched and nothing answered: whoever signs in to see the demonstration does that.
    """
    console = asyncio.create_task(_keep_open(door, session_id))
    try:
        yield
    finally:
        console.cancel()
        with suppress(asyncio.CancelledError):
            await console


async def _keep_open(door: Door, session_id: str) -> None:
    """Open the session again on every new socket, until cancelled or no longer let in."""
    while True:
        try:
            async with door.open_socket("/ws/console/") as socket:
                await _send(socket, "session.open", session_id=session_id)
                await _stay(socket)
        except (OSError, websockets.WebSocketException) as error:
            logger.info("the operator's socket dropped: %s", error)
            received = error.rcvd if isinstance(error, websockets.ConnectionClosed) else None
            if received is not None and received.code in FINAL_CLOSE_CODES:
                return
        await asyncio.sleep(RECONNECT_SECONDS)


async def _stay(socket: ClientConnection) -> None:
    """Ping on time and leave unread what comes, until the socket closes (raises ConnectionClosed)."""
    reading = asyncio.create_task(_read(socket))
    try:
        while True:
            await _send(socket, "heartbeat.ping", sent_at=int(time.time() * 1000))
            await asyncio.sleep(HEARTBEAT_SECONDS)
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)


async def _read(socket: ClientConnection) -> None:
    async for _ in socket:
        pass


async def _send(socket: ClientConnection, kind: str, **fields: object) -> None:
    await socket.send(json.dumps({"type": kind, **fields}))
