"""Who leads a consultation: whoever takes it is in; every other officer waits like everybody else."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from consultations.broadcasts import (
    tell_board_on_commit,
    tell_desk_on_commit,
    tell_desks_on_commit,
    tell_room_on_commit,
    tell_visit_on_commit,
    tell_waiting_on_commit,
)
from consultations.errors import AlreadyOver, OtherUnit, Removed, RoomLocked, TooManyPeople
from consultations.limits import MOST_PEOPLE, NOBODY_LEADS_ALARM, NOBODY_LEADS_ENDS
from consultations.models import Consultation, Participant, Place
from consultations.selectors import find_own_participant, may_take
from consultations.services.effects import Effects, detaching
from consultations.services.entrance import require_not_full
from consultations.services.places import end_place
from consultations.services.recording import police_inside
from consultations.services.standing import (
    find_open_place,
    lock_consultation,
    lock_going_on,
    lock_person,
    note,
    refusals,
    require_leader,
    require_own,
)
from consultations.services.talks import end_talks_of
from forces.accounts.permissions import Permission, may, require
from forces.accounts.roles import Role
from forces.actors import Actor
from forces.audit.services import Operation
from forces.errors import InvalidInput
from streams.services.sessions import end_session


def take_consultation(*, actor: Actor, now: datetime, session_id: UUID) -> UUID:
    """Lead it from now on, and be in; the first time it opens. Returns the actor's own participant's id.

    The former leader stays inside as an officer. Raises `NotPermitted`, `OtherUnit`, `MeetingOver`, `RoomLocked` (but
    for a supervisor), `Removed`, `RoomFull` or `TooManyPeople`; a refusal is audited.
    """
    with refusals(actor, "consultation.take", session_id):
        require(actor, Permission.CONSULTATION_RUN)
        consultation = lock_going_on(session_id)
        if not may_take(actor, consultation):
            raise OtherUnit
        if consultation.is_locked and not may(actor, Permission.CONSULTATION_OVERSEE):
            raise RoomLocked
        own = find_own_participant(session_id, actor.id)
        if own is not None and own.state in (Participant.State.REMOVED, Participant.State.WITHDRAWN):
            raise Removed
        if own is None or not own.is_admitted:
            require_not_full(consultation)
        own = own or join_police(actor=actor, now=now, consultation=consultation)
    if consultation.taken_by == actor.id and own.is_admitted:
        return own.id
    own.lead(now, by_name=actor.name)
    own.save()
    is_first = consultation.take(now, by=actor.id, by_name=actor.name)
    consultation.nobody_comes_at = None
    consultation.save()
    _assign(actor, now, consultation, is_first=is_first)
    note(actor, "consultation.take", Operation.ALTERATION, consultation)
    if is_first:
        note(actor, "consultation.open", Operation.ALTERATION, consultation)
    tell_room_on_commit(session_id)
    tell_waiting_on_commit(session_id, now=now)
    return own.id


def join_police(*, actor: Actor, now: datetime, consultation: Consultation, name: str = "") -> Participant:
    """Make a signed-in user one of the people of a locked consultation; raises `TooManyPeople`."""
    people = Participant.objects.filter(session_id=consultation.session_id)
    if people.count() >= MOST_PEOPLE:
        raise TooManyPeople
    role = Participant.Role.SUPERVISOR if actor.role == Role.SUPERVISOR else Participant.Role.OFFICER
    return Participant.objects.create(
        session_id=consultation.session_id,
        role=role,
        user_id=actor.id,
        name=name or actor.name or actor.id,
        order=people.count(),
        added_at=now,
    )


def arrive_at_desk(*, actor: Actor, now: datetime, session_id: UUID) -> None:
    """An officer who was asked to come has opened the desk: they wait, like everybody else."""
    consultation = lock_consultation(session_id)
    own = find_own_participant(session_id, actor.id)
    comes = (Participant.State.INVITED, Participant.State.LEFT, Participant.State.SENT_AWAY)
    if own is None or consultation.is_over or consultation.is_locked or own.state not in comes:
        return
    own.wait(now)
    own.ready_at = own.ready_at or now
    own.save()
    note(actor, "participant.ready", Operation.COLLECTION, consultation, own)
    tell_waiting_on_commit(session_id, now=now)


def leave_call(*, actor: Actor, now: datetime, session_id: UUID, participant_id: UUID) -> Effects:
    """A person gives the own place up. Out of the call that is leaving; whoever leads is still expected back.

    Returns what is to be detached; without a place there is nothing to give up.
    """
    consultation, participant = lock_person(session_id, participant_id)
    require_own(actor, participant)
    place = find_open_place(participant.id)
    if place is None or place.purpose == Place.Purpose.TALK:
        return Effects()
    left = end_place(now=now, place=place, reason="left", is_told=False)
    is_leader = participant.is_police and participant.user_id == consultation.taken_by
    if place.purpose == Place.Purpose.CALL and not is_leader:
        _let_go(actor, now, consultation, participant)
    return detaching(left)


def leave(*, actor: Actor, now: datetime, session_id: UUID, participant_id: UUID) -> Effects:
    """A person leaves altogether, from call or waiting room; they can wait again. Returns what is to be detached."""
    consultation, participant = lock_person(session_id, participant_id)
    require_own(actor, participant)
    left = end_talks_of(now=now, participant_id=participant.id, reason="left")
    place = find_open_place(participant.id)
    left += end_place(now=now, place=place, reason="left", is_told=False) if place else []
    if participant.state in (Participant.State.WAITING, Participant.State.ADMITTED):
        _let_go(actor, now, consultation, participant)
    return detaching(left)


def end_consultation(*, actor: Actor, now: datetime, session_id: UUID, reason: str = "ended") -> None:
    """End it for all; for who leads, or a supervisor. Raises `NotLeader` or `AlreadyOver`; a refusal is audited."""
    with refusals(actor, "consultation.end", session_id):
        consultation = lock_consultation(session_id)
        if not may(actor, Permission.CONSULTATION_OVERSEE):
            require_leader(actor, consultation)
        if consultation.is_over:
            raise AlreadyOver
        if consultation.state != Consultation.State.OPEN:
            raise InvalidInput("A consultation that was not opened yet is cancelled, not ended.")
    note(actor, "consultation.end", Operation.ALTERATION, consultation)
    end_session(actor=actor, now=now, session_id=session_id, reason=reason if reason.isidentifier() else "ended")


def note_who_leads(*, now: datetime, session_id: UUID) -> str:
    """Look whether any of the police is in an open call; returns what is due: nothing, `stop` or `end`.

    After a minute without any, desks and boards are told and the recording has to stop; after five the call ends:
    members must not be left alone in it.
    """
    consultation = lock_consultation(session_id)
    if consultation.state != Consultation.State.OPEN:
        return ""
    if police_inside(session_id):
        if consultation.nobody_leads_since is not None:
            consultation.nobody_leads_since = None
            consultation.save(update_fields=["nobody_leads_since"])
            tell_desk_on_commit(session_id, now=now)
            tell_board_on_commit(session_id)
        return ""
    since = consultation.nobody_leads_since
    if since is None:
        consultation.nobody_leads_since = now
        consultation.save(update_fields=["nobody_leads_since"])
        return ""
    if not _members_inside(session_id):
        return ""
    if since > now - NOBODY_LEADS_ALARM:
        return ""
    tell_desks_on_commit(session_id, "alarm.raised", session_id=str(session_id), code="nobody_leads", message=ALARM)
    tell_board_on_commit(session_id)
    return "end" if since <= now - NOBODY_LEADS_ENDS else "stop"


def list_open() -> list[UUID]:
    """Return the consultations of the force that are open."""
    return list(Consultation.objects.filter(state=Consultation.State.OPEN).values_list("session_id", flat=True))


ALARM = "No officer is in this call. Come in, or it ends by itself."


def _members_inside(session_id: UUID) -> bool:
    rows = Place.objects.filter(session_id=session_id, purpose=Place.Purpose.CALL, ended_at__isnull=True)
    return rows.filter(participant__user_id="").exists()


def _assign(actor: Actor, now: datetime, consultation: Consultation, *, is_first: bool) -> None:
    session = consultation.session
    session.assign(actor.id, actor.name)
    session.attend()
    if is_first:
        session.open_call(now)
    session.save()


def _let_go(actor: Actor, now: datetime, consultation: Consultation, participant: Participant) -> None:
    participant.refresh_from_db()
    participant.leave()
    participant.save()
    note(actor, "participant.leave", Operation.ALTERATION, consultation, participant)
    tell_visit_on_commit(participant, now=now)
    tell_room_on_commit(consultation.session_id)
    tell_waiting_on_commit(consultation.session_id, now=now)
