"""What was recorded of a call becomes one item of evidence, once its room is closed and its files are complete."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from uuid import UUID

from consultations.models import Feed, Participant, RecordingPart, TrackSegment
from evidence.services.intake import register_call
from forces.actors import Actor
from forces.context import current_force
from streams.models import LiveSession
from streams.shapes import Plain, iso

_actor = Actor.system("signalling")


def hand_over(session: LiveSession, now: datetime) -> list[UUID]:
    """Hand the recorded tracks of a session over as one item; returns its id, or nothing where none was recorded."""
    segments = list(
        TrackSegment.objects.select_related("feed", "participant")
        .filter(session_id=session.id)
        .order_by("participant__order", "participant_id", "started_at")
    )
    if not segments:
        return []
    parts = list(RecordingPart.objects.filter(session_id=session.id).order_by("number"))
    feeds = _feeds(segments)
    item_id = register_call(
        actor=_actor,
        now=now,
        session_id=session.id,
        feed_ids=[feed.id for feed in feeds],
        cast=[_role_of(feed, [one for one in segments if one.feed_id == feed.id]) for feed in feeds],
        incident_reference=session.incident.reference,
        category_code=session.incident.type.code,
        directory=f"{current_force().schema}/{session.id}",
        started_at=min(one.started_at for one in segments),
        ended_at=max(one.stopped_at or now for one in segments),
        is_complete=all(one.confirmed_at and not one.alarm_reason for one in segments) and len(parts) == 1,
        gaps=[
            {"from": iso(before.stopped_at), "to": iso(after.started_at), "reason": before.stop_reason}
            for before, after in pairwise(parts)
        ],
    )
    return [item_id]


def _feeds(segments: list[TrackSegment]) -> list[Feed]:
    """Return the recorded feeds, in the order in which people stand."""
    return list({one.feed_id: one.feed for one in segments}.values())


def _role_of(feed: Feed, segments: list[TrackSegment]) -> Plain:
    participant: Participant = segments[0].participant
    return {
        "feed_id": str(feed.id),
        "name": participant.display_name,
        "role": participant.role,
        "source": feed.source,
        "segments": [
            {"base": one.file_base, "from": iso(one.started_at), "to": iso(one.stopped_at)} for one in segments
        ],
    }
