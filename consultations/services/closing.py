"""The end of a consultation, whoever or whatever ended its session: rows of people, places, talks and messages."""

from __future__ import annotations

from datetime import datetime

from consultations.broadcasts import tell_board_on_commit, tell_desk_on_commit, tell_person_on_commit
from consultations.models import (
    Consultation,
    Message,
    MoveRequest,
    Participant,
    RecordingPart,
    TrackSegment,
)
from consultations.services.places import end_places
from consultations.services.segments import close_part, stop_tracks
from consultations.services.standing import seconds_between
from consultations.services.talks import end_session_talks
from forces.actors import Actor
from streams.models import LiveSession
from streams.shapes import Plain

CANCELLED = "cancelled"


def note_session_over(session: LiveSession, now: datetime) -> None:
    """A consultation is over with its session. The session's row is locked, and states the end already."""
    consultation = Consultation.objects.select_for_update().filter(pk=session.id).first()
    if consultation is None or consultation.is_over:
        return
    consultation.session = session
    system = Actor.system("consultations")
    is_caution = session.end_reason == RecordingPart.Stop.CAUTION
    stop = RecordingPart.Stop.CAUTION if is_caution else RecordingPart.Stop.CALL_OVER
    stop_tracks(actor=system, now=now, session_id=session.id)
    close_part(now=now, session_id=session.id, reason=stop)
    end_session_talks(now=now, session_id=session.id, reason="over")
    end_places(now=now, session_id=session.id, reason="over")
    consultation.refresh_from_db()
    consultation.figures = figures_of(consultation, now)
    consultation.finish(now, state=_state(consultation, session))
    consultation.save()
    _drop_messages(consultation)
    _close_people(now, consultation)
    tell_desk_on_commit(session.id, now=now)
    tell_board_on_commit(session.id)


def figures_of(consultation: Consultation, now: datetime) -> Plain:
    """Return what is counted of a consultation, of which nothing names a person; minutes and waits in whole numbers."""
    people = [one for one in Participant.objects.filter(session_id=consultation.session_id) if not one.is_police]
    waits = [seconds_between(one.ready_at, one.admitted_at) for one in people if one.ready_at and one.admitted_at]
    minutes = seconds_between(consultation.opened_at, now) // 60 if consultation.opened_at else 0
    return {
        "waited_s": waits,
        "minutes": minutes,
        "members": len(people),
        "roles": sorted(one.role for one in people),
        "languages": sorted({one.language for one in people}),
        "recorded": TrackSegment.objects.filter(session_id=consultation.session_id).exists(),
    }


def _state(consultation: Consultation, session: LiveSession) -> str:
    if consultation.state == Consultation.State.OPEN:
        return Consultation.State.ENDED
    return Consultation.State.CANCELLED if session.end_reason == CANCELLED else Consultation.State.MISSED


def _drop_messages(consultation: Consultation) -> None:
    """Nothing is sent any more of what was to come; that it was cancelled alone is told."""
    waiting = Message.objects.filter(session_id=consultation.session_id, state__in=Message.UNSENT)
    for message in waiting.exclude(kind=Message.Kind.CANCELLED):
        message.drop(reason="over")
        message.save()
    moves = MoveRequest.objects.filter(session_id=consultation.session_id, answered_at__isnull=True)
    moves.update(answered_at=consultation.over_at, answer=MoveRequest.Answer.KEPT, answered_by="system")


def _close_people(now: datetime, consultation: Consultation) -> None:
    was_held = consultation.state == Consultation.State.ENDED
    for participant in Participant.objects.filter(session_id=consultation.session_id):
        is_told = participant.state != Participant.State.REMOVED
        asks = was_held and participant.admitted_at is not None and not participant.is_police
        participant.finish()
        participant.save()
        if is_told:
            reason = "over" if was_held else str(consultation.state)
            tell_person_on_commit(participant.id, "call.ended", reason=reason, questions=asks)
