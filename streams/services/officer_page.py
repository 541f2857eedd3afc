"""What the officer's page is given when its socket opens, and whenever it asks."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from forces.accounts.officers import officer_profile
from forces.accounts.permissions import Permission, require
from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.context import current_force
from streams.incident_shapes import officers_incident_view
from streams.models import Incident
from streams.selectors import Plain, find_own_session, find_session, find_shift, iso
from streams.services.asked_page import read_asked
from streams.services.colleague_page import list_shown_pictures
from streams.services.group_text import list_groups
from streams.services.notices import unseen_notices
from streams.services.phone_page import phone_view

OPENED_WITHIN = timedelta(hours=24)
MOST_INCIDENTS = 30


def read_officer_page(*, actor: Actor, now: datetime) -> Plain:
    """Return {me, force_name, shift, incidents, assignments, view_request, live, groups, notices, pictures}; audited.

    Raises `NotPermitted`. `live` is None, or the own session as `phone_page.phone_view` shows it.
    """
    require(actor, Permission.STREAM_PUBLISH)
    incidents = [officers_incident_view(row) for row in _open_incidents(now)]
    record(actor=actor, act="incident.list", operation=Operation.CONSULTATION, detail={"rows": len(incidents)})
    own = find_own_session(actor.id)
    return {
        "me": {"id": actor.id, "name": actor.name, "role": actor.role, **officer_profile(actor.id)},
        "force_name": current_force().name,
        "shift": _shift(actor.id),
        "incidents": incidents,
        **read_asked(actor=actor, now=now),
        "live": phone_view(find_session(own.id)) if own else None,
        "notices": unseen_notices(user_id=actor.id, now=now),
        "groups": list_groups(actor=actor),
        "pictures": list_shown_pictures(actor=actor, now=now),
    }


def find_live(*, actor: Actor) -> UUID | None:
    """Return the id of the officer's own session that goes on; raises `NotPermitted`."""
    require(actor, Permission.STREAM_PUBLISH)
    own = find_own_session(actor.id)
    return own.id if own else None


def _open_incidents(now: datetime) -> list[Incident]:
    rows = Incident.objects.select_related("type").filter(closed_at__isnull=True, opened_at__gt=now - OPENED_WITHIN)
    return list(rows[:MOST_INCIDENTS])


def _shift(user_id: str) -> Plain | None:
    shift = find_shift(user_id)
    if shift is None:
        return None
    return {"status": shift.status, "status_at": iso(shift.status_at), "began_at": iso(shift.began_at)}
