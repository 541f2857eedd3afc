"""Leaving by "Exit this page": nothing is shared any more, the session goes on, coming back takes the link again."""

from __future__ import annotations

from datetime import datetime

from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.errors import DomainError
from streams.models import Invitation
from streams.selectors import CallerTicket
from streams.services import publishing
from streams.services.handles import HeldHandle
from streams.services.link_standing import check_link, check_opened, find_ticket_invitation
from streams.services.locks import lock_session
from streams.services.progress import LEFT, note_progress


def leave_page(*, now: datetime, ticket: CallerTicket, request_id: str = "") -> list[HeldHandle]:
    """Take the power of the browser's ticket away, end what it publishes, and tell the control room.

    Consent and binding stay: the same browser gets back in by the link, nobody else does. A ticket that has no power
    (also: told twice) changes nothing. Returns what is to be detached.
    """
    actor = Actor.caller(ticket.session_id, request_id)
    try:
        lock_session(ticket.session_id)
        invitation = find_ticket_invitation(ticket)
        check_link(invitation, now=now, browser_secret=ticket.browser_secret)
        check_opened(invitation)
    except DomainError:
        return []
    if ticket.arming != invitation.arming:
        return []
    invitation.void_tickets(now)
    invitation.save(update_fields=["rearmed_at"])
    _record(actor, invitation)
    left = publishing.end_session_streams(actor=actor, now=now, session_id=ticket.session_id, reason=LEFT)
    note_progress(actor=actor, now=now, session_id=ticket.session_id, step=LEFT)
    return left


def _record(actor: Actor, invitation: Invitation) -> None:
    record(
        actor=actor,
        act="caller.leave",
        operation=Operation.ALTERATION,
        object_type="invitation",
        object_id=invitation.id,
        session_id=invitation.session_id,
    )
