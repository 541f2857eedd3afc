"""Who of the officers is on an incident: the one rule, for its group text and its page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from streams.models import Assignment, LiveSession


@dataclass(frozen=True, slots=True)
class OnIncident:
    """An officer who is on an incident; `session_id` is the own live session in it, None where there is none."""

    incident_id: UUID
    user_id: str
    name: str
    number: str
    session_id: UUID | None


def officers_on_incident(incident_id: UUID) -> list[OnIncident]:
    """Return the officers who are on an incident now, each once, by name."""
    return sorted(_find(incident_id=incident_id), key=lambda one: (one.name, one.user_id))


def is_on_incident(user_id: str, incident_id: UUID) -> bool:
    """Whether an officer is on an incident now."""
    return bool(_find(incident_id=incident_id, user_id=user_id))


def incidents_of_officer(user_id: str) -> list[UUID]:
    """Return the incidents that an officer is on now, the one in which they are live first."""
    return [one.incident_id for one in _find(user_id=user_id)]


def _live(incident_id: UUID | None, user_id: str) -> list[OnIncident]:
    """An officer whose own session of the incident goes on."""
    rows = LiveSession.objects.filter(kind=LiveSession.Kind.OFFICER).exclude(state__in=LiveSession.OVER)
    rows = rows.filter(
        Q(incident_id=incident_id) if incident_id else Q(), Q(created_by=user_id) if user_id else Q()
    ).order_by("created_at")
    return [
        OnIncident(row.incident_id, row.created_by, row.created_by_name, row.officer_number, row.id) for row in rows
    ]


def _going(incident_id: UUID | None, user_id: str) -> list[OnIncident]:
    """An officer who accepted to go there, and is not done."""
    rows = Assignment.objects.filter(state=Assignment.State.ACCEPTED)
    rows = rows.filter(
        Q(incident_id=incident_id) if incident_id else Q(), Q(user_id=user_id) if user_id else Q()
    ).order_by("-answered_at")
    return [OnIncident(row.incident_id, row.user_id, row.user_name, row.user_number, None) for row in rows]


# What puts an officer on an incident, best known first. A new way to be on one is a function more in here.
_WAYS: tuple[Callable[[UUID | None, str], list[OnIncident]], ...] = (_live, _going)


def _find(*, incident_id: UUID | None = None, user_id: str = "") -> list[OnIncident]:
    found: dict[tuple[UUID, str], OnIncident] = {}
    for way in _WAYS:
        for one in way(incident_id, user_id):
            found.setdefault((one.incident_id, one.user_id), one)
    return list(found.values())
