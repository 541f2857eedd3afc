"""Stop and caution: a participant became a suspect. What was recorded at that moment is set down; nothing else moves.

A caution neither starts nor stops a recording: it writes down what was.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from consultations.broadcasts import (
    tell_board_on_commit,
    tell_desk_on_commit,
    tell_inside_on_commit,
    tell_room_on_commit,
)
from consultations.models import Caution, Consultation, RecordingPart
from consultations.selectors import find_policy, open_part
from consultations.services.standing import lock_consultation, lock_person, note, refusals, require_leader
from forces.accounts.permissions import Permission, require
from forces.actors import Actor
from forces.audit.services import Operation
from forces.errors import InvalidInput, InvalidTransition, NotFound
from streams.services.sessions import end_session

MOST_REASON = 500
LEAST_REASON = 5


def state_caution(
    *, actor: Actor, now: datetime, session_id: UUID, participant_id: UUID, reason: str, goes_on: bool
) -> bool:
    """Set a caution down, as whoever leads; returns whether the call ended by it.

    Going on, everybody in the call reads the force's banner: nobody may be left in the belief to be a witness. Raises
    `NotLeader`, `NotFound`, `MeetingOver`, `InvalidInput` or `InvalidTransition`; a refusal is audited.
    """
    with refusals(actor, "consultation.caution", session_id, participant_id):
        consultation, participant = lock_person(session_id, participant_id)
        require_leader(actor, consultation)
        said = " ".join(reason.split())
        if participant.is_police or not LEAST_REASON <= len(said) <= MOST_REASON:
            raise InvalidInput("Say whom you cautioned and why, in 5 to 500 characters.", details={"field": "reason"})
        if consultation.state != Consultation.State.OPEN:
            raise InvalidTransition("The call is not open.")
        if Caution.objects.filter(participant=participant, lifted_at__isnull=True).exists():
            raise InvalidTransition("A caution of this person is set down already.")
    part = open_part(session_id)
    caution = Caution.objects.create(
        session_id=session_id,
        participant=participant,
        stated_by=actor.id,
        stated_by_name=actor.name,
        at=now,
        reason=said,
        recording=consultation.recording,
        recording_part=part.number if part else None,
        goes_on=goes_on,
    )
    detail = {"recording": str(caution.recording), "part": caution.recording_part, "goes_on": goes_on}
    note(actor, "consultation.caution", Operation.COLLECTION, consultation, participant, **detail)
    if not goes_on:
        end_session(actor=actor, now=now, session_id=session_id, reason=RecordingPart.Stop.CAUTION)
        return True
    tell_inside_on_commit(session_id, "caution.stated", text=find_policy().caution_text)
    tell_room_on_commit(session_id)
    tell_desk_on_commit(session_id, now=now)
    tell_board_on_commit(session_id)
    return False


def lift_caution(*, actor: Actor, now: datetime, session_id: UUID) -> None:
    """Take the standing caution off again, as a supervisor: it was set down of the wrong person, say.

    Raises `NotPermitted` or `NotFound`; a refusal is audited.
    """
    with refusals(actor, "caution.lift", session_id):
        require(actor, Permission.CONSULTATION_OVERSEE)
        consultation = lock_consultation(session_id)
        rows = Caution.objects.select_related("participant").filter(session_id=session_id, lifted_at__isnull=True)
        caution = rows.order_by("-at").first()
        if caution is None:
            raise NotFound("There is no caution to be lifted.")
    caution.lifted_at, caution.lifted_by = max(now, caution.at), actor.id
    caution.save(update_fields=["lifted_at", "lifted_by"])
    note(actor, "caution.lift", Operation.ALTERATION, consultation, caution.participant)
    tell_room_on_commit(session_id)
    tell_desk_on_commit(session_id, now=now)
