"""Rounds of questions about a recording: when one closes, what is recorded from then on, and what stops all of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from consultations import shapes
from consultations.broadcasts import (
    tell_board_on_commit,
    tell_desk_on_commit,
    tell_inside_on_commit,
    tell_room_on_commit,
)
from consultations.limits import ROUND_CLOSES_AFTER
from consultations.models import Consultation, ConsultationPolicy, Participant, Place, RecordingConsent, RecordingPart
from consultations.selectors import find_policy, open_part
from consultations.services.effects import Effects
from consultations.services.segments import close_part, plan_all, stop_tracks
from consultations.services.standing import lock_consultation, note
from forces.actors import Actor
from forces.audit.services import Operation

Recording = Consultation.Recording


def close_round_if_answered(*, now: datetime, consultation: Consultation) -> Effects:
    """Close the round of a locked consultation that asks, once every member inside has answered."""
    if consultation.recording != Recording.ASKING or _silent(consultation):
        return Effects()
    return _close(now, consultation)


def close_overdue_round(*, now: datetime, session_id: UUID) -> Effects:
    """Close a round that has asked for a minute: who is silent counts as no until they answer."""
    consultation = lock_consultation(session_id)
    asked_at = consultation.recording_asked_at
    if consultation.recording != Recording.ASKING or asked_at is None or asked_at > now - ROUND_CLOSES_AFTER:
        return Effects()
    return _close(now, consultation)


def list_overdue_rounds(*, now: datetime) -> list[UUID]:
    """Return the consultations whose round has asked for a minute."""
    rows = Consultation.objects.filter(recording=Recording.ASKING, recording_asked_at__lte=now - ROUND_CLOSES_AFTER)
    return list(rows.values_list("session_id", flat=True))


def stop_all(*, actor: Actor, now: datetime, consultation: Consultation, reason: str) -> Effects:
    """Stop whatever is recorded, or asked for, in a locked consultation; everybody inside is told."""
    session_id = consultation.session_id
    consultation.recording, consultation.recording_asked_at = Recording.OFF, None
    consultation.save(update_fields=["recording", "recording_asked_at"])
    halted = stop_tracks(actor=actor, now=now, session_id=session_id)
    close_part(now=now, session_id=session_id, reason=reason)
    note(actor, "recording.stop", Operation.COLLECTION, consultation, reason=reason)
    tell_inside_on_commit(session_id, "recording.changed", on=False, part=None, reason=reason)
    tell_room_on_commit(session_id)
    tell_desk_on_commit(session_id, now=now)
    tell_board_on_commit(session_id)
    return Effects(halt=tuple(halted))


def _close(now: datetime, consultation: Consultation) -> Effects:
    """From this one moment on everybody who agreed is recorded, and nobody before."""
    actor, session_id = Actor.system("recording"), consultation.session_id
    if find_policy().on_refusal == ConsultationPolicy.OnRefusal.STOP and not _all_agreed(consultation):
        return stop_all(actor=actor, now=now, consultation=consultation, reason=RecordingPart.Stop.REFUSED)
    consultation.recording, consultation.recording_asked_at = Recording.ON, None
    consultation.save(update_fields=["recording", "recording_asked_at"])
    plans = plan_all(now=now, session_id=session_id)
    note(actor, "recording.start", Operation.COLLECTION, consultation, tracks=len(plans))
    part = shapes.part_view(open_part(session_id))
    tell_inside_on_commit(session_id, "recording.changed", on=True, part=part, reason="started")
    tell_room_on_commit(session_id)
    tell_desk_on_commit(session_id, now=now)
    tell_board_on_commit(session_id)
    return Effects(record=tuple(plans))


def _members(consultation: Consultation) -> list[Participant]:
    rows = Place.objects.filter(session_id=consultation.session_id, purpose=Place.Purpose.CALL, ended_at__isnull=True)
    people = Participant.objects.filter(pk__in=rows.values("participant_id"))
    return [one for one in people if not one.is_police]


def _answers(consultation: Consultation) -> dict[UUID, str]:
    """Return the newest answer of each person of this recording; nothing of it where it was withdrawn."""
    rows = RecordingConsent.objects.filter(
        session_id=consultation.session_id, round__gte=consultation.started_round
    ).order_by("round")
    return {
        row.participant_id: "no" if row.answer == "yes" and row.withdrawn_at else row.answer
        for row in rows
        if row.answer
    }


def _silent(consultation: Consultation) -> bool:
    answers = _answers(consultation)
    return any(one.id not in answers for one in _members(consultation))


def _all_agreed(consultation: Consultation) -> bool:
    answers = _answers(consultation)
    return all(answers.get(one.id) == RecordingConsent.Answer.YES for one in _members(consultation))
