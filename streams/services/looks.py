"""Looking at an incident: what one person goes on to read within a minute is one look, audited once."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from forces.actors import Actor
from forces.audit.selectors import was_recorded_within
from forces.audit.services import Operation, record
from streams.selectors import Plain

ONE_LOOK = timedelta(seconds=60)


def note_look(*, actor: Actor, act: str, incident_id: UUID, detail: Plain | None = None) -> None:
    """Audit that `actor` consulted an incident, unless less than a minute ago the same was audited."""
    if was_recorded_within(actor=actor, act=act, object_id=incident_id, period=ONE_LOOK):
        return
    record(
        actor=actor,
        act=act,
        operation=Operation.CONSULTATION,
        object_type="incident",
        object_id=incident_id,
        detail=detail,
    )
