"""The one rule of who has a place in which room. Nothing else makes a place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from consultations.broadcasts import tell_place_room_on_commit
from consultations.errors import NotAdmitted, RoomFull, RoomLocked, TalkOver
from consultations.limits import BACK_WITHIN, CHECKS_PER_MINUTE, MOST_INSIDE, RETURN_WITHIN
from consultations.models import Consultation, Feed, Participant, Place, PrivateTalk, Reception
from consultations.selectors import up_feeds
from consultations.services.consenting import require_answered
from consultations.services.feeds import RoomFeed, room_feeds
from consultations.services.places import end_place
from consultations.services.standing import find_open_place, lock_person, note, refusals, require_own
from forces.actors import Actor
from forces.audit.services import Operation
from forces.context import current_force
from forces.errors import InvalidInput
from streams.services.handles import HeldHandle
from streams.services.rooms import pin_room
from streams.services.turns import take_turn
from streams.shapes import Plain

Purpose = Place.Purpose


@dataclass(frozen=True, slots=True)
class PlaceAdmission:
    """A place that may be taken: its room, what it may receive at once, and what the one before leaves behind.

    `is_other_room`: the leftovers are in another room, which has to be left before this one opens. `replaced_socket` is
    the page that had the place until now.
    """

    place_id: UUID
    feed_id: UUID
    reception_id: UUID | None
    session_id: UUID
    participant_id: UUID
    purpose: str
    node: str
    room_id: str
    leftovers: tuple[HeldHandle, ...]
    is_other_room: bool
    replaced_socket: str
    feeds: tuple[RoomFeed, ...]
    room: Plain


def admit_place(
    *,
    actor: Actor,
    now: datetime,
    session_id: UUID,
    participant_id: UUID,
    purpose: str,
    node: str,
    socket: str,
    talk_id: UUID | None = None,
) -> PlaceAdmission:
    """Let a person take a place; whatever place they had is ended.

    Raises `NotPermitted`, `Removed`, `MeetingOver`, `NotAdmitted`, `RoomLocked`, `RoomFull`, `ConsentUnanswered`,
    `TalkOver`, `TooOften` or `InvalidInput`; a refusal is audited.
    """
    with refusals(actor, "place.begin", session_id, participant_id):
        consultation, participant = lock_person(session_id, participant_id)
        require_own(actor, participant)
        talk = _require_room(now, consultation, participant, purpose, talk_id)
    before = find_open_place(participant.id)
    leftovers = end_place(now=now, place=before, reason="replaced", is_told=False) if before else []
    place = _make_place(now, consultation, participant, purpose, node, socket, talk)
    if purpose == Purpose.CALL:
        participant.last_here_at = now
        participant.save(update_fields=["last_here_at"])
    note(actor, "place.begin", Operation.COLLECTION, consultation, participant, purpose=purpose)
    camera = Feed.objects.create(
        session=consultation.session,
        place=place,
        participant=participant,
        purpose=purpose,
        source=Feed.Source.CAMERA,
        node=place.node,
        room_id=place.room_id,
        admitted_at=now,
    )
    feeds = room_feeds(up_feeds(session_id, place.room_id), but=(camera.id,))
    return PlaceAdmission(
        place_id=place.id,
        feed_id=camera.id,
        reception_id=_make_reception(now, place) if feeds else None,
        session_id=session_id,
        participant_id=participant.id,
        purpose=purpose,
        node=place.node,
        room_id=place.room_id,
        leftovers=tuple(leftovers),
        is_other_room=before is not None and before.room_id != place.room_id,
        replaced_socket=before.socket if before is not None and before.socket != socket else "",
        feeds=feeds,
        room=tell_place_room_on_commit(place),
    )


def _require_room(
    now: datetime, consultation: Consultation, participant: Participant, purpose: str, talk_id: UUID | None
) -> PrivateTalk | None:
    """Raise unless the person may be in the room of that purpose now; returns the private talk, if it is one."""
    if purpose == Purpose.CALL:
        _require_call(now, consultation, participant)
        return None
    if purpose == Purpose.CHECK:
        if participant.state not in Participant.BEFORE:
            raise NotAdmitted("The line is checked before joining.")
        take_turn("check", str(participant.id), now=now, per_minute=CHECKS_PER_MINUTE)
        return None
    if purpose != Purpose.TALK:
        raise InvalidInput("There is no such room.", details={"field": "purpose"})
    talk = PrivateTalk.objects.filter(pk=talk_id, session_id=consultation.session_id).first() if talk_id else None
    if talk is None or not talk.has(participant.id) or talk.state != PrivateTalk.State.ON:
        raise TalkOver
    return talk


def _require_call(now: datetime, consultation: Consultation, participant: Participant) -> None:
    if consultation.state != Consultation.State.OPEN or not participant.is_admitted:
        raise NotAdmitted
    calls = Place.objects.filter(session_id=consultation.session_id, purpose=Purpose.CALL)
    last = calls.filter(participant=participant).order_by("-begun_at").first()
    is_here = last is not None and not last.is_over
    if not is_here and _is_long_gone(now, consultation, participant):
        raise NotAdmitted
    is_out = not is_here and not _is_just_gone(now, last, participant)
    if consultation.is_locked and is_out and not leads(consultation, participant):
        raise RoomLocked
    if calls.filter(ended_at__isnull=True).exclude(participant=participant).count() >= MOST_INSIDE:
        raise RoomFull
    require_answered(consultation, participant)


def leads(consultation: Consultation, participant: Participant) -> bool:
    """Whether this person leads: no lock of theirs keeps them out."""
    return participant.is_police and participant.user_id == consultation.taken_by


def _is_long_gone(now: datetime, consultation: Consultation, participant: Participant) -> bool:
    """Whether somebody else may hold the phone by now; whoever leads is known by their sign-in."""
    if leads(consultation, participant):
        return False
    seen = participant.last_here_at
    return seen is not None and seen < now - RETURN_WITHIN


def _is_just_gone(now: datetime, last: Place | None, participant: Participant) -> bool:
    """Whether the person was in the locked room a moment ago, or was let in before it was locked."""
    if last is not None and last.ended_at is not None:
        in_talk = Place.objects.filter(participant=participant, purpose=Purpose.TALK, ended_at__gte=now - BACK_WITHIN)
        return last.ended_at > now - BACK_WITHIN or in_talk.exists()
    return last is None and participant.admitted_at is not None and participant.admitted_at > now - BACK_WITHIN


def _make_place(
    now: datetime,
    consultation: Consultation,
    participant: Participant,
    purpose: str,
    node: str,
    socket: str,
    talk: PrivateTalk | None,
) -> Place:
    pin_room(consultation.session, node)
    place = Place(
        session=consultation.session,
        participant=participant,
        purpose=purpose,
        talk=talk,
        node=consultation.session.media_node,
        socket=socket,
        begun_at=now,
    )
    rooms = {
        Purpose.CALL: consultation.session.room_id,
        Purpose.TALK: talk.room_id if talk else "",
        Purpose.CHECK: f"{current_force().schema}-k-{place.id}",
    }
    place.room_id = rooms[Purpose(purpose)]
    place.save(force_insert=True)
    return place


def _make_reception(now: datetime, place: Place) -> UUID:
    made = Reception.objects.create(
        session_id=place.session_id, place=place, node=place.node, room_id=place.room_id, admitted_at=now
    )
    return made.id
