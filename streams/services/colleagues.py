"""Showing a session's live picture to the officers on its incident: from when to when, and who of them watches."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from forces.accounts.permissions import Permission, require
from forces.accounts.sign_ins import signed_in
from forces.actors import Actor
from forces.audit.services import Operation, record, record_refusal
from forces.errors import DomainError, InvalidTransition, NotFound
from streams.broadcasts import broadcast_session_on_commit, tell_officers_shown_on_commit
from streams.models import LiveSession, Showing, Stream, Watch
from streams.services.colleague_standing import find_objection, require_shown
from streams.services.handles import HeldHandle
from streams.services.locks import lock_open_session, lock_session
from streams.services.standing import allows, refuse_consultation
from streams.services.watching import StreamOver, ViewerAdmission, end_watch, end_watches_of_colleagues, record_watch

SHOWN = ("shown_at", "shown_by", "shown_by_name")


def show_to_officers(*, actor: Actor, now: datetime, session_id: UUID) -> None:
    """Show a session's picture to the officers on its incident, those who come later too; shown already is fine.

    Raises `NotPermitted`, `NotFound`, `SessionOver` or `InvalidTransition` (no consent to video stands, or none is
    asked for).
    """
    require(actor, Permission.SHARE_GRANT)
    session = lock_open_session(session_id)
    refuse_consultation(session)
    if session.shown_at is not None:
        return
    used = (LiveSession.State.CONSENTED, LiveSession.State.LIVE)
    if session.state not in used or not session.wants_video or not allows(session_id, "video"):
        raise InvalidTransition("There is no live picture to show.")
    session.show_to_officers(now, by=actor.id, by_name=actor.name[:150])
    Showing.objects.create(session=session, shown_at=now, shown_by_name=session.shown_by_name)
    _keep(actor, session, "session.show", {"to": "officers"})


def hide_from_officers(*, actor: Actor, now: datetime, session_id: UUID) -> list[HeldHandle]:
    """Show it no longer, and end what officers watch of it. Returns what is to be detached; hidden already is fine.

    Raises `NotPermitted` or `NotFound`.
    """
    require(actor, Permission.SHARE_GRANT)
    return _hide(actor, now, lock_session(session_id), Showing.End.HIDDEN)


def end_showing(*, actor: Actor, now: datetime, session_id: UUID, reason: str) -> list[HeldHandle]:
    """Show a locked session that is over, or lost its consent, to no officer any more. Returns what is to be detached.

    Whoever opens its link next is asked anew, and so is the control room.
    """
    return _hide(actor, now, lock_session(session_id), reason)


def admit_colleague_viewer(*, actor: Actor, now: datetime, session_id: UUID, stream_id: UUID) -> ViewerAdmission:
    """Let an officer watch what is shown on their incident, and audit it; the watch begins with `begin_watch`.

    Raises `NotPermitted`, `NotFound`, `StreamOver`, or why the officer may not: `SessionOver`, `OfficerOffDuty`,
    `NotOnIncident` or `NotShown`. A refusal is audited.
    """
    require(actor, Permission.STREAM_PUBLISH)
    stream = Stream.objects.select_related("session").filter(pk=stream_id, session_id=session_id).first()
    if stream is None:
        raise NotFound("There is no such stream.")
    try:
        require_shown(actor, stream.session)
    except DomainError as error:
        record_refusal(
            actor=actor,
            act="stream.watch",
            code=error.code,
            object_type="stream",
            object_id=stream_id,
            session_id=session_id,
        )
        raise
    if stream.is_over:
        raise StreamOver
    watch_id = uuid4()
    record_watch(actor, "stream.watch", watch_id, stream, {"as": "officer on the incident"})
    return ViewerAdmission(watch_id, session_id, stream_id, stream.node, stream.room_id, is_colleagues=True)


def end_unfounded_watches(*, now: datetime, user_id: str = "") -> list[HeldHandle]:
    """End what officers watch and may no longer, of one of them or of all. Returns what is to be detached.

    It may be that the assignment or the shift ended in the moment in which the watch began.
    """
    watches = Watch.objects.filter(ended_at__isnull=True, is_colleagues=True).select_related("session")
    if user_id:
        watches = watches.filter(user_id=user_id)
    left: list[HeldHandle] = []
    for watch in watches.order_by("session_id"):  # every session is locked in the same order
        objection = find_objection(watch.user_id, watch.session)
        if objection is not None:
            left += end_watch(now=now, watch_id=watch.id, reason=objection.code)
    return left


def end_watches_of_signed_out(*, now: datetime) -> list[HeldHandle]:
    """End what officers watch who are signed in nowhere any more. Returns what is to be detached."""
    watches = list(Watch.objects.filter(ended_at__isnull=True, is_colleagues=True).order_by("session_id"))
    there = signed_in(user_ids={watch.user_id for watch in watches}, now=now) if watches else set()
    gone = [watch.id for watch in watches if watch.user_id not in there]
    return [held for watch_id in gone for held in end_watch(now=now, watch_id=watch_id, reason="not_signed_in")]


def _hide(actor: Actor, now: datetime, session: LiveSession, reason: str) -> list[HeldHandle]:
    if session.shown_at is None:
        return []
    session.hide_from_officers()
    for showing in Showing.objects.filter(session=session, hidden_at__isnull=True):  # none: it hides all the same
        showing.end(now, reason=reason, by_name=actor.name if reason == Showing.End.HIDDEN else "")
        showing.save(update_fields=["hidden_at", "hidden_by_name", "end_reason"])
    left = end_watches_of_colleagues(now=now, session_id=session.id)
    _keep(actor, session, "session.hide", {"to": "officers", "reason": reason})
    return left


def _keep(actor: Actor, session: LiveSession, act: str, detail: dict[str, str]) -> None:
    session.save(update_fields=SHOWN)
    record(
        actor=actor,
        act=act,
        operation=Operation.DISCLOSURE,
        object_type="session",
        object_id=session.id,
        session_id=session.id,
        detail={"incident": session.incident.reference, **detail},
    )
    broadcast_session_on_commit(session.id)
    tell_officers_shown_on_commit(session.id)
