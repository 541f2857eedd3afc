"""Rooms of sessions that are over: closed once, and what was recorded in them handed over as evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise, zip_longest
from typing import Any
from uuid import UUID

from evidence.services.intake import register_recording
from forces.actors import Actor
from forces.context import current_force
from streams.closing_rules import hand_over_of
from streams.models import LiveSession, RecordingSegment, Stream, Talk
from streams.place_keepers import keepers
from streams.selectors import iso
from streams.services.locks import lock_session


@dataclass(frozen=True, slots=True)
class OpenRoom:
    """A room of a session that is over, not closed yet. `room_id` is empty when there never was one.

    `other_rooms` go with it: that in which the control room spoke, if it ever did, and those of other apps.
    """

    session_id: UUID
    node: str
    room_id: str
    other_rooms: tuple[str, ...] = ()


def pin_room(session: LiveSession, node: str) -> None:
    """A room stays on the node of the first stream or talk, and its name begins with the force's schema."""
    if session.room_id and session.media_node:
        return
    session.room_id = f"{current_force().schema}-{session.id}"
    session.media_node = node
    session.save(update_fields=["room_id", "media_node"])


def list_open_rooms() -> list[OpenRoom]:
    """Return the rooms of sessions that are over, newest end first, that nobody has closed yet."""
    over = LiveSession.objects.filter(state__in=LiveSession.OVER, room_closed_at__isnull=True)
    rows = over.order_by("-ended_at").values_list("id", "media_node", "room_id")[:100]
    return [OpenRoom(*row) for row in rows]


def find_open_room(*, session_id: UUID) -> OpenRoom | None:
    """Return the room of a session that is over, if it is still to be closed."""
    over = LiveSession.objects.filter(pk=session_id, state__in=LiveSession.OVER, room_closed_at__isnull=True)
    row = over.values_list("id", "media_node", "room_id").first()
    if row is None:
        return None
    talk = Talk.objects.filter(session_id=session_id).values_list("room_id", flat=True).first()
    theirs = [room for keeper in keepers() for room in keeper.other_rooms(session_id)]
    return OpenRoom(*row, other_rooms=tuple([talk, *theirs] if talk else theirs))


def note_room_closed(*, actor: Actor, now: datetime, session_id: UUID) -> list[UUID]:
    """The room is closed and its files are complete: hand each recorded stream over as evidence.

    Of another app's kind of session: what that app says. Returns the ids of the evidence items; doing it again does
    nothing.
    """
    session = lock_session(session_id)
    if session.room_closed_at is not None or not session.is_over:
        return []
    session.room_closed_at = now
    session.save(update_fields=["room_closed_at"])
    hand_over = hand_over_of(session.kind)
    if hand_over is not None:
        return hand_over(session, now)
    recorded = Stream.objects.filter(session_id=session_id, segments__isnull=False).distinct().order_by("admitted_at")
    return [_hand_over(actor, now, session, streams) for streams in _together(session, list(recorded))]


def _together(session: LiveSession, streams: list[Stream]) -> list[list[Stream]]:
    """Which streams are one recording: an aircraft begins anew by itself whenever anything is lost on its way."""
    is_flight = session.kind == LiveSession.Kind.FLIGHT
    return [streams] if is_flight and streams else [[stream] for stream in streams]


def _hand_over(actor: Actor, now: datetime, session: LiveSession, streams: list[Stream]) -> UUID:
    parts = [list(stream.segments.select_related("stream").order_by("started_at")) for stream in streams]
    segments = [segment for part in parts for segment in part]
    gaps = _gaps(parts)
    is_whole = not gaps and all(segment.confirmed_at and not segment.alarm_reason for segment in segments)
    return register_recording(
        actor=actor,
        now=now,
        session_id=session.id,
        stream_id=streams[0].id,
        later_stream_ids=[stream.id for stream in streams[1:]],
        incident_reference=session.incident.reference,
        category_code=session.incident.type.code,
        directory=f"{current_force().schema}/{session.id}",
        started_at=segments[0].started_at,
        ended_at=segments[-1].stopped_at or now,
        is_complete=is_whole,
        gaps=gaps,
    )


def _gaps(parts: list[list[RecordingSegment]]) -> list[dict[str, Any]]:
    """Return when recording was off, and what was lost, by the media server or between a recording's streams."""
    gaps = []
    for segments, after in zip_longest(parts, parts[1:]):
        gaps += [
            {"from": iso(before.stopped_at), "to": iso(next_one.started_at), "reason": "recording_off"}
            for before, next_one in pairwise(segments)
        ]
        gaps += _gap_at_end(segments[-1], after[0].started_at if after else None)
    return gaps


def _gap_at_end(last: RecordingSegment, again_at: datetime | None) -> list[dict[str, Any]]:
    """What is missing after a stream's last segment, until the next stream's first one where there is one."""
    stream = last.stream
    if stream.end_reason == "gateway_failed":
        written = last.last_growth_at or last.started_at
        return [{"from": iso(written), "to": iso(again_at or last.stopped_at), "reason": "media_server_lost"}]
    if again_at is None:
        return []
    stopped = last.stopped_at or again_at
    is_off = stream.ended_at is not None and stopped < stream.ended_at
    # Of a silent stream the end is noted long after its last picture.
    seen = min(stopped, stream.last_media_at or stopped) if stream.stalled_at else stopped
    reason = "recording_off" if is_off else "picture_lost"
    return [{"from": iso(stopped if is_off else seen), "to": iso(again_at), "reason": reason}]
