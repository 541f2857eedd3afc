"""Shifts that nobody ended: the phone was put away, or its battery died."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from forces.accounts.sign_ins import seen_since
from forces.actors import Actor
from streams.models import OfficerPosition, Shift
from streams.selectors import find_duty_policy, find_own_session
from streams.services.locks import lock_officer
from streams.services.shifts import end_shift

SWEEP_ROWS = 200


def end_forgotten_shifts(*, actor: Actor, now: datetime) -> int:
    """End shifts without a sign of life for the force's hours; returns how many.

    A sign of life is a status, a position, or anything done under a sign-in of the officer. Who is live is there.
    """
    since = now - timedelta(hours=find_duty_policy().end_shift_after_h)
    old = Shift.objects.filter(ended_at__isnull=True, status_at__lt=since)
    silent = list(old.exclude(pk__in=_moved(since)).order_by("status_at")[:SWEEP_ROWS])
    seen = seen_since(user_ids={shift.user_id for shift in silent}, since=since)
    return sum(_end(actor, now, shift, since) for shift in silent if shift.user_id not in seen)


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
