"""Sharing a live picture with an outside agency: by the session's own people, for a purpose and until a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from forces.accounts.permissions import Permission, require
from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.context import current_force
from forces.errors import InvalidInput, InvalidTransition, NotFound
from forces.messaging.addresses import normalise_email_address
from forces.messaging.numbers import normalise_mobile_number
from forces.messaging.senders import may_email
from streams.broadcasts import broadcast_session_on_commit, tell_agency_ended
from streams.models import AgencyMessage, AgencyShare, LiveSession
from streams.services.agency_messages import queue_link
from streams.services.agency_standing import agency_link_of, agency_token_of
from streams.services.handles import HeldHandle
from streams.services.links import hash_of
from streams.services.locks import lock_open_session, lock_session
from streams.services.standing import allows, refuse_consultation
from streams.services.watching import end_watches_of_agency

MINUTES = range(15, 12 * 60 + 1)
VIEWERS = range(1, 11)
MOST_STANDING = 10  # of one session

End = AgencyShare.End


class AgencyShareUnknown(NotFound):
    """No such share of this session with an agency (HTTP 404)."""

    message = "There is no such share with an agency."


@dataclass(frozen=True, slots=True)
class AgencyLink:
    """A share's id and its link: whoever has the link and a code of the contact's phone sees the picture."""

    id: UUID
    link: str


@dataclass(frozen=True, slots=True)
class AgencyTerms:
    """With whom a picture is shared, what for, how long (minutes) and with how many people, as the operator gave it."""

    kind: str
    agency: str
    contact_name: str
    contact_phone: str
    contact_email: str
    purpose: str
    purpose_text: str
    minutes: int
    most_viewers: int


def share_with_agency(*, actor: Actor, now: datetime, session_id: UUID, terms: AgencyTerms) -> AgencyLink:
    """Let an agency's people watch a session's live picture; the link goes to the contact's e-mail where there is one.

    Raises `NotPermitted`, `NotFound`, `SessionOver`, `InvalidTransition` (no consent to video stands, or none is asked
    for) or `InvalidInput`.
    """
    require(actor, Permission.SHARE_GRANT)
    session = lock_open_session(session_id)
    refuse_consultation(session)
    used = (LiveSession.State.CONSENTED, LiveSession.State.LIVE)
    if session.state not in used or not session.wants_video or not allows(session_id, "video"):
        raise InvalidTransition("There is no live picture to share.")
    if AgencyShare.objects.filter(session=session, ended_at__isnull=True).count() >= MOST_STANDING:
        raise InvalidTransition("This is shared with ten agencies already.")
    share = _make(actor, now, session, _checked(terms))
    if share.contact_email:
        queue_link(now=now, share=share)
    detail = {
        "agency": share.agency,
        "kind": share.kind,
        "purpose": share.purpose,
        "until": share.ends_at.isoformat(),
        "viewers": share.most_viewers,
        "by_email": bool(share.contact_email),
    }
    record_agency(actor, "agency.granted", share, detail)
    broadcast_session_on_commit(session_id)
    return AgencyLink(share.id, agency_link_of(current_force().schema, share.id))


def read_agency_link(*, actor: Actor, now: datetime, session_id: UUID, share_id: UUID) -> AgencyLink:
    """Return the link of a share that stands, to be passed on; the look is audited as a disclosure.

    Raises `NotPermitted`, `AgencyShareUnknown`, or `InvalidTransition` when it has ended.
    """
    require(actor, Permission.SHARE_GRANT)
    share = find_agency_share(session_id, share_id)
    if not share.stands(now):
        raise InvalidTransition("Sharing with this agency has ended.")
    record_agency(actor, "agency.link", share, {"agency": share.agency})
    return AgencyLink(share.id, agency_link_of(current_force().schema, share.id))


def revoke_agency(*, actor: Actor, now: datetime, session_id: UUID, share_id: UUID) -> list[HeldHandle]:
    """End a share before its time, and whatever its viewers watch. Returns what is to be detached; twice is fine.

    Raises `NotPermitted` or `AgencyShareUnknown`.
    """
    require(actor, Permission.SHARE_GRANT)
    lock_session(session_id)
    return _end(actor, now, find_agency_share(session_id, share_id), End.REVOKED)


def list_overdue_agencies(*, now: datetime) -> list[UUID]:
    """Return the shares whose time is over and that nobody ended yet, for the watchdog."""
    return list(AgencyShare.objects.filter(ended_at__isnull=True, ends_at__lte=now).values_list("id", flat=True))


def expire_agency(*, now: datetime, share_id: UUID) -> list[HeldHandle]:
    """End a share whose time is over. Returns what is to be detached."""
    session_id = AgencyShare.objects.values_list("session_id", flat=True).get(pk=share_id)
    lock_session(session_id)
    return _end(Actor.system("watchdog"), now, find_agency_share(session_id, share_id), End.EXPIRED)


def end_session_agencies(*, actor: Actor, now: datetime, session_id: UUID, reason: str) -> list[HeldHandle]:
    """End all shares of a locked session that is over, or lost its consent. Returns what is to be detached."""
    standing = AgencyShare.objects.filter(session_id=session_id, ended_at__isnull=True)
    return [held for share in standing for held in _end(actor, now, share, End(reason))]


def find_agency_share(session_id: UUID, share_id: UUID) -> AgencyShare:
    """Return a session's share with an agency; raises `AgencyShareUnknown`."""
    found = AgencyShare.objects.select_related("session").filter(pk=share_id, session_id=session_id).first()
    if found is None:
        raise AgencyShareUnknown
    return found


def record_agency(actor: Actor, act: str, share: AgencyShare, detail: dict[str, Any]) -> None:
    """Audit an act about a share as the disclosure that it is."""
    record(
        actor=actor,
        act=act,
        operation=Operation.DISCLOSURE,
        object_type="agency_share",
        object_id=share.id,
        session_id=share.session_id,
        detail=detail,
    )


def _end(actor: Actor, now: datetime, share: AgencyShare, reason: End) -> list[HeldHandle]:
    if share.ended_at is not None:
        return []
    share.end(now, reason=reason, by=actor.id, by_name=actor.name)
    share.save()
    # Locked: a worker that claims one in this moment is waited for, and what it wrote is not written over.
    for message in AgencyMessage.objects.select_for_update().filter(share=share, state__in=AgencyMessage.WAITING):
        message.give_up(reason=AgencyMessage.SHARE_OVER)
        message.save()
    left = end_watches_of_agency(now=now, session_id=share.session_id, share_id=share.id)
    record_agency(actor, "agency.ended", share, {"agency": share.agency, "reason": str(reason)})
    tell_agency_ended(share)
    broadcast_session_on_commit(share.session_id)
    return left


def _make(actor: Actor, now: datetime, session: LiveSession, terms: AgencyTerms) -> AgencyShare:
    share_id = uuid4()
    return AgencyShare.objects.create(
        id=share_id,
        session=session,
        kind=terms.kind,
        agency=terms.agency,
        contact_name=terms.contact_name,
        contact_phone=terms.contact_phone,
        contact_email=terms.contact_email,
        purpose=terms.purpose,
        purpose_text=terms.purpose_text,
        token_hash=hash_of(agency_token_of(current_force().schema, share_id)),
        most_viewers=terms.most_viewers,
        granted_by=actor.id,
        granted_by_name=actor.name[:150],
        granted_at=now,
        ends_at=now + timedelta(minutes=terms.minutes),
    )


def _checked(terms: AgencyTerms) -> AgencyTerms:
    """Return the terms as they are kept; raises `InvalidInput`, or what a wrong number or address raises."""
    if terms.kind not in AgencyShare.Kind.values:
        raise InvalidInput("There is no such kind of agency.", details={"field": "kind"})
    if terms.purpose not in AgencyShare.Purpose.values:
        raise InvalidInput("There is no such purpose.", details={"field": "purpose"})
    text = _text(terms.purpose_text, range(301), "purpose_text", "Say what it is shared for, in 300 characters.")
    if terms.purpose == AgencyShare.Purpose.OTHER and len(text) < 5:
        raise InvalidInput("Say what it is shared for.", details={"field": "purpose_text"})
    if terms.minutes not in MINUTES:
        raise InvalidInput("Sharing lasts 15 minutes to 12 hours.", details={"field": "minutes"})
    if terms.most_viewers not in VIEWERS:
        raise InvalidInput("One to ten people may watch.", details={"field": "most_viewers"})
    email = normalise_email_address(terms.contact_email) if terms.contact_email.strip() else ""
    if email and not may_email():
        raise InvalidInput("E-mail cannot be sent here. Copy the link.", details={"field": "contact_email"})
    return AgencyTerms(
        kind=terms.kind,
        agency=_text(terms.agency, range(2, 81), "agency", "Name the agency, in 2 to 80 characters."),
        contact_name=_text(
            terms.contact_name, range(2, 81), "contact_name", "Name the contact, in 2 to 80 characters."
        ),
        contact_phone=normalise_mobile_number(terms.contact_phone),
        contact_email=email,
        purpose=terms.purpose,
        purpose_text=text,
        minutes=terms.minutes,
        most_viewers=terms.most_viewers,
    )


def _text(given: str, lengths: range, field: str, message: str) -> str:
    """Return a text of one line; raises `InvalidInput`."""
    text = " ".join(given.split())
    if len(text) not in lengths or not text.isprintable():
        raise InvalidInput(message, details={"field": field})
    return text
