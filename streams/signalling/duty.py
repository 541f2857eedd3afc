"""Officers on duty say where they are: the consoles see it with the next tick, the history with the next batch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from forces import selectors
from forces.actors import Actor
from forces.context import ForceRef, ain_force
from forces.errors import NotFound
from streams.services import duty_fixes
from streams.services.duty_fixes import Report, judge_fixes, officer_fix
from streams.services.positions import NewFix
from streams.signalling.fix_batches import Answer, fix_batches
from streams.signalling.ticks import position_ticks


async def find_duty(force: ForceRef, actor: Actor) -> UUID:
    """Return the id of the officer's shift that goes on.

    Raises `NotOnDuty`, `NotPermitted`, or `NotFound` where the force is not in use any more.
    """
    if not await selectors.is_active(force.schema):
        raise NotFound("This force is not in use.")
    return await ain_force(force, duty_fixes.find_duty, actor=actor)


def take_fixes(
    force: ForceRef, actor: Actor, shift_id: UUID, fixes: Sequence[NewFix], now: datetime, answer: Answer
) -> None:
    """Show where the officer is, and have the fixes kept that are possible.

    `answer` is called with their number when they are durable, or with the reason why not. Raises `Unavailable`.
    """
    taken = judge_fixes(fixes, now)
    if not taken:
        answer(0, None)
        return
    fix_batches().add(force, Report(actor, shift_id, taken), answer)
    if believed := [one for one in taken if not one.is_doubtful]:
        newest = max(believed, key=lambda one: one.fix.fixed_at)
        fix = officer_fix(newest.fix, now, is_late=newest.is_late)
        position_ticks().move(force, actor.id, fix)
