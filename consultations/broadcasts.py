"""What sockets are told when a unit of work has committed; the frames of `PROTOCOL.md`, written once.

Call these after the last save. A frame about the room states it whole, and carries the session's revision.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max

from consultations import desk_shapes, selectors, shapes
from consultations.models import Participant, Place, PrivateTalk, SilentSignal
from consultations.signs import heard_people
from forces.dispatch import broadcast_on_commit
from streams.broadcasts import advance_revision
from streams.shapes import Plain

BOARD = "consultations"


def meeting_topic(participant_id: UUID | str) -> str:
    """Return the topic of one person's own pages, a member's or an officer's."""
    return f"meeting.{participant_id}"


def desk_topic(session_id: UUID | str) -> str:
    """Return the topic of the officers' desks of a consultation."""
    return f"desk.{session_id}"


def tell_room_on_commit(session_id: UUID) -> Plain:
    """Tell everybody in the call, and the desks, how the room stands; returns that."""
    view = shapes.room_view(selectors.read_room(session_id), advance_revision(session_id))
    frame = {"type": "room.changed", **view}
    for place in selectors.list_call_places(session_id):
        broadcast_on_commit(meeting_topic(place.participant_id), {**frame, "place_id": str(place.id)})
    broadcast_on_commit(desk_topic(session_id), frame)
    return view


def tell_place_room_on_commit(place: Place) -> Plain:
    """Tell whoever is in the room of a place how it stands; returns that."""
    if place.purpose == Place.Purpose.CALL:
        return tell_room_on_commit(place.session_id)
    view = room_of_place(place, advance_revision(place.session_id))
    rows = Place.objects.filter(session_id=place.session_id, room_id=place.room_id, ended_at__isnull=True)
    for one in rows:
        frame = {"type": "room.changed", **view, "place_id": str(one.id)}
        broadcast_on_commit(meeting_topic(one.participant_id), frame)
    return view


def room_of_place(place: Place, revision: int) -> Plain:
    """Return the state of the room that a place is in."""
    if place.purpose == Place.Purpose.CALL:
        return shapes.room_view(selectors.read_room(place.session_id), revision)
    if place.talk is not None:
        return shapes.talk_room_view(selectors.read_talk_room(place.talk), revision)
    return shapes.talk_room_view(selectors.read_check_room(place), revision)


def meeting_of(participant: Participant, *, now: datetime) -> Plain:
    """Return the MeetingView of a person."""
    waiting = selectors.list_waiting(participant.session_id)
    return shapes.meeting_view(
        participant,
        selectors.find_consultation(participant.session_id),
        selectors.find_policy(),
        now=now,
        position=shapes.positions_of(waiting).get(participant.id),
        talk=selectors.find_talk_of(participant.id),
        others=selectors.list_people(participant.session_id),
    )


def tell_visit_on_commit(participant: Participant, *, now: datetime) -> None:
    """Tell a member's own pages how they stand; an officer's desk is told otherwise."""
    if not participant.is_police:
        frame = {"type": "meeting.changed", "meeting": meeting_of(participant, now=now)}
        broadcast_on_commit(meeting_topic(participant.id), frame)


def waiting_of(session_id: UUID) -> list[Plain]:
    """Return the waiting room as officers see it."""
    waiting = selectors.list_waiting(session_id)
    positions = shapes.positions_of(waiting)
    ids = [one.id for one in waiting]
    here = heard_people(ids)
    signals = SilentSignal.objects.filter(participant_id__in=ids).values("participant_id").annotate(at=Max("at"))
    signal_at = {row["participant_id"]: row["at"] for row in signals}
    return [
        shapes.waiting_view(
            one,
            position=positions.get(one.id, 0),
            is_here=one.id in here,
            talk=selectors.find_talk_of(one.id),
            signal_at=signal_at.get(one.id),
        )
        for one in waiting
    ]


def tell_waiting_on_commit(session_id: UUID, *, now: datetime) -> None:
    """Tell desks who waits, the board how many, and each who waits their position."""
    broadcast_on_commit(desk_topic(session_id), {"type": "waiting.changed", "waiting": waiting_of(session_id)})
    for participant in selectors.list_waiting(session_id):
        tell_visit_on_commit(participant, now=now)
    tell_desk_on_commit(session_id, now=now)
    tell_board_on_commit(session_id)


def tell_desk_on_commit(session_id: UUID, *, now: datetime) -> None:
    """Tell desks how a consultation stands."""
    desk = selectors.read_desk(session_id)
    view = desk_shapes.consultation_view(desk, advance_revision(session_id), now=now)
    broadcast_on_commit(desk_topic(session_id), {"type": "desk.changed", "consultation": view})


def tell_board_on_commit(session_id: UUID) -> None:
    """Tell the boards how a consultation stands."""
    row = selectors.board_rows().get(pk=session_id)
    frame = {"type": "board.changed", "row": desk_shapes.board_row(row, advance_revision(session_id))}
    broadcast_on_commit(BOARD, frame)


def tell_place_gone_on_commit(place: Place, reason: str) -> None:
    """Tell a person's pages that a place is over."""
    frame = {"type": "place.gone", "place_id": str(place.id), "reason": reason}
    broadcast_on_commit(meeting_topic(place.participant_id), frame)


def tell_person_on_commit(participant_id: UUID, type_: str, /, **fields: Any) -> None:
    """Tell one person's own pages something."""
    broadcast_on_commit(meeting_topic(participant_id), {"type": type_, **fields})


def tell_inside_on_commit(session_id: UUID, type_: str, /, **fields: Any) -> None:
    """Tell everybody who has a place in the call now something, and the desks."""
    for place in selectors.list_call_places(session_id):
        tell_person_on_commit(place.participant_id, type_, **fields)
    broadcast_on_commit(desk_topic(session_id), {"type": type_, **fields})


def tell_desks_on_commit(session_id: UUID, type_: str, /, **fields: Any) -> None:
    """Tell the desks of a consultation something."""
    broadcast_on_commit(desk_topic(session_id), {"type": type_, **fields})


def tell_signal_on_commit(signal: SilentSignal, seen_by_name: str = "") -> None:
    """Tell desks and boards of a silent signal, or that it was seen; nobody else."""
    view = shapes.signal_view(signal, seen_by_name)
    broadcast_on_commit(desk_topic(signal.session_id), {"type": "signal.sent", "signal": view})
    broadcast_on_commit(BOARD, {"type": "board.signal", "signal": view})


def tell_talk_on_commit(talk: PrivateTalk, reason: str) -> None:
    """Tell the two of a private talk that it is over, and where each goes back to."""
    for participant_id in (talk.first_id, talk.second_id):
        back_to = talk.from_of(participant_id)
        tell_person_on_commit(participant_id, "talk.ended", talk_id=str(talk.id), reason=reason, back_to=back_to)
