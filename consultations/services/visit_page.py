"""What a person's page, or an officer's desk, is given when its socket opens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from consultations import desk_shapes, selectors, shapes
from consultations.broadcasts import meeting_of, waiting_of
from consultations.errors import NotAdmitted
from consultations.limits import CHECKS_PER_MINUTE
from consultations.models import Participant, PrivateTalk
from consultations.services.consenting import due_question
from consultations.services.standing import find_open_place, lock_person, note, refusals, require_own
from consultations.services.uploading import list_files
from consultations.services.visiting import Visitor, admit_visitor, choose_language
from consultations.tickets import MeetingTicket
from forces.accounts.permissions import Permission, may, require
from forces.actors import Actor
from forces.audit.services import Operation
from streams.services.turns import take_turn
from streams.shapes import Plain


@dataclass(frozen=True, slots=True)
class TalkNow:
    """The private talk that a person is asked for, or in, for a page that knows nothing of it."""

    talk_id: UUID
    is_on: bool
    is_asked: bool
    other: Plain


@dataclass(frozen=True, slots=True)
class VisitPage:
    """The parts of `meeting.state`, less the ICE servers."""

    visitor: Visitor
    meeting: Plain
    seat: Plain | None
    messages: list[Plain]
    uploads: list[Plain]
    wording: Plain | None
    talk: TalkNow | None

    @property
    def is_inside(self) -> bool:
        """Whether the person may have a place in the call, and addresses may be exchanged."""
        return self.visitor.state == Participant.State.ADMITTED


@dataclass(frozen=True, slots=True)
class DeskPage:
    """The parts of `desk.snapshot`, less the ICE servers."""

    consultation: Plain
    me: Plain
    waiting: list[Plain]
    room: Plain
    messages: list[Plain]
    uploads: list[Plain]
    signals: list[Plain]
    talk: TalkNow | None
    participant_id: UUID | None

    @property
    def is_inside(self) -> bool:
        """Whether the officer may have a place in the call."""
        return str(self.me["state"]) == Participant.State.ADMITTED


def open_visit_page(*, now: datetime, ticket: MeetingTicket, request_id: str, language: str = "") -> VisitPage:
    """Admit a ticket and read its page; a `language` that its browser chose becomes the person's.

    Raises the errors of `admit_visitor`.
    """
    visitor = admit_visitor(now=now, ticket=ticket, request_id=request_id)
    if language and language != visitor.language:
        ids = {"session_id": visitor.session_id, "participant_id": visitor.participant_id}
        choose_language(actor=visitor.actor, now=now, language=language, **ids)
    return _read(now, visitor, language)


def read_visit_page(*, now: datetime, ticket: MeetingTicket, request_id: str, language: str = "") -> VisitPage:
    """Admit a ticket and read its page, worded in a `language`; nothing changes. Raises as `admit_visitor`."""
    return _read(now, admit_visitor(now=now, ticket=ticket, request_id=request_id), language)


def require_runner(*, actor: Actor) -> None:
    """Raise `NotPermitted`, audited, unless a user may run consultations at all."""
    require(actor, Permission.CONSULTATION_RUN)


def board_team(*, actor: Actor) -> str | None:
    """Return whose team's board an officer sees; None where it is every team's."""
    return None if actor.role in selectors.ROOM_ROLES else selectors.team_of(actor)


def require_desk(*, actor: Actor, session_id: UUID) -> dict[str, bool]:
    """Return {may_take, may_oversee} of a user who may see the desk; a refusal is audited.

    Raises `NotPermitted`, `OtherUnit` or `NotFound`.
    """
    with refusals(actor, "consultation.view", session_id):
        consultation = selectors.find_consultation(session_id)
        selectors.require_shown(actor, consultation)
    return {
        "may_take": selectors.may_take(actor, consultation),
        "may_oversee": may(actor, Permission.CONSULTATION_OVERSEE),
    }


def open_desk_page(*, actor: Actor, now: datetime, session_id: UUID) -> DeskPage:
    """Return what a desk shows; the reading is audited. Raises `NotPermitted`, `OtherUnit` or `NotFound`."""
    rights = require_desk(actor=actor, session_id=session_id)
    consultation = selectors.find_consultation(session_id)
    note(actor, "consultation.view", Operation.CONSULTATION, consultation)
    revision = consultation.session.revision
    view = desk_shapes.consultation_view(selectors.read_desk(session_id), revision, now=now)
    own = selectors.find_own_participant(session_id, actor.id)
    return DeskPage(
        consultation=view,
        me=desk_shapes.own_view(actor, view, **rights),
        waiting=waiting_of(session_id),
        room=shapes.room_view(selectors.read_room(session_id), revision),
        messages=[shapes.said_view(one) for one in selectors.list_said(session_id)],
        uploads=list_files(session_id),
        signals=[shapes.signal_view(one) for one in selectors.list_signals(session_id)],
        talk=talk_now(own.id) if own else None,
        participant_id=own.id if own else None,
    )


def require_servers(*, actor: Actor, now: datetime, session_id: UUID, participant_id: UUID) -> None:
    """Raise `NotAdmitted` unless a person may have a place now, in the call or in a private talk."""
    with refusals(actor, "seat.servers", session_id, participant_id):
        _, participant = lock_person(session_id, participant_id)
        require_own(actor, participant)
        talk = selectors.find_talk_of(participant_id)
        is_private = talk is not None and talk.state == PrivateTalk.State.ON
        if not (participant.is_admitted or is_private):
            raise NotAdmitted


def admit_check(*, actor: Actor, now: datetime, session_id: UUID, participant_id: UUID) -> None:
    """Raise unless a person may check the line now: before joining, six times a minute."""
    with refusals(actor, "check.begin", session_id, participant_id):
        _, participant = lock_person(session_id, participant_id)
        require_own(actor, participant)
        if participant.state not in Participant.BEFORE:
            raise NotAdmitted("The line is checked before joining.")
        take_turn("check_servers", str(participant.id), now=now, per_minute=CHECKS_PER_MINUTE)


def talk_now(participant_id: UUID) -> TalkNow | None:
    """Return the private talk of a person, as their page has to know it."""
    talk = selectors.find_talk_of(participant_id)
    if talk is None or talk.state == PrivateTalk.State.READYING:
        return None
    other = Participant.objects.get(pk=talk.other_of(participant_id))
    return TalkNow(
        talk.id,
        is_on=talk.state == PrivateTalk.State.ON,
        is_asked=talk.state == PrivateTalk.State.ASKED and talk.asked_by_id != participant_id,
        other={"id": str(other.id), "name": other.display_name, "role": other.role},
    )


def _read(now: datetime, visitor: Visitor, language: str) -> VisitPage:
    participant = Participant.objects.get(pk=visitor.participant_id)
    participant.language = language or participant.language
    place = find_open_place(participant.id)
    is_inside = participant.is_admitted
    consultation = selectors.find_consultation(visitor.session_id)
    return VisitPage(
        visitor=visitor,
        meeting=meeting_of(participant, now=now),
        seat={"place_id": str(place.id), "purpose": place.purpose} if place else None,
        messages=[shapes.said_view(one) for one in selectors.list_said(visitor.session_id)] if is_inside else [],
        uploads=list_files(visitor.session_id) if is_inside else [],
        wording=due_question(consultation, participant) if is_inside else None,
        talk=talk_now(participant.id),
    )
