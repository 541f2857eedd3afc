"""Telemetry on its way to rows and screens: gathered for 250 ms, kept in one unit of work, shown, and acknowledged.

Nothing moves on a screen before it is admitted and durable. A fix is the aircraft's until it is acknowledged: a
process that dies with a batch loses nothing that anybody relies on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from drones.services.telemetry import Answer, Batch, Message, admit_telemetry, keep_telemetry, list_flying_keys
from drones.telemetry.plausibility import Track
from forces import clock, selectors
from forces.context import CommitUncertain, ForceRef, ain_force
from forces.dispatch import publish
from forces.errors import NotFound, OutcomeUnknown, Unavailable
from streams.broadcasts import FLIGHTS, officer_topic
from streams.signalling.placing import place_flights
from streams.signalling.ticks import Frames, frames_of

log = logging.getLogger(__name__)

TICK_SECONDS = 0.25
MOST_IN_A_BATCH = 5_000
MOST_WAITING = 20_000
MOST_TRACKS = 1_000
Told = Callable[[Answer], None]
"""Called with what became of a message, once that is durable."""
_Waiting = list[tuple[Message, Told]]


async def admit(force: ForceRef, key_hash: str, request_id: str) -> None:
    """Raise `KeyInvalid`, `NotInTheAir` or `NotFound` unless telemetry is taken by a key now."""
    if not await selectors.is_active(force.schema):
        raise NotFound("This force is not in use.")
    await ain_force(force, admit_telemetry, now=clock.now(), key_hash=key_hash, request_id=request_id)


async def flying_keys(force: ForceRef) -> list[str]:
    """Return the digests of the keys by which telemetry of a force is taken now."""
    return await ain_force(force, list_flying_keys)


def take(force: ForceRef, message: Message, told: Told) -> None:
    """Let a message be kept and shown with the next tick of its force. Raises `Unavailable` when far too much waits."""
    _batches.setdefault(asyncio.get_running_loop(), TelemetryBatches()).add(force, message, told)


async def taken(force: ForceRef, message: Message) -> Answer:
    """`take`, and what became of it. Raises what it was refused with."""
    answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()

    def tell(answer: Answer) -> None:
        if not answered.done():
            answered.set_result(answer)

    take(force, message, tell)
    answer = await answered
    if answer.error is not None:
        raise answer.error
    return answer


class TelemetryBatches:
    """The messages of this process that wait for the next tick, by force: one that is slow holds up no other."""

    def __init__(self) -> None:
        """Begin with nothing waiting, and with aircraft that may be anywhere."""
        self._waiting: dict[ForceRef, _Waiting] = {}
        self._fixes: dict[ForceRef, int] = {}
        self._tasks: dict[ForceRef, asyncio.Task[None]] = {}
        self._tracks: dict[tuple[str, UUID], Track] = {}

    def add(self, force: ForceRef, message: Message, told: Told) -> None:
        """Let a message wait for the next tick of its force. Raises `Unavailable` when far too much waits."""
        waits = self._fixes.get(force, 0) + len(message.fixes)
        if waits > MOST_WAITING:
            raise Unavailable
        self._fixes[force] = waits
        self._waiting.setdefault(force, []).append((message, told))
        if force not in self._tasks:
            self._tasks[force] = asyncio.create_task(self._run(force))

    async def _run(self, force: ForceRef) -> None:
        try:
            while force in self._waiting:
                await asyncio.sleep(TICK_SECONDS)
                waiting = self._waiting.pop(force)
                self._fixes[force] = 0
                for part in _parts(waiting):
                    await self._keep(force, part)
        finally:
            del self._tasks[force]

    async def _keep(self, force: ForceRef, part: _Waiting) -> None:
        messages = [message for message, _ in part]
        try:
            if not await selectors.is_active(force.schema):
                raise NotFound("This force is not in use.")
            batch = await ain_force(
                force, keep_telemetry, now=clock.now(), messages=messages, find_track=self._finder(force)
            )
        except NotFound as error:
            batch = Batch(answers=[Answer(error=error)] * len(messages))
        except Exception as error:
            log.exception("telemetry was not kept, aircraft send it again", extra={"force": force.schema})
            failed = OutcomeUnknown() if isinstance(error, CommitUncertain) else Unavailable()
            batch = Batch(answers=[Answer(error=failed)] * len(messages))
        await _show(force, batch)
        for (_, told), answer in zip(part, batch.answers, strict=True):
            told(answer)

    def _finder(self, force: ForceRef) -> Callable[[UUID], Track]:
        """Return how the track of a flight is found; what was heard longest ago is forgotten where there are many."""

        def find(session_id: UUID) -> Track:
            name = (force.schema, session_id)
            track = self._tracks.pop(name, None) or Track()
            self._tracks[name] = track
            if len(self._tracks) > MOST_TRACKS:
                del self._tracks[next(iter(self._tracks))]
            return track

        return find


def _parts(waiting: _Waiting) -> list[_Waiting]:
    """Return the messages in parts of about `MOST_IN_A_BATCH` fixes."""
    parts: list[_Waiting] = [[]]
    fixes = 0
    for message, told in waiting:
        if fixes >= MOST_IN_A_BATCH:
            parts.append([])
            fixes = 0
        parts[-1].append((message, told))
        fixes += len(message.fixes)
    return parts


async def _show(force: ForceRef, batch: Batch) -> None:
    """Tell screens; what cannot be told now is followed by what is newer anyway."""
    try:
        newer = await place_flights(force, batch.flights)
        await publish(force, moved_frames(newer, batch) + frames_of(batch.positions))
    except Exception:
        log.exception("aircraft not shown", extra={"force": force.schema})


def moved_frames(newer: dict[str, dict[str, Any]], batch: Batch) -> Frames:
    """Return (topic, frame): every flight that moved for the consoles, and for officers those that they are shown."""
    frames: Frames = [(FLIGHTS, {"type": "flights.moved", "flights": list(newer.values())})] if newer else []
    frames += [(FLIGHTS, {"type": "flight.doubtful", **doubt}) for doubt in batch.doubtful]
    shown: dict[str, list[dict[str, Any]]] = {}
    for session_id, officers in batch.officers.items():
        if session_id in newer:
            for user_id in officers:
                shown.setdefault(user_id, []).append(newer[session_id])
    frames += [(officer_topic(user_id), {"type": "flights.moved", "flights": seen}) for user_id, seen in shown.items()]
    return frames


_batches: WeakKeyDictionary[asyncio.AbstractEventLoop, TelemetryBatches] = WeakKeyDictionary()
