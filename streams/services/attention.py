"""Who looks after a session: when nobody does, the consoles say so, and later supervisors are called.

A session is attended while somebody watches its picture or has it open on a console. The watchdog looks; the row
remembers since when nobody was there, so that neither a restart nor a second watchdog begins anew or flaps.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from forces.actors import Actor
from forces.audit.services import Operation, record
from streams.broadcasts import broadcast_session_on_commit
from streams.models import ChatMessage, LiveSession, RoomPolicy, Watch
from streams.selectors import find_room_policy
from streams.services.locks import lock_session

NEGLECTABLE = (LiveSession.State.OPENED, LiveSession.State.CONSENTED, LiveSession.State.LIVE)
_watchdog = Actor.system("watchdog")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A session in which somebody waits: whether its picture is watched now."""

    session_id: UUID
    is_watched: bool


def list_waiting() -> list[Waiting]:
    """Return every session that may become unattended, for the watchdog."""
    watched = Exists(_own_watches().filter(session=OuterRef("pk")))
    rows = _neglectable().annotate(is_watched=watched)
    return [Waiting(pk, bool(seen)) for pk, seen in rows.values_list("id", "is_watched")]


def note_looks(*, now: datetime, attended: Collection[UUID]) -> None:
    """Write what one look at every waiting session came to; `attended` are those that somebody has in view."""
    policy = find_room_policy()
    for session in _neglectable():
        is_attended = session.id in attended
        if _is_due(now, policy, session, is_attended=is_attended):
            _note_look(now, policy, session.id, is_attended=is_attended)


def attend(*, actor: Actor, session: LiveSession) -> None:
    """Somebody looks after a locked session from now on; consoles are told when it had been unattended."""
    if session.neglected_since is None and session.unattended_since is None:
        return
    was_unattended = session.attend()
    session.save(update_fields=["neglected_since", "unattended_since", "unattended_reason", "escalated_at"])
    if was_unattended:
        _record(actor, "session.attended", session, {})
        broadcast_session_on_commit(session.id)


def note_opened(*, actor: Actor, session_id: UUID) -> None:
    """A console opens a session. Takes the lock only when there is something to write."""
    flagged = LiveSession.objects.filter(pk=session_id, state__in=NEGLECTABLE, neglected_since__isnull=False)
    if flagged.exists():
        attend(actor=actor, session=lock_session(session_id))


def _is_due(now: datetime, policy: RoomPolicy, session: LiveSession, *, is_attended: bool) -> bool:
    if is_attended:
        return session.neglected_since is not None
    if session.neglected_since is None:
        return True
    if session.unattended_since is None:
        return now - session.neglected_since >= timedelta(seconds=policy.unattended_after_s)
    return session.escalated_at is None and _is_to_escalate(now, policy, session.unattended_since)


def _neglectable() -> QuerySet[LiveSession]:
    """A drone whose picture has not come yet waits for nobody; who waits for a consultation is looked after there."""
    rows = LiveSession.objects.filter(state__in=NEGLECTABLE).exclude(kind=LiveSession.Kind.CONSULTATION)
    return rows.exclude(kind=LiveSession.Kind.FLIGHT, state=LiveSession.State.CONSENTED)


def _own_watches() -> QuerySet[Watch]:
    """Watches of the own control room: another force, an agency, or an officer out there, looks after nobody here."""
    own = {"share_id__isnull": True, "agency_viewer__isnull": True, "is_colleagues": False}
    return Watch.objects.filter(ended_at__isnull=True, **own)


def _is_to_escalate(now: datetime, policy: RoomPolicy, since: datetime) -> bool:
    return now - since >= timedelta(seconds=policy.escalate_after_s)


def _note_look(now: datetime, policy: RoomPolicy, session_id: UUID, *, is_attended: bool) -> None:
    """Look again under the lock: a watch, or another watchdog, may have come first."""
    session = lock_session(session_id)
    is_watched = _own_watches().filter(session=session).exists()
    if not session.may_be_neglected or not _is_due(now, policy, session, is_attended=is_attended or is_watched):
        return
    if is_attended or is_watched:
        attend(actor=_watchdog, session=session)
    elif session.neglected_since is None:
        session.neglected_since = now
        session.save(update_fields=["neglected_since"])
    elif session.unattended_since is None:
        _mark(now, session)
    else:
        _escalate(now, session)


def _mark(now: datetime, session: LiveSession) -> None:
    session.mark_unattended(now, reason=_reason(session))
    session.save(update_fields=["unattended_since", "unattended_reason"])
    _record(_watchdog, "session.unattended", session, {"reason": session.unattended_reason})
    broadcast_session_on_commit(session.id)


def _escalate(now: datetime, session: LiveSession) -> None:
    session.escalate(now)
    session.save(update_fields=["escalated_at"])
    _record(_watchdog, "session.escalate", session, {"reason": session.unattended_reason})
    broadcast_session_on_commit(session.id)


def _reason(session: LiveSession) -> str:
    newest = ChatMessage.objects.filter(session=session).order_by("-sent_at").first()
    if newest is not None and newest.sender_kind == ChatMessage.Sender.CALLER:
        return "message_unanswered"
    return "picture_unwatched" if session.state == LiveSession.State.LIVE else "link_unanswered"


def _record(actor: Actor, act: str, session: LiveSession, detail: dict[str, str]) -> None:
    record(
        actor=actor,
        act=act,
        operation=Operation.ALTERATION,
        object_type="session",
        object_id=session.id,
        session_id=session.id,
        detail=detail,
    )
