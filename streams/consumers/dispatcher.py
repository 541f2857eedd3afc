"""From a text frame to the act it asks for: limits, order, and errors that leave the socket alive."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

import redis
from django.db import InterfaceError, OperationalError
from psycopg_pool import PoolTimeout

from forces.context import CommitUncertain
from forces.errors import DomainError, OutcomeUnknown, Unavailable
from streams.consumers.limits import TokenBucket
from streams.wire import (
    AgencyWatch,
    ClientFrame,
    DutyFixes,
    ErrorFrame,
    HeartbeatPing,
    PositionFix,
    SessionStop,
    SharedWatch,
    StreamCandidate,
    StreamWatch,
    WatchCandidate,
    WireError,
)

log = logging.getLogger(__name__)

Act = Callable[[ClientFrame], Awaitable[None]]
MOST_WAITING = 64
# These wait for nobody and have a small allowance of their own.
URGENT: tuple[type[ClientFrame], ...] = (HeartbeatPing, SessionStop)
# These go beside the others: the first waits for a phone to connect, and a connection in the making waits for the rest.
BESIDE: tuple[type[ClientFrame], ...] = (StreamWatch, SharedWatch, AgencyWatch, StreamCandidate, WatchCandidate)
POSITIONS = (PositionFix, DutyFixes)
DEPENDENCY_LOST = (redis.RedisError, OSError, OperationalError, InterfaceError, PoolTimeout)


class Dispatcher:
    """Lets the frames of one socket be acted upon one after the other, urgent ones at once."""

    def __init__(
        self,
        *,
        decode: Callable[[str], ClientFrame],
        act: Act,
        reply: Callable[[ErrorFrame], None],
        rate: tuple[float, int],
        urgent: tuple[type[ClientFrame], ...] = URGENT,
        beside: tuple[type[ClientFrame], ...] = BESIDE,
    ) -> None:
        """`rate` is (frames a second, burst); errors of `act` become error frames."""
        self._urgent_types, self._beside_types = urgent, beside
        self._decode, self._act, self._reply = decode, act, reply
        self._frames, self._urgent = TokenBucket(*rate), TokenBucket(5, 20)
        self._positions = TokenBucket(5, 10)
        self._inbox: asyncio.Queue[ClientFrame] = asyncio.Queue(MOST_WAITING)
        self._worker = asyncio.create_task(self._work())
        self._running: set[asyncio.Task[None]] = set()
        self._is_stopped = False

    def take(self, text: str) -> None:
        """Read a frame and act upon it in its turn."""
        try:
            frame = self._decode(text)
        except WireError as error:
            if self._frames.take(time.monotonic()):
                self._reply(ErrorFrame(code=error.code, message=error.message, ref=error.ref))
            return
        if isinstance(frame, self._urgent_types):
            if self._urgent.take(time.monotonic()):
                self._start(frame)
        elif not self._may_pass(frame):
            self._refuse(frame, "rate_limited", "Too much at once; this was dropped.")
        elif isinstance(frame, self._beside_types):
            self._start(frame)
        elif self._inbox.full():
            self._refuse(frame, "busy", "Too much is waiting; this was dropped.")
        else:
            self._inbox.put_nowait(frame)

    async def stop(self, deadline_s: float = 8.0) -> None:
        """Act upon nothing more, but let what has begun come to its end within the deadline."""
        self._is_stopped = True
        self._worker.cancel()
        if self._running:
            await asyncio.wait(self._running, timeout=deadline_s)

    async def _work(self) -> None:
        while True:
            task = self._start(await self._inbox.get())
            await asyncio.wait({task})

    def _start(self, frame: ClientFrame) -> asyncio.Task[None]:
        task = asyncio.create_task(self._run(frame))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def _run(self, frame: ClientFrame) -> None:
        try:
            if not self._is_stopped:
                await self._act(frame)
        except Exception as error:
            self._reply(error_frame(error, frame.ref))

    def _may_pass(self, frame: ClientFrame) -> bool:
        at = time.monotonic()
        bucket = self._positions if isinstance(frame, POSITIONS) else self._frames
        return bucket.take(at)

    def _refuse(self, frame: ClientFrame, code: str, message: str) -> None:
        self._reply(ErrorFrame(code=code, message=message, ref=frame.ref))


def error_frame(error: Exception, ref: str | None = None) -> ErrorFrame:
    """Return what a client is told of a failure; what it cannot help goes to the log."""
    if isinstance(error, DomainError):
        return ErrorFrame(code=error.code, message=error.message, details=error.details, ref=ref)
    if isinstance(error, DEPENDENCY_LOST):
        log.warning("a part cannot be reached", exc_info=error)
        fact = OutcomeUnknown if isinstance(error, CommitUncertain) else Unavailable
        return ErrorFrame(code=fact.code, message=fact.message, ref=ref)
    log.error("a frame was not handled", exc_info=error)
    return ErrorFrame(code="internal", message="Something went wrong on our side.", ref=ref)
