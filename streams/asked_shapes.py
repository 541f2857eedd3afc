"""What officers are asked to do, as plain data: to go somewhere, and to show what is there."""

from __future__ import annotations

from streams.models import Assignment, Incident, ViewRequest
from streams.shapes import Plain, iso


def assignment_view(row: Assignment, status: str | None) -> Plain:
    """Return the wire's AssignmentView; `status` is what the officer does now, None off duty."""
    return {
        "id": str(row.id),
        "revision": row.revision,
        "incident": named_incident(row.incident),
        "officer": {"id": row.user_id, "name": row.user_name, "number": row.user_number},
        "status": status,
        "note": row.note,
        "state": row.state,
        "asked_by_name": row.asked_by_name,
        "asked_at": iso(row.asked_at),
        "answered_at": iso(row.answered_at),
        "refusal": row.refusal,
        "ended_at": iso(row.ended_at),
        "end_reason": row.end_reason,
    }


def request_view(row: ViewRequest) -> Plain:
    """Return the wire's ViewRequestView."""
    return {
        "id": str(row.id),
        "revision": row.revision,
        "incident": named_incident(row.incident) if row.incident else None,
        "officer": {"id": row.user_id, "name": row.user_name, "number": row.user_number},
        "reason": row.reason,
        "state": row.state,
        "asked_by_name": row.asked_by_name,
        "asked_at": iso(row.asked_at),
        "expires_at": iso(row.expires_at),
        "closed_at": iso(row.closed_at),
        "refusal": row.refusal,
        "session_id": str(row.session_id) if row.session_id else None,
    }


def named_incident(incident: Incident) -> Plain:
    """Return what an incident is called, and no word that was written about people."""
    return {
        "id": str(incident.id),
        "reference": incident.reference,
        "external_reference": incident.external_reference,
        "type_label": incident.type.label,
    }
