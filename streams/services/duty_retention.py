"""What is kept of duty, and for how long: positions for weeks, shifts for a year, as the force decided."""

from __future__ import annotations

from datetime import datetime, timedelta

from forces.actors import Actor
from forces.audit.services import Operation, record
from streams.models import OfficerPosition, Shift
from streams.selectors import find_duty_policy, iso

# A batch of each is one transaction: short enough to hold nobody up, and one that is cut off is begun again.
POSITIONS_AT_ONCE = 20_000
SHIFTS_AT_ONCE = 1_000


def erase_positions(*, actor: Actor, now: datetime) -> bool:
    """Erase a batch of officers' positions whose time is over; returns whether there may be more."""
    before = now - timedelta(days=find_duty_policy().keep_positions_days)
    due = OfficerPosition.objects.filter(received_at__lt=before).order_by().values("pk")[:POSITIONS_AT_ONCE]
    erased, _ = OfficerPosition.objects.filter(pk__in=due).delete()
    _record(actor, "officer_position.erase", "officer_position", erased, before)
    return erased == POSITIONS_AT_ONCE


def erase_shifts(*, actor: Actor, now: datetime) -> bool:
    """Erase a batch of shifts that ended long ago, with what positions there are; whether there may be more."""
    before = now - timedelta(days=find_duty_policy().keep_shifts_days)
    due = list(Shift.objects.filter(ended_at__lt=before).order_by().values_list("pk", flat=True)[:SHIFTS_AT_ONCE])
    _, counts = Shift.objects.filter(pk__in=due).delete()
    _record(actor, "officer_position.erase", "officer_position", counts.get(OfficerPosition._meta.label, 0), before)
    _record(actor, "shift.erase", "shift", len(due), before)
    return len(due) == SHIFTS_AT_ONCE


def _record(actor: Actor, act: str, object_type: str, rows: int, before: datetime) -> None:
    """How many, and of before when: a log of an erasure must not hold what was erased."""
    if rows:
        detail = {"rows": rows, "before": iso(before)}
        record(actor=actor, act=act, operation=Operation.ERASURE, object_type=object_type, detail=detail)
