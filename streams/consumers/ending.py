"""The end of a socket that was not told of it: the web server cuts off whoever takes too long."""

from __future__ import annotations

import asyncio
from typing import Any

from channels.generic.websocket import AsyncWebsocketConsumer

CUT_OFF = 1006

_letting_go: set[asyncio.Task[None]] = set()


class Ending(AsyncWebsocketConsumer):
    """A socket whose chores end with it, however it ends."""

    is_open = True
    guard: asyncio.Task[None] | None = None
    writer: asyncio.Task[None] | None = None

    async def __call__(self, *words: Any) -> None:
        """Serve; whoever is cut off half-way leaves nothing behind that would go on for ever."""
        try:
            await super().__call__(*words)
        finally:
            if self.is_open and self.writer is not None:
                task = asyncio.create_task(self.disconnect(CUT_OFF))
                _letting_go.add(task)
                task.add_done_callback(_letting_go.discard)

    def stop_chores(self) -> None:
        """End what goes on beside the frames."""
        self.is_open = False
        for task in (self.writer, self.guard):
            if task is not None:
                task.cancel()
