"""What is asked of an officer, as their own page shows it: where to go, with whom, and what to show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.errors import Unavailable
from streams.asked_shapes import assignment_view, named_incident
from streams.live_officers import OfficerFix, read_fixes
from streams.models import Assignment, Position, ViewRequest
from streams.officers import find_people, find_shifts
from streams.on_incident import OnIncident, officers_on_incident
from streams.selectors import Plain, fix_view, iso
from streams.services.incident_places import incident_places
from streams.services.nearest import metres_between

MOST_COLLEAGUES = 50


def read_asked(*, actor: Actor, now: datetime) -> Plain:
    """Return {assignments, view_request} of an officer, whose right to it is the caller's matter.

    What is shown of places and colleagues is audited as a consultation.
    """
    rows = _open_assignments(actor.id)
    if not rows:
        return {"assignments": [], "view_request": _standing_request(actor.id, now)}
    record(actor=actor, act="assignment.list", operation=Operation.CONSULTATION, detail={"rows": len(rows)})
    places = incident_places([row.incident_id for row in rows])
    accepted = [row for row in rows if row.state == Assignment.State.ACCEPTED]
    there = [one for row in accepted for one in officers_on_incident(row.incident_id)[:MOST_COLLEAGUES]]
    others = [one for one in there if one.user_id != actor.id]
    fixes = _fixes([actor.id, *(one.user_id for one in others)])
    colleagues = _colleagues(others, fixes)
    current = max(accepted, key=lambda row: row.answered_at or row.asked_at, default=None)
    return {
        "assignments": [
            {
                **_shown(row),
                "is_current": row is current,
                **_place(places.get(row.incident_id), fixes.get(actor.id)),
                "colleagues": colleagues.get(row.incident_id, []) if row in accepted else [],
            }
            for row in rows
        ],
        "view_request": _standing_request(actor.id, now),
    }


def _open_assignments(user_id: str) -> list[Assignment]:
    rows = Assignment.objects.select_related("incident__type").filter(user_id=user_id, state__in=Assignment.OPEN)
    return list(rows)


def _shown(row: Assignment) -> Plain:
    whole = assignment_view(row, None)
    names = ("id", "incident", "note", "state", "asked_by_name", "asked_at", "answered_at")
    return {name: whole[name] for name in names}


def _place(place: Position | None, own: OfficerFix | None) -> Plain:
    """Return {place, distance_m, distance_at}: how far it was from the officer at their newest fix; None: not known."""
    if place is None or own is None:
        return {"place": fix_view(place) if place else None, "distance_m": None, "distance_at": None}
    metres = metres_between((own.latitude, own.longitude), (place.latitude, place.longitude))
    return {"place": fix_view(place), "distance_m": round(metres), "distance_at": iso(own.fixed_at)}


def _colleagues(others: Sequence[OnIncident], fixes: dict[str, OfficerFix]) -> dict[UUID, list[Plain]]:
    """Return those of others on an incident who are on duty, by incident."""
    ids = {row.user_id for row in others}
    shifts, people = (find_shifts(ids), find_people(ids)) if ids else ({}, {})
    found: dict[UUID, list[Plain]] = {}
    for one in others:
        if one.user_id in shifts and one.user_id in people:
            found.setdefault(one.incident_id, []).append(
                {
                    "id": one.user_id,
                    "name": one.name,
                    "number": one.number,
                    "status": shifts[one.user_id].status,
                    "fix": fixes[one.user_id].as_dict() if one.user_id in fixes else None,
                }
            )
    return found


def _fixes(user_ids: Sequence[str]) -> dict[str, OfficerFix]:
    """A page opens without Redis, too: where everybody is is then not known."""
    try:
        return read_fixes(user_ids)
    except Unavailable:
        return {}


def _standing_request(user_id: str, now: datetime) -> Plain | None:
    """Return who asks to see, for what and until when; None while nobody does."""
    rows = ViewRequest.objects.select_related("incident__type")
    row = rows.filter(user_id=user_id, state=ViewRequest.State.ASKED, expires_at__gt=now).first()
    if row is None:
        return None
    return {
        "id": str(row.id),
        "incident": named_incident(row.incident) if row.incident else None,
        "reason": row.reason,
        "asked_by_name": row.asked_by_name,
        "asked_at": iso(row.asked_at),
        "expires_at": iso(row.expires_at),
    }
