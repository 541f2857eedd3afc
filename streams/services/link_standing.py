"""Whether a link still stands, for the browser that comes with it."""

from __future__ import annotations

from datetime import datetime

from forces.errors import DomainError
from streams.models import Invitation
from streams.selectors import CallerTicket
from streams.services.links import hash_of
from streams.services.locks import SessionOver


class LinkUnknown(DomainError):
    """No such link, or not of this force (HTTP 404)."""

    code = "link_unknown"
    http_status = 404
    message = "This link does not work. Ask the control room for a new one."


class LinkExpired(DomainError):
    """Nobody opened the link in time (HTTP 410)."""

    code = "link_expired"
    http_status = 410
    message = "This link is too old. Ask the control room for a new one."


class LinkWithdrawn(DomainError):
    """The link was replaced, or its consent was taken back (HTTP 410)."""

    code = "link_withdrawn"
    http_status = 410
    message = "This link has been used. Ask the control room for a new one."


class ConsentWithdrawn(LinkWithdrawn):
    """This very browser took its consent back: the link is spent (HTTP 410)."""

    code = "consent_withdrawn"
    message = (
        "You took your consent back, so nothing is shared any more and this link is spent. To share again, ask the "
        "control room for a new one."
    )


class LinkInUse(DomainError):
    """Consent was given in another browser: the link is that browser's (HTTP 409)."""

    code = "link_in_use"
    http_status = 409
    message = "This link is in use on another device or browser. Ask the control room to let this one in."


class LinkNotOpened(DomainError):
    """The link has to be opened (again) in this browser first (HTTP 409)."""

    code = "link_not_opened"
    http_status = 409
    message = "Open the link in the text message again."


def find_ticket_invitation(ticket: CallerTicket) -> Invitation:
    """Return the invitation of a ticket with its session; raises LinkUnknown."""
    rows = Invitation.objects.select_related("session")
    try:
        return rows.get(pk=ticket.invitation_id, session_id=ticket.session_id)
    except Invitation.DoesNotExist:
        raise LinkUnknown from None


def check_link(invitation: Invitation, *, now: datetime, browser_secret: str) -> None:
    """Raise unless this browser may use the link now; whether it was opened is not looked at."""
    if invitation.state == Invitation.State.EXPIRED:
        raise LinkExpired
    if invitation.session.is_over:
        session = invitation.session
        # A page may ask before the news reach it: it is told the same as by them.
        raise SessionOver(details={"by": session.ended_by_kind, "reason": session.end_reason})
    if invitation.state == Invitation.State.WITHDRAWN:
        raise ConsentWithdrawn if _was_taken_back(invitation, browser_secret) else LinkWithdrawn
    if invitation.has_run_out(now):
        raise LinkExpired
    if invitation.bound_browser_hash and invitation.bound_browser_hash != hash_of(browser_secret):
        raise LinkInUse


def _was_taken_back(invitation: Invitation, browser_secret: str) -> bool:
    """Whether this browser's own withdrawal, and not a newer link, spent the link."""
    is_newest = not invitation.session.invitations.filter(queued_at__gt=invitation.queued_at).exists()
    return is_newest and invitation.consents.filter(browser_hash=hash_of(browser_secret)).exists()


def check_opened(invitation: Invitation) -> None:
    """Raise LinkNotOpened unless a person opened the link (since it was last re-armed)."""
    if invitation.state in Invitation.UNOPENED:
        raise LinkNotOpened
