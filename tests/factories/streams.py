"""Rows of live sessions, made through the services that make them in earnest."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from forces.actors import Actor
from forces.context import current_force
from streams.models import Incident, Invitation, LiveSession
from streams.selectors import CallerTicket
from streams.services.codes import code_of
from streams.services.consent import give_consent
from streams.services.incidents import open_incident
from streams.services.invitations import open_invitation, send_invitation
from streams.services.links import token_of
from streams.services.risk import answer_risk, question_set_for
from streams.services.sessions import create_session

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
PHONE = "07700 900123"
ALL_SCOPES = ("location", "video", "recording")
AuditRows = Callable[[], list[dict[str, Any]]]


@dataclass(frozen=True)
class Caller:
    """A caller whose browser has a ticket."""

    session: LiveSession
    ticket: CallerTicket

    @property
    def actor(self) -> Actor:
        """The caller as an actor."""
        return Actor.caller(self.session.id)


def person(role: str = "operator", key: str = "") -> Actor:
    """Return a user of a role as an actor, who has just proved who it is."""
    return Actor(kind="user", id=key or f"{role}-1", name=f"{role.title()} One", role=role, proved_at=NOW)


def make_incident(*, now: datetime = NOW, type_code: str = "concern", **fields: str) -> Incident:
    """Open an incident as an operator."""
    given: dict[str, Any] = {"description": "Smoke from a barn", **fields}
    return open_incident(actor=person(), now=now, type_code=type_code, **given)


def make_session(
    *,
    now: datetime = NOW,
    link_kind: str = "location_video",
    type_code: str = "concern",
    phone_number: str = PHONE,
    language: str = "en",
    safe_mode: bool = False,
) -> LiveSession:
    """Draft a session."""
    session_id = create_session(
        actor=person(),
        now=now,
        incident_id=make_incident(now=now, type_code=type_code).id,
        link_kind=link_kind,
        phone_number=phone_number,
        language=language,
        safe_mode=safe_mode,
    )
    return LiveSession.objects.get(pk=session_id)


def answers_for(session: LiveSession, **changed: str) -> dict[str, str]:
    """Return answers that refuse nothing, but for `changed` (codes with `_` for `-`)."""
    purpose = "flight" if session.is_flight else "consult" if session.is_consultation else "link"
    asked = question_set_for(incident_type=session.incident.type, link_kind=session.link_kind, purpose=purpose)
    answers = {row.code: "no" if row.refusing_answer == "yes" else "yes" for row in asked.questions}
    return {**answers, **{code.replace("_", "-"): answer for code, answer in changed.items()}}


def answer(session: LiveSession, *, now: datetime = NOW, **changed: str) -> dict[str, Any]:
    """Answer the risk questions of a session as an operator."""
    answers = answers_for(session, **changed)
    return answer_risk(actor=person(), now=now, session_id=session.id, answers=answers)


def make_invitation(session: LiveSession | None = None, *, now: datetime = NOW, **fields: Any) -> Invitation:
    """Send the link of a session whose risk assessment is clear."""
    chosen = session or make_session(now=now, **fields)
    answer(chosen, now=now)
    invitation_id = send_invitation(actor=person(), now=now, session_id=chosen.id)
    return Invitation.objects.select_related("session").get(pk=invitation_id)


def token_for(invitation: Invitation) -> str:
    """Return the token in the message."""
    return token_of(current_force().schema, invitation.id, invitation.generation)


def code_for(invitation: Invitation) -> str:
    """Return the code that an operator reads out."""
    return code_of(current_force().schema, invitation.id, invitation.generation)


def make_opened(invitation: Invitation | None = None, *, now: datetime = NOW, **fields: Any) -> Caller:
    """Open a link in a browser."""
    sent = invitation or make_invitation(now=now, **fields)
    ticket = open_invitation(now=now, token=token_for(sent)).ticket
    return Caller(LiveSession.objects.get(pk=ticket.session_id), ticket)


def make_consented(
    caller: Caller | None = None,
    *,
    now: datetime = NOW,
    scopes: Collection[str] = ALL_SCOPES,
    **fields: Any,
) -> Caller:
    """Give consent in the browser that opened the link."""
    opened = caller or make_opened(now=now, **fields)
    consent(opened, now=now, scopes=scopes)
    return Caller(LiveSession.objects.get(pk=opened.session.id), opened.ticket)


def consent(
    caller: Caller, *, now: datetime = NOW, scopes: Collection[str] = ALL_SCOPES, version: int = 1
) -> dict[str, Any]:
    """Call `give_consent` with a caller's ticket."""
    ticket = caller.ticket
    return give_consent(
        actor=caller.actor,
        now=now,
        session_id=ticket.session_id,
        invitation_id=ticket.invitation_id,
        browser_secret=ticket.browser_secret,
        scopes=scopes,
        wording_version=version,
        language="en",
    )


def session_now(session_id: UUID | str) -> LiveSession:
    """Return the session as it is in the database."""
    return LiveSession.objects.get(pk=session_id)
