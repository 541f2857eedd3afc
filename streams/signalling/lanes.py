"""Work in lanes: what is about one thing is done in its order, what is about another does not wait for it."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine, Hashable
from typing import Any

log = logging.getLogger(__name__)

Work = Callable[[], Coroutine[Any, Any, object]]


class Lanes:
    """Lanes by key; one piece of work that fails stops nothing.

    How much goes on at once is bounded where it is dear: at the database by `ain_force`, for each force apart.
    """

    def __init__(self) -> None:
        """No lane is open."""
        self._lanes: dict[Hashable, deque[Work]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def put(self, key: Hashable, work: Work) -> None:
        """Do `work` after all that waits in the lane of `key`."""
        if key in self._lanes:
            self._lanes[key].append(work)
            return
        self._lanes[key] = deque([work])
        task = asyncio.create_task(self._drive(key))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self) -> None:
        """Wait until nothing is left in any lane."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _drive(self, key: Hashable) -> None:
        lane = self._lanes[key]
        while lane:
            try:
                await lane.popleft()()
            except Exception:
                log.exception("media event not handled")
        del self._lanes[key]
