"""Who agrees to be recorded: what each person was asked, what they answered, and how they take it back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from consultations import shapes
from consultations.broadcasts import tell_desk_on_commit, tell_person_on_commit, tell_room_on_commit
from consultations.errors import ConsentUnanswered, RoundOver
from consultations.models import Consultation, ConsultationPolicy, Participant, Place, RecordingConsent, RecordingPart
from consultations.selectors import find_policy, find_recording_wording, usable_wordings
from consultations.services.effects import Effects
from consultations.services.rounds import close_round_if_answered, stop_all
from consultations.services.segments import plan_all, stop_tracks
from consultations.services.standing import lock_person, note, refusals, require_own
from forces.actors import Actor
from forces.audit.services import Operation
from forces.errors import InvalidInput
from streams.services.consent import WordingOutdated
from streams.shapes import Plain

Answer = RecordingConsent.Answer
Why = RecordingConsent.Why


def require_answered(consultation: Consultation, participant: Participant) -> None:
    """Raise `ConsentUnanswered` where a recording is asked for or goes on, and a member has said neither yes nor no.

    Whoever answered of this recording before comes back with the same answer.
    """
    due = due_question(consultation, participant, is_at_door=True)
    if due is not None:
        raise ConsentUnanswered(details=due)


def due_question(consultation: Consultation, participant: Participant, *, is_at_door: bool = False) -> Plain | None:
    """Return {round, why, wording} of what a person is to answer now, or None.

    `is_at_door`: what stands between them and the room, which a question about somebody who came in later does not.
    """
    if participant.is_police or not consultation.is_recording:
        return None
    said = RecordingConsent.objects.filter(participant=participant, round__gte=consultation.started_round)
    if said.exclude(answer="").exists() and (is_at_door or not _is_asked(consultation, participant)):
        return None
    row = RecordingConsent.objects.filter(participant=participant, round=consultation.recording_round).first()
    return question_of(consultation, participant, row.why if row else Why.JOINED)


def question_of(consultation: Consultation, participant: Participant, why: str) -> Plain:
    """Return what a person is asked, in their own language where the force has its words."""
    wording = shapes.wording_view(find_recording_wording(participant.language))
    return {"round": consultation.recording_round, "why": str(why), "wording": wording}


def answer_consent(
    *,
    actor: Actor,
    now: datetime,
    session_id: UUID,
    participant_id: UUID,
    round_number: int,
    answer: str,
    wording_version: int,
    language: str,
) -> Effects:
    """Keep a member's yes or no of the present round. Returns what is to be recorded, or no longer.

    Raises `NotPermitted`, `MeetingOver`, `RoundOver`, `WordingOutdated` or `InvalidInput`; a refusal is audited.
    """
    with refusals(actor, "consent.answer", session_id, participant_id):
        consultation, participant = lock_person(session_id, participant_id)
        require_own(actor, participant)
        if participant.is_police or answer not in Answer.values:
            raise InvalidInput("There is nothing to be answered here.", details={"field": "answer"})
        if not consultation.is_recording or round_number != consultation.recording_round:
            raise RoundOver
        if not usable_wordings().filter(version=wording_version, language=language).exists():
            raise WordingOutdated
    row, _ = RecordingConsent.objects.get_or_create(
        participant=participant,
        round=round_number,
        defaults={"session_id": session_id, "why": Why.JOINED, "asked_at": now},
    )
    _close_standing(now, participant, but=row.id)
    row.say(now, answer=answer, wording_version=wording_version, language=language)
    row.save()
    given = answer == Answer.YES
    act = "consent.give" if given else "consent.refuse"
    detail = {"round": round_number, "wording_version": wording_version, "language": language}
    note(actor, act, Operation.COLLECTION, consultation, participant, **detail)
    return _follow(actor, now, consultation, participant, is_given=given, reason=RecordingPart.Stop.REFUSED)


def withdraw_recording_consent(*, actor: Actor, now: datetime, session_id: UUID, participant_id: UUID) -> Effects:
    """Take a yes back: what is being recorded of the person stops now; what was recorded stays. Twice is fine."""
    consultation, participant = lock_person(session_id, participant_id)
    require_own(actor, participant)
    if not _close_standing(now, participant):
        return Effects()
    note(actor, "consent.withdraw", Operation.COLLECTION, consultation, participant)
    return _follow(actor, now, consultation, participant, is_given=False, reason=RecordingPart.Stop.WITHDRAWN)


def ask_everybody(now: datetime, consultation: Consultation, why: str, *, but: UUID | None = None) -> None:
    """Ask every member inside, but one, in the present round of a locked consultation."""
    for participant in members_inside(consultation.session_id):
        if participant.id != but:
            _ask(now, consultation, participant, why)


def ask_newcomer(now: datetime, consultation: Consultation, participant: Participant) -> Effects:
    """Somebody was let in while a recording is asked for, or goes on: they are asked, and everybody inside again.

    Returns what is to be stopped, where the force pauses the recording until they have answered.
    """
    if participant.is_police or not consultation.is_recording:
        return Effects()
    effects = Effects()
    if consultation.recording == Consultation.Recording.ON:
        consultation.recording_round += 1
        consultation.save(update_fields=["recording_round"])
        ask_everybody(now, consultation, Why.SOMEONE_JOINED, but=participant.id)
        if find_policy().when_joined == ConsultationPolicy.WhenJoined.PAUSES:
            effects = _pause(now, consultation, participant)
    _ask(now, consultation, participant, Why.JOINED)
    tell_desk_on_commit(consultation.session_id, now=now)
    return effects


def members_inside(session_id: UUID) -> list[Participant]:
    """Return the members who have a place in the call now."""
    inside = Place.objects.filter(session_id=session_id, purpose=Place.Purpose.CALL, ended_at__isnull=True)
    people = Participant.objects.filter(pk__in=inside.values("participant_id"))
    return [one for one in people if not one.is_police]


def _ask(now: datetime, consultation: Consultation, participant: Participant, why: str) -> None:
    RecordingConsent.objects.get_or_create(
        participant=participant,
        round=consultation.recording_round,
        defaults={"session_id": consultation.session_id, "why": why, "asked_at": now},
    )
    tell_person_on_commit(participant.id, "consent.asked", **question_of(consultation, participant, why))


def _is_asked(consultation: Consultation, participant: Participant) -> bool:
    rows = RecordingConsent.objects.filter(participant=participant, round=consultation.recording_round)
    return rows.filter(answer="").exists()


def _close_standing(now: datetime, participant: Participant, *, but: UUID | None = None) -> int:
    """Whatever yes stood stands no more: it was taken back, or a later answer takes its place."""
    rows = RecordingConsent.objects.filter(participant=participant, answer=Answer.YES, withdrawn_at__isnull=True)
    closed = 0
    for row in rows.exclude(pk=but) if but else rows:
        row.withdraw(now)
        row.save(update_fields=["withdrawn_at"])
        closed += 1
    return closed


def _follow(
    actor: Actor, now: datetime, consultation: Consultation, participant: Participant, *, is_given: bool, reason: str
) -> Effects:
    """Do what an answer means for what is being recorded."""
    session_id, is_on = consultation.session_id, consultation.recording == Consultation.Recording.ON
    effects = Effects()
    if not is_given and find_policy().on_refusal == ConsultationPolicy.OnRefusal.STOP and consultation.is_recording:
        effects = stop_all(actor=actor, now=now, consultation=consultation, reason=reason)
    elif not is_given:
        effects = Effects(
            halt=tuple(stop_tracks(actor=actor, now=now, session_id=session_id, participant_id=participant.id))
        )
    elif is_on:
        effects = Effects(record=tuple(plan_all(now=now, session_id=session_id, participant_id=participant.id)))
    if consultation.recording == Consultation.Recording.ASKING:
        effects = effects.plus(close_round_if_answered(now=now, consultation=consultation))
    tell_room_on_commit(session_id)
    tell_desk_on_commit(session_id, now=now)
    return effects


def _pause(now: datetime, consultation: Consultation, newcomer: Participant) -> Effects:
    halted = []
    for participant in members_inside(consultation.session_id):
        if participant.id != newcomer.id:
            halted += stop_tracks(
                actor=Actor.system("recording"),
                now=now,
                session_id=consultation.session_id,
                participant_id=participant.id,
            )
    return Effects(halt=tuple(halted))
