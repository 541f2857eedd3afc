"""Positions on their way to the consoles: gathered for 250 ms, then sent, the newest of each session and officer.

One message per fix would cost each console a message per phone and second; a tick costs one per session, and one for
all of a force's officers.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from forces.context import ForceRef
from forces.dispatch import publish
from streams.broadcasts import CONSOLE, OFFICERS, session_topic
from streams.signalling.placing import doubt_officers, place_officers

log = logging.getLogger(__name__)

TICK_SECONDS = 0.25
Fix = dict[str, Any]
Frames = list[tuple[str, dict[str, Any]]]


@dataclass
class Moves:
    """What moved in one force since the last tick: fixes by session, the newest by officer, and who is not believed."""

    sessions: dict[UUID, list[Fix]] = field(default_factory=dict)
    officers: dict[str, Fix] = field(default_factory=dict)
    doubts: dict[str, str] = field(default_factory=dict)


class PositionTicks:
    """The fixes of this process that wait for the next tick, by force."""

    def __init__(self) -> None:
        """Begin with nothing waiting."""
        self._waiting: dict[ForceRef, Moves] = {}
        self._task: asyncio.Task[None] | None = None

    def add(self, force: ForceRef, session_id: UUID, fix: Fix) -> None:
        """Let a fix of a session go out with the next tick."""
        self._moves(force).sessions.setdefault(session_id, []).append(fix)

    def move(self, force: ForceRef, user_id: str, fix: Fix) -> None:
        """Let an officer on duty move with the next tick, unless a newer fix waits."""
        moves = self._moves(force)
        before = moves.officers.get(user_id)
        if before is None or before["fixed_at"] < fix["fixed_at"]:
            moves.officers[user_id] = fix
            moves.doubts.pop(user_id, None)

    def doubt(self, force: ForceRef, user_id: str, at: str) -> None:
        """Let the consoles know with the next tick that what an officer's phone says is not believed since `at`."""
        self._moves(force).doubts.setdefault(user_id, at)

    def _moves(self, force: ForceRef) -> Moves:
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._tick())
        return self._waiting.setdefault(force, Moves())

    async def _tick(self) -> None:
        """Tick until nothing waits."""
        while self._waiting:
            await asyncio.sleep(TICK_SECONDS)
            waiting, self._waiting = self._waiting, {}
            await asyncio.gather(*(_send(force, moves) for force, moves in waiting.items()))


async def _send(force: ForceRef, moves: Moves) -> None:
    """Tell one force; one that cannot be told now gets newer positions soon anyway."""
    try:
        moved = await place_officers(force, moves.officers) if moves.officers else {}
        doubted = await doubt_officers(force, moves.doubts) if moves.doubts else {}
        await publish(force, frames_of(moves.sessions) + officers_frame(moved) + doubt_frames(doubted))
    except Exception:
        log.exception("positions not sent", extra={"force": force.schema})


def officers_frame(moved: dict[str, Fix]) -> Frames:
    """Return the (topic, frame) that moves officers, none when nobody moved."""
    officers = [{"id": user_id, "fix": fix} for user_id, fix in moved.items()]
    return [(OFFICERS, {"type": "officers.moved", "officers": officers})] if officers else []


def doubt_frames(doubted: dict[str, str]) -> Frames:
    """Return the (topic, frame) of each officer whose position is doubtful from now on."""
    return [(OFFICERS, {"type": "officer.doubtful", "id": user_id, "at": at}) for user_id, at in doubted.items()]


def frames_of(sessions: dict[UUID, list[Fix]]) -> Frames:
    """Return (topic, frame): the newest fix of each session for all consoles, all of them for its followers."""
    frames: Frames = []
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
