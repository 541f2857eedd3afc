"""Reading the audit of the active force for a rule of its own; auditors read by `forces.audit.api`."""

from __future__ import annotations

from datetime import timedelta

from django.db.models.functions import Now

from forces.actors import Actor
from forces.audit.models import AuditEntry, Outcome


def was_recorded_within(*, actor: Actor, act: str, object_id: object, period: timedelta) -> bool:
    """Whether this person's same act on the same object stands in the chain and is no older than `period`.

    By the database's clock, which writes the rows' times. What the open unit of work has not written yet is not seen.
    """
    mine = AuditEntry.objects.filter(object_id=str(object_id), actor_id=actor.id, act=act, outcome=Outcome.DONE)
    return mine.filter(at__gt=Now() - period).exists()
