"""Whose session it is: handed over with a reason, accepted or declined, or taken by a colleague."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from forces.accounts.models import User
from forces.accounts.permissions import RIGHTS, Permission, may, require
from forces.actors import Actor
from forces.audit.services import Operation, record, record_refusal
from forces.errors import InvalidInput, InvalidTransition, NotPermitted
from streams.broadcasts import broadcast_session_on_commit
from streams.models import Handover, LiveSession
from streams.selectors import Plain
from streams.services.attention import attend
from streams.services.duty import users_on_duty
from streams.services.locks import lock_open_session
from streams.services.standing import refuse_consultation
from streams.services.talking import end_session_talk

MOST_CHARACTERS = 500


def list_colleagues(*, actor: Actor) -> list[Plain]:
    """Return {id, name, role, is_on_duty} of everybody who may run a session, those with an open console first."""
    require(actor, Permission.SESSION_CONTROL)
    users = [user for user in User.objects.filter(is_active=True) if _may_run(user.role)]
    on_duty = users_on_duty([str(user.pk) for user in users])
    rows = [
        {"id": str(user.pk), "name": user.display_name, "role": user.role, "is_on_duty": str(user.pk) in on_duty}
        for user in users
    ]
    return sorted(rows, key=lambda row: (not row["is_on_duty"], str(row["name"]).casefold()))


def offer_handover(*, actor: Actor, now: datetime, session_id: UUID, to: str, reason: str) -> UUID:
    """Offer a session to a colleague; one that is offered already is offered anew. Returns the hand-over's id.

    Whose session it is may do so, and whoever may reassign. Raises `NotPermitted`, `SessionOver`, or `InvalidInput`
    without a reason or for somebody who cannot take it.
    """
    require(actor, Permission.SESSION_CONTROL)
    session = lock_open_session(session_id)
    refuse_consultation(session)
    _require_own(actor, session)
    colleague = _find_colleague(to, session)
    _close_open(now, session, Handover.State.WITHDRAWN)
    handover = Handover.objects.create(
        session=session,
        from_id=session.assigned_to,
        from_name=session.assigned_to_name,
        to_id=str(colleague.pk),
        to_name=colleague.display_name,
        reason=_checked_reason(reason),
        offered_at=now,
    )
    _record(actor, "handover.offer", handover)
    broadcast_session_on_commit(session.id)
    return handover.id


def accept_handover(*, actor: Actor, now: datetime, session_id: UUID) -> None:
    """The colleague takes the session over; raises `NotPermitted` for anybody else, `InvalidTransition` without one."""
    session, handover = _open_for(actor, session_id, "to_id")
    handover.close(now, Handover.State.ACCEPTED)
    handover.save()
    session.assign(actor.id, actor.name)
    session.save(update_fields=["assigned_to", "assigned_to_name"])
    attend(actor=actor, session=session)
    end_session_talk(now=now, session_id=session.id, reason="handed_over", unless_by=actor.id)
    _record(actor, "handover.accept", handover)
    broadcast_session_on_commit(session.id)


def decline_handover(*, actor: Actor, now: datetime, session_id: UUID, reason: str) -> None:
    """The colleague does not take it, and says why; the session stays whose it was."""
    _, handover = _open_for(actor, session_id, "to_id")
    handover.close(now, Handover.State.DECLINED, answer=_checked_reason(reason))
    handover.save()
    _record(actor, "handover.decline", handover)
    broadcast_session_on_commit(session_id)


def withdraw_handover(*, actor: Actor, now: datetime, session_id: UUID) -> None:
    """Whose session it is takes the offer back, or whoever may reassign does."""
    _, handover = _open_for(actor, session_id, "from_id")
    handover.close(now, Handover.State.WITHDRAWN)
    handover.save()
    _record(actor, "handover.withdraw", handover)
    broadcast_session_on_commit(session_id)


def take_session(*, actor: Actor, now: datetime, session_id: UUID, reason: str = "") -> None:
    """Take a session without being asked. An unattended one needs no other reason; one's own changes nothing.

    Raises `NotPermitted`, `SessionOver`, or `InvalidInput` without a reason.
    """
    require(actor, Permission.SESSION_CONTROL)
    session = lock_open_session(session_id)
    refuse_consultation(session)
    given = reason
    if not given.strip() and session.unattended_since is not None:
        given = "Unattended"
    if session.assigned_to != actor.id:
        _take(actor, now, session, _checked_reason(given))
    attend(actor=actor, session=session)
    broadcast_session_on_commit(session.id)


def _take(actor: Actor, now: datetime, session: LiveSession, reason: str) -> None:
    _close_open(now, session, Handover.State.WITHDRAWN)
    taken = Handover.objects.create(
        session=session,
        from_id=session.assigned_to,
        from_name=session.assigned_to_name,
        to_id=actor.id,
        to_name=actor.name,
        reason=reason,
        state=Handover.State.TAKEN,
        offered_at=now,
        closed_at=now,
    )
    session.assign(actor.id, actor.name)
    session.save(update_fields=["assigned_to", "assigned_to_name"])
    end_session_talk(now=now, session_id=session.id, reason="handed_over", unless_by=actor.id)
    _record(actor, "session.take", taken)


def _may_run(role: str) -> bool:
    return Permission.SESSION_CONTROL in RIGHTS.get(role, frozenset())


def _require_own(actor: Actor, session: LiveSession) -> None:
    if session.assigned_to == actor.id or may(actor, Permission.SESSION_REASSIGN):
        return
    record_refusal(
        actor=actor, act="handover.offer", code=NotPermitted.code, object_type="session", session_id=session.id
    )
    raise NotPermitted("This session is a colleague's. Take it first, and say why.")


def _find_colleague(to: str, session: LiveSession) -> User:
    found = User.objects.filter(pk=int(to), is_active=True).first() if to.isdigit() and len(to) < 10 else None
    if found is None or not _may_run(found.role):
        raise InvalidInput("There is no such colleague.", details={"field": "to"})
    if str(found.pk) == session.assigned_to:
        raise InvalidInput("It is that colleague's session already.", details={"field": "to"})
    return found


def _open_for(actor: Actor, session_id: UUID, side: str) -> tuple[LiveSession, Handover]:
    require(actor, Permission.SESSION_CONTROL)
    session = lock_open_session(session_id)
    handover = session.handovers.filter(state=Handover.State.OFFERED).first()
    if handover is None:
        raise InvalidTransition("This session is not offered to anybody now.")
    is_for = getattr(handover, side) == actor.id or (side == "from_id" and may(actor, Permission.SESSION_REASSIGN))
    if not is_for:
        record_refusal(
            actor=actor, act="handover.answer", code=NotPermitted.code, object_type="handover", session_id=session.id
        )
        raise NotPermitted("This hand-over is not yours to answer.")
    return session, handover


def _close_open(now: datetime, session: LiveSession, state: str) -> None:
    for handover in session.handovers.filter(state=Handover.State.OFFERED):
        handover.close(now, state)
        handover.save()


def _checked_reason(reason: str) -> str:
    stripped = reason.strip().replace("\x00", "")
    if not 0 < len(stripped) <= MOST_CHARACTERS:
        raise InvalidInput("Say why, in up to 500 characters.", details={"field": "reason"})
    return stripped


def _record(actor: Actor, act: str, handover: Handover) -> None:
    """Who gave what to whom; why is in the hand-over's row, which is erased with its session."""
    record(
        actor=actor,
        act=act,
        operation=Operation.ALTERATION,
        object_type="handover",
        object_id=handover.id,
        session_id=handover.session_id,
        detail={"from": handover.from_id, "to": handover.to_id, "state": str(handover.state)},
    )
