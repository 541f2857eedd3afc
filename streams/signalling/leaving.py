"""A caller who leaves by "Exit this page", by whichever door that is told first."""

from __future__ import annotations

from forces import clock
from forces.context import ain_force
from streams.services import leaving, progress
from streams.signalling.callers import Caller
from streams.signalling.publish import detach_all


async def leave(caller: Caller) -> None:
    """End what the page shares, and the power of its ticket; told again, or of no use any more, it is fine."""
    left = await ain_force(
        caller.force, leaving.leave_page, now=clock.now(), ticket=caller.ticket, request_id=caller.request_id
    )
    await detach_all(caller.force, left)


async def report_progress(caller: Caller, step: str, reason: str) -> None:
    """Keep how far the page has come, or that it was left."""
    if step == progress.LEFT:
        await leave(caller)
    else:
        await caller.act(progress.note_progress, step=step, reason=reason)
