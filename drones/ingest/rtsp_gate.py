"""The one way from ffmpeg to a camera: a port on loopback that leads to the address that was judged.

Ffmpeg is given the port, never the camera's name: what it connects to was looked up once (`addresses`), and no answer
sends it elsewhere (`redirects`). One connection at a time; the port is closed with the bridge.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from urllib.parse import quote

from drones.ingest.addresses import PullTarget
from drones.ingest.redirects import RedirectGuard, RedirectRefused

CONNECTING_SECONDS = 5.0
_CHUNK = 64 * 1024


class RtspGate:
    """Listens on a port of loopback for the ffmpeg of one bridge; `refusal` says why the last connection was cut."""

    def __init__(self, target: PullTarget) -> None:
        """`target` is where every connection leads."""
        self.refusal = ""
        self._target = target
        self._server: asyncio.Server | None = None
        self._passing: asyncio.Task[None] | None = None

    async def open(self) -> str:
        """Begin to listen; returns the address for ffmpeg, with the user and password that the camera asks for."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, backlog=1)
        port = self._server.sockets[0].getsockname()[1]
        source = self._target.source
        who = f"{quote(source.user, safe='')}:{quote(source.password, safe='')}@" if source.user else ""
        return f"rtsp://{who}127.0.0.1:{port}{source.path}"

    async def close(self) -> None:
        """Close the port, and the connection that passes through it."""
        if self._server is not None:
            self._server.close()
            self._server = None
        if self._passing is not None:
            self._passing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._passing
            self._passing = None

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection; another one at the same time is not ffmpeg's."""
        if self._passing is not None and not self._passing.done():
            writer.close()
            return
        self._passing = asyncio.create_task(self._pass(reader, writer))

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.refusal = ""
        try:
            async with asyncio.timeout(CONNECTING_SECONDS):
                there = await asyncio.open_connection(str(self._target.address), self._target.source.port)
        except (OSError, TimeoutError):
            self.refusal = "unreachable"
            writer.close()
            return
        guard = RedirectGuard()
        ways = [
            asyncio.create_task(_carry(reader, there[1], guard.from_client)),
            asyncio.create_task(_carry(there[0], writer, guard.from_server)),
        ]
        try:
            done, _ = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            if any(isinstance(way.exception(), RedirectRefused) for way in done):
                self.refusal = "redirected"
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            # At once, and whatever is still on its way with it.
            writer.transport.abort()
            there[1].transport.abort()


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, look: Callable[[bytes], bytes]) -> None:
    """Pass on what comes, until one side ends; raises `RedirectRefused`."""
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(_CHUNK):
            if passed := look(data):
                writer.write(passed)
                await writer.drain()
