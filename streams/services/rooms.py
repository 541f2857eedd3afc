"""Rooms of sessions that are over: closed once, and what was recorded in them handed over as evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from evidence.services.intake import register_recording
from forces.actors import Actor
from forces.context import current_force
from streams.models import LiveSession, RecordingSegment, Stream, Talk
from streams.selectors import iso
from streams.services.locks import lock_session


@dataclass(frozen=True, slots=True)
class OpenRoom:
    """A room of a session that is over, not closed yet. `room_id` is empty when there never was one.

    `talk_room_id` is that in which the control room spoke, if it ever did.
    """

    session_id: UUID
    node: str
    room_id: str
    talk_room_id: str = ""


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
    return OpenRoom(*row, talk_room_id=talk or "")


def note_room_closed(*, actor: Actor, now: datetime, session_id: UUID) -> list[UUID]:
    """The room is closed and its files are complete: hand each recorded stream over as evidence.

    Returns the ids of the evidence items; doing it again does nothing.
    """
    session = lock_session(session_id)
    if session.room_closed_at is not None or not session.is_over:
        return []
    session.room_closed_at = now
    session.save(update_fields=["room_closed_at"])
    recorded = Stream.objects.filter(session_id=session_id, segments__isnull=False).distinct()
    return [_hand_over(actor, now, session, stream) for stream in recorded]


def _hand_over(actor: Actor, now: datetime, session: LiveSession, stream: Stream) -> UUID:
    segments = list(stream.segments.select_related("stream").order_by("started_at"))
    gaps = _gaps(segments)
    is_whole = not gaps and all(segment.confirmed_at and not segment.alarm_reason for segment in segments)
    return register_recording(
        actor=actor,
        now=now,
        session_id=session.id,
        stream_id=stream.id,
        incident_reference=session.incident.reference,
        category_code=session.incident.type.code,
        directory=f"{current_force().schema}/{session.id}",
        started_at=segments[0].started_at,
        ended_at=segments[-1].stopped_at or now,
        is_complete=is_whole,
        gaps=gaps,
    )


def _gaps(segments: list[RecordingSegment]) -> list[dict[str, Any]]:
    """Return the times between segments, when the operator had recording off, and what a lost media server cost."""
    off = [
        {"from": iso(before.stopped_at), "to": iso(after.started_at), "reason": "recording_off"}
        for before, after in pairwise(segments)
    ]
    last = segments[-1]
    if last.stream.end_reason != "gateway_failed":
        return off
    written = last.last_growth_at or last.started_at
    return [*off, {"from": iso(written), "to": iso(last.stopped_at), "reason": "media_server_lost"}]
