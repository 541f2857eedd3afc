"""An officer goes live: a session of the officer's own, by order instead of by consent, and without a link."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from forces.accounts.officers import officer_profile
from forces.accounts.permissions import Permission, require
from forces.accounts.sign_ins import signed_in
from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.errors import DomainError
from streams.broadcasts import broadcast_officer_on_commit, broadcast_session_on_commit
from streams.models import Incident, LiveSession, Shift
from streams.selectors import find_own_session, find_policy, find_shift
from streams.services.incidents import open_officers_incident
from streams.services.locks import SessionOver, lock_incident, lock_officer
from streams.services.shift_changes import begin_shift
from streams.services.turns import take_turn

PER_MINUTE = 6
"""How often an officer begins a session: each may open an incident that stays."""


class NotLive(DomainError):
    """The officer has no session that goes on (HTTP 409)."""

    code = "not_live"
    http_status = 409
    message = "You are not live."


def go_live(*, actor: Actor, now: datetime, incident_id: UUID | None = None) -> UUID:
    """Begin an officer's session and return its id; who is live already goes on with that one.

    Without an incident one is opened, so that the control room has a reference to work with. Who was off duty is on
    duty from now on, at the scene. Raises `NotPermitted`, `NotFound` for an incident that is not open, or `TooOften`.
    """
    require(actor, Permission.STREAM_PUBLISH)
    chosen = lock_incident(incident_id, is_open=True) if incident_id else None
    lock_officer(actor.id)
    going_on = find_own_session(actor.id)
    if going_on is not None:
        return going_on.id
    take_turn("go_live", actor.id, now=now, per_minute=PER_MINUTE)
    incident = chosen or open_officers_incident(actor=actor, now=now)
    session = _create(actor, now, incident)
    if find_shift(actor.id) is None:
        begin_shift(actor=actor, now=now, status=Shift.Status.AT_SCENE)
    record(
        actor=actor,
        act="session.go_live",
        operation=Operation.COLLECTION,
        object_type="session",
        object_id=session.id,
        session_id=session.id,
        detail={"incident": incident.reference},
    )
    broadcast_session_on_commit(session.id)
    broadcast_officer_on_commit(actor.id)
    return session.id


def admit_officer(*, actor: Actor, session_id: UUID) -> None:
    """Raise `NotPermitted` unless the officer may stream, `SessionOver` unless it is the own session that goes on."""
    require(actor, Permission.STREAM_PUBLISH)
    going_on = find_own_session(actor.id)
    if going_on is None or going_on.id != session_id:
        raise SessionOver


def list_left_behind(*, now: datetime) -> list[UUID]:
    """Return the sessions that go on although their officer is signed in nowhere any more: the phone may be lost."""
    rows = LiveSession.objects.filter(kind=LiveSession.Kind.OFFICER, state__in=LiveSession.UNDER_WAY)
    going_on = dict(rows.values_list("id", "created_by"))
    there = signed_in(user_ids=set(going_on.values()), now=now) if going_on else set()
    return [session_id for session_id, user_id in going_on.items() if user_id not in there]


def _create(actor: Actor, now: datetime, incident: Incident) -> LiveSession:
    return LiveSession.objects.create(
        incident=incident,
        kind=LiveSession.Kind.OFFICER,
        link_kind=LiveSession.LinkKind.LOCATION_VIDEO,
        # Nothing is left to be agreed to: an officer's picture is a police recording.
        state=LiveSession.State.CONSENTED,
        created_by=actor.id,
        created_by_name=actor.name,
        officer_number=officer_profile(actor.id)["number"],
        created_at=now,
        recording_wanted=find_policy().recording_by_default,
    )
