"""An incident and its group text as plain data: the shapes of `PROTOCOL.md`."""

from __future__ import annotations

from evidence.models import Item
from streams.models import Incident, IncidentMessage, Upload
from streams.on_incident import OnIncident
from streams.shapes import Plain, incident_view, iso, upload_view


def whole_incident_view(incident: Incident) -> Plain:
    """Return the wire's IncidentView."""
    return {
        **incident_view(incident),
        "opened_at": iso(incident.opened_at),
        "opened_by_name": incident.opened_by_name,
        "closed_at": iso(incident.closed_at),
    }


def officers_incident_view(incident: Incident) -> Plain:
    """Return an incident as an officer sees it: what was written about people stays in the control room."""
    return {
        "id": str(incident.id),
        "reference": incident.reference,
        "external_reference": incident.external_reference,
        "type_label": incident.type.label,
        "opened_at": iso(incident.opened_at),
    }


def incident_message_view(message: IncidentMessage) -> Plain:
    """Return the wire's IncidentMsg."""
    return {
        "id": str(message.id),
        "incident_id": str(message.incident_id),
        "sender": message.sender_kind,
        "sender_id": message.sender_id,
        "sender_name": message.sender_name,
        "text": message.text,
        "sent_at": iso(message.sent_at),
        "client_id": message.client_id,
    }


def on_incident_view(one: OnIncident) -> Plain:
    """Return the wire's OnIncident."""
    session_id = str(one.session_id) if one.session_id else None
    return {"id": one.user_id, "name": one.name, "number": one.number, "session_id": session_id}


def item_line(item: Item, *, is_held: bool) -> Plain:
    """Return the wire's ItemLine: enough to see that it is there, and how it stands."""
    return {
        "id": str(item.id),
        "session_id": str(item.session_id),
        "kind": item.kind,
        "state": item.state,
        "started_at": iso(item.started_at),
        "ended_at": iso(item.ended_at),
        "sealed_at": iso(item.sealed_at),
        "duration_ms": item.duration_ms,
        "picture_count": vars(item).get("picture_count", 0),
        "is_held": is_held,
    }


def upload_line(upload: Upload) -> Plain:
    """Return the wire's UploadLine."""
    return {**upload_view(upload), "session_id": str(upload.session_id)}
