"""Frames on their way to one socket: bounded, in order, and what goes first is the oldest position."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from streams.consumers.merging import Frame, merge_news

MOST_WAITING = 256
POSITIONS = ("position.changed", "position.trail", "shared.position")


class Outbox:
    """Sends frames one after the other; a reader that is too slow loses old positions, then the socket."""

    def __init__(
        self,
        send: Callable[[Frame], Awaitable[None]],
        overflow: Callable[[], None],
        most: int = MOST_WAITING,
    ) -> None:
        """`send` writes one frame; `overflow` is called once, when nothing can be dropped any more."""
        self._send = send
        self._overflow = overflow
        self._most = most
        self._frames: deque[Frame] = deque()
        self._filled = asyncio.Event()
        self._is_over = False

    def put(self, frame: Frame) -> None:
        """Let a frame go out as soon as those before it have."""
        if self._is_over or merge_news(self._frames, frame):
            return
        self._frames.append(frame)
        if len(self._frames) > self._most and not self._drop_position():
            self._is_over = True
            self._frames.clear()
            self._overflow()
        self._filled.set()

    async def run(self) -> None:
        """Send what there is, and wait for more, until cancelled."""
        while True:
            await self._filled.wait()
            self._filled.clear()
            while self._frames:
                await self._send(self._frames.popleft())

    async def drain(self) -> None:
        """Send what waits now; for the last words before a close."""
        while self._frames:
            await self._send(self._frames.popleft())

    def _drop_position(self) -> bool:
        """Drop the oldest position that is not the newest of its session."""
        newest: set[tuple[str, str]] = set()
        oldest: int | None = None
        for index in range(len(self._frames) - 1, -1, -1):
            key = _position_key(self._frames[index])
            if key is None:
                continue
            if key in newest:
                oldest = index
            newest.add(key)
        if oldest is None:
            return False
        del self._frames[oldest]
        return True


def _position_key(frame: Frame) -> tuple[str, str] | None:
    """Return (type, session or share) of a position frame, None for any other."""
    if not isinstance(frame, dict) or frame.get("type") not in POSITIONS:
        return None
    return str(frame["type"]), str(frame.get("session_id") or frame.get("share_id"))
