"""What must come true of officers on duty although nobody did it: steps of the watchdog, beside `upkeep.py`."""

from __future__ import annotations

from forces import clock
from forces.actors import Actor
from forces.context import ain_force
from streams.services import forgotten_shifts
from streams.signalling.placing import forget_absent
from streams.signalling.upkeep import Upkeep


async def end_forgotten_shifts(upkeep: Upkeep) -> None:
    """End shifts of which there is no sign of life any more."""
    actor = Actor.system("watchdog")
    await ain_force(upkeep.force, forgotten_shifts.end_forgotten_shifts, actor=actor, now=clock.now())


async def end_abandoned_shifts(upkeep: Upkeep) -> None:
    """End shifts of officers who signed out, or whose account is closed."""
    actor = Actor.system("watchdog")
    await ain_force(upkeep.force, forgotten_shifts.end_abandoned_shifts, actor=actor, now=clock.now())


async def forget_officers(upkeep: Upkeep) -> None:
    """Take off the map who is not on duty."""
    await forget_absent(upkeep.force)
