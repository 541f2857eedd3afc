"""Closing an incident, with all that officers were asked for it, and opening it again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from forces.accounts.permissions import Permission, require
from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.dispatch import broadcast_on_commit
from forces.errors import DomainError
from streams.broadcasts import incident_topic
from streams.incident_shapes import whole_incident_view
from streams.models import Incident, LiveSession
from streams.selectors import Plain
from streams.services.assignments import close_assignments
from streams.services.locks import lock_incident
from streams.services.view_requests import close_requests


class SessionsUnderWay(DomainError):
    """A session of the incident goes on (HTTP 409)."""

    code = "sessions_under_way"
    http_status = 409
    message = "A session of this incident goes on. End it first."


def close_incident(*, actor: Actor, now: datetime, incident_id: UUID) -> Plain:
    """Close an incident of which no session goes on; returns the wire's IncidentView. Closing it twice is fine.

    Whoever goes there is stood down by that, and whoever was asked to go, or to show, is asked no more.
    Raises `NotPermitted`, `NotFound` or `SessionsUnderWay`.
    """
    require(actor, Permission.INCIDENT_OPEN)
    incident = lock_incident(incident_id)
    if incident.closed_at is not None:
        return whole_incident_view(incident)
    if incident.sessions.exclude(state__in=LiveSession.OVER).exists():
        raise SessionsUnderWay
    incident.closed_at = max(now, incident.opened_at)
    incident.save(update_fields=["closed_at"])
    close_assignments(actor=actor, now=now, incident_id=incident.id)
    close_requests(actor=actor, now=now, incident_id=incident.id)
    return _changed(actor, incident, "incident.close")


def reopen_incident(*, actor: Actor, incident_id: UUID) -> Plain:
    """Let an incident go on that was closed; returns the wire's IncidentView. One that is open stays as it is.

    Raises `NotPermitted` or `NotFound`.
    """
    require(actor, Permission.INCIDENT_OPEN)
    incident = lock_incident(incident_id)
    if incident.closed_at is None:
        return whole_incident_view(incident)
    incident.closed_at = None
    incident.save(update_fields=["closed_at"])
    return _changed(actor, incident, "incident.reopen")


def _changed(actor: Actor, incident: Incident, act: str) -> Plain:
    record(
        actor=actor,
        act=act,
        operation=Operation.ALTERATION,
        object_type="incident",
        object_id=incident.id,
        detail={"reference": incident.reference},
    )
    view = whole_incident_view(incident)
    broadcast_on_commit(incident_topic(incident.id), {"type": "incident.changed", "incident": view})
    return view
