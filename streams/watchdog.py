"""The watchdog: turns silence, expiries and lost processes into states, in every active force.

Each step of each force runs on its own, with a deadline: one that fails or hangs never stops another, nor another
force. A second watchdog does no harm, for every step finds out from the rows what is due.

Most forces are idle most of the time: there one question a second takes the place of what only a session needs.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any

from asgiref.sync import sync_to_async

from forces import clock
from forces.context import ForceRef, ain_force
from forces.liveness import say_alive
from forces.logs import force_var
from forces.selectors import active_forces
from streams.services.idleness import is_idle
from streams.signalling.duty_upkeep import end_abandoned_shifts, end_forgotten_shifts, forget_officers
from streams.signalling.gateways import close_gateways
from streams.signalling.upkeep import Upkeep
from streams.steps import Step, registered_steps

log = logging.getLogger(__name__)

PERIOD_SECONDS = 1.0
FORCES_SECONDS = 5.0
LOOK_SECONDS = 2.0
# Longer than any resting step's period: what remembers since when something is missing has seen that nothing is.
RESTS_AFTER_LOOKS = 10
# However idle a force is said to be.
LOOKS_AT_EVERYTHING_EVERY = 15


STEPS = (
    Step(Upkeep.check_recordings, 1, 10, rests=True),
    Step(Upkeep.take_over_places, 1, 20, rests=True),
    Step(Upkeep.end_stale_streams, 1, 20, rests=True),
    Step(Upkeep.close_rooms, 1, 60, rests=True),
    Step(Upkeep.give_back_handles, 1, 60, rests=True),
    Step(Upkeep.compare_feeds, 1, 20, rests=True),
    Step(Upkeep.end_overdue_shares, 1, 20, rests=True),
    Step(Upkeep.end_overdue_agencies, 1, 20, rests=True),
    Step(Upkeep.end_unfounded_watches, 1, 20, rests=True),
    Step(Upkeep.take_share_notices, 1, 10),
    Step(Upkeep.notice_callers, 1, 10, rests=True),
    Step(Upkeep.notice_unattended, 2, 10, rests=True),
    Step(Upkeep.expire_requests, 2, 10),
    Step(Upkeep.expire_sessions, 5, 30),
    Step(Upkeep.end_left_behind, 5, 30),
    Step(forget_officers, 10, 10),
    Step(end_forgotten_shifts, 60, 30),
    Step(end_abandoned_shifts, 20, 30),
    Step(Upkeep.end_orphaned_watches, 5, 30, rests=True),
    Step(Upkeep.end_lost_talks, 2, 30, rests=True),
)


async def list_forces() -> list[ForceRef]:
    """Return every active force."""
    return await sync_to_async(active_forces, thread_sensitive=False)()


async def look(upkeep: Upkeep) -> bool:
    """Return whether a force is idle; one that cannot be asked is not."""
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            return await ain_force(upkeep.force, is_idle, now=clock.now())
    except Exception:
        log.exception("force not asked whether it is idle")
        return False


class Watchdog:
    """Starts what is due, once a second."""

    def __init__(
        self,
        steps: tuple[Step, ...] | None = None,
        forces: Callable[[], Coroutine[Any, Any, list[ForceRef]]] = list_forces,
    ) -> None:
        """`steps` are streams' own and those of other apps where none are given.

        `forces` is asked again every few seconds: forces come and go while we run.
        """
        self._steps = (*STEPS, *registered_steps()) if steps is None else steps
        self._list_forces = forces
        self._upkeeps: dict[str, Upkeep] = {}
        self._asked_at = float("-inf")
        self._idle_looks: Counter[str] = Counter()
        self._visits: dict[str, asyncio.Task[None]] = {}
        self._due: dict[tuple[str, str], float] = {}
        self._running: dict[tuple[str, str], asyncio.Task[None]] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Go on until `stop` is set; then let what runs come to its end."""
        while not stop.is_set():
            await self._refresh()
            self.start_due()
            try:
                await asyncio.wait_for(stop.wait(), PERIOD_SECONDS)
            except TimeoutError:
                continue
        await self.finish()
        await close_gateways()

    async def tend(self) -> None:
        """Run every step of every force once, and wait for all of them."""
        await self._refresh()
        self._due.clear()
        self.start_due()
        await self.finish()

    def start_due(self) -> None:
        """Visit the forces in which no visit goes on still."""
        for schema, upkeep in self._upkeeps.items():
            if schema not in self._visits:
                self._visits[schema] = asyncio.create_task(self._visit(upkeep))

    async def finish(self) -> None:
        """Wait for what runs."""
        while tasks := [*self._visits.values(), *self._running.values()]:
            await asyncio.wait(tasks)

    async def _visit(self, upkeep: Upkeep) -> None:
        """Start the steps of a force that are due, not running still, and not at rest."""
        schema = upkeep.force.schema
        force_var.set(schema)
        try:
            looks = self._idle_looks[schema] = self._idle_looks[schema] + 1 if await look(upkeep) else 0
            is_resting = looks > RESTS_AFTER_LOOKS and looks % LOOKS_AT_EVERYTHING_EVERY != 0
            now = time.monotonic()
            for step in self._steps:
                key = (schema, step.name)
                if key in self._running or self._due.get(key, 0.0) > now or (step.rests and is_resting):
                    continue
                self._due[key] = now + step.every_s
                self._running[key] = asyncio.create_task(self._run(key, upkeep, step))
        finally:
            del self._visits[schema]

    async def _refresh(self) -> None:
        """Ask for the active forces now and then; those known are kept when nobody answers."""
        if time.monotonic() - self._asked_at < FORCES_SECONDS:
            return
        try:
            forces = await self._list_forces()
        except Exception:
            log.exception("forces not listed")
            return
        self._asked_at = time.monotonic()
        await sync_to_async(say_alive, thread_sensitive=False)("watchdog")
        known = self._upkeeps
        self._upkeeps = {force.schema: known.get(force.schema) or Upkeep(force) for force in forces}

    async def _run(self, key: tuple[str, str], upkeep: Upkeep, step: Step) -> None:
        force_var.set(upkeep.force.schema)
        try:
            async with asyncio.timeout(step.deadline_s):
                await step.run(upkeep)
        except Exception:
            log.exception("step failed, it comes again", extra={"step": step.name})
        finally:
            del self._running[key]
