"""Officers on duty say where they are: the consoles see it with the next tick, the history with the next batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from forces import selectors
from forces.actors import Actor
from forces.context import ForceRef, ain_force
from forces.errors import DomainError, NotFound
from streams.services import duty_fixes
from streams.services.duty_fixes import Report, judge_fixes, officer_fix
from streams.services.positions import NewFix
from streams.signalling.fix_batches import fix_batches
from streams.signalling.ticks import position_ticks
from streams.wire import wire_time

Told = Callable[[int, bool, DomainError | None], None]
"""Called with how many fixes are kept, whether the newest is doubtful, and the reason where none was kept."""


async def find_duty(force: ForceRef, actor: Actor) -> UUID:
    """Return the id of the officer's shift that goes on.

    Raises `NotOnDuty`, `NotPermitted`, or `NotFound` where the force is not in use any more.
    """
    if not await selectors.is_active(force.schema):
        raise NotFound("This force is not in use.")
    return await ain_force(force, duty_fixes.find_duty, actor=actor)


def take_fixes(
    force: ForceRef, actor: Actor, shift_id: UUID, fixes: Sequence[NewFix], now: datetime, told: Told
) -> None:
    """Show where the officer is, or that what the phone says last is not believed, and have the fixes kept.

    `told` is called when they are durable, or with the reason why not. Raises `Unavailable`.
    """
    taken = judge_fixes(fixes, now)
    if not taken:
        told(0, False, None)
        return
    last = taken[-1]  # the phone's newest, whatever its clock says
    fix_batches().add(force, Report(actor, shift_id, taken), lambda kept, error: told(kept, last.is_doubtful, error))
    if believed := [one for one in taken if not one.is_doubtful]:
        newest = max(believed, key=lambda one: one.fix.fixed_at)
        fix = officer_fix(newest.fix, now, is_late=newest.is_late)
        position_ticks().move(force, actor.id, fix)
    if last.is_doubtful and not last.is_late:
        position_ticks().doubt(force, actor.id, wire_time(now))
