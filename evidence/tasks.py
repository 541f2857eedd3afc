"""Celery's entries. The rows say what is due; a task lost or run twice changes nothing."""

from uuid import UUID

from evidence import erasing, sealing
from evidence.selectors import find_items_to_seal
from forces import clock
from forces.context import ForceRef, in_force
from forces.dispatch import send_force_task
from forces.tasks import force_task

# Longer than the longest session a force may allow; the work has a deadline of its own.
_LONGEST_S = 26 * 3_600


@force_task("evidence.tasks.seal_recording", soft_time_limit=_LONGEST_S, time_limit=_LONGEST_S + 60)
def seal_recording(force: ForceRef, *, item_id: str) -> None:
    """Seal one item if it is due."""
    sealing.seal(force, UUID(item_id), clock.now)


@force_task("evidence.tasks.seal_due")
def seal_due(force: ForceRef) -> None:
    """Every 30 s: find items whose next attempt is due, and send a task for each."""
    for item_id in in_force(force, find_items_to_seal, clock.now()):
        send_force_task(force, "evidence.tasks.seal_recording", {"item_id": str(item_id)}, expires=30)


@force_task("evidence.tasks.erase_due")
def erase_due(force: ForceRef) -> None:
    """Daily at 03:10: erase all that is due."""
    erasing.erase_due(force, clock.now())
