"""Recording: whether it is wanted, whether it really happens, and handing the result over as evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from evidence.services.sequences import close_sequence
from forces.accounts.permissions import Permission, require
from forces.actors import Actor
from forces.audit.services import Operation, record, record_refusal
from forces.errors import DomainError
from streams.broadcasts import (
    broadcast_alarm_on_commit,
    broadcast_recording_on_commit,
    broadcast_session_on_commit,
)
from streams.models import LiveSession, RecordingSegment, Stream
from streams.services.locks import lock_session
from streams.services.standing import allows, refuse_consultation, require_going_on

State = RecordingSegment.State

# A file begins with eight bytes that say nothing of its content.
HEADER_BYTES = 8
# The file of a recording is seen to grow within this time of its start, and at least this often.
CONFIRM_WITHIN = timedelta(seconds=3)
GROWS_WITHIN = timedelta(seconds=5)

ALARMS = {
    "recording_not_growing": "The recording has not started: nothing is being written.",
    "recording_stopped_growing": "The recording has stopped: nothing is being written any more.",
    "recording_no_space": "The recording has stopped: there is no room left on its disk.",
    "recording_refused": "The recording could not be started.",
}


class RecordingConsentMissing(DomainError):
    """The caller did not agree to be recorded (HTTP 409)."""

    code = "recording_consent_missing"
    http_status = 409
    message = "The caller has not agreed to be recorded."


@dataclass(frozen=True, slots=True)
class RecordingPlan:
    """What the media server is to do: record the room of this live stream, or stop. No stream: nothing."""

    session_id: UUID
    node: str
    room_id: str
    stream_id: UUID | None
    on: bool


@dataclass(frozen=True, slots=True)
class OpenSegment:
    """A recording that goes on, for whoever looks at its files."""

    id: UUID
    session_id: UUID
    stream_id: UUID
    node: str
    room_id: str
    started_at: datetime
    is_in_alarm: bool


def wants_recording(session: LiveSession) -> bool:
    """Return whether the session is to be recorded: wanted by the force, and agreed to by the caller."""
    return session.recording_wanted and allows(session.id, "recording")


def want_recording(*, actor: Actor, now: datetime, session_id: UUID, on: bool) -> RecordingPlan:
    """Keep what the operator wants, audited, and say what the media server is to do.

    Raises `NotPermitted`, `SessionOver`, or `RecordingConsentMissing` for on without consent.
    """
    require(actor, Permission.RECORDING_CONTROL)
    session = lock_session(session_id)
    require_going_on(session)
    refuse_consultation(session)
    if on and not allows(session_id, "recording"):
        _refuse(actor, session_id)
    session.recording_wanted = on
    session.save(update_fields=["recording_wanted"])
    if not on:
        close_sequence(now=now, session_id=session_id)
    _record(actor, "recording.want_on" if on else "recording.want_off", session_id)
    broadcast_session_on_commit(session_id)
    return _plan(session, on)


def note_started(*, actor: Actor, now: datetime, stream_id: UUID) -> UUID | None:
    """The media server was told to record: the files are watched from now on.

    Returns the segment's id; None when the stream is over, or recording is not wanted or agreed to any more. One
    that goes on is kept.
    """
    stream = Stream.objects.get(pk=stream_id)
    session = lock_session(stream.session_id)
    stream.refresh_from_db(fields=["state"])
    if stream.is_over or not wants_recording(session):
        return None
    going_on = stream.segments.exclude(state=State.STOPPED).first()
    if going_on:
        return going_on.id
    segment = RecordingSegment.objects.create(stream=stream, session_id=stream.session_id, started_at=now)
    _record(actor, "recording.start", stream.session_id, segment.id)
    broadcast_recording_on_commit(session.id, is_on=is_recorded(session))
    return segment.id


def note_stopped(*, actor: Actor, now: datetime, stream_id: UUID) -> None:
    """The media server was told to stop recording."""
    stream = Stream.objects.get(pk=stream_id)
    lock_session(stream.session_id)
    stop_segments(actor=actor, now=now, stream=stream)


def stop_segments(*, actor: Actor, now: datetime, stream: Stream) -> None:
    """Close what is still being recorded of a stream of a locked session."""
    for segment in stream.segments.exclude(state=State.STOPPED):
        segment.state = State.STOPPED
        segment.stopped_at = max(now, segment.started_at)
        segment.stopped_by_kind = actor.kind
        segment.save()
        _record(actor, "recording.stop", stream.session_id, segment.id)
        broadcast_recording_on_commit(stream.session_id, is_on=False)


def is_recorded(session: LiveSession) -> bool:
    """Return whether the phone is told that it is recorded.

    A caller is while a recording is tried at all; police, who count on it, only while it is seen to be written.
    """
    segments = RecordingSegment.objects.filter(session_id=session.id)
    told = segments.filter(state=State.RECORDING) if session.is_by_order else segments.exclude(state=State.STOPPED)
    return told.exists()


def list_open_segments() -> list[OpenSegment]:
    """Return the recordings of this force that go on."""
    rows = RecordingSegment.objects.select_related("stream").exclude(state=State.STOPPED)
    return [
        OpenSegment(
            row.id,
            row.session_id,
            row.stream_id,
            row.stream.node,
            row.stream.room_id,
            row.started_at,
            row.state == State.ALARM,
        )
        for row in rows
    ]


def note_growth(*, now: datetime, segment_id: UUID, bytes_seen: int) -> None:
    """Take in the size of a recording's video files, in bytes: confirm it, raise the alarm, or call it off.

    The alarm is raised when nothing beyond the header was written within 3 s of the start, or nothing more
    for 5 s while the stream is live and its phone sends video.
    """
    segment = RecordingSegment.objects.select_related("stream").get(pk=segment_id)
    session = lock_session(segment.session_id)
    segment.refresh_from_db()
    if segment.state == State.STOPPED:
        return
    if bytes_seen > max(segment.bytes_seen, HEADER_BYTES):
        _confirm(now, session, segment, bytes_seen)
    elif segment.state != State.ALARM and (code := _missing_growth(now, session, segment)):
        _alarm(now, session, segment, code)


def raise_alarm(*, now: datetime, segment_id: UUID, code: str) -> None:
    """Put a recording into alarm; `code` is one of `ALARMS`."""
    segment = RecordingSegment.objects.select_related("stream").get(pk=segment_id)
    session = lock_session(segment.session_id)
    segment.refresh_from_db()
    if segment.state not in (State.STOPPED, State.ALARM):
        _alarm(now, session, segment, code)


def _plan(session: LiveSession, on: bool) -> RecordingPlan:
    live = Stream.objects.filter(session_id=session.id, state__in=(Stream.State.LIVE, Stream.State.STALLED))
    stream_id = live.values_list("id", flat=True).first()
    return RecordingPlan(session.id, session.media_node, session.room_id, stream_id, on)


def _confirm(now: datetime, session: LiveSession, segment: RecordingSegment, bytes_seen: int) -> None:
    is_news = segment.state != State.RECORDING
    segment.bytes_seen = bytes_seen
    segment.last_growth_at = now
    segment.confirmed_at = segment.confirmed_at or now
    segment.state = State.RECORDING
    segment.save()
    if is_news:
        broadcast_recording_on_commit(session.id, is_on=is_recorded(session))


def _missing_growth(now: datetime, session: LiveSession, segment: RecordingSegment) -> str:
    """Return the alarm that is due, or nothing. A stream that is stalled or sends no video writes nothing."""
    if segment.stream.state != Stream.State.LIVE or session.rung in LiveSession.WITHOUT_VIDEO:
        return ""
    known = segment.last_growth_at or segment.started_at
    waited = now - max(known, segment.stream.last_media_at or known, session.rung_at or known)
    if segment.last_growth_at is None:
        return "recording_not_growing" if waited >= CONFIRM_WITHIN else ""
    return "recording_stopped_growing" if waited >= GROWS_WITHIN else ""


def _alarm(now: datetime, session: LiveSession, segment: RecordingSegment, code: str) -> None:
    segment.state = State.ALARM
    segment.alarm_reason, segment.alarm_at = code, now
    segment.save(update_fields=["state", "alarm_reason", "alarm_at"])
    _record(Actor.system("watchdog"), "recording.alarm", segment.session_id, segment.id, {"code": code})
    broadcast_alarm_on_commit(segment.session_id, code, ALARMS[code])
    broadcast_recording_on_commit(session.id, is_on=is_recorded(session))


def _refuse(actor: Actor, session_id: UUID) -> None:
    record_refusal(
        actor=actor,
        act="recording.want_on",
        code=RecordingConsentMissing.code,
        object_type="session",
        object_id=session_id,
        session_id=session_id,
    )
    raise RecordingConsentMissing


def _record(
    actor: Actor,
    act: str,
    session_id: UUID,
    segment_id: UUID | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    record(
        actor=actor,
        act=act,
        operation=Operation.COLLECTION,
        object_type="segment" if segment_id else "session",
        object_id=segment_id or session_id,
        session_id=session_id,
        detail=detail,
    )
