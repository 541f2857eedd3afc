"""Reading the audit of the active force for a rule of its own; auditors read by `forces.audit.api`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Now

from forces.actors import Actor
from forces.audit.models import AuditEntry, Outcome


def was_recorded_within(
    *,
    actor: Actor,
    act: str,
    object_id: object,
    period: timedelta,
    code: str = "",
    detail: dict[str, Any] | None = None,
) -> bool:
    """Whether this person's same act on the same object stands in the chain and is no older than `period`.

    With `code` the act was refused by it; `detail`, where given, is the same, too. By the database's clock, which
    writes the rows' times. What the open unit of work has not written yet is not seen.
    """
    rows = _recorded(actor, act, object_id, period, Outcome.REFUSED if code else Outcome.DONE)
    rows = rows.filter(code=code) if code else rows
    return (rows if detail is None else rows.filter(detail=detail)).exists()


def count_recorded_within(*, actor: Actor, act: str, object_id: object, period: timedelta) -> int:
    """Return how often this person did that on that object in the last `period`, as `was_recorded_within` sees it."""
    return _recorded(actor, act, object_id, period, Outcome.DONE).count()


def _recorded(actor: Actor, act: str, object_id: object, period: timedelta, outcome: Outcome) -> QuerySet[AuditEntry]:
    mine = AuditEntry.objects.filter(object_id=str(object_id), actor_id=actor.id, act=act, outcome=outcome)
    return mine.filter(at__gt=Now() - period)
