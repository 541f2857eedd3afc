"""Group text of an incident: the control room and the officers who are on it write to all of them at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from forces.accounts.permissions import Permission, may, require
from forces.actors import Actor
from forces.audit.services import Operation, record, record_refusal
from forces.dispatch import broadcast_on_commit
from forces.errors import DomainError, InvalidInput, InvalidTransition, NotPermitted
from streams.broadcasts import CONSOLE, incident_topic, officer_topic
from streams.incident_shapes import incident_message_view, officers_incident_view
from streams.models import Incident, IncidentMessage
from streams.on_incident import OnIncident, incidents_of_officer, is_on_incident, officers_on_incident
from streams.selectors import Plain
from streams.services.group_notices import tell_absent_on_commit
from streams.services.locks import lock_incident
from streams.services.looks import note_look
from streams.services.message_text import checked_client_id, checked_text
from streams.services.notices import settle_notices

MOST_FOR_OFFICER = 200
MOST_FOR_CONSOLE = 500
# The wire's times are of a millisecond: two messages that differ by less would have no order there.
LEAST_APART = timedelta(milliseconds=1)

Sender = IncidentMessage.Sender


class NotOnIncident(DomainError):
    """The officer is not on the incident, or no longer (HTTP 403)."""

    code = "not_on_incident"
    http_status = 403
    message = "You are not on this incident."


def say(*, actor: Actor, now: datetime, incident_id: UUID, client_id: str, text: str) -> Plain:
    """Keep a message and pass it to everybody on the incident; a `client_id` of the same sender's is kept once.

    Returns the wire's IncidentMsg. Raises `NotPermitted`, `NotFound`, `NotOnIncident`, `InvalidInput` (empty, over 1000
    characters, an id that is used in another incident) or `InvalidTransition` (the incident is closed).
    """
    kind = _sender_kind(actor)
    incident = lock_incident(incident_id)
    known = IncidentMessage.objects.filter(sender_id=actor.id, client_id=client_id).first()
    if known is not None:
        return _own_message(known, incident)
    if kind == Sender.OFFICER and not is_on_incident(actor.id, incident.id):
        raise _refused(actor, incident)
    if incident.closed_at is not None:
        raise InvalidTransition("This incident is closed.")
    message = IncidentMessage.objects.create(
        incident=incident,
        sender_kind=kind,
        sender_id=actor.id,
        sender_name=actor.name,
        text=checked_text(text),
        client_id=checked_client_id(client_id),
        sent_at=_next_time(incident, now),
    )
    _announce(actor, incident, message)
    return incident_message_view(message)


def list_groups(*, actor: Actor) -> list[Plain]:
    """Return [{incident, messages}] of the incidents that an officer is on; reading is audited.

    The newest 200 messages of each, oldest first. Nothing for who is on none.
    """
    incident_ids = incidents_of_officer(actor.id)
    rows = Incident.objects.select_related("type").in_bulk(incident_ids)
    for incident_id in incident_ids:
        note_look(actor=actor, act="incident.read_text", incident_id=incident_id)
    return [
        {
            "incident": officers_incident_view(rows[incident_id]),
            "messages": list_incident_messages(incident_id, most=MOST_FOR_OFFICER),
        }
        for incident_id in incident_ids
    ]


def list_incident_messages(incident_id: UUID, *, most: int = MOST_FOR_CONSOLE) -> list[Plain]:
    """Return the newest messages of an incident, oldest first."""
    newest = IncidentMessage.objects.filter(incident_id=incident_id).order_by("-sent_at")[:most]
    return [incident_message_view(row) for row in reversed(newest)]


def _sender_kind(actor: Actor) -> Sender:
    """Return the actor's side; raises `NotPermitted` for who has none: a caller, an auditor, a machine."""
    if may(actor, Permission.STREAM_PUBLISH):
        return Sender.OFFICER
    require(actor, Permission.SESSION_CONTROL)
    if actor.kind != "user":
        raise NotPermitted
    return Sender.CONTROL


def _own_message(message: IncidentMessage, incident: Incident) -> Plain:
    if message.incident_id != incident.id:
        raise InvalidInput("Another message has this id.", details={"field": "client_id"})
    return incident_message_view(message)


def _next_time(incident: Incident, now: datetime) -> datetime:
    """Return a time after all others of a locked incident."""
    newest = IncidentMessage.objects.filter(incident=incident).order_by("-sent_at").first()
    return now if newest is None else max(now, newest.sent_at + LEAST_APART)


def _refused(actor: Actor, incident: Incident) -> NotOnIncident:
    record_refusal(
        actor=actor,
        act="incident.say",
        code=NotOnIncident.code,
        operation=Operation.COLLECTION,
        object_type="incident",
        object_id=incident.id,
    )
    return NotOnIncident()


def _announce(actor: Actor, incident: Incident, message: IncidentMessage) -> None:
    record(
        actor=actor,
        act="incident.say",
        operation=Operation.COLLECTION,
        object_type="incident",
        object_id=incident.id,
        detail={"message_id": str(message.id), "characters": len(message.text)},
    )
    frame = {"type": "incident.message", "message": incident_message_view(message)}
    officers = officers_on_incident(incident.id)
    broadcast_on_commit(incident_topic(incident.id), frame)
    for officer in officers:
        broadcast_on_commit(officer_topic(officer.user_id), frame)
    others = {officer.user_id for officer in officers} - {message.sender_id}
    tell_absent_on_commit(now=message.sent_at, incident_id=incident.id, user_ids=others)
    if message.sender_kind == Sender.OFFICER:
        settle_notices(now=message.sent_at, user_id=message.sender_id, subject_id=incident.id)
        _tell_consoles(incident, message, officers)


def _tell_consoles(incident: Incident, message: IncidentMessage, officers: list[OnIncident]) -> None:
    """An officer wrote: consoles that do not have the incident open are told so, without the text."""
    sessions = [one.session_id for one in officers if one.user_id == message.sender_id]
    session_id = str(sessions[0]) if sessions and sessions[0] else None
    view = incident_message_view(message)
    frame = {"incident_id": str(incident.id), "reference": incident.reference, "session_id": session_id}
    told = {name: view[name] for name in ("sender_name", "sent_at")}
    broadcast_on_commit(CONSOLE, {"type": "incident.said", **frame, **told})
