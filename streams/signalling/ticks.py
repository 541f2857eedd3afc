"""Positions on their way to the consoles: gathered for 250 ms, then sent, the newest of each session.

One message per fix would cost each console a message per caller and second; a tick costs one per session.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from forces.context import ForceRef
from forces.dispatch import publish
from streams.broadcasts import CONSOLE, session_topic

log = logging.getLogger(__name__)

TICK_SECONDS = 0.25
Fix = dict[str, Any]


class PositionTicks:
    """The fixes of this process that wait for the next tick, by force and session."""

    def __init__(self) -> None:
        """Begin with nothing waiting."""
        self._waiting: dict[ForceRef, dict[UUID, list[Fix]]] = {}
        self._task: asyncio.Task[None] | None = None

    def add(self, force: ForceRef, session_id: UUID, fix: Fix) -> None:
        """Let a fix go out with the next tick."""
        self._waiting.setdefault(force, {}).setdefault(session_id, []).append(fix)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._tick())

    async def _tick(self) -> None:
        """Tick until nothing waits; a force that cannot be told now gets newer positions soon anyway."""
        while self._waiting:
            await asyncio.sleep(TICK_SECONDS)
            waiting, self._waiting = self._waiting, {}
            for force, sessions in waiting.items():
                try:
                    await publish(force, frames_of(sessions))
                except Exception:
                    log.exception("positions not sent", extra={"force": force.schema})


def frames_of(sessions: dict[UUID, list[Fix]]) -> list[tuple[str, dict[str, Any]]]:
    """Return (topic, frame): the newest fix of each session for all consoles, all of them for its followers."""
    frames: list[tuple[str, dict[str, Any]]] = []
    for session_id, fixes in sessions.items():
        about = {"session_id": str(session_id)}
        newest = max(reversed(fixes), key=lambda fix: str(fix["fixed_at"]))  # of equals, the last to come
        frames.append((CONSOLE, {"type": "position.changed", **about, "fixes": [newest]}))
        frames.append((session_topic(session_id), {"type": "position.trail", **about, "fixes": fixes}))
    return frames


_ticks: WeakKeyDictionary[asyncio.AbstractEventLoop, PositionTicks] = WeakKeyDictionary()


def position_ticks() -> PositionTicks:
    """Return the running loop's ticks."""
    return _ticks.setdefault(asyncio.get_running_loop(), PositionTicks())
