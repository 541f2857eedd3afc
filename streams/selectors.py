"""Reads of live sessions as plain data: what the console, the caller's page and the REST API show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from forces.accounts.permissions import Permission, require
from forces.actors import Actor
from forces.errors import NotFound
from streams.models import (
    ChatMessage,
    ConsentWording,
    DutyPolicy,
    Incident,
    IncidentType,
    LinkPolicy,
    LiveSession,
    RoomPolicy,
    Shift,
    Still,
    StillAsk,
    Talk,
    Upload,
)
from streams.phrases import phrases_of
from streams.shapes import (
    Plain,
    consent_view,
    fix_view,
    incident_view,
    iso,
    message_for_caller,
    message_view,
    still_ask_view,
    still_view,
    stream_view,
    talk_view,
    upload_view,
    wording_view,
)
from streams.summaries import attach_parts, attach_shares, session_summary, with_parts

__all__ = [
    "CallerTicket",
    "Plain",
    "consent_view",
    "find_duty_policy",
    "find_own_session",
    "find_policy",
    "find_room_policy",
    "find_session",
    "find_shift",
    "find_still",
    "find_talk",
    "find_wording",
    "fix_view",
    "incident_view",
    "iso",
    "list_answers",
    "list_incident_types",
    "list_incidents",
    "list_messages",
    "list_phrases",
    "list_summaries",
    "list_summaries_of",
    "message_for_caller",
    "message_view",
    "read_caller_cookie",
    "read_ticket",
    "refusal_frame",
    "session_detail",
    "session_summary",
    "stream_view",
    "usable_wordings",
    "wording_view",
    "write_caller_cookie",
]

CALLER_COOKIE: str = settings.CALLER_COOKIE_NAME
LEFT_COOKIE = "sl_left"
"""Set by "Exit this page" itself: this browser has no ticket until a link is opened, also where nobody was told."""
LEFT_STEP = "page_left"
CALLER_SALT = "caller"
RECENTLY = timedelta(hours=12)
MAX_POSITIONS = 500
MAX_LISTED = 500


@dataclass(frozen=True, slots=True)
class CallerTicket:
    """What a caller's cookie says: the invitation, its session, the secret of this browser, and the link's arming."""

    invitation_id: UUID
    session_id: UUID
    browser_secret: str
    arming: str = ""


def read_caller_cookie(value: str | None) -> CallerTicket | None:
    """Return the ticket of a caller's cookie, or None when it is absent, forged or of another shape."""
    if not value:
        return None
    try:
        data = signing.loads(value, salt=CALLER_SALT)
        return CallerTicket(UUID(data["i"]), UUID(data["s"]), str(data["b"]), str(data.get("a", "")))
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None


def read_ticket(cookies: Mapping[str, str]) -> CallerTicket | None:
    """Return the ticket that a browser may use; None when it has none, or was left by "Exit this page"."""
    return None if cookies.get(LEFT_COOKIE) else read_caller_cookie(cookies.get(CALLER_COOKIE))


def write_caller_cookie(ticket: CallerTicket) -> str:
    """Return the signed value of a caller's cookie."""
    data = {
        "i": str(ticket.invitation_id),
        "s": str(ticket.session_id),
        "b": ticket.browser_secret,
        "a": ticket.arming,
    }
    return signing.dumps(data, salt=CALLER_SALT)


def find_session(session_id: UUID | str) -> LiveSession:
    """Return the session with all that a summary shows; raises `NotFound`."""
    try:
        found = LiveSession.objects.select_related("incident__type").filter(pk=session_id).first()
    except ValidationError as error:
        raise NotFound("There is no such session.") from error
    if found is None:
        raise NotFound("There is no such session.")
    return attach_parts(found)


def find_own_session(user_id: str) -> LiveSession | None:
    """Return the session in which an officer is live, or None."""
    own = LiveSession.objects.filter(kind=LiveSession.Kind.OFFICER, created_by=user_id)
    return own.exclude(state__in=LiveSession.OVER).first()


def find_shift(user_id: str) -> Shift | None:
    """Return an officer's turn of duty that goes on, or None: off duty."""
    return Shift.objects.filter(user_id=user_id, ended_at__isnull=True).first()


def refusal_frame(session_id: UUID | None, token_hash: str = "") -> tuple[str, bool]:
    """Return (language, safe mode) of a session, or of a link's, in whatever state, for a page that only says no.

    Whoever left in a hurry is as careful as safe mode is, whatever the operator chose.
    """
    rows = LiveSession.objects.filter(Q(pk=session_id) | Q(invitations__token_hash=token_hash))
    found = rows.values_list("language", "safe_mode", "progress_step").first()
    return ("en", False) if found is None else (found[0], found[1] or found[2] == LEFT_STEP)


def find_policy() -> LinkPolicy:
    """Return the force's link policy; the defaults (unsaved) when there is no row."""
    return LinkPolicy.objects.first() or LinkPolicy()


def find_room_policy() -> RoomPolicy:
    """Return the force's policy for its control room; the defaults (unsaved) when there is no row."""
    return RoomPolicy.objects.first() or RoomPolicy()


def find_duty_policy() -> DutyPolicy:
    """Return the force's policy for duty; the defaults (unsaved) when there is no row."""
    return DutyPolicy.objects.first() or DutyPolicy()


def usable_wordings() -> QuerySet[ConsentWording]:
    """Return the active wordings; in production without those nobody has approved (translated by machine, say)."""
    rows = ConsentWording.objects.filter(is_active=True)
    return rows.exclude(Q(approved_at=None) | Q(approved_by="")) if settings.IS_PRODUCTION else rows


def find_wording(language: str) -> ConsentWording:
    """Return the usable wording of a language, else of English; raises `NotFound` when there is none."""
    usable = {row.language: row for row in usable_wordings()}
    found = usable.get(language) or usable.get("en")
    if found is None:
        raise NotFound("This force has no consent wording.")
    return found


def list_incident_types() -> list[Plain]:
    """Return the kinds of incident an operator may choose, in the force's order."""
    return [{"code": row.code, "label": row.label} for row in IncidentType.objects.filter(is_active=True)]


def list_phrases() -> list[Plain]:
    """Return the phrases that an operator may send, in English."""
    return [
        {"code": row.code, "text": row.in_language("en"), "is_question": row.is_question}
        for row in phrases_of("operator")
    ]


def list_answers(language: str) -> list[Plain]:
    """Return the phrases that a caller may send, in the caller's language."""
    return [{"code": row.code, "text": row.in_language(language)} for row in phrases_of("caller")]


def list_incidents(actor: Actor, *, limit: int = 100) -> list[Plain]:
    """Return the newest incidents that are not closed."""
    require(actor, Permission.SESSION_VIEW)
    rows = Incident.objects.select_related("type").filter(closed_at__isnull=True)[:limit]
    return [{**incident_view(row), "opened_at": iso(row.opened_at)} for row in rows]


def list_summaries(actor: Actor, *, now: datetime, state: str = "") -> list[Plain]:
    """Return the sessions that go on or were over less than 12 hours ago, newest first, in 11 queries.

    Two more where agencies may watch. Consultations are not among them: they have a board of their own.
    """
    require(actor, Permission.SESSION_VIEW)
    rows = with_parts().filter(Q(ended_at__isnull=True) | Q(ended_at__gt=now - RECENTLY))
    rows = rows.exclude(kind=LiveSession.Kind.CONSULTATION)
    if state:
        rows = rows.filter(state=state)
    return [session_summary(row) for row in attach_shares(list(rows[:MAX_LISTED]))]


def list_summaries_of(session_ids: Sequence[UUID]) -> list[Plain]:
    """Return the summaries of sessions, in the order of their ids."""
    found = {row.id: row for row in attach_shares(list(with_parts().filter(pk__in=session_ids)))}
    return [session_summary(found[session_id]) for session_id in session_ids if session_id in found]


def session_detail(actor: Actor, session_id: UUID | str) -> Plain:
    """Return {session, positions (the last 500), messages, stills, still_asks, uploads, talk}; raises `NotFound`."""
    require(actor, Permission.SESSION_VIEW)
    session = find_session(session_id)
    fixes = list(session.positions.order_by("-fixed_at")[:MAX_POSITIONS])
    talk = find_talk(session.id) if session.is_officers else None
    return {
        "session": session_summary(session),
        "positions": [fix_view(row) for row in reversed(fixes)],
        "messages": list_messages(session.id),
        "stills": [still_view(row) for row in Still.objects.filter(session_id=session.id)],
        "still_asks": [still_ask_view(row) for row in StillAsk.objects.filter(session_id=session.id)],
        "uploads": [upload_view(row) for row in Upload.objects.filter(session_id=session.id)],
        "talk": talk_view(talk) if talk else None,
    }


def list_messages(session_id: UUID) -> list[Plain]:
    """Return the chat of a session, oldest first."""
    return [message_view(row) for row in ChatMessage.objects.filter(session_id=session_id)]


def find_still(session_id: UUID, still_id: UUID) -> Still:
    """Return a still of a session; raises `NotFound`."""
    found = Still.objects.filter(pk=still_id, session_id=session_id).first()
    if found is None:
        raise NotFound("There is no such picture.")
    return found


def find_talk(session_id: UUID) -> Talk | None:
    """Return the talk of a session that goes on, or None."""
    return Talk.objects.filter(session_id=session_id, ended_at__isnull=True).first()


def list_open_asks(session_id: UUID) -> list[str]:
    """Return the ids of the requests for a picture that the phone has not answered, oldest first."""
    asks = StillAsk.objects.filter(session_id=session_id, answered_at__isnull=True)
    return [str(ask_id) for ask_id in asks.values_list("id", flat=True)]
