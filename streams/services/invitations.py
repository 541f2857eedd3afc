"""Send a link, let another browser take it, and open it."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from forces.accounts.permissions import Permission, require
from forces.actors import Actor
from forces.audit.services import Operation, record, record_refusal
from forces.context import current_force
from forces.dispatch import enqueue_on_commit
from forces.errors import DomainError, InvalidTransition
from streams.broadcasts import broadcast_session_on_commit
from streams.models import Invitation, LiveSession
from streams.selectors import CallerTicket, find_policy
from streams.services import publishing
from streams.services.consent import LinkUnknown, check_link, close_consent, standing_consent
from streams.services.links import hash_of, token_of
from streams.services.locks import lock_open_session, lock_session
from streams.services.risk import check_risk


@dataclass(frozen=True, slots=True)
class OpenedInvitation:
    """A link that a person opened: the ticket for the browser's cookie."""

    ticket: CallerTicket


@dataclass(frozen=True, slots=True)
class LinkPage:
    """What the page behind a link may say before a person opens it."""

    is_video: bool
    language: str


def send_invitation(*, actor: Actor, now: datetime, session_id: UUID) -> UUID:
    """Queue a link for a session and return the invitation's id; an earlier link and its consent are void.

    Every door ends here, so the risk rule is here: raises `RiskUnanswered` or `RiskRefused` (409, audited),
    `NotPermitted`, `NotFound` or `SessionOver`.
    """
    require(actor, Permission.LINK_SEND)
    session = lock_open_session(session_id)
    try:
        check_risk(session)
    except DomainError as error:
        _refuse(actor, "invitation.send", session, error)
        raise
    void_link(actor=actor, now=now, session=session)
    invitation = _queue(now, session)
    session.mark_invited()
    session.save()
    _record(actor, "invitation.send", Operation.DISCLOSURE, invitation)
    enqueue_on_commit("streams.tasks.deliver_invitation", {"invitation_id": str(invitation.id)})
    broadcast_session_on_commit(session.id)
    return invitation.id


def rearm_invitation(*, actor: Actor, now: datetime, session_id: UUID) -> None:
    """Let another browser take the same link: the bound one is out, and consent is asked again.

    Raises `NotPermitted`, `NotFound`, `SessionOver`, or `InvalidTransition` when no link is open.
    """
    require(actor, Permission.LINK_SEND)
    session = lock_open_session(session_id)
    invitation = session.invitations.filter(state__in=Invitation.USABLE).first()
    if invitation is None:
        raise InvalidTransition("There is no link to re-arm: send a new one.")
    invitation.rearm(now, expires_at=_expiry(now))
    invitation.save()
    _end_use(actor, now, session)
    session.mark_invited()
    session.save()
    _record(actor, "invitation.rearm", Operation.ALTERATION, invitation)
    broadcast_session_on_commit(session.id)


def describe_link(*, now: datetime, token: str, browser_secret: str = "") -> LinkPage:
    """Return what the page behind a link shows; spends and writes nothing.

    Raises the errors of a link that cannot be opened by this browser.
    """
    invitation = _find_by_token(token)
    check_link(invitation, now=now, browser_secret=browser_secret)
    return LinkPage(is_video=invitation.session.wants_video, language=invitation.session.language)


def open_invitation(*, now: datetime, token: str, browser_secret: str = "", request_id: str = "") -> OpenedInvitation:
    """A person opened the link; returns the ticket for the browser.

    `browser_secret` is the one of the browser's cookie for this link, if it has one: so a bound browser gets
    back in. Raises LinkUnknown, LinkExpired, LinkWithdrawn, LinkInUse or SessionOver, audited.
    """
    session = lock_session(_find_by_token(token).session_id)
    invitation = _find_by_token(token)  # again, now that the session's lock keeps it as it is
    actor = Actor.caller(session.id, request_id)
    try:
        check_link(invitation, now=now, browser_secret=browser_secret)
    except DomainError as error:
        _refuse(actor, "invitation.open", session, error)
        raise
    if invitation.state != Invitation.State.CONSENTED:
        _note_opening(actor, now, session, invitation)
    secret = browser_secret or secrets.token_urlsafe(24)
    ticket = CallerTicket(invitation.id, session.id, secret, invitation.arming)
    return OpenedInvitation(ticket)


def void_link(*, actor: Actor, now: datetime, session: LiveSession) -> None:
    """Withdraw the usable link of a session (locked by the caller) and whatever its browser does."""
    for invitation in session.invitations.filter(state__in=Invitation.USABLE):
        invitation.withdraw()
        invitation.save()
    _end_use(actor, now, session)


def _end_use(actor: Actor, now: datetime, session: LiveSession) -> None:
    consent = standing_consent(session.id)
    if consent is not None:
        close_consent(consent, now)
        publishing.end_session_streams(actor=actor, now=now, session_id=session.id, reason="replaced")
        session.refresh_from_db()


def _queue(now: datetime, session: LiveSession) -> Invitation:
    invitation_id = uuid.uuid4()
    return Invitation.objects.create(
        id=invitation_id,
        session=session,
        token_hash=hash_of(token_of(current_force().schema, invitation_id, 1)),
        generation=1,
        expires_at=_expiry(now),
        queued_at=now,
        next_attempt_at=now,
    )


def _expiry(now: datetime) -> datetime:
    return now + timedelta(minutes=find_policy().expires_minutes)


def _find_by_token(token: str) -> Invitation:
    rows = Invitation.objects.select_related("session")
    found = rows.filter(token_hash=hash_of(token)).first()
    if found is None:
        raise LinkUnknown
    return found


def _note_opening(actor: Actor, now: datetime, session: LiveSession, invitation: Invitation) -> None:
    is_first = invitation.state in Invitation.UNOPENED
    invitation.open(now)
    invitation.save()
    session.mark_opened(now)
    session.save()
    if is_first:
        _record(actor, "invitation.open", Operation.ACCESS, invitation)
        broadcast_session_on_commit(session.id)


def _record(actor: Actor, act: str, operation: Operation, invitation: Invitation) -> None:
    record(
        actor=actor,
        act=act,
        operation=operation,
        object_type="invitation",
        object_id=invitation.id,
        session_id=invitation.session_id,
        detail={"state": str(invitation.state)},
    )


def _refuse(actor: Actor, act: str, session: LiveSession, error: DomainError) -> None:
    record_refusal(
        actor=actor,
        act=act,
        code=error.code,
        object_type="session",
        object_id=session.id,
        session_id=session.id,
    )
