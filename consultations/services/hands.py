"""Raised hands, and the wish that somebody mutes themselves; nobody is ever unmuted by another."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from consultations.broadcasts import tell_person_on_commit, tell_room_on_commit
from consultations.errors import NotAdmitted
from consultations.models import Participant
from consultations.services.standing import (
    is_own,
    lock_person,
    note,
    refusals,
    require_leader,
    require_own,
    require_police_inside,
)
from forces.actors import Actor
from forces.audit.services import Operation


def raise_hand(*, actor: Actor, now: datetime, session_id: UUID, participant_id: UUID, up: bool) -> None:
    """Raise the own hand, or take it down; raised again it stays where it is in the queue."""
    _, participant = lock_person(session_id, participant_id)
    require_own(actor, participant)
    if not participant.is_admitted:
        raise NotAdmitted
    _set(participant, (participant.hand_at or now) if up else None)


def lower_hand(*, actor: Actor, now: datetime, session_id: UUID, participant_id: UUID) -> None:
    """Take somebody's hand down: their own, or as whoever leads."""
    with refusals(actor, "hand.lower", session_id, participant_id):
        consultation, participant = lock_person(session_id, participant_id)
        if not is_own(actor, participant):
            require_leader(actor, consultation)
    _set(participant, None)


def ask_to_mute(*, actor: Actor, now: datetime, session_id: UUID, participant_id: UUID) -> None:
    """Ask somebody in the call to mute themselves; an officer inside may. Whether they do is theirs."""
    with refusals(actor, "mute.ask", session_id, participant_id):
        consultation, participant = lock_person(session_id, participant_id)
        require_police_inside(actor, session_id)
        if not participant.is_admitted:
            raise NotAdmitted("This person is not in the call.")
    note(actor, "mute.ask", Operation.ALTERATION, consultation, participant)
    tell_person_on_commit(participant.id, "mute.asked", by_name=actor.name)


def _set(participant: Participant, hand_at: datetime | None) -> None:
    if participant.hand_at == hand_at:
        return
    participant.hand_at = hand_at
    participant.save(update_fields=["hand_at"])
    tell_room_on_commit(participant.session_id)
