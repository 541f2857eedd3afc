"""Officers' fixes on their way to Postgres: gathered per force, kept in one unit of work, and then acknowledged.

A fix is the phone's until it is acknowledged: a process that dies with a batch loses nothing that anybody relies on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from uuid import UUID
from weakref import WeakKeyDictionary

from forces import clock, selectors
from forces.context import CommitUncertain, ForceRef, ain_force
from forces.errors import DomainError, NotFound, OutcomeUnknown, Unavailable
from streams.services.duty_fixes import NotOnDuty, Report, keep_fixes

log = logging.getLogger(__name__)

BATCH_SECONDS = 0.5
MOST_IN_A_BATCH = 5_000
MOST_WAITING = 20_000
Answer = Callable[[int, DomainError | None], None]
"""Called with the number of fixes once they are durable, or with the reason why they were not kept."""
Waiting = list[tuple[Report, Answer]]


class FixBatches:
    """The reports of this process that wait to be kept, by force: one that is slow holds up no other."""

    def __init__(self) -> None:
        """Begin with nothing waiting."""
        self._waiting: dict[ForceRef, Waiting] = {}
        self._fixes: dict[ForceRef, int] = {}
        self._tasks: dict[ForceRef, asyncio.Task[None]] = {}

    def add(self, force: ForceRef, report: Report, answer: Answer) -> None:
        """Let a report be kept with the next batch of its force; raises `Unavailable` when far too much waits."""
        waits = self._fixes.get(force, 0) + len(report.fixes)
        if waits > MOST_WAITING:
            raise Unavailable
        self._fixes[force] = waits
        self._waiting.setdefault(force, []).append((report, answer))
        if force not in self._tasks:
            self._tasks[force] = asyncio.create_task(self._keep(force))

    async def _keep(self, force: ForceRef) -> None:
        try:
            while force in self._waiting:
                await asyncio.sleep(BATCH_SECONDS)
                waiting = self._waiting.pop(force)
                self._fixes[force] = 0
                for batch in _parts(waiting):
                    await _keep_batch(force, batch)
        finally:
            del self._tasks[force]


def _parts(waiting: Waiting) -> list[Waiting]:
    """Return the reports in parts of about `MOST_IN_A_BATCH` fixes."""
    parts: list[Waiting] = [[]]
    fixes = 0
    for report, answer in waiting:
        if fixes >= MOST_IN_A_BATCH:
            parts.append([])
            fixes = 0
        parts[-1].append((report, answer))
        fixes += len(report.fixes)
    return parts


async def _keep_batch(force: ForceRef, batch: Waiting) -> None:
    failed: DomainError | None = None
    over: set[UUID] = set()
    try:
        if not await selectors.is_active(force.schema):
            failed = NotFound("This force is not in use.")
        else:
            over = await ain_force(force, keep_fixes, now=clock.now(), reports=[report for report, _ in batch])
    except Exception as error:
        log.exception("officers' positions were not kept, their phones send them again", extra={"force": force.schema})
        failed = OutcomeUnknown() if isinstance(error, CommitUncertain) else Unavailable()
    for report, answer in batch:
        answer(len(report.fixes), failed or (NotOnDuty() if report.shift_id in over else None))


_batches: WeakKeyDictionary[asyncio.AbstractEventLoop, FixBatches] = WeakKeyDictionary()


def fix_batches() -> FixBatches:
    """Return the running loop's batches."""
    return _batches.setdefault(asyncio.get_running_loop(), FixBatches())
