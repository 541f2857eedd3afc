"""Create, read and end live sessions, and let the unused ones expire."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from forces.accounts.permissions import Permission, may, require
from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.errors import InvalidInput, NotPermitted
from forces.messaging.numbers import normalise_mobile_number
from streams.broadcasts import broadcast_ended_on_commit, broadcast_session_on_commit
from streams.endings import tell_ended
from streams.models import Handover, Invitation, LiveSession
from streams.selectors import Plain, find_policy, list_summaries, session_detail
from streams.services import publishing, shares
from streams.services.attention import note_opened
from streams.services.locks import lock_incident, lock_session
from streams.services.standing import require_own, require_run
from streams.services.talking import end_session_talk
from streams.standing_rules import find_ruled

SWEEP_ROWS = 100


def create_session(
    *,
    actor: Actor,
    now: datetime,
    incident_id: UUID,
    link_kind: str,
    phone_number: str,
    language: str = "en",
    safe_mode: bool = False,
) -> UUID:
    """Draft a session for a caller and return its id; nothing is sent.

    `safe_mode`: the message and the pages must not give the caller away to somebody who sees the phone.

    Raises `NotPermitted`, `NotFound`, `InvalidInput` or the errors of `normalise_mobile_number`.
    """
    require(actor, Permission.LINK_SEND)
    if link_kind not in LiveSession.LinkKind.values:
        raise InvalidInput("There is no such kind of link.", details={"field": "link_kind"})
    session = LiveSession.objects.create(
        incident=lock_incident(incident_id, is_open=True),
        link_kind=link_kind,
        phone_number=normalise_mobile_number(phone_number),
        language=language,
        safe_mode=safe_mode,
        created_by=actor.id,
        created_by_name=actor.name,
        assigned_to=actor.id,
        assigned_to_name=actor.name,
        created_at=now,
        recording_wanted=find_policy().recording_by_default,
    )
    _record(actor, "session.create", Operation.COLLECTION, session, link_kind=link_kind, safe_mode=safe_mode)
    broadcast_session_on_commit(session.id)
    return session.id


def view_session(*, actor: Actor, session_id: UUID) -> Plain:
    """Return `selectors.session_detail`; reading one session is audited as a consultation, and attends to it."""
    require(actor, Permission.SESSION_VIEW)
    note_opened(actor=actor, session_id=session_id)
    detail = session_detail(actor, session_id)
    record(
        actor=actor,
        act="session.view",
        operation=Operation.CONSULTATION,
        object_type="session",
        object_id=session_id,
        session_id=session_id,
    )
    return detail


def view_sessions(*, actor: Actor, now: datetime, state: str = "") -> list[Plain]:
    """Return `selectors.list_summaries`; the reading is audited with the number of rows."""
    found = list_summaries(actor, now=now, state=state)
    detail = {"rows": len(found), "state": state}
    record(actor=actor, act="session.list", operation=Operation.CONSULTATION, detail=detail)
    return found


def choose_language(*, actor: Actor, session_id: UUID, language: str) -> None:
    """The caller reads the own pages in another language: phrases go out in it from now on. Raises `NotPermitted`."""
    session = lock_session(session_id)
    require_own(actor, session)
    if session.is_over or session.language == language:
        return
    session.language = language
    session.save(update_fields=["language"])
    _record(actor, "session.language", Operation.ALTERATION, session, language=language)
    broadcast_session_on_commit(session.id)


def end_session(*, actor: Actor, now: datetime, session_id: UUID, reason: str) -> None:
    """End a session for good: media, consent and link with it. Ending it again changes nothing.

    `reason` is a short code (operator, caller_stopped, officer_stopped, time_limit, ...). Users need SESSION_CONTROL;
    a caller or an officer may end the own session only. Another app's kind is ended by whom that app lets.
    """
    _check_may_end(actor, session_id)
    session = lock_session(session_id)
    if not session.is_over:
        _end(actor, now, session, reason)


def expire_sessions(*, now: datetime) -> int:
    """Expire links and sessions that nobody used in time, end those over the limit; returns how many."""
    policy = find_policy()
    limit = now - timedelta(minutes=policy.session_max_minutes)
    ids = {*_overdue_links(now), *_overdue_sessions(limit)}
    for session_id in sorted(ids)[:SWEEP_ROWS]:
        _sweep_one(now, limit, session_id)
    return len(ids)


def _check_may_end(actor: Actor, session_id: UUID) -> None:
    """Raise `NotPermitted` unless the session is the actor's own to end, or anybody's."""
    if actor.kind == "caller":
        if actor.id != str(session_id) or find_ruled(session_id) is not None:
            raise NotPermitted
        return
    own = LiveSession.objects.filter(pk=session_id, kind=LiveSession.Kind.OFFICER, created_by=actor.id)
    if not (may(actor, Permission.STREAM_PUBLISH) and own.exists()):
        require_run(actor, session_id, Permission.SESSION_CONTROL)


def _end(actor: Actor, now: datetime, session: LiveSession, reason: str) -> None:
    end_session_talk(now=now, session_id=session.id, reason="session_over")
    publishing.end_session_streams(actor=actor, now=now, session_id=session.id, reason="session_over")
    shares.end_session_shares(actor=actor, now=now, session_id=session.id)
    session.refresh_from_db()
    session.end(now, by_kind=actor.kind, reason=reason[:40])
    session.save()
    _spend_link(session)
    _close_handover(session, now)
    _record(actor, "session.end", Operation.ALTERATION, session, reason=reason[:40])
    tell_ended(session, now)
    broadcast_ended_on_commit(session)


def _spend_link(session: LiveSession) -> None:
    for invitation in session.invitations.filter(state__in=Invitation.USABLE):
        invitation.withdraw()
        invitation.save()


def _close_handover(session: LiveSession, now: datetime) -> None:
    for handover in session.handovers.filter(state=Handover.State.OFFERED):
        handover.close(now, Handover.State.WITHDRAWN)
        handover.save()


def _overdue_links(now: datetime) -> list[UUID]:
    rows = Invitation.objects.filter(state__in=Invitation.UNOPENED, expires_at__lte=now)
    return list(rows.values_list("session_id", flat=True)[:SWEEP_ROWS])


def _overdue_sessions(limit: datetime) -> list[UUID]:
    """A consultation may be booked for next month, and has limits of its own."""
    late = Q(created_at__lte=limit) & ~Q(kind=LiveSession.Kind.FLIGHT, consented_at__gt=limit)
    rows = LiveSession.objects.filter(late, state__in=LiveSession.UNDER_WAY)
    rows = rows.exclude(kind=LiveSession.Kind.CONSULTATION)
    return list(rows.values_list("id", flat=True)[:SWEEP_ROWS])


def _sweep_one(now: datetime, limit: datetime, session_id: UUID) -> None:
    """Expire or end one session; looks again under the lock, since the caller may just have opened it."""
    session = lock_session(session_id)
    overdue = session.invitations.filter(state__in=Invitation.UNOPENED, expires_at__lte=now).first()
    actor = Actor.system("sweep")
    if session.is_over or session.is_consultation or (overdue is None and session.counts_from > limit):
        return
    if overdue is not None:
        overdue.expire()
        overdue.save()
    if session.state in (LiveSession.State.CONSENTED, LiveSession.State.LIVE):
        _end(actor, now, session, "time_limit")
        return
    session.expire(now)
    session.save()
    _spend_link(session)
    _close_handover(session, now)
    shares.end_session_shares(actor=actor, now=now, session_id=session.id)
    _record(actor, "session.expire", Operation.ALTERATION, session)
    tell_ended(session, now)
    broadcast_ended_on_commit(session)


def _record(actor: Actor, act: str, operation: Operation, session: LiveSession, **detail: str | bool) -> None:
    record(
        actor=actor,
        act=act,
        operation=operation,
        object_type="session",
        object_id=session.id,
        session_id=session.id,
        detail={"incident": session.incident.reference, **detail},
    )
