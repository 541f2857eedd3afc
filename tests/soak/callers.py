"""Callers who come and go as people and their phones do: they stop, reload, or are gone without a word."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import websockets

from streams.simulation.caller import Caller
from streams.simulation.clip import Clip
from streams.simulation.door import Door
from streams.simulation.scenarios import Scenario

LIVE_WITHIN_S = 90.0
OVER_WITHIN_S = 30.0


class Phone(Caller):
    """A simulated caller that notes what the server acknowledged, and can be made to vanish."""

    def __init__(self, door: Door, scenario: Scenario, clip: Clip) -> None:
        super().__init__(door, scenario, clip)
        self.kept_texts: list[str] = []
        self._is_live = asyncio.Event()
        self._is_gone = False
        self._life: asyncio.Task[str] | None = None

    def follow(self, link: str) -> None:
        """Open the link and stay."""
        self._life = asyncio.create_task(self.call(link))

    def come_back(self) -> None:
        """Load the page again, as the same browser: without the link."""
        self._life = asyncio.create_task(self._return())

    async def await_live(self) -> None:
        """Wait until the picture is said to be live; raises TimeoutError, or what ended the call before."""
        await self._first(self._is_live.wait(), LIVE_WITHIN_S)

    async def say(self, text: str) -> None:
        """Send a message; it is acknowledged when it comes back."""
        await self._send("chat.send", client_id=secrets.token_hex(8), text=text)

    async def stop(self) -> str:
        """Press STOP, and return what the server said of it."""
        await self._send("session.stop")
        return await self.end()

    async def end(self) -> str:
        """Wait for the end; returns who ended it and why, as the page was told."""
        assert self._life is not None
        return await asyncio.wait_for(self._life, OVER_WITHIN_S)

    async def vanish(self) -> None:
        """Be gone between two packets: no goodbye of the socket, none of the picture."""
        self._is_gone = True
        peer = self._broadcast._peer
        for transceiver in peer._connection.getTransceivers() if peer is not None else ():
            ice: Any = transceiver.sender.transport.transport
            await ice._connection.close()
        if self._socket is not None:
            self._socket.transport.abort()
        await self.let_go()

    async def let_go(self) -> None:
        """End what still runs here; the server is told by whatever does so."""
        if self._life is not None:
            self._life.cancel()
            await asyncio.gather(self._life, return_exceptions=True)

    async def _return(self) -> str:
        await self._door.get_page("/live/")
        try:
            return await self._stay()
        finally:
            await self._broadcast.close()

    async def _first(self, wanted: Awaitable[Any], seconds: float) -> None:
        assert self._life is not None
        waiting = asyncio.ensure_future(wanted)
        await asyncio.wait({waiting, self._life}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if waiting.done():
            return
        waiting.cancel()
        raise TimeoutError(f"the call ended: {self._life}" if self._life.done() else "the picture never came")

    async def _on_stream_changed(self, frame: dict[str, Any]) -> None:
        if frame["stream"]["state"] == "live":
            self._is_live.set()
        await super()._on_stream_changed(frame)

    async def _on_chat_message(self, frame: dict[str, Any]) -> None:
        if frame["sender"] == "caller":
            self.kept_texts.append(frame["text"])
        await super()._on_chat_message(frame)

    async def _say_stop(self) -> None:
        """Who vanishes says nothing, and neither does a page that is loaded again."""


async def reload(phone: Phone, door: Door, scenario: Scenario, clip: Clip) -> Phone:
    """Load the page anew: socket and connection go as a browser lets them go; returns the new page."""
    await phone.let_go()
    again = Phone(door, scenario, clip)
    again.come_back()
    return again


async def quietly(act: Callable[[], Awaitable[Any]]) -> None:
    """Do something at the end of a call that may be over by itself."""
    with contextlib.suppress(OSError, TimeoutError, websockets.WebSocketException):
        await act()
