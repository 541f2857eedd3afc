"""Events on their way to the one reader of `MediaGateway.events`."""

from __future__ import annotations

import logging
from asyncio import Queue, QueueFull
from collections.abc import AsyncIterator

from streams.gateway.interface import ConnectionEvent

logger = logging.getLogger(__name__)

CAPACITY = 10_000


class EventQueue:
    """Bounded: when the reader is far behind, the oldest events are dropped and counted in `dropped`."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        """`capacity` is in events."""
        self.dropped = 0
        self._queue: Queue[ConnectionEvent | None] = Queue(capacity)

    def put(self, event: ConnectionEvent | None) -> None:
        """Add an event, None for the end."""
        while True:
            try:
                self._queue.put_nowait(event)
            except QueueFull:
                self._queue.get_nowait()
                self.dropped += 1
                logger.error("gateway events are not read fast enough: %d dropped", self.dropped)
            else:
                return

    async def read(self) -> AsyncIterator[ConnectionEvent]:
        """Events in their order, until the end is put."""
        while (event := await self._queue.get()) is not None:
            yield event
