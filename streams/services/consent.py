"""Consent: who may use a link's page, what they agree to, and how they take it back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn
from uuid import UUID

from forces.actors import Actor
from forces.audit.services import Operation, record, record_refusal
from forces.errors import DomainError, InvalidInput
from forces.services.sharing import End
from streams.broadcasts import broadcast_session_on_commit
from streams.models import Consent, Invitation, LiveSession
from streams.selectors import CallerTicket, Plain, consent_view, usable_wordings
from streams.services import publishing, shares
from streams.services.link_standing import LinkNotOpened, check_link, check_opened, find_ticket_invitation
from streams.services.links import hash_of
from streams.services.locks import lock_session

_ASKED = {
    LiveSession.LinkKind.LOCATION: set[str](),
    LiveSession.LinkKind.LOCATION_VIDEO: {"video", "recording", "upload"},
    LiveSession.LinkKind.LOCATION_UPLOAD: {"upload"},
}


class WordingOutdated(DomainError):
    """The caller read a wording that is no longer in use (HTTP 409)."""

    code = "wording_outdated"
    http_status = 409
    message = "The text has changed. Please load the page and read it again."


@dataclass(frozen=True, slots=True)
class CallerAdmission:
    """A caller whose ticket holds, as an actor; `scopes` is empty before consent."""

    actor: Actor
    session_id: UUID
    invitation_id: UUID
    state: str
    language: str
    safe_mode: bool
    scopes: tuple[str, ...]


def admit_caller(*, now: datetime, ticket: CallerTicket, request_id: str = "") -> CallerAdmission:
    """Return the caller a ticket stands for.

    Raises LinkUnknown, LinkWithdrawn, LinkExpired, LinkNotOpened, LinkInUse or SessionOver; a refusal
    is audited. Reads only.
    """
    invitation = find_ticket_invitation(ticket)
    actor = Actor.caller(ticket.session_id, request_id)
    try:
        check_link(invitation, now=now, browser_secret=ticket.browser_secret)
        check_opened(invitation)
        if ticket.arming != invitation.arming:
            raise LinkNotOpened
    except DomainError as error:
        _refuse(actor, "caller.admit", invitation, error)
    session = invitation.session
    standing = Consent.objects.filter(session_id=session.id, withdrawn_at__isnull=True)  # one at most
    scopes = tuple(next(iter(standing.order_by().values_list("scopes", flat=True)), ()))
    return CallerAdmission(actor, session.id, invitation.id, session.state, session.language, session.safe_mode, scopes)


def give_consent(
    *,
    actor: Actor,
    now: datetime,
    session_id: UUID,
    invitation_id: UUID,
    browser_secret: str,
    scopes: Collection[str],
    wording_version: int,
    language: str,
) -> Plain:
    """Keep a consent and bind the link to this browser; giving the same again changes nothing.

    Agreeing to less ends the media that it covers no more; what is still agreed to may be published anew.
    Returns the consent as `selectors.consent_view`. Raises the errors of `admit_caller` and `InvalidInput`.
    """
    ticket = CallerTicket(invitation_id, session_id, browser_secret)
    lock_session(session_id)
    invitation = find_ticket_invitation(ticket)
    try:
        check_link(invitation, now=now, browser_secret=browser_secret)
        check_opened(invitation)
        agreed = _checked_scopes(invitation.session, scopes)
        _check_wording(wording_version, language)
    except DomainError as error:
        _refuse(actor, "consent.give", invitation, error)
    standing = standing_consent(session_id)
    words = (wording_version, language)
    if standing and standing.scopes == agreed and words == (standing.wording_version, standing.language):
        return consent_view(standing)
    if standing:
        close_consent(standing, now)
        _end_what_is_withdrawn(actor, now, standing, agreed)
    return consent_view(_keep_consent(actor, now, invitation, agreed, words, hash_of(browser_secret)))


def withdraw_consent(*, actor: Actor, now: datetime, session_id: UUID) -> None:
    """Take the consent back: media end, the link is spent and a new one is needed to go on.

    Withdrawing twice is fine.
    """
    session = lock_session(session_id)
    consent = standing_consent(session_id)
    if consent is None:
        return
    invitation = consent.invitation
    if invitation.is_usable:
        invitation.withdraw()
        invitation.save()
    close_consent(consent, now)
    publishing.end_session_streams(actor=actor, now=now, session_id=session_id, reason="consent_withdrawn")
    shares.end_session_shares(actor=actor, now=now, session_id=session_id, reason=End.NO_CONSENT)
    if not session.is_over:
        session.refresh_from_db()
        session.lapse_consent()
        session.save()
    _record(actor, "consent.withdraw", Operation.ALTERATION, consent)
    broadcast_session_on_commit(session_id)


def standing_consent(session_id: UUID) -> Consent | None:
    """Return the consent of a session that was not withdrawn, or None."""
    rows = Consent.objects.select_related("invitation")
    return rows.filter(session_id=session_id, withdrawn_at__isnull=True).first()


def close_consent(consent: Consent, now: datetime) -> None:
    """Mark a consent as no longer standing: withdrawn, or replaced by another."""
    consent.withdrawn_at = max(now, consent.given_at)
    consent.save(update_fields=["withdrawn_at"])


def _end_what_is_withdrawn(actor: Actor, now: datetime, standing: Consent, agreed: Collection[str]) -> None:
    """End the picture when it, or its recording, is agreed to no longer; no other force sees anything without it."""
    withdrawn, session_id = set(standing.scopes) - set(agreed), standing.session_id
    if {"video", "recording"} & withdrawn:
        publishing.end_session_streams(actor=actor, now=now, session_id=session_id, reason="consent_withdrawn")
    if "video" in withdrawn:
        shares.end_session_shares(actor=actor, now=now, session_id=session_id, reason=End.NO_CONSENT)
    elif "recording" in withdrawn:
        shares.end_recording_shares(actor=actor, now=now, session_id=session_id)


def _checked_scopes(session: LiveSession, scopes: Collection[str]) -> list[str]:
    """Return the scopes sorted; raises `InvalidInput` for none, or any the link does not ask."""
    asked = {"location", *_ASKED[LiveSession.LinkKind(session.link_kind)]}
    agreed = set(scopes)
    if not agreed or not agreed <= asked or ("recording" in agreed and "video" not in agreed):
        raise InvalidInput("These choices cannot be made with this link.", details={"scopes": sorted(agreed)})
    return sorted(agreed)


def _check_wording(version: int, language: str) -> None:
    if not usable_wordings().filter(version=version, language=language).exists():
        raise WordingOutdated


def _keep_consent(
    actor: Actor,
    now: datetime,
    invitation: Invitation,
    scopes: list[str],
    words: tuple[int, str],
    browser_hash: str,
) -> Consent:
    session = invitation.session
    if invitation.state == Invitation.State.OPENED:
        invitation.bind(now, browser_hash=browser_hash)
        invitation.save()
    if session.state == LiveSession.State.OPENED:
        session.mark_consented(now)
        session.save()
    consent = Consent.objects.create(
        session=session,
        invitation=invitation,
        scopes=scopes,
        wording_version=words[0],
        language=words[1],
        given_at=now,
        browser_hash=browser_hash,
    )
    _record(actor, "consent.give", Operation.COLLECTION, consent)
    broadcast_session_on_commit(session.id)
    return consent


def _record(actor: Actor, act: str, operation: Operation, consent: Consent) -> None:
    record(
        actor=actor,
        act=act,
        operation=operation,
        object_type="consent",
        object_id=consent.id,
        session_id=consent.session_id,
        detail={
            "scopes": consent.scopes,
            "wording_version": consent.wording_version,
            "language": consent.language,
        },
    )


def _refuse(actor: Actor, act: str, invitation: Invitation, error: DomainError) -> NoReturn:
    record_refusal(
        actor=actor,
        act=act,
        code=error.code,
        object_type="invitation",
        object_id=invitation.id,
        session_id=invitation.session_id,
    )
    raise error
