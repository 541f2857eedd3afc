"""Publishing: who may send a picture, and what is known of it from admission to end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from forces.actors import Actor
from forces.audit.services import Operation, record, record_refusal
from forces.context import current_force
from forces.errors import DomainError, NotFound
from streams.broadcasts import broadcast_stream_on_commit
from streams.models import LiveSession, Stream
from streams.services.handles import HeldHandle, handle_of
from streams.services.live_stills import forget_live_stills
from streams.services.locks import lock_session
from streams.services.progress import LOST, note_step
from streams.services.recording import stop_segments, wants_recording
from streams.services.standing import require_consent, require_going_on, require_own
from streams.services.watching import StreamOver, end_watches_of_stream, tell_watching

# A camera that never came on, a picture that never came, and one that ceased, are given up after this long.
# A phone that dies is cleaned up within 30 s: silence is reported late, and looked for now and then.
PREPARED_FOR = timedelta(minutes=5)
NEVER_LIVE_AFTER = timedelta(seconds=30)
SILENT_AFTER = timedelta(seconds=25)
# The media server reports silence this long after the last packet (its no_media_timer).
REPORTED_AFTER = timedelta(seconds=2)


class VideoNotAsked(DomainError):
    """The link asks for the location only (HTTP 409)."""

    code = "video_not_asked"
    http_status = 409
    message = "This link does not ask for video."


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


@dataclass(frozen=True, slots=True)
class WentLive:
    """A stream that has become live, and whether its room is to be recorded."""

    stream_id: UUID
    session_id: UUID
    node: str
    room_id: str
    wants_recording: bool


@dataclass(frozen=True, slots=True)
class FlowingStream:
    """A stream whose media flowed at least once, and where it should be flowing.

    `is_unseen`: it was called live no longer because the media server could not be asked, and for nothing else.
    """

    stream_id: UUID
    node: str
    room_id: str
    is_live: bool
    is_unseen: bool = False


def admit_publisher(
    *, actor: Actor, now: datetime, session_id: UUID, node: str, owner: str, is_early: bool = False
) -> PublisherAdmission:
    """Admit the caller's picture; one that goes on already is ended as replaced.

    `node` is used for the session's first stream, later ones stay on the same node. `is_early`: the phone connects
    before its camera is on, see `begin_stream`. Raises `NotPermitted`, `SessionOver`, `VideoNotAsked`,
    `ConsentMissing`; a refusal is audited.
    """
    session = lock_session(session_id)
    _check_may_publish(actor, session)
    leftovers = _end_going_on(actor, now, session_id, "replaced")
    _pin_room(session, node)
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
    stream = _lock_stream(stream_id)
    if stream.is_over:
        raise StreamOver
    stream.connect(gateway_session=gateway_session, gateway_handle=gateway_handle, owner=owner)
    stream.save()
    broadcast_stream_on_commit(stream)


def mark_live(*, now: datetime, stream_id: UUID, layer: int | None = None) -> WentLive | None:
    """Video arrives, for the first time or again. None when that was known, or the stream is over.

    `layer` is the number of the layer that arrives, where that is known.
    """
    stream = _lock_stream(stream_id)
    session = stream.session
    if layer is not None:
        stream.note_layer(layer, arrives=True)
        stream.save(update_fields=["layers"])
    if stream.is_over or session.is_over or stream.state == Stream.State.LIVE:
        return None
    is_first = stream.live_at is None
    stream.go_live(now)
    stream.save()
    if session.state in (LiveSession.State.CONSENTED, LiveSession.State.LIVE):
        session.go_live(now)
        session.save(update_fields=["state", "live_at"])
    if is_first:
        _record(Actor.system("media"), "stream.live", Operation.COLLECTION, stream)
    tell_watching(session.id)
    broadcast_stream_on_commit(stream)
    return WentLive(stream.id, session.id, stream.node, stream.room_id, wants_recording(session))


def mark_stalled(*, now: datetime, stream_id: UUID, layer: int | None = None, is_unseen: bool = False) -> None:
    """Video ceased to arrive; what is on the screens is old from now on.

    With `layer` that layer ceased: the picture is there for as long as any other arrives. `is_unseen`: the media
    server cannot be asked, and nobody knows. Only a live stream stalls; one that could not be seen and is now known
    to be silent is noted as that.
    """
    stream, reason = _lock_stream(stream_id), Stream.Stall.BLIND if is_unseen else Stream.Stall.SILENT
    if layer is not None:
        still_arrives = stream.note_layer(layer, arrives=False)
        stream.save(update_fields=["layers"])
        if still_arrives:
            return
    if stream.state == Stream.State.STALLED:
        stream.stall(now, reason)
        stream.save(update_fields=["stall_reason"])
    if stream.state != Stream.State.LIVE:
        return
    stream.stall(now, reason)
    stream.last_media_at = max(stream.last_media_at or now, now - REPORTED_AFTER)
    stream.save()
    tell_watching(stream.session_id)
    broadcast_stream_on_commit(stream)


def mark_seen_again(*, now: datetime, stream_id: UUID) -> None:
    """The media server can be asked again: live, unless it was heard meanwhile that no video arrives."""
    stream = _lock_stream(stream_id)
    if stream.state == Stream.State.STALLED and stream.stall_reason == Stream.Stall.BLIND:
        mark_live(now=now, stream_id=stream_id)


def end_stream(*, actor: Actor, now: datetime, stream_id: UUID, reason: str) -> list[HeldHandle]:
    """End a stream, its watches and its recording. Returns what is to be detached; being over is fine."""
    stream = _lock_stream(stream_id)
    return [] if stream.is_over else _end(actor, now, stream, reason)


def end_session_streams(*, actor: Actor, now: datetime, session_id: UUID, reason: str) -> list[HeldHandle]:
    """End whatever a session still publishes, and the pictures that stood for it. Returns what is to be detached."""
    lock_session(session_id)
    forget_live_stills(session_id)
    return _end_going_on(actor, now, session_id, reason)


def find_publisher_handle(*, actor: Actor, now: datetime, session_id: UUID) -> HeldHandle | None:
    """Return the place of the caller's own stream that goes on, for its candidates."""
    stream = Stream.objects.filter(session_id=session_id, state__in=Stream.GOING_ON).first()
    return handle_of(stream) if stream else None


def list_flowing_streams() -> list[FlowingStream]:
    """Return the streams that are live or stalled."""
    rows = Stream.objects.filter(state__in=(Stream.State.LIVE, Stream.State.STALLED))
    live, blind = Stream.State.LIVE, Stream.Stall.BLIND
    return [FlowingStream(r.id, r.node, r.room_id, r.state == live, r.stall_reason == blind) for r in rows]


def list_stale_streams(*, now: datetime) -> list[tuple[UUID, str]]:
    """Return (stream id, reason) of what never became live or has been silent for too long."""
    waiting = (Stream.State.ADMITTED, Stream.State.CONNECTING)
    stale = Stream.objects.filter(
        Q(state=Stream.State.PREPARED, admitted_at__lte=now - PREPARED_FOR)
        | Q(state__in=waiting, begun_at__lte=now - NEVER_LIVE_AFTER)
        | Q(state=Stream.State.STALLED, stalled_at__lte=now - SILENT_AFTER)
    ).exclude(_is_excused(now))
    return [(stream.id, _stale_reason(stream)) for stream in stale]


def _is_excused(now: datetime) -> Q:
    """Silent with good reason: its phone sends stills, or less, and says so; one that is not heard says nothing.

    The connection stays meanwhile: by it the phone finds out when video gets through again.
    """
    has_said_less = Q(session__rung__in=LiveSession.WITHOUT_VIDEO, state=Stream.State.STALLED)
    is_unheard = Q(session__progress_step=LOST, session__progress_at__lte=now - SILENT_AFTER)
    return has_said_less & ~is_unheard


def _stale_reason(stream: Stream) -> str:
    if stream.state == Stream.State.PREPARED:
        return "not_begun"
    return "never_live" if stream.live_at is None else "silent"


def _note_begun(actor: Actor, now: datetime, stream: Stream) -> None:
    note_step(stream.session, now, "publishing")
    _record(actor, "stream.publish", Operation.COLLECTION, stream)


def _check_may_publish(actor: Actor, session: LiveSession) -> None:
    try:
        require_own(actor, session)
        require_going_on(session)
        if not session.wants_video:
            raise VideoNotAsked
        require_consent(session, "video")
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


def _pin_room(session: LiveSession, node: str) -> None:
    """A room stays on the node of its first stream, and its name begins with the force's schema."""
    if session.room_id and session.media_node:
        return
    session.room_id = f"{current_force().schema}-{session.id}"
    session.media_node = node
    session.save(update_fields=["room_id", "media_node"])


def _lock_stream(stream_id: UUID) -> Stream:
    """Return the stream with its session locked, as every change of a session's parts begins."""
    session_id = Stream.objects.filter(pk=stream_id).values_list("session_id", flat=True).first()
    if session_id is None:
        raise NotFound("There is no such stream.")
    session = lock_session(session_id)
    stream = Stream.objects.get(pk=stream_id)
    stream.session = session
    return stream


def _end_going_on(actor: Actor, now: datetime, session_id: UUID, reason: str) -> list[HeldHandle]:
    going_on = Stream.objects.filter(session_id=session_id, state__in=Stream.GOING_ON)
    return [held for stream in going_on for held in _end(actor, now, stream, reason)]


def _end(actor: Actor, now: datetime, stream: Stream, reason: str) -> list[HeldHandle]:
    own = handle_of(stream)
    stream.end(now, reason=reason)
    stream.save()
    stop_segments(actor=actor, now=now, stream=stream)
    watches = end_watches_of_stream(now=now, stream=stream, reason="stream_over")
    _record(actor, "stream.end", Operation.ALTERATION, stream, reason)
    broadcast_stream_on_commit(stream)
    return [*([own] if own else []), *watches]


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
