"""Somebody asks for another time, and an officer answers; the time itself is changed by the booking alone."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from consultations import desk_shapes
from consultations.broadcasts import tell_board_on_commit, tell_desk_on_commit, tell_desks_on_commit
from consultations.models import Consultation, MoveRequest
from consultations.selectors import require_shown
from consultations.services.signals import police_of
from consultations.services.standing import lock_going_on, lock_person, note, refusals, require_own
from forces.actors import Actor
from forces.audit.services import Operation
from forces.errors import InvalidInput, InvalidTransition, NotFound
from streams.services.notices import notify_officer_on_commit

MOST_TEXT = 500


def ask_to_move(*, actor: Actor, now: datetime, session_id: UUID, participant_id: UUID, text: str) -> UUID:
    """Ask for another time; one wish at a time, until it is answered. Returns its id.

    Raises `NotPermitted`, `MeetingOver`, `InvalidTransition` or `InvalidInput`; a refusal is audited.
    """
    with refusals(actor, "consultation.move_ask", session_id, participant_id):
        consultation, participant = lock_person(session_id, participant_id)
        require_own(actor, participant)
        said = text.replace("\x00", "").strip()
        if not 1 <= len(said) <= MOST_TEXT:
            raise InvalidInput("Write 1 to 500 characters.", details={"field": "text"})
        if consultation.state != Consultation.State.PLANNED:
            raise InvalidTransition("It has begun already.")
        if MoveRequest.objects.filter(participant=participant, answered_at__isnull=True).exists():
            raise InvalidTransition("A wish of yours waits for its answer already.")
    move = MoveRequest.objects.create(session_id=session_id, participant=participant, text=said, asked_at=now)
    note(actor, "consultation.move_ask", Operation.COLLECTION, consultation, participant)
    for user_id in police_of(consultation):
        notify_officer_on_commit(user_id, "consultation", session_id, now=now)
    tell_desks_on_commit(session_id, "move.asked", move=desk_shapes.move_view(move))
    tell_desk_on_commit(session_id, now=now)
    tell_board_on_commit(session_id)
    return move.id


def answer_move(*, actor: Actor, now: datetime, session_id: UUID, move_id: UUID, answer: str) -> None:
    """Say what came of a wish: moved, or kept. Raises `OtherUnit`, `NotFound` or what the answer cannot be."""
    with refusals(actor, "consultation.move_answer", session_id):
        consultation = lock_going_on(session_id)
        require_shown(actor, consultation)
        move = MoveRequest.objects.filter(pk=move_id, session_id=session_id).first()
        if move is None:
            raise NotFound("There is no such wish.")
        if answer not in MoveRequest.Answer.values:
            raise InvalidInput("It was moved, or kept.", details={"field": "answer"})
        if move.answered_at is not None:
            raise InvalidTransition("This was answered already.")
    move.answer, move.answered_at, move.answered_by = answer, now, actor.id
    move.save()
    note(actor, "consultation.move_answer", Operation.ALTERATION, consultation, move.participant, answer=answer)
    tell_desk_on_commit(session_id, now=now)
    tell_board_on_commit(session_id)
