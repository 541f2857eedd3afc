"""The receipt of a consent: what a caller agreed to, for the browser that gave it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from forces.actors import Actor
from forces.audit.services import Operation, record, record_refusal
from forces.context import current_force
from forces.errors import NotFound
from streams.models import Consent, ConsentWording
from streams.selectors import CallerTicket, Plain, wording_view
from streams.services.link_standing import LinkUnknown, find_ticket_invitation
from streams.services.links import hash_of

# As long as the ticket's cookie lives, counted from the end: a phone that somebody else gets hold of says no more.
KEPT_FOR = timedelta(hours=24)


class NoReceipt(NotFound):
    """This browser gave no consent in the session, or too long ago (HTTP 404)."""

    code = "no_receipt"
    message = "This browser has agreed to nothing here, or it was too long ago."


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was agreed to; `ended_at` is None while it stands, `wording` is as `selectors.wording_view`."""

    force_name: str
    reference: str
    scopes: tuple[str, ...]
    given_at: datetime
    ended_at: datetime | None
    wording: Plain
    language: str
    safe_mode: bool


def read_receipt(*, now: datetime, ticket: CallerTicket, request_id: str = "") -> Receipt:
    """Return the newest consent that the ticket's browser gave, also when its session or its link is over.

    Raises `NoReceipt` for a ticket of no link here, for another browser and 24 hours after the end. Each look and each
    refusal is audited.
    """
    actor = Actor.caller(ticket.session_id, request_id)
    consent = _find_consent(ticket)
    ended_at = _end_of(consent) if consent else None
    if consent is None or (ended_at is not None and now > ended_at + KEPT_FOR):
        record_refusal(
            actor=actor,
            act="consent.receipt",
            code=NoReceipt.code,
            object_type="invitation",
            object_id=ticket.invitation_id,
            session_id=ticket.session_id,
        )
        raise NoReceipt
    record(
        actor=actor,
        act="consent.receipt",
        operation=Operation.CONSULTATION,
        object_type="consent",
        object_id=consent.id,
        session_id=ticket.session_id,
    )
    return _receipt(consent, ended_at)


def _find_consent(ticket: CallerTicket) -> Consent | None:
    try:
        find_ticket_invitation(ticket)
    except LinkUnknown:
        return None
    mine = Consent.objects.select_related("session__incident").filter(session_id=ticket.session_id)
    return mine.filter(browser_hash=hash_of(ticket.browser_secret)).first()


def _end_of(consent: Consent) -> datetime | None:
    ends = [at for at in (consent.withdrawn_at, consent.session.ended_at) if at is not None]
    return min(ends) if ends else None


def _receipt(consent: Consent, ended_at: datetime | None) -> Receipt:
    session = consent.session
    wording = ConsentWording.objects.get(version=consent.wording_version, language=consent.language)
    return Receipt(
        force_name=current_force().name,
        reference=session.incident.reference,
        scopes=tuple(consent.scopes),
        given_at=consent.given_at,
        ended_at=ended_at,
        wording=wording_view(wording),
        language=session.language,
        safe_mode=session.safe_mode,
    )
