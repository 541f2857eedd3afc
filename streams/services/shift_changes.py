"""What changes in a turn of duty, with its audit row: said by the officer, or brought about by an assignment."""

from __future__ import annotations

from datetime import datetime

from forces.actors import Actor
from forces.audit.services import Operation, record
from streams.models import Shift


def begin_shift(*, actor: Actor, now: datetime, status: str) -> Shift:
    """Put an officer on duty; the permission and that none goes on are the caller's matter."""
    shift = Shift.objects.create(user_id=actor.id, user_name=actor.name, status=status, status_at=now, began_at=now)
    record_shift(actor, "shift.begin", shift)
    return shift


def change_shift(*, actor: Actor, now: datetime, shift: Shift, status: str) -> None:
    """Let the officer of a shift that goes on do something else from now on; the same again changes nothing."""
    if shift.status == status:
        return
    shift.change_status(now, status)
    shift.save(update_fields=["status", "status_at"])
    record_shift(actor, "shift.status", shift)


def record_shift(actor: Actor, act: str, shift: Shift, reason: str = "") -> None:
    """Audit what happened to a shift, and why where nobody said so."""
    record(
        actor=actor,
        act=act,
        operation=Operation.COLLECTION if act == "shift.begin" else Operation.ALTERATION,
        object_type="shift",
        object_id=shift.id,
        detail={"status": str(shift.status), **({"reason": reason} if reason else {})},
    )
