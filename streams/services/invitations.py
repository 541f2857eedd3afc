"""Send a link, let another browser take it, and open it: by its token, or by the code that an operator reads out."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from forces.accounts.permissions import Permission, require
from forces.actors import Actor
from forces.audit.services import Operation, record, record_refusal
from forces.context import current_force
from forces.dispatch import enqueue_on_commit
from forces.errors import DomainError, InvalidTransition
from forces.services.sharing import End
from streams.broadcasts import broadcast_session_on_commit
from streams.models import Invitation, LiveSession
from streams.selectors import CallerTicket, find_session
from streams.services import publishing, shares
from streams.services.code_tries import give_back, take_try
from streams.services.codes import CodeMalformed, CodeUnknown, code_of, grouped, hash_of_code, read_code
from streams.services.consent import close_consent, standing_consent
from streams.services.link_standing import LinkUnknown, check_link
from streams.services.links import hash_of, join_address_of, link_expiry, token_of
from streams.services.locks import lock_open_session, lock_session
from streams.services.risk import check_risk
from streams.services.standing import refuse_consultation


@dataclass(frozen=True, slots=True)
class OpenedInvitation:
    """A link that a person opened: the ticket for the browser's cookie."""

    ticket: CallerTicket


@dataclass(frozen=True, slots=True)
class LinkPage:
    """What the page behind a link may say before a person opens it."""

    is_video: bool
    language: str
    safe_mode: bool


@dataclass(frozen=True, slots=True)
class CodeToReadOut:
    """The code of a link in two groups, the invitation it belongs to, and the address where it is entered."""

    invitation_id: UUID
    code: str
    address: str


def send_invitation(
    *,
    actor: Actor,
    now: datetime,
    session_id: UUID,
    channel: str = Invitation.Channel.SMS,
    act: str = "invitation.send",
) -> UUID:
    """Queue a link for a session and return the invitation's id; an earlier link and its consent are void.

    Every door ends here, so the risk rule is here: raises `RiskUnanswered` or `RiskRefused` (409, audited),
    `NotPermitted`, `NotFound` or `SessionOver`, and `InvalidTransition` for an officer's session, or a flight.
    """
    require(actor, Permission.LINK_SEND)
    session = lock_open_session(session_id)
    refuse_consultation(session)
    if session.is_by_order:
        raise InvalidTransition("This session has no link.")
    try:
        check_risk(session)
    except DomainError as error:
        _refuse(actor, "invitation.send", session, error)
        raise
    void_link(actor=actor, now=now, session=session)
    invitation = _queue(now, session, channel)
    session.mark_invited()
    session.save()
    _record(actor, act, Operation.DISCLOSURE, invitation, channel=channel)
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
    invitation.rearm(now, expires_at=link_expiry(now))
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
    session = invitation.session
    return LinkPage(is_video=session.wants_video, language=session.language, safe_mode=session.safe_mode)


def open_invitation(*, now: datetime, token: str, browser_secret: str = "", request_id: str = "") -> OpenedInvitation:
    """A person opened the link; returns the ticket for the browser.

    `browser_secret` is the one of the browser's cookie for this link, if it has one: so a bound browser gets
    back in. Raises LinkUnknown, LinkExpired, LinkWithdrawn, LinkInUse or SessionOver, audited.
    """
    return _open(now, lambda: _find_by_token(token), "link", browser_secret, request_id)


def open_by_code(
    *, now: datetime, typed: str, address: str, browser_secret: str = "", request_id: str = ""
) -> OpenedInvitation:
    """A person at `address` (the client's, as our own front gives it) typed a code; opens its link as the link does.

    Raises `CodeMalformed`, `CodeTriesSpent`, `CodesUnavailable`, or `CodeUnknown` for whatever else stands against
    it: the audit alone is told whether the code is of a link. What cannot be a code guesses nothing and is not counted.
    """
    visitor = Actor.anonymous(request_id)
    taken = take_try(actor=visitor, now=now, address=address)
    try:
        code = read_code(typed)
        opened = _open(now, lambda: _find_by_code(code), "code", browser_secret, request_id)
    except CodeMalformed:
        give_back(taken)
        raise
    except LinkUnknown:
        record_refusal(actor=visitor, act="code.enter", code=CodeUnknown.code)
        raise CodeUnknown from None
    except DomainError:
        raise CodeUnknown from None
    give_back(taken)
    return opened


def read_out_code(*, actor: Actor, now: datetime, session_id: UUID) -> CodeToReadOut:
    """Return the code of a session's usable link, for an operator to read out; the look is audited as a disclosure.

    Raises `NotPermitted`, `NotFound`, or `InvalidTransition` when no link can be opened by a code.
    """
    require(actor, Permission.LINK_SEND)
    session = find_session(session_id)
    invitation = session.invitations.filter(state__in=Invitation.USABLE).first()
    if session.is_over or invitation is None or invitation.has_run_out(now) or not invitation.code_hash:
        raise InvalidTransition("There is no code to read out: send a new link.")
    schema = current_force().schema
    code = code_of(schema, invitation.id, invitation.generation)
    _record(actor, "invitation.code", Operation.DISCLOSURE, invitation)
    return CodeToReadOut(invitation.id, grouped(code), join_address_of(schema))


def void_link(*, actor: Actor, now: datetime, session: LiveSession) -> None:
    """Withdraw the usable link of a session (locked by the caller) and whatever its browser does."""
    for invitation in session.invitations.filter(state__in=Invitation.USABLE):
        invitation.withdraw()
        invitation.save()
    _end_use(actor, now, session)


def _open(
    now: datetime, find: Callable[[], Invitation], way: str, browser_secret: str, request_id: str
) -> OpenedInvitation:
    """Open what `find` finds, the one way for every door; raises the errors of `open_invitation`."""
    session = lock_session(find().session_id)
    invitation = find()  # again, now that the session's lock keeps it as it is
    actor = Actor.caller(session.id, request_id)
    try:
        check_link(invitation, now=now, browser_secret=browser_secret)
    except DomainError as error:
        _refuse(actor, "invitation.open", session, error)
        raise
    if invitation.state != Invitation.State.CONSENTED:
        _note_opening(actor, now, session, invitation, way)
    secret = browser_secret or secrets.token_urlsafe(24)
    ticket = CallerTicket(invitation.id, session.id, secret, invitation.arming)
    return OpenedInvitation(ticket)


def _end_use(actor: Actor, now: datetime, session: LiveSession) -> None:
    """End what the browser shares, and what other forces may see of it: whoever comes next is asked anew."""
    consent = standing_consent(session.id)
    if consent is not None:
        close_consent(consent, now)
        publishing.end_session_streams(actor=actor, now=now, session_id=session.id, reason="replaced")
    shares.end_session_shares(actor=actor, now=now, session_id=session.id, reason=End.NO_CONSENT)
    session.refresh_from_db()


def _queue(now: datetime, session: LiveSession, channel: str) -> Invitation:
    invitation_id, code_hash = _draw()
    return Invitation.objects.create(
        id=invitation_id,
        session=session,
        token_hash=hash_of(token_of(current_force().schema, invitation_id, 1)),
        code_hash=code_hash,
        generation=1,
        channel=channel,
        expires_at=link_expiry(now),
        queued_at=now,
        next_attempt_at=now,
    )


def _draw() -> tuple[UUID, str]:
    """Return an id whose code no other link has, used up ones included: an old code opens nobody else's session."""
    schema = current_force().schema
    while True:
        invitation_id = uuid.uuid4()
        code_hash = hash_of_code(schema, code_of(schema, invitation_id, 1))
        if not Invitation.objects.filter(code_hash=code_hash).exists():
            return invitation_id, code_hash


def _find_by_token(token: str) -> Invitation:
    rows = Invitation.objects.select_related("session")
    found = rows.filter(token_hash=hash_of(token)).first()
    if found is None:
        raise LinkUnknown
    return found


def _find_by_code(code: str) -> Invitation:
    rows = Invitation.objects.select_related("session")
    found = rows.filter(code_hash=hash_of_code(current_force().schema, code)).first()
    if found is None:
        raise LinkUnknown
    return found


def _note_opening(actor: Actor, now: datetime, session: LiveSession, invitation: Invitation, way: str) -> None:
    is_first = invitation.state in Invitation.UNOPENED
    invitation.open(now)
    invitation.save()
    session.mark_opened(now)
    session.save()
    if is_first:
        _record(actor, "invitation.open", Operation.ACCESS, invitation, by=way)
        broadcast_session_on_commit(session.id)


def _record(actor: Actor, act: str, operation: Operation, invitation: Invitation, **detail: str) -> None:
    record(
        actor=actor,
        act=act,
        operation=operation,
        object_type="invitation",
        object_id=invitation.id,
        session_id=invitation.session_id,
        detail={"state": str(invitation.state), **detail},
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
