"""Whether an officer may see the picture of a session: shown by the control room, and the officer on its incident."""

from __future__ import annotations

from forces.accounts.permissions import Permission, require
from forces.actors import Actor
from forces.errors import DomainError, NotPermitted
from streams.models import LiveSession
from streams.on_incident import is_on_incident
from streams.selectors import find_shift
from streams.services.assignments import OfficerOffDuty
from streams.services.group_text import NotOnIncident
from streams.services.locks import SessionOver


class NotShown(DomainError):
    """The control room does not show this picture to officers, or no longer (HTTP 403)."""

    code = "not_shown"
    http_status = 403
    message = "The control room does not show this picture to you, or no longer."


class OwnPicture(NotPermitted):
    """An officer's own picture is on their own page already (HTTP 403)."""

    message = "This is your own picture."


def find_objection(user_id: str, session: LiveSession) -> DomainError | None:
    """Return why an officer may not see a session's picture now, as far as the rows say; None when they may."""
    if session.is_over:
        return SessionOver()
    if session.is_officers and session.created_by == user_id:
        return OwnPicture()
    if find_shift(user_id) is None:
        return OfficerOffDuty("You are off duty.")
    if not is_on_incident(user_id, session.incident_id):
        return NotOnIncident()
    return None if session.shown_at is not None else NotShown()


def require_shown(actor: Actor, session: LiveSession) -> None:
    """Raise `NotPermitted`, or what `find_objection` says, unless an officer may see a session's picture now."""
    require(actor, Permission.STREAM_PUBLISH)
    objection = find_objection(actor.id, session)
    if objection is not None:
        raise objection
