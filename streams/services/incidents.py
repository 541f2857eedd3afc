"""Open incidents, and list those that are open."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models.functions import Length

from forces.accounts.permissions import Permission, require
from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.context import current_force
from forces.errors import InvalidInput
from streams.models import Incident, IncidentType
from streams.selectors import list_incidents

OFFICERS_TYPE = "officer-live"


def open_incident(
    *, actor: Actor, now: datetime, type_code: str, description: str, external_reference: str = ""
) -> Incident:
    """Open an incident under the force's next reference ("HERTS-2611-0001": force, year and month, number).

    Raises `NotPermitted`, or `InvalidInput` for a type that is unknown or out of use.
    """
    require(actor, Permission.INCIDENT_OPEN)
    kind = IncidentType.objects.filter(code=type_code, is_active=True).first()
    if kind is None:
        raise InvalidInput("There is no such incident type.", details={"type": type_code[:40]})
    return _open(actor, now, kind, description.strip(), external_reference.strip())


def open_officers_incident(*, actor: Actor, now: datetime) -> Incident:
    """Open the incident of an officer who goes live without one. The permission is the caller's matter.

    Its type is not among those that an operator chooses from.
    """
    label = {"label": "Officer live", "is_active": False, "position": 99}
    kind, _ = IncidentType.objects.get_or_create(code=OFFICERS_TYPE, defaults=label)
    return _open(actor, now, kind, "", "")


def view_incidents(*, actor: Actor) -> list[dict[str, Any]]:
    """Return `selectors.list_incidents`; the reading is audited with the number of rows."""
    found = list_incidents(actor)
    record(actor=actor, act="incident.list", operation=Operation.CONSULTATION, detail={"rows": len(found)})
    return found


def _open(actor: Actor, now: datetime, kind: IncidentType, description: str, external_reference: str) -> Incident:
    incident = Incident.objects.create(
        reference=_next_reference(now),
        external_reference=external_reference,
        type=kind,
        description=description,
        opened_by=actor.id,
        opened_by_name=actor.name,
        opened_at=now,
    )
    _record_opening(actor, incident)
    return incident


def _next_reference(now: datetime) -> str:
    """Return the next free reference; numbering is one at a time per force, to the end of the transaction."""
    schema = current_force().schema
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{schema}.incident"])
    prefix = f"{schema.upper()}-{now:%y%m}-"
    taken = Incident.objects.filter(reference__startswith=prefix)
    last = taken.order_by(Length("reference").desc(), "-reference").values_list("reference", flat=True).first()
    number = int(last.rsplit("-", 1)[1]) + 1 if last else 1
    return f"{prefix}{number:04d}"


def _record_opening(actor: Actor, incident: Incident) -> None:
    record(
        actor=actor,
        act="incident.open",
        operation=Operation.COLLECTION,
        object_type="incident",
        object_id=incident.id,
        detail={"reference": incident.reference, "type": incident.type.code},
    )
