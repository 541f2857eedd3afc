"""A force all of whose slots are taken."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from django.conf import settings

from forces.context import ForceRef, ain_force


@asynccontextmanager
async def every_slot_taken(force: ForceRef) -> AsyncIterator[None]:
    """Hold all of a force's slots with units of work that do not end."""
    may_end = threading.Event()
    begun = threading.Semaphore(0)

    def stay() -> None:
        begun.release()
        may_end.wait(30)

    held = [asyncio.create_task(ain_force(force, stay)) for _ in range(settings.DB_SLOTS_PER_FORCE)]
    try:
        for _ in held:
            assert await asyncio.to_thread(begun.acquire, timeout=10)
        yield
    finally:
        may_end.set()
        await asyncio.gather(*held)
