"""The page of one incident: its sessions, people, messages and items, and what happened in it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from evidence.selectors import list_of_sessions
from forces.accounts.models import User
from forces.accounts.permissions import Permission, may, require
from forces.actors import Actor
from forces.errors import InvalidInput, NotFound
from streams.incident_shapes import item_line, on_incident_view, upload_line, whole_incident_view
from streams.models import Incident, LiveSession, Upload
from streams.on_incident import officers_on_incident
from streams.selectors import Plain, iso, list_summaries_of
from streams.services.group_text import list_incident_messages
from streams.services.looks import note_look
from streams.timeline import GROUPS, PAGE_ROWS, Entry, read_place, read_timeline

MOST_SESSIONS = 100
MOST_ITEMS = 300
# What has become an item is among the items.
UPLOADS_SHOWN = (Upload.State.ARRIVING, Upload.State.CHECKING, Upload.State.REFUSED)


def view_incident(*, actor: Actor, incident_id: UUID) -> Plain:
    """Return {incident, sessions, officers, messages, items, uploads} of PROTOCOL.md; audited as a consultation.

    The newest 100 sessions, newest first. Items for who may view items. Raises `NotPermitted` or `NotFound`.
    """
    require(actor, Permission.SESSION_VIEW)
    incident = _find(incident_id)
    session_ids = list(LiveSession.objects.filter(incident=incident).values_list("id", flat=True)[:MOST_SESSIONS])
    note_look(actor=actor, act="incident.view", incident_id=incident.id, detail={"sessions": len(session_ids)})
    uploads = Upload.objects.filter(session_id__in=session_ids, state__in=UPLOADS_SHOWN)
    return {
        "incident": whole_incident_view(incident),
        "sessions": list_summaries_of(session_ids),
        "officers": [on_incident_view(one) for one in officers_on_incident(incident.id)],
        "messages": list_incident_messages(incident.id),
        "items": _items(actor, session_ids),
        "uploads": [upload_line(row) for row in uploads[:MOST_ITEMS]],
    }


def view_timeline(*, actor: Actor, incident_id: UUID, before: str = "", groups: str = "") -> Plain:
    """Return {entries, next}: one page of what happened, newest first; audited as a consultation.

    `before` is the `next` of another page, `groups` names of PROTOCOL.md with commas. Raises `NotPermitted`, `NotFound`
    or `InvalidInput`.
    """
    require(actor, Permission.SESSION_VIEW)
    incident = _find(incident_id)
    found = read_timeline(incident, read_place(before), _groups(groups))
    note_look(actor=actor, act="incident.timeline", incident_id=incident.id)
    page = found[:PAGE_ROWS]
    names = _names(entry.who for entry in page if entry.kind == "override")
    return {
        "entries": [_entry_view(entry, names) for entry in page],
        "next": str(page[-1].place) if len(found) > PAGE_ROWS else None,
    }


def _find(incident_id: UUID) -> Incident:
    try:
        return Incident.objects.select_related("type").get(pk=incident_id)
    except (Incident.DoesNotExist, ValidationError) as error:
        raise NotFound("There is no such incident.") from error


def _items(actor: Actor, session_ids: Collection[UUID]) -> list[Plain]:
    if not may(actor, Permission.ITEM_VIEW):
        return []
    return [item_line(item, is_held=is_held) for item, is_held in list_of_sessions(session_ids, MOST_ITEMS)]


def _groups(text: str) -> frozenset[str]:
    chosen = frozenset(filter(None, text.split(",")))
    if not chosen <= GROUPS:
        raise InvalidInput(f"A group is one of {', '.join(sorted(GROUPS))}.", details={"field": "groups"})
    return chosen


def _names(user_ids: Any) -> dict[str, str]:
    """Return the names of users whose row keeps the id alone; whoever is not in the accounts has none."""
    known = User.objects.in_bulk([int(user_id) for user_id in set(user_ids) if user_id.isdecimal()])
    return {str(key): user.display_name for key, user in known.items()}


def _entry_view(entry: Entry, names: dict[str, str]) -> Plain:
    detail = {name: iso(value) if isinstance(value, datetime) else value for name, value in entry.detail.items()}
    return {
        "id": entry.place.id,
        "at": iso(entry.place.at),
        "kind": entry.kind,
        "session_id": str(entry.session_id) if entry.session_id else None,
        "who": names.get(entry.who, "") if entry.kind == "override" else entry.who,
        "detail": detail,
    }
