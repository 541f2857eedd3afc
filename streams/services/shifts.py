"""Duty of people on the ground: it begins and ends by themselves, and so does what they are doing in it."""

from __future__ import annotations

from datetime import datetime

from forces.accounts.permissions import Permission, require
from forces.actors import Actor
from forces.errors import DomainError, InvalidInput
from streams.broadcasts import broadcast_officer_on_commit
from streams.live_officers import forget_on_commit
from streams.models import Shift
from streams.selectors import find_own_session, find_shift
from streams.services.assignments import release_assignments, tell_assignments_of
from streams.services.locks import lock_officer
from streams.services.shift_changes import begin_shift, change_shift, record_shift
from streams.services.view_requests import release_request

OFF_DUTY = "off_duty"


class StillLive(DomainError):
    """Whoever is live is on duty (HTTP 409)."""

    code = "still_live"
    http_status = 409
    message = "You are live. Stop first, then go off duty."


def set_status(*, actor: Actor, now: datetime, status: str) -> None:
    """Keep what an officer is doing: any status begins the shift, `off_duty` ends it. The same again changes nothing.

    With the shift ends whatever the officer was asked to do.

    Raises `NotPermitted`, `InvalidInput` for a status that there is not, and `StillLive`.
    """
    require(actor, Permission.STREAM_PUBLISH)
    if status not in (*Shift.Status.values, OFF_DUTY):
        raise InvalidInput("There is no such status.", details={"field": "status"})
    lock_officer(actor.id)
    shift = find_shift(actor.id)
    if (shift.status if shift else OFF_DUTY) == status:
        return
    if shift is None:
        begin_shift(actor=actor, now=now, status=status)
    elif status == OFF_DUTY:
        if find_own_session(actor.id) is not None:
            raise StillLive
        return end_shift(actor=actor, now=now, shift=shift)
    else:
        change_shift(actor=actor, now=now, shift=shift, status=status)
        tell_assignments_of(actor.id)
    broadcast_officer_on_commit(actor.id)


def end_shift(*, actor: Actor, now: datetime, shift: Shift, reason: str = "") -> None:
    """End a shift that goes on: nothing is collected or asked any more, and the officer leaves the map at once.

    `reason` is empty where officers go off duty themselves. Who is locked, and not live, is the caller's matter.
    """
    shift.end(now)
    shift.save(update_fields=["ended_at"])
    record_shift(actor, "shift.end", shift, reason)
    release_assignments(actor=actor, now=now, user_id=shift.user_id)
    release_request(actor=actor, now=now, user_id=shift.user_id)
    forget_on_commit(shift.user_id)
    broadcast_officer_on_commit(shift.user_id)
