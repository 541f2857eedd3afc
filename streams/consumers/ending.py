"""The end of a socket, also of one that was not told of it: the web server cuts off whoever takes too long."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from channels.consumer import get_handler_name
from channels.generic.websocket import AsyncWebsocketConsumer
from redis import RedisError

CUT_OFF = 1006

_letting_go: set[asyncio.Task[None]] = set()


class Ending(AsyncWebsocketConsumer):
    """A socket whose chores end with it, however it ends."""

    channel_name = ""
    is_open = True
    guard: asyncio.Task[None] | None = None
    writer: asyncio.Task[None] | None = None

    async def __call__(self, *words: Any) -> None:
        """Serve; whoever ends, or is cut off half-way, leaves nothing behind that would go on for ever."""
        try:
            await super().__call__(*words)
        finally:
            task = asyncio.create_task(self._let_go())
            _letting_go.add(task)
            task.add_done_callback(_letting_go.discard)

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Hand a message over at once.

        Channels first lets the one thread of the process close database connections, which no socket has here: in a
        rush, messages waited for that thread by the second.
        """
        handler = getattr(self, get_handler_name(message), None)
        if handler is None:
            raise ValueError(f"no handler for messages of the type {message['type']}")
        await handler(message)

    async def _let_go(self) -> None:
        try:
            if self.is_open and self.writer is not None:
                await self.disconnect(CUT_OFF)
        finally:
            if self.channel_name:
                with contextlib.suppress(OSError, RedisError):
                    layer: Any = self.channel_layer
                    await layer.forget_channel(self.channel_name)

    def stop_chores(self) -> None:
        """End what goes on beside the frames."""
        self.is_open = False
        for task in (self.writer, self.guard):
            if task is not None:
                task.cancel()
