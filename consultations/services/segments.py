"""Tracks that are recorded: who may be, since when each is, and whether its file really grows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max

from consultations.broadcasts import tell_desks_on_commit, tell_room_on_commit
from consultations.models import (
    Consultation,
    ConsultationPolicy,
    Feed,
    Participant,
    Place,
    RecordingConsent,
    RecordingPart,
    TrackSegment,
)
from consultations.selectors import find_policy, open_part
from consultations.services.effects import TrackPlan
from forces.actors import Actor
from forces.audit.services import Operation, record
from streams.services.handles import HeldHandle
from streams.services.locks import lock_session

State = TrackSegment.State
HEADER_BYTES = 8
CONFIRM_WITHIN = timedelta(seconds=3)
GROWS_WITHIN = timedelta(seconds=5)
ALARMS = {
    "recording_not_growing": "A recording has not started: nothing is being written.",
    "recording_stopped_growing": "A recording has stopped: nothing is being written any more.",
    "recording_no_space": "The recording has stopped: there is no room left on its disk.",
    "recording_refused": "A recording could not be started.",
    "recording_goes_on": "A recording went on that should have stopped; the person was put out to stop it.",
}


@dataclass(frozen=True, slots=True)
class OpenTrack:
    """A recording that goes on, for whoever looks at its files."""

    segment_id: UUID
    session_id: UUID
    feed_id: UUID
    file_base: str
    place: HeldHandle | None
    started_at: datetime


def is_agreed(consultation: Consultation, participant: Participant, policy: ConsultationPolicy) -> bool:
    """Whether a person's tracks may be recorded: police by order, members by what they said of this recording.

    Where a force pauses at each newcomer, the answer has to be one of the present round.
    """
    if participant.is_police:
        return True
    since = (
        consultation.recording_round
        if policy.when_joined == ConsultationPolicy.WhenJoined.PAUSES
        else consultation.started_round
    )
    said = RecordingConsent.objects.filter(participant=participant, round__gte=since, withdrawn_at__isnull=True)
    return said.filter(answer=RecordingConsent.Answer.YES).exists()


def plan_for_feed(*, now: datetime, feed: Feed) -> TrackPlan | None:
    """Let a live feed of a locked session be recorded where that is wanted and agreed to; None otherwise."""
    consultation = Consultation.objects.get(pk=feed.session_id)
    is_on = consultation.recording == Consultation.Recording.ON and feed.purpose == Place.Purpose.CALL
    if not is_on or feed.state not in Feed.FLOWING or not is_agreed(consultation, feed.participant, find_policy()):
        return None
    if feed.segments.exclude(state=State.STOPPED).exists():
        return None
    part = open_part(feed.session_id) or _open_part(now, feed.session_id)
    number = feed.segments.count() + 1
    segment = TrackSegment.objects.create(
        session_id=feed.session_id,
        feed=feed,
        participant=feed.participant,
        part=part,
        file_base=f"{feed.id}-{number}",
        started_at=now,
    )
    _record(Actor.system("recording"), "recording.start", segment)
    tell_room_on_commit(feed.session_id)
    return TrackPlan(segment.id, feed.id, segment.file_base, _handle(feed))


def plan_all(*, now: datetime, session_id: UUID, participant_id: UUID | None = None) -> list[TrackPlan]:
    """Let all live feeds of a call, or those of one person, be recorded where that is agreed to."""
    rows = Feed.objects.select_related("participant").filter(
        session_id=session_id, purpose=Place.Purpose.CALL, state__in=Feed.FLOWING
    )
    if participant_id is not None:
        rows = rows.filter(participant_id=participant_id)
    return [plan for feed in rows if (plan := plan_for_feed(now=now, feed=feed)) is not None]


def stop_segment_of(*, actor: Actor, now: datetime, feed: Feed) -> bool:
    """Close what is being recorded of a feed of a locked session; returns whether anything was."""
    is_any = False
    for segment in feed.segments.exclude(state=State.STOPPED):
        segment.stop(now)
        segment.save()
        _record(actor, "recording.stop", segment)
        is_any = True
    return is_any


def stop_tracks(
    *, actor: Actor, now: datetime, session_id: UUID, participant_id: UUID | None = None
) -> list[HeldHandle]:
    """Close what is being recorded of a call, or of one person. Returns the places whose recording is to be stopped."""
    rows = Feed.objects.select_related("participant").filter(session_id=session_id).exclude(state=Feed.State.ENDED)
    if participant_id is not None:
        rows = rows.filter(participant_id=participant_id)
    halted = []
    for feed in rows:
        held = _handle(feed)
        if stop_segment_of(actor=actor, now=now, feed=feed) and held is not None:
            halted.append(held)
    return halted


def close_part(*, now: datetime, session_id: UUID, reason: str) -> bool:
    """The part that is being recorded is over; returns whether there was one."""
    part = open_part(session_id)
    if part is None:
        return False
    part.stopped_at, part.stop_reason = max(now, part.started_at), reason
    part.save(update_fields=["stopped_at", "stop_reason"])
    return True


def list_open_tracks() -> list[OpenTrack]:
    """Return the recordings of this force that go on."""
    rows = TrackSegment.objects.select_related("feed").exclude(state=State.STOPPED)
    return [
        OpenTrack(row.id, row.session_id, row.feed_id, row.file_base, _handle(row.feed), row.started_at) for row in rows
    ]


def list_unrecorded_feeds() -> list[tuple[UUID, UUID, HeldHandle]]:
    """Return (session, feed, place) of feeds that were recorded, go on, and are not to be recorded now."""
    rows = Feed.objects.filter(segments__isnull=False).exclude(state=Feed.State.ENDED)
    quiet = rows.exclude(segments__state__in=(State.STARTING, State.RECORDING, State.ALARM)).distinct()
    return [(feed.session_id, feed.id, held) for feed in quiet if (held := _handle(feed)) is not None]


def note_track_growth(*, now: datetime, segment_id: UUID, bytes_seen: int) -> None:
    """Take in the size of a track's files, in bytes: confirm it, raise the alarm, or call it off.

    Any file of the feed counts: who sends sound alone writes no video.
    """
    session_id = TrackSegment.objects.values_list("session_id", flat=True).get(pk=segment_id)
    lock_session(session_id)
    segment = TrackSegment.objects.select_related("feed").get(pk=segment_id)
    if segment.state == State.STOPPED:
        return
    if bytes_seen > max(segment.bytes_seen, HEADER_BYTES):
        is_news = segment.state != State.RECORDING
        segment.bytes_seen, segment.last_growth_at = bytes_seen, now
        segment.confirmed_at = segment.confirmed_at or now
        segment.state = State.RECORDING
        segment.save()
        if is_news:
            tell_room_on_commit(session_id)
    elif segment.state != State.ALARM and (code := _missing_growth(now, segment)):
        _alarm(now, segment, code)


def raise_track_alarm(*, now: datetime, segment_id: UUID, code: str) -> None:
    """Put a track's recording into alarm; `code` is one of `ALARMS`."""
    session_id = TrackSegment.objects.values_list("session_id", flat=True).get(pk=segment_id)
    lock_session(session_id)
    segment = TrackSegment.objects.get(pk=segment_id)
    if segment.state not in (State.STOPPED, State.ALARM):
        _alarm(now, segment, code)


def tell_alarm(*, session_id: UUID, code: str) -> None:
    """Raise an alarm at the desks of a consultation that no segment stands for."""
    tell_desks_on_commit(session_id, "alarm.raised", session_id=str(session_id), code=code, message=ALARMS[code])


def _open_part(now: datetime, session_id: UUID) -> RecordingPart:
    last = RecordingPart.objects.filter(session_id=session_id).aggregate(last=Max("number"))["last"] or 0
    return RecordingPart.objects.create(session_id=session_id, number=last + 1, started_at=now)


def _missing_growth(now: datetime, segment: TrackSegment) -> str:
    """Return the alarm that is due, or nothing. Of whom nothing arrives, nothing is written."""
    if segment.feed.state != Feed.State.LIVE:
        return ""
    known = segment.last_growth_at or segment.started_at
    waited = now - max(known, segment.feed.last_media_at or known)
    if segment.last_growth_at is None:
        return "recording_not_growing" if waited >= CONFIRM_WITHIN else ""
    return "recording_stopped_growing" if waited >= GROWS_WITHIN else ""


def _alarm(now: datetime, segment: TrackSegment, code: str) -> None:
    segment.state, segment.alarm_reason, segment.alarm_at = State.ALARM, code, now
    segment.save(update_fields=["state", "alarm_reason", "alarm_at"])
    _record(Actor.system("watchdog"), "recording.alarm", segment, code=code)
    tell_alarm(session_id=segment.session_id, code=code)


def _handle(feed: Feed) -> HeldHandle | None:
    if feed.gateway_session is None or feed.gateway_handle is None:
        return None
    return HeldHandle("feed", feed.id, feed.node, feed.gateway_session, feed.gateway_handle)


def _record(actor: Actor, act: str, segment: TrackSegment, **detail: str) -> None:
    record(
        actor=actor,
        act=act,
        operation=Operation.COLLECTION,
        object_type="segment",
        object_id=segment.id,
        session_id=segment.session_id,
        detail=detail or None,
    )
