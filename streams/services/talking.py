"""Talking: an operator speaks to an officer who is live, from when to when, and who of the officer's phones listens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db.models import Exists, OuterRef, Q, QuerySet

from forces.accounts.permissions import Permission, require
from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.errors import DomainError, NotFound
from streams.broadcasts import broadcast_talk_on_commit
from streams.models import LiveSession, Stream, Talk
from streams.selectors import Plain
from streams.services.attention import attend
from streams.services.handles import HeldHandle, listener_handle_of, talk_handles
from streams.services.locks import lock_session
from streams.services.rooms import pin_room
from streams.services.standing import require_going_on
from streams.services.watching import StreamOver

# A console that was admitted and is not connected after this time never will be; one that says nothing for so long
# keeps the microphone for nobody.
NEVER_CONNECTED_AFTER = timedelta(seconds=20)
IDLE_AFTER = timedelta(minutes=2)
# A phone whose picture was lost publishes anew within this time, or its officer hears nothing any more.
UNHEARD_AFTER = timedelta(seconds=10)


class TalkTaken(DomainError):
    """Somebody else is speaking to this officer (HTTP 409)."""

    code = "talk_taken"
    http_status = 409
    message = "Somebody else is speaking to this officer."


class TalkOver(DomainError):
    """The talk has ended (HTTP 409)."""

    code = "talk_over"
    http_status = 409
    message = "This talk has ended."


class NoOfficer(DomainError):
    """There is no officer to be spoken to: a caller is on the telephone (HTTP 409)."""

    code = "no_officer"
    http_status = 409
    message = "Only an officer who is live can be spoken to here."


@dataclass(frozen=True, slots=True)
class SpeakerAdmission:
    """A talk that may be published, where to, and the places that the talk before it leaves behind."""

    talk_id: UUID
    session_id: UUID
    node: str
    room_id: str
    leftovers: tuple[HeldHandle, ...]


@dataclass(frozen=True, slots=True)
class ListenerAdmission:
    """A phone that may listen to a talk: the id that its place will have, and where the talk is."""

    listener_id: UUID
    talk_id: UUID
    session_id: UUID
    node: str
    room_id: str


def admit_talk(
    *, actor: Actor, now: datetime, session_id: UUID, node: str, owner: str, process: str
) -> SpeakerAdmission:
    """Let an operator speak to the officer of a session, and audit it. `owner` is the console's socket.

    Who is speaking is not interrupted: `TalkTaken` names them. Whoever has let the button go gives way, and so does the
    operator's own talk of another window. Raises `NotPermitted`, `NotFound`, `SessionOver`, `NoOfficer`, too, and
    `StreamOver` while the phone sends no picture: nobody would listen.
    """
    require(actor, Permission.SESSION_CONTROL)
    require(actor, Permission.STREAM_WATCH)
    session = lock_session(session_id)
    require_going_on(session)
    if not session.is_officers:
        raise NoOfficer
    if not Stream.objects.filter(session_id=session_id, state__in=Stream.GOING_ON).exists():
        raise StreamOver
    leftovers = _make_room(actor, now, session_id)
    pin_room(session, node)
    talk = Talk.objects.create(
        session=session,
        user_id=actor.id,
        user_name=actor.name,
        node=session.media_node,
        room_id=f"{session.room_id}-talk",
        owner=owner,
        process=process,
        began_at=now,
        spoke_at=now,
    )
    attend(actor=actor, session=session)
    _record(actor, "talk.begin", talk, {})
    broadcast_talk_on_commit(session_id)
    return SpeakerAdmission(talk.id, session_id, talk.node, talk.room_id, tuple(leftovers))


def note_talk_connected(*, now: datetime, talk_id: UUID, gateway_session: int, gateway_handle: int) -> None:
    """Keep the place the media server gave, and tell the officer's page.

    Raises `TalkOver` when the talk was ended meanwhile.
    """
    talk = _lock(talk_id)
    if talk.is_over:
        raise TalkOver
    talk.connect(now, gateway_session=gateway_session, gateway_handle=gateway_handle)
    talk.save()
    broadcast_talk_on_commit(talk.session_id)


def note_speaking(*, now: datetime, talk_id: UUID, owner: str, on: bool) -> None:
    """The socket's own talk is heard from now on, or no longer; of one that is over it came too late, and that is fine.

    Raises `NotFound` for another socket's.
    """
    talk = _lock(talk_id)
    if talk.owner != owner:
        raise NotFound("There is no such talk.")
    if talk.is_over:
        return
    talk.speak(now, on=on)
    talk.save()
    broadcast_talk_on_commit(talk.session_id)


def end_talk(*, now: datetime, talk_id: UUID, reason: str) -> list[HeldHandle]:
    """End one talk and audit its seconds. Returns what is to be detached; one that is over is fine."""
    talk = _lock(talk_id)
    return [] if talk.is_over else _end(now, talk, reason)


def end_session_talk(*, now: datetime, session_id: UUID, reason: str, unless_by: str = "") -> list[HeldHandle]:
    """End the talk of a locked session, unless it is this user's. Returns what is to be detached."""
    going_on = _going_on(session_id).exclude(user_id=unless_by) if unless_by else _going_on(session_id)
    return [held for talk in going_on for held in _end(now, talk, reason)]


def admit_listener(*, actor: Actor, now: datetime, session_id: UUID, talk_id: UUID) -> ListenerAdmission:
    """Let the phone that shares in a session listen to its talk; it listens from `begin_listening` on.

    Raises `NotFound` for a talk of another session, `TalkOver` for one that has ended.
    """
    talk = Talk.objects.filter(pk=talk_id, session_id=session_id).first()
    if talk is None:
        raise NotFound("There is no such talk.")
    if talk.is_over:
        raise TalkOver
    return ListenerAdmission(uuid4(), talk.id, session_id, talk.node, talk.room_id)


def begin_listening(
    *,
    actor: Actor,
    now: datetime,
    session_id: UUID,
    admission: ListenerAdmission,
    gateway_session: int,
    gateway_handle: int,
) -> list[HeldHandle]:
    """The phone answered: it listens, and the one that did before no longer. Returns what is to be detached."""
    talk = _lock(admission.talk_id)
    if talk.is_over:
        raise TalkOver
    former = listener_handle_of(talk)
    talk.listener_id = admission.listener_id
    talk.listener_session, talk.listener_handle = gateway_session, gateway_handle
    talk.save(update_fields=["listener_id", "listener_session", "listener_handle"])
    return [former] if former else []


def forget_listener(*, listener_id: UUID) -> list[HeldHandle]:
    """A phone listens no longer. Returns what is to be detached; one that is not known is fine."""
    talk = Talk.objects.filter(listener_id=listener_id).first()
    former = listener_handle_of(talk) if talk is not None else None
    return [former] if former else []


def list_open_talks() -> list[tuple[UUID, str]]:
    """Return (talk id, console's socket) of every talk that goes on, for the watchdog."""
    return list(Talk.objects.filter(ended_at__isnull=True).values_list("id", "owner"))


def list_stale_talks(*, now: datetime) -> list[tuple[UUID, str]]:
    """Return (talk id, reason) of what was never connected, what nobody speaks in, and what no phone hears."""
    going_on = Talk.objects.filter(ended_at__isnull=True)
    never = going_on.filter(connected_at__isnull=True, began_at__lte=now - NEVER_CONNECTED_AFTER)
    idle = going_on.filter(connected_at__isnull=False, is_speaking=False, spoke_at__lte=now - IDLE_AFTER)
    sending = Stream.objects.filter(session_id=OuterRef("session_id"))
    sending = sending.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=now - UNHEARD_AFTER))
    rows = [(never, "never_connected"), (idle, "idle"), (going_on.exclude(Exists(sending)), "stream_over")]
    return [(talk_id, reason) for found, reason in rows for talk_id in found.values_list("id", flat=True)]


def _make_room(actor: Actor, now: datetime, session_id: UUID) -> list[HeldHandle]:
    """End the talk that stands in the way, or raise `TalkTaken`."""
    before = _going_on(session_id).first()
    if before is None:
        return []
    if before.user_id == actor.id:
        return _end(now, before, "replaced")
    if before.is_speaking or before.connected_at is None:
        raise TalkTaken(f"{before.user_name} is speaking to this officer.", details={"name": before.user_name})
    return _end(now, before, "taken")


def _going_on(session_id: UUID) -> QuerySet[Talk]:
    return Talk.objects.filter(session_id=session_id, ended_at__isnull=True)


def _lock(talk_id: UUID) -> Talk:
    """Return the talk with its session locked, as every change of a session's parts begins; raises `NotFound`."""
    session_id = Talk.objects.filter(pk=talk_id).values_list("session_id", flat=True).first()
    if session_id is None:
        raise NotFound("There is no such talk.")
    session: LiveSession = lock_session(session_id)
    talk = Talk.objects.get(pk=talk_id)
    talk.session = session
    return talk


def _end(now: datetime, talk: Talk, reason: str) -> list[HeldHandle]:
    """Whoever ended it, it was the speaker's: their name stands in the audit, and why it ended beside it."""
    talk.end(now, reason=reason)
    talk.save()
    speaker = Actor(kind="user", id=talk.user_id, name=talk.user_name)
    seconds = round(((talk.ended_at or now) - talk.began_at).total_seconds())
    _record(speaker, "talk.end", talk, {"seconds": seconds, "reason": reason})
    broadcast_talk_on_commit(talk.session_id, ended=talk)
    return talk_handles(talk)


def _record(actor: Actor, act: str, talk: Talk, detail: Plain) -> None:
    record(
        actor=actor,
        act=act,
        operation=Operation.ALTERATION,
        object_type="talk",
        object_id=talk.id,
        session_id=talk.session_id,
        detail=detail or None,
    )
