"""The door between waiting room and call: letting in, sending away, putting back, removing, locking."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from consultations.broadcasts import (
    tell_board_on_commit,
    tell_desk_on_commit,
    tell_room_on_commit,
    tell_visit_on_commit,
    tell_waiting_on_commit,
)
from consultations.errors import NotAdmitted, NotWaiting, RoomFull, RoomLocked
from consultations.limits import MOST_INSIDE
from consultations.models import Consultation, Participant
from consultations.services.consenting import ask_newcomer
from consultations.services.effects import Effects, detaching
from consultations.services.places import end_place
from consultations.services.standing import (
    find_open_place,
    lock_consultation,
    lock_going_on,
    lock_person,
    note,
    refusals,
    require_admission,
    require_leader,
    require_police_inside,
)
from consultations.services.talks import end_talks_of
from forces.actors import Actor
from forces.audit.services import Operation
from forces.errors import InvalidInput
from streams.services.handles import HeldHandle
from streams.services.risk import check_risk

MOST_TEXT = 300


def admit_participant(
    *, actor: Actor, now: datetime, session_id: UUID, participant_id: UUID, admission: int
) -> Effects:
    """Let somebody in who waits. Returns what a recording that goes on is to do about it.

    Raises `NotInside`, `Stale`, `NotWaiting`, `RoomLocked`, `RoomFull`, `RiskUnanswered`, `RiskRefused` and the errors
    of `lock_person`; a refusal is audited.
    """
    with refusals(actor, "participant.admit", session_id, participant_id):
        consultation, participant = lock_person(session_id, participant_id)
        require_police_inside(actor, session_id)
        require_admission(participant, admission)
        require_room_for(consultation, participant)
        if not participant.is_police:
            check_risk(consultation.session)
    end_check = find_open_place(participant.id)
    left = end_place(now=now, place=end_check, reason="admitted") if end_check else []
    participant.admit(now, by=actor.id, by_name=actor.name)
    participant.save()
    note(actor, "participant.admit", Operation.COLLECTION, consultation, participant, role=participant.role)
    effects = detaching(left).plus(ask_newcomer(now, consultation, participant))
    _tell(now, participant)
    return effects


def require_room_for(consultation: Consultation, participant: Participant) -> None:
    """Raise unless somebody who waits may be let in now: of the state of person and room alone."""
    if participant.state != Participant.State.WAITING:
        raise NotWaiting
    if consultation.is_locked:
        raise RoomLocked
    if consultation.state != Consultation.State.OPEN:
        raise NotAdmitted
    require_not_full(consultation)


def require_not_full(consultation: Consultation) -> None:
    """Raise `RoomFull` where twelve people were let in already."""
    inside = Participant.objects.filter(session_id=consultation.session_id, state=Participant.State.ADMITTED)
    if inside.count() >= MOST_INSIDE:
        raise RoomFull


def send_away(
    *, actor: Actor, now: datetime, session_id: UUID, participant_id: UUID, admission: int, text: str
) -> Effects:
    """Ask somebody who waits to come another time, by the same link. Returns what is to be detached."""
    with refusals(actor, "participant.send_away", session_id, participant_id):
        consultation, participant = lock_person(session_id, participant_id)
        require_police_inside(actor, session_id)
        require_admission(participant, admission)
        if participant.state != Participant.State.WAITING:
            raise NotWaiting
        if len(text) > MOST_TEXT:
            raise InvalidInput("A message has 300 characters at most.", details={"field": "text"})
    left = _end_all(now, participant, "sent_away")
    participant.send_away(text=text.strip())
    participant.save()
    note(actor, "participant.send_away", Operation.ALTERATION, consultation, participant)
    _tell(now, participant)
    return detaching(left)


def put_back(*, actor: Actor, now: datetime, session_id: UUID, participant_id: UUID, admission: int) -> Effects:
    """Put somebody who was let in back into the waiting room. Returns what is to be detached."""
    with refusals(actor, "participant.put_back", session_id, participant_id):
        consultation, participant = lock_person(session_id, participant_id)
        require_police_inside(actor, session_id)
        require_admission(participant, admission)
        if not participant.is_admitted:
            raise NotAdmitted("This person is not in the call.")
        if participant.is_police and participant.user_id == consultation.taken_by:
            raise InvalidInput("Whoever leads stays inside. Hand over, or end the call.")
    left = return_to_waiting(actor=actor, now=now, consultation=consultation, participant=participant)
    return detaching(left)


def return_to_waiting(
    *, actor: Actor, now: datetime, consultation: Consultation, participant: Participant, reason: str = "put_back"
) -> list[HeldHandle]:
    """Somebody who was let in waits again, for whatever reason. Returns what is to be detached."""
    left = _end_all(now, participant, reason)
    participant.wait(now)
    participant.save()
    note(actor, "participant.put_back", Operation.ALTERATION, consultation, participant, reason=reason)
    _tell(now, participant)
    return left


def wait_again(*, now: datetime, session_id: UUID, participant_id: UUID) -> None:
    """Somebody was away from the call for so long that the phone may be in other hands: they wait to be let in."""
    consultation, participant = lock_person(session_id, participant_id)
    if participant.is_admitted and find_open_place(participant.id) is None:
        actor = Actor.system("watchdog")
        return_to_waiting(actor=actor, now=now, consultation=consultation, participant=participant, reason="long_away")


def list_who_waits() -> list[tuple[UUID, UUID]]:
    """Return (session, participant) of everybody who waits in the force."""
    waiting = Participant.objects.filter(state=Participant.State.WAITING, session__ended_at__isnull=True)
    return list(waiting.order_by().values_list("session_id", "id"))


def retell_waiting(*, now: datetime, session_id: UUID) -> None:
    """Tell desks who waits, where somebody's page has gone, or is back."""
    consultation = lock_consultation(session_id)
    if not consultation.is_over:
        tell_waiting_on_commit(session_id, now=now)


def remove_participant(
    *, actor: Actor, now: datetime, session_id: UUID, participant_id: UUID, admission: int, reason: str
) -> Effects:
    """Put somebody out for good: neither link, nor browser, nor telephone number leads back. For who leads alone.

    Returns what is to be detached, rows first: a page that ignores the news has nothing left to send to.
    """
    with refusals(actor, "participant.remove", session_id, participant_id):
        consultation, participant = lock_person(session_id, participant_id)
        require_leader(actor, consultation)
        require_admission(participant, admission)
        if participant.is_police and participant.user_id == actor.id:
            raise InvalidInput("You cannot remove yourself. Hand over, or end the call.")
        participant.remove(now, by=actor.id)
    left = _end_all(now, participant, "removed")
    participant.save()
    code = reason[:40] if reason.replace("_", "").isalnum() and reason.isascii() else ""
    note(actor, "participant.remove", Operation.ALTERATION, consultation, participant, reason=code)
    _tell(now, participant)
    return detaching(left)


def lock_room(*, actor: Actor, now: datetime, session_id: UUID, on: bool) -> None:
    """Let nobody else in, or again; for who leads alone. Said twice it changes nothing."""
    act = "consultation.lock" if on else "consultation.unlock"
    with refusals(actor, act, session_id):
        consultation = lock_going_on(session_id)
        require_leader(actor, consultation)
    if consultation.is_locked is on:
        return
    if on:
        consultation.lock(now, by=actor.id)
    else:
        consultation.unlock()
    consultation.save(update_fields=["is_locked", "locked_at", "locked_by"])
    note(actor, act, Operation.ALTERATION, consultation)
    tell_room_on_commit(session_id)
    tell_desk_on_commit(session_id, now=now)
    tell_board_on_commit(session_id)


def _end_all(now: datetime, participant: Participant, reason: str) -> list[HeldHandle]:
    """End a person's private talk and place."""
    left = end_talks_of(now=now, participant_id=participant.id, reason=reason)
    place = find_open_place(participant.id)
    if place is not None:
        left += end_place(now=now, place=place, reason=reason)
        participant.last_here_at = place.participant.last_here_at
        participant.hand_at = None
    return left


def _tell(now: datetime, participant: Participant) -> None:
    tell_visit_on_commit(participant, now=now)
    tell_room_on_commit(participant.session_id)
    tell_waiting_on_commit(participant.session_id, now=now)
