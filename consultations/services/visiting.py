"""Links of a meeting: what they show, who opens them, and which ticket still counts. Looking spends nothing."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn
from uuid import UUID

from consultations.broadcasts import tell_desk_on_commit
from consultations.errors import MeetingOver, Removed
from consultations.models import Consultation, MeetingLink, Participant
from consultations.services.effects import Effects
from consultations.services.leading import leave
from consultations.services.standing import lock_consultation, note
from consultations.tickets import MeetingTicket
from forces.actors import Actor
from forces.audit.services import Operation, record_refusal
from forces.errors import DomainError
from forces.languages import base_language
from streams.models import LiveSession
from streams.services.link_standing import LinkExpired, LinkInUse, LinkNotOpened, LinkUnknown, LinkWithdrawn
from streams.services.links import hash_of

ARMING_CHARACTERS = 16


@dataclass(frozen=True, slots=True)
class LinkPage:
    """What the page of a link shows before it is opened: neither a name nor a purpose."""

    language: str
    safe_mode: bool
    starts_at: datetime
    length_min: int
    state: str


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody whose ticket holds, as an actor."""

    actor: Actor
    session_id: UUID
    participant_id: UUID
    state: str
    language: str
    safe_mode: bool
    is_bound: bool


def new_arming() -> str:
    """Return what tickets of a link have to say from now on."""
    return secrets.token_hex(ARMING_CHARACTERS // 2)


def describe_meeting_link(*, now: datetime, token: str, browser_secret: str = "") -> LinkPage:
    """Return what a link is for. Raises `LinkUnknown`, `LinkExpired`, `LinkWithdrawn`, `LinkInUse` and others."""
    link = _find_by_token(token)
    consultation = _check(link, now, browser_secret)
    participant = link.participant
    return LinkPage(
        participant.language,
        participant.safe_mode,
        consultation.starts_at,
        consultation.length_min,
        participant.state,
    )


def find_shown_link(*, now: datetime, token: str, browser_secret: str = "") -> tuple[MeetingLink, Consultation]:
    """Return a link and its consultation, over or not, for its calendar entry. Raises as `describe_meeting_link`."""
    link = _find_by_token(token)
    return link, _check(link, now, browser_secret, is_over_fine=True)


def open_meeting(*, now: datetime, token: str, browser_secret: str = "", request_id: str = "") -> MeetingTicket:
    """A person opened the link: give this browser a ticket. Nothing is bound to it before they say that they are ready.

    Raises as `describe_meeting_link`; a refusal is audited.
    """
    found = _find_by_token(token)
    consultation = lock_consultation(found.session_id)
    link = _find_by_token(token)
    actor = Actor.caller(link.participant_id, request_id)
    try:
        _check(link, now, browser_secret)
    except DomainError as error:
        _refuse(actor, "participant.open", link, error)
    link.opened_at = link.opened_at or now
    link.save(update_fields=["opened_at"])
    _note_opened(consultation.session, now)
    note(actor, "participant.open", Operation.COLLECTION, consultation, link.participant)
    tell_desk_on_commit(link.session_id, now=now)
    secret = browser_secret or secrets.token_urlsafe(24)
    return MeetingTicket(link.id, link.participant_id, link.session_id, secret, link.arming)


def admit_visitor(*, now: datetime, ticket: MeetingTicket, request_id: str = "", is_over_fine: bool = False) -> Visitor:
    """Return the person a ticket stands for. Reads only; a refusal is audited.

    Raises `LinkUnknown`, `LinkExpired`, `LinkWithdrawn`, `LinkNotOpened`, `LinkInUse`, `MeetingOver` or `Removed`.
    `is_over_fine`: what comes after the meeting is asked for.
    """
    link = _find_by_ticket(ticket)
    participant = link.participant
    actor = Actor.caller(participant.id, request_id)
    try:
        _check(link, now, ticket.browser_secret, is_over_fine=is_over_fine)
        if link.opened_at is None or ticket.arming != link.arming:
            raise LinkNotOpened
    except DomainError as error:
        _refuse(actor, "participant.come", link, error)
    return Visitor(
        actor,
        link.session_id,
        participant.id,
        participant.state,
        participant.language,
        participant.safe_mode,
        bool(link.browser_hash),
    )


def leave_meeting(*, now: datetime, ticket: MeetingTicket, request_id: str = "", is_exit: bool = False) -> Effects:
    """A person leaves. `is_exit`: in a hurry; the ticket's power is taken away, and only the link leads back.

    Returns what is to be detached. A ticket without power changes nothing.
    """
    try:
        lock_consultation(ticket.session_id)
        visitor = admit_visitor(now=now, ticket=ticket, request_id=request_id)
    except DomainError:
        return Effects()
    if is_exit:
        MeetingLink.objects.filter(pk=ticket.link_id).update(arming=new_arming())
    return leave(actor=visitor.actor, now=now, session_id=visitor.session_id, participant_id=visitor.participant_id)


def choose_language(*, actor: Actor, now: datetime, session_id: UUID, participant_id: UUID, language: str) -> None:
    """A person reads the own pages in another language of the public."""
    consultation = lock_consultation(session_id)
    participant = Participant.objects.get(pk=participant_id, session_id=session_id)
    chosen = base_language(language)
    if participant.language == chosen:
        return
    participant.language = chosen
    participant.save(update_fields=["language"])
    note(actor, "participant.language", Operation.ALTERATION, consultation, participant, language=chosen)
    tell_desk_on_commit(session_id, now=now)


def page_frame(ticket: MeetingTicket | None, token: str = "") -> tuple[str, bool]:
    """Return (language, safe mode) of a link in whatever state, for a page that only says no."""
    rows = MeetingLink.objects.select_related("participant")
    link = rows.filter(pk=ticket.link_id).first() if ticket else None
    if link is None and token:
        link = rows.filter(token_hash=hash_of(token)).first()
    return (link.participant.language, link.participant.safe_mode) if link else ("en", False)


def _find_by_token(token: str) -> MeetingLink:
    rows = MeetingLink.objects.select_related("participant")
    link = rows.filter(token_hash=hash_of(token)).first() if token else None
    if link is None:
        raise LinkUnknown
    return link


def _find_by_ticket(ticket: MeetingTicket) -> MeetingLink:
    rows = MeetingLink.objects.select_related("participant")
    found = rows.filter(pk=ticket.link_id, participant_id=ticket.participant_id, session_id=ticket.session_id)
    link = found.first()
    if link is None:
        raise LinkUnknown
    return link


def _check(link: MeetingLink, now: datetime, browser_secret: str, *, is_over_fine: bool = False) -> Consultation:
    """Raise unless this browser may use the link now; whether it was opened is not looked at."""
    participant = link.participant
    if participant.state == Participant.State.REMOVED or participant.removed_at is not None:
        raise Removed
    if participant.state == Participant.State.WITHDRAWN or link.withdrawn_at is not None:
        raise LinkWithdrawn
    consultation = Consultation.objects.get(pk=link.session_id)
    if link.browser_hash and link.browser_hash != hash_of(browser_secret):
        raise LinkInUse
    if link.expires_at <= now:
        raise LinkExpired
    if not is_over_fine and (consultation.is_over or participant.state == Participant.State.OVER):
        raise MeetingOver
    return consultation


def _note_opened(session: LiveSession, now: datetime) -> None:
    """The first link that is opened says so in the session; once the call is open that is no news."""
    if session.state == LiveSession.State.DRAFT:
        session.mark_invited()
    if session.state in (LiveSession.State.INVITED, LiveSession.State.OPENED):
        session.mark_opened(now)
        session.save()


def _refuse(actor: Actor, act: str, link: MeetingLink, error: DomainError) -> NoReturn:
    record_refusal(
        actor=actor,
        act=act,
        code=error.code,
        object_type="participant",
        object_id=link.participant_id,
        session_id=link.session_id,
    )
    raise error
