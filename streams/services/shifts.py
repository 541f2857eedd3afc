"""Duty of people on the ground: it begins and ends by themselves, and so does what they are doing in it."""

from __future__ import annotations

from datetime import datetime

from forces.accounts.permissions import Permission, require
from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.errors import DomainError, InvalidInput
from streams.broadcasts import broadcast_officer_on_commit
from streams.models import Shift
from streams.selectors import find_own_session, find_shift
from streams.services.locks import lock_officer

OFF_DUTY = "off_duty"


class StillLive(DomainError):
    """Whoever is live is on duty (HTTP 409)."""

    code = "still_live"
    http_status = 409
    message = "You are live. Stop first, then go off duty."


def set_status(*, actor: Actor, now: datetime, status: str) -> None:
    """Keep what an officer is doing: any status begins the shift, `off_duty` ends it. The same again changes nothing.

    Raises `NotPermitted`, `InvalidInput` for a status that there is not, and `StillLive`.
    """
    require(actor, Permission.STREAM_PUBLISH)
    if status not in (*Shift.Status.values, OFF_DUTY):
        raise InvalidInput("There is no such status.", details={"field": "status"})
    lock_officer(actor.id)
    shift = find_shift(actor.id)
    if (shift.status if shift else OFF_DUTY) == status:
        return
    if status == OFF_DUTY:
        _end(actor, now, shift)
    elif shift is None:
        begin_shift(actor=actor, now=now, status=status)
    else:
        shift.change_status(now, status)
        shift.save(update_fields=["status", "status_at"])
        _record(actor, "shift.status", shift)
    broadcast_officer_on_commit(actor.id)


def begin_shift(*, actor: Actor, now: datetime, status: str) -> Shift:
    """Put an officer on duty; the permission and that none goes on are the caller's matter."""
    shift = Shift.objects.create(user_id=actor.id, user_name=actor.name, status=status, status_at=now, began_at=now)
    _record(actor, "shift.begin", shift)
    return shift


def _end(actor: Actor, now: datetime, shift: Shift | None) -> None:
    if find_own_session(actor.id) is not None:
        raise StillLive
    if shift is not None:
        shift.end(now)
        shift.save(update_fields=["ended_at"])
        _record(actor, "shift.end", shift)


def _record(actor: Actor, act: str, shift: Shift) -> None:
    record(
        actor=actor,
        act=act,
        operation=Operation.COLLECTION if act == "shift.begin" else Operation.ALTERATION,
        object_type="shift",
        object_id=shift.id,
        detail={"status": str(shift.status)},
    )
