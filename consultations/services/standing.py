"""What every act of a consultation begins with: the session's lock, and the checks of who may."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from consultations.errors import MeetingOver, NotAdmitted, NotInside, NotLeader, PlaceOver, Removed, Stale, TalkOver
from consultations.models import Consultation, Participant, Place, PrivateTalk
from consultations.selectors import find_own_participant, find_participant
from forces.accounts.permissions import Permission, may, require
from forces.actors import Actor
from forces.audit.services import Operation, record, record_refusal
from forces.errors import DomainError, NotFound, NotPermitted
from streams.services.locks import lock_session

# What says nothing of who tried what: a page that was late, or in a hurry.
_UNRECORDED = frozenset({"stale", "rate_limited", "too_early"})


def lock_consultation(session_id: UUID) -> Consultation:
    """Return the consultation with its session locked to the end of the unit of work; raises `NotFound`."""
    session = lock_session(session_id)
    found = Consultation.objects.filter(pk=session_id).first()
    if found is None:
        raise NotFound("There is no such consultation.")
    found.session = session
    return found


def lock_going_on(session_id: UUID) -> Consultation:
    """`lock_consultation`, and raise `MeetingOver` when nothing more may happen in it."""
    found = lock_consultation(session_id)
    if found.is_over or found.session.is_over:
        raise MeetingOver
    return found


def lock_person(session_id: UUID, participant_id: UUID) -> tuple[Consultation, Participant]:
    """Return a consultation that goes on, locked, and one of its people. Raises `NotFound` or `MeetingOver`."""
    consultation = lock_going_on(session_id)
    return consultation, find_participant(session_id, participant_id)


def is_own(actor: Actor, participant: Participant) -> bool:
    """Whether the actor is this very person."""
    if participant.is_police:
        is_user = actor.kind == "user" and actor.id == participant.user_id
        return is_user and may(actor, Permission.CONSULTATION_RUN)
    return actor.kind == "caller" and actor.id == str(participant.id)


def require_own(actor: Actor, participant: Participant) -> None:
    """Raise `NotPermitted` unless the actor is this very person, `Removed` when they were put out."""
    if not is_own(actor, participant):
        raise NotPermitted
    if participant.state in (Participant.State.REMOVED, Participant.State.WITHDRAWN):
        raise Removed


def require_leader(actor: Actor, consultation: Consultation) -> None:
    """Raise `NotLeader` unless the actor leads the consultation."""
    require(actor, Permission.CONSULTATION_RUN)
    if actor.kind != "user" or actor.id != consultation.taken_by:
        raise NotLeader


def require_police_inside(actor: Actor, session_id: UUID) -> Participant:
    """Return the actor among the people; raises `NotInside` unless it is one of the police who was let in."""
    require(actor, Permission.CONSULTATION_RUN)
    own = find_own_participant(session_id, actor.id)
    if own is None or not own.is_police or not own.is_admitted:
        raise NotInside
    return own


def require_admission(participant: Participant, admission: int) -> None:
    """Raise `Stale` unless the page that acts knows how the person stands now."""
    if participant.admission != admission:
        raise Stale


def require_still(now: datetime, consultation: Consultation, place: Place) -> None:
    """Raise unless a place is open and its person may be there still; for what is added to it."""
    if place.is_over:
        raise PlaceOver
    if place.purpose == Place.Purpose.CALL and not place.participant.is_admitted:
        raise NotAdmitted
    if place.purpose == Place.Purpose.TALK and (place.talk is None or place.talk.state != PrivateTalk.State.ON):
        raise TalkOver
    if consultation.is_over:
        raise MeetingOver


def find_open_place(participant_id: UUID) -> Place | None:
    """Return a person's open place, whatever its purpose."""
    rows = Place.objects.select_related("participant", "talk")
    return rows.filter(participant_id=participant_id, ended_at__isnull=True).first()


def actor_of(participant: Participant) -> Actor:
    """Return a person as an actor, for what is audited of them whoever found it out."""
    if participant.is_police:
        return Actor(kind="user", id=participant.user_id, name=participant.name, role=participant.role)
    return Actor.caller(participant.id)


def note(
    actor: Actor,
    act: str,
    operation: Operation,
    consultation: Consultation,
    participant: Participant | None = None,
    **detail: Any,
) -> None:
    """Audit an act on a consultation, or on one of its people; `detail` holds no name and no text."""
    record(
        actor=actor,
        act=act,
        operation=operation,
        object_type="participant" if participant else "consultation",
        object_id=participant.id if participant else consultation.session_id,
        session_id=consultation.session_id,
        detail=detail or None,
    )


@contextmanager
def refusals(actor: Actor, act: str, session_id: UUID, participant_id: UUID | None = None) -> Iterator[None]:
    """Audit whatever refuses the act inside, but for what says nothing of who tried it."""
    try:
        yield
    except DomainError as error:
        if error.code not in _UNRECORDED:
            record_refusal(
                actor=actor,
                act=act,
                code=error.code,
                object_type="participant" if participant_id else "consultation",
                object_id=participant_id or session_id,
                session_id=session_id,
            )
        raise


def seconds_between(began: datetime, ended: datetime) -> int:
    """Return whole seconds, never fewer than none."""
    return max(0, round((ended - began).total_seconds()))
