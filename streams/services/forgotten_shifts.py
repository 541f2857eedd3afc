"""Shifts that nobody ended: the phone was put away, its battery died, or the officer signed out for good."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from forces.accounts.sign_ins import seen_since, signed_out
from forces.actors import Actor
from streams.models import OfficerPosition, Shift
from streams.officers import find_people, list_on_duty
from streams.selectors import find_duty_policy, find_own_session, find_shift
from streams.services.locks import lock_officer
from streams.services.shifts import end_shift

SWEEP_ROWS = 200
# Signing out on one phone to sign in on another is no end of duty.
SIGNED_OUT_FOR = timedelta(minutes=15)


def end_forgotten_shifts(*, actor: Actor, now: datetime) -> int:
    """End shifts without a sign of life for the force's hours; returns how many.

    A sign of life is a status, a position, or anything done under a sign-in of the officer. Who is live is there.
    """
    since = now - timedelta(hours=find_duty_policy().end_shift_after_h)
    old = Shift.objects.filter(ended_at__isnull=True, status_at__lt=since)
    silent = list(old.exclude(pk__in=_moved(since)).order_by("status_at")[:SWEEP_ROWS])
    seen = seen_since(user_ids={shift.user_id for shift in silent}, since=since)
    return sum(_end(actor, now, shift, since) for shift in silent if shift.user_id not in seen)


def end_abandoned_shifts(*, actor: Actor, now: datetime) -> int:
    """End shifts of officers whose account is closed, or who signed out a quarter of an hour ago; returns how many.

    Who is live is ended first, by whoever looks after that.
    """
    on_duty = set(list_on_duty())
    closed = on_duty - set(find_people(on_duty))
    out = signed_out(user_ids=on_duty - closed, before=now - SIGNED_OUT_FOR)
    # One order for all, so that two watchdogs never wait for each other.
    return sum(_end_abandoned(actor, now, user_id) for user_id in sorted(closed | out)[:SWEEP_ROWS])


def _end_abandoned(actor: Actor, now: datetime, user_id: str) -> int:
    """End one, looking again under the lock: the officer may just have signed in again."""
    lock_officer(user_id)
    is_closed = not find_people([user_id])
    shift = find_shift(user_id)
    if shift is None or find_own_session(user_id) is not None:
        return 0
    if not is_closed and not signed_out(user_ids=[user_id], before=now - SIGNED_OUT_FOR):
        return 0
    end_shift(actor=actor, now=now, shift=shift, reason="account_closed" if is_closed else "signed_out")
    return 1


def _moved(since: datetime) -> Any:
    """Return the ids of the shifts that go on and moved, as a subquery."""
    rows = OfficerPosition.objects.filter(received_at__gte=since, shift__ended_at__isnull=True)
    return rows.order_by().values("shift_id")


def _end(actor: Actor, now: datetime, shift: Shift, since: datetime) -> int:
    """End one, looking again under the lock: the officer may just have come back."""
    lock_officer(shift.user_id)
    fresh = Shift.objects.filter(pk=shift.pk, ended_at__isnull=True, status_at__lt=since).first()
    if fresh is None or find_own_session(shift.user_id) is not None:
        return 0
    end_shift(actor=actor, now=now, shift=fresh, reason="forgotten")
    return 1
