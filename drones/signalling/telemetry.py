"""Telemetry on its way to rows and screens: gathered for 250 ms, kept in one unit of work, shown, and acknowledged.

Nothing moves on a screen before it is admitted and durable. A fix is the aircraft's until it is acknowledged: a
process that dies with a batch loses nothing that anybody relies on.
"""

from __future__ import annotations

import asyncio
import logging
import time
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
from streams.broadcasts import CONSOLE, FLIGHTS, officer_topic
from streams.signalling.placing import place_flights
from streams.signalling.ticks import Frames, frames_of

log = logging.getLogger(__name__)

TICK_SECONDS = 0.25
# Officers' lines are thin, and a move a second is enough for a map; of a delay less is enough.
OFFICERS_EVERY_S, DELAYS_EVERY_S = 0.9, 3.5
MOST_IN_A_BATCH = 5_000
MOST_WAITING = 20_000
# Keys are looked at with the batch: whoever has none must not fill it before those who have one.
MOST_OF_STRANGERS = 4_000
MOST_KNOWN = 10_000
MOST_TRACKS = 1_000
Told = Callable[[Answer], None]
"""Called with what became of a message, once that is durable."""
_Waiting = list[tuple[Message, Told]]
Flight = dict[str, Any]


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
        self._strange: dict[ForceRef, int] = {}
        self._known: dict[tuple[str, str], None] = {}
        self._tasks: dict[ForceRef, asyncio.Task[None]] = {}
        self._tracks: dict[str, dict[UUID, Track]] = {}
        self._told: dict[tuple[str, str], float] = {}

    def add(self, force: ForceRef, message: Message, told: Told) -> None:
        """Let a message wait for the next tick of its force. Raises `Unavailable` when far too much waits."""
        is_known = (force.schema, message.key_hash) in self._known
        waits = self._fixes.get(force, 0) + len(message.fixes)
        strange = self._strange.get(force, 0) + (0 if is_known else len(message.fixes))
        if waits > MOST_WAITING or (not is_known and strange > MOST_OF_STRANGERS):
            raise Unavailable
        self._fixes[force], self._strange[force] = waits, strange
        self._waiting.setdefault(force, []).append((message, told))
        if force not in self._tasks:
            self._tasks[force] = asyncio.create_task(self._run(force))

    async def _run(self, force: ForceRef) -> None:
        try:
            while force in self._waiting:
                await asyncio.sleep(TICK_SECONDS)
                waiting = self._waiting.pop(force)
                self._fixes[force] = self._strange[force] = 0
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
        await self._show(force, batch)
        for (message, told), answer in zip(part, batch.answers, strict=True):
            self._note_known((force.schema, message.key_hash), answer)
            told(answer)

    async def _show(self, force: ForceRef, batch: Batch) -> None:
        """Tell screens; what cannot be told now is followed by what is newer anyway."""
        try:
            newer = await place_flights(force, batch.flights)
            for_officers = {
                name: flight for name, flight in newer.items() if self._is_turn(force, name, OFFICERS_EVERY_S)
            }
            delays = {
                name: delay
                for name, delay in batch.delays.items()
                if self._is_turn(force, f"delay of {name}", DELAYS_EVERY_S)
            }
            frames = console_frames(newer, batch.doubtful) + officers_frames(for_officers, batch.officers)
            await publish(force, frames + delay_frames(delays) + frames_of(batch.positions))
        except Exception:
            log.exception("aircraft not shown", extra={"force": force.schema})

    def _note_known(self, name: tuple[str, str], answer: Answer) -> None:
        """Remember whose key was admitted last; one that is refused as a key is a stranger's from now on."""
        if answer.error is None:
            self._known.pop(name, None)
            self._known[name] = None
            if len(self._known) > MOST_KNOWN:
                del self._known[next(iter(self._known))]
        elif answer.error.http_status in (401, 403):
            self._known.pop(name, None)

    def _is_turn(self, force: ForceRef, what: str, every_s: float) -> bool:
        """Whether something is told now that is told no more often than that."""
        name, at = (force.schema, what), time.monotonic()
        if at - self._told.get(name, float("-inf")) < every_s:
            return False
        self._told.pop(name, None)
        self._told[name] = at
        if len(self._told) > MOST_TRACKS:
            del self._told[next(iter(self._told))]
        return True

    def _finder(self, force: ForceRef) -> Callable[[UUID], Track]:
        """Return how the track of a flight is found; what was heard longest ago is forgotten where there are many."""

        tracks = self._tracks.setdefault(force.schema, {})  # one batch of a force at a time, in whichever thread

        def find(session_id: UUID) -> Track:
            track = tracks.pop(session_id, None) or Track()
            tracks[session_id] = track
            if len(tracks) > MOST_TRACKS:
                del tracks[next(iter(tracks))]
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


def console_frames(newer: dict[str, Flight], doubtful: list[Flight]) -> Frames:
    """Return (topic, frame): every flight that moved, and each of which the last word is not believed."""
    frames: Frames = [(FLIGHTS, {"type": "flights.moved", "flights": list(newer.values())})] if newer else []
    return frames + [(FLIGHTS, {"type": "flight.doubtful", **doubt}) for doubt in doubtful]


def officers_frames(newer: dict[str, Flight], officers: dict[str, list[str]]) -> Frames:
    """Return (topic, frame): for each officer the flights whose pictures they are shown."""
    shown: dict[str, list[Flight]] = {}
    for session_id, user_ids in officers.items():
        for user_id in user_ids if session_id in newer else []:
            shown.setdefault(user_id, []).append(newer[session_id])
    return [(officer_topic(user_id), {"type": "flights.moved", "flights": seen}) for user_id, seen in shown.items()]


def delay_frames(delays: dict[str, int]) -> Frames:
    """Return (topic, frame): what pictures take on their way to the media server, as their senders measure it."""
    return [
        (CONSOLE, {"type": "stream.delay", "session_id": session_id, "sending_ms": delay})
        for session_id, delay in delays.items()
    ]


_batches: WeakKeyDictionary[asyncio.AbstractEventLoop, TelemetryBatches] = WeakKeyDictionary()
