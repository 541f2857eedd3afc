"""Publishing: who may send a picture, from its admission to its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from evidence.services.sequences import close_sequence
from forces.actors import Actor
from forces.audit.services import Operation, record, record_refusal
from forces.errors import DomainError
from streams.broadcasts import broadcast_stream_on_commit
from streams.models import LiveSession, Stream, WhipResource
from streams.services.handles import HeldHandle, handle_of
from streams.services.live_stills import forget_live_stills
from streams.services.locks import lock_session, lock_stream
from streams.services.progress import note_step
from streams.services.recording import stop_segments
from streams.services.rooms import pin_room
from streams.services.standing import refuse_consultation, require_consent, require_going_on, require_own
from streams.services.talking import end_session_talk
from streams.services.watching import StreamOver, end_watches_of_stream


class VideoNotAsked(DomainError):
    """The link asks for the location only (HTTP 409)."""

    code = "video_not_asked"
    http_status = 409
    message = "This link does not ask for video."


class PictureGoesOn(DomainError):
    """A picture of this session arrives, or is just being connected (HTTP 409)."""

    code = "picture_goes_on"
    http_status = 409
    message = "A picture is sent by this key already."


# So long a picture that connects keeps its place; a device that lost its line meanwhile may come back after that.
CONNECTS_WITHIN = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class PublisherAdmission:
    """A stream that may be published, where to, and the places its predecessor leaves behind.

    `was_recorded` says that the room was, and that the media server would record this stream unasked.
    """

    stream_id: UUID
    session_id: UUID
    node: str
    room_id: str
    leftovers: tuple[HeldHandle, ...]
    was_recorded: bool


def admit_publisher(
    *,
    actor: Actor,
    now: datetime,
    session_id: UUID,
    node: str,
    owner: str,
    is_early: bool = False,
    is_polite: bool = False,
) -> PublisherAdmission:
    """Admit the caller's picture; one that goes on already is ended as replaced.

    `node` is used for the session's first stream, later ones stay on the same node. `is_early`: the phone connects
    before its camera is on, see `begin_stream`. `is_polite`: one that arrives is not interrupted. Raises
    `NotPermitted`, `SessionOver`, `VideoNotAsked`, `ConsentMissing` or `PictureGoesOn`; a refusal is audited.
    """
    session = lock_session(session_id)
    _check_may_publish(actor, session, before=now - CONNECTS_WITHIN if is_polite else None)
    leftovers = _end_going_on(actor, now, session_id, "replaced")
    pin_room(session, node)
    stream = Stream.objects.create(
        session=session,
        state=Stream.State.PREPARED if is_early else Stream.State.ADMITTED,
        node=session.media_node,
        room_id=session.room_id,
        owner=owner,
        admitted_at=now,
        begun_at=None if is_early else now,
    )
    if is_early:
        _record(actor, "stream.prepare", Operation.ALTERATION, stream)
    else:
        _note_begun(actor, now, stream)
    # How the session stands is told with the stream's place: the phone waits for the answer now.
    was_recorded = session.segments.exists()
    return PublisherAdmission(stream.id, session.id, stream.node, stream.room_id, tuple(leftovers), was_recorded)


def begin_stream(*, actor: Actor, now: datetime, session_id: UUID) -> None:
    """The camera of the stream that was prepared is on; said twice it changes nothing.

    Raises what `admit_publisher` raises, and `StreamOver` when the stream has ended meanwhile.
    """
    session = lock_session(session_id)
    _check_may_publish(actor, session)
    stream = Stream.objects.filter(session_id=session_id, state__in=Stream.GOING_ON).first()
    if stream is None:
        raise StreamOver
    if stream.begun_at is not None:
        return
    stream.session = session
    stream.begin(now)
    stream.save()
    _note_begun(actor, now, stream)
    broadcast_stream_on_commit(stream)


def note_published(*, stream_id: UUID, gateway_session: int, gateway_handle: int, owner: str) -> None:
    """Keep the place the media server gave; raises `StreamOver` when the stream was ended meanwhile."""
    stream = lock_stream(stream_id)
    if stream.is_over:
        raise StreamOver
    stream.connect(gateway_session=gateway_session, gateway_handle=gateway_handle, owner=owner)
    stream.save()
    broadcast_stream_on_commit(stream)


def end_stream(*, actor: Actor, now: datetime, stream_id: UUID, reason: str) -> list[HeldHandle]:
    """End a stream, its watches and its recording. Returns what is to be detached; being over is fine."""
    stream = lock_stream(stream_id)
    return [] if stream.is_over else _end(actor, now, stream, reason)


def end_session_streams(*, actor: Actor, now: datetime, session_id: UUID, reason: str) -> list[HeldHandle]:
    """End whatever a session still publishes, and the pictures that stood for it. Returns what is to be detached."""
    lock_session(session_id)
    forget_live_stills(session_id)
    close_sequence(now=now, session_id=session_id)
    return _end_going_on(actor, now, session_id, reason)


def find_publisher_handle(*, actor: Actor, now: datetime, session_id: UUID) -> HeldHandle | None:
    """Return the place of the caller's own stream that goes on, for its candidates."""
    stream = Stream.objects.filter(session_id=session_id, state__in=Stream.GOING_ON).first()
    return handle_of(stream) if stream else None


def _note_begun(actor: Actor, now: datetime, stream: Stream) -> None:
    note_step(stream.session, now, "publishing")
    _record(actor, "stream.publish", Operation.COLLECTION, stream)


def _check_may_publish(actor: Actor, session: LiveSession, *, before: datetime | None = None) -> None:
    """`before`: what was admitted before that, and is not live, gives way; without it everything does."""
    try:
        require_own(actor, session)
        require_going_on(session)
        refuse_consultation(session)
        if not session.wants_video:
            raise VideoNotAsked
        require_consent(session, "video")
        if before is not None:
            _require_free(session, before)
    except DomainError as error:
        record_refusal(
            actor=actor,
            act="stream.publish",
            code=error.code,
            object_type="session",
            object_id=session.id,
            session_id=session.id,
        )
        raise


def _require_free(session: LiveSession, before: datetime) -> None:
    waiting = (Stream.State.PREPARED, Stream.State.ADMITTED, Stream.State.CONNECTING)
    held = Q(state=Stream.State.LIVE) | Q(state__in=waiting, admitted_at__gt=before)
    if session.streams.filter(held).exists():
        raise PictureGoesOn


def _end_going_on(actor: Actor, now: datetime, session_id: UUID, reason: str) -> list[HeldHandle]:
    going_on = Stream.objects.filter(session_id=session_id, state__in=Stream.GOING_ON)
    return [held for stream in going_on for held in _end(actor, now, stream, reason)]


def _end(actor: Actor, now: datetime, stream: Stream, reason: str) -> list[HeldHandle]:
    own = handle_of(stream)
    stream.end(now, reason=reason)
    stream.save()
    WhipResource.objects.filter(stream=stream).delete()
    stop_segments(actor=actor, now=now, stream=stream)
    watches = end_watches_of_stream(now=now, stream=stream, reason="stream_over")
    _record(actor, "stream.end", Operation.ALTERATION, stream, reason)
    broadcast_stream_on_commit(stream)
    # A phone that was lost, or loads its page again, publishes anew by itself: the voice waits a moment for that.
    is_wanted = reason == "stopped"
    talk = end_session_talk(now=now, session_id=stream.session_id, reason="stream_over") if is_wanted else []
    return [*([own] if own else []), *watches, *talk]


def _record(actor: Actor, act: str, operation: Operation, stream: Stream, reason: str = "") -> None:
    record(
        actor=actor,
        act=act,
        operation=operation,
        object_type="stream",
        object_id=stream.id,
        session_id=stream.session_id,
        detail={"reason": reason} if reason else None,
    )
