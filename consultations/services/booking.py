"""Booking: a consultation is made, changed, cancelled, or found that nobody took it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from consultations import desk_shapes
from consultations.broadcasts import tell_board_on_commit, tell_desk_on_commit, tell_visit_on_commit
from consultations.errors import AlreadyOver
from consultations.limits import BOOKED_AHEAD, BOOKED_PER_MINUTE, MISSED_AFTER, MOST_MEMBERS
from consultations.models import POLICE, Consultation, MeetingLink, Message, Participant
from consultations.selectors import find_consultation, find_policy, list_board, read_desk, require_shown, team_of
from consultations.services.closing import CANCELLED
from consultations.services.messages import drop_messages, make_message, make_messages, was_invited
from consultations.services.participants import PersonPlan, link_expiry, make_person
from consultations.services.signals import police_of
from consultations.services.standing import lock_consultation, lock_going_on, note, refusals
from forces.accounts.permissions import Permission, may, require
from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.errors import InvalidInput, InvalidTransition
from streams.models import Incident, LiveSession
from streams.services.incidents import open_incident, open_officers_incident
from streams.services.locks import lock_incident
from streams.services.notices import notify_officer_on_commit
from streams.services.sessions import end_session
from streams.services.turns import take_turn
from streams.shapes import Plain

MISSED_AT_ONCE = 100
MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Booking:
    """What is booked: what for, of which incident, when and how long, who takes it, and who is asked to come.

    `starts_at` None: now. Without an incident one is opened, of `incident_type` where the actor may choose it.
    """

    purpose: str
    people: tuple[PersonPlan, ...]
    purpose_note: str = ""
    incident_id: UUID | None = None
    incident_type: str = ""
    starts_at: datetime | None = None
    length_min: int = 30
    team: str = ""
    recording_wish: bool = False


def book(*, actor: Actor, now: datetime, plan: Booking) -> UUID:
    """Make a consultation and return its id, which is its session's; people are told at the times safe for them.

    Raises `NotPermitted`, `TooOften`, `NotFound` for an incident that is not open, `NoContact` or `InvalidInput`.
    """
    require(actor, Permission.CONSULTATION_RUN)
    _check(now, plan)
    take_turn("consultation", actor.id, now=now, per_minute=BOOKED_PER_MINUTE)
    session = _make_session(actor, now, _incident(actor, now, plan), plan)
    consultation = Consultation.objects.create(
        session=session,
        purpose=plan.purpose,
        purpose_note=plan.purpose_note.strip(),
        starts_at=plan.starts_at or now,
        length_min=plan.length_min,
        team=plan.team.strip() or team_of(actor),
        recording_wish=plan.recording_wish,
        created_by=actor.id,
        created_by_name=actor.name,
        created_at=now,
    )
    people = [make_person(now, consultation, person) for person in plan.people]
    detail: dict[str, Any] = {"purpose": plan.purpose, "people": len(people), "incident": session.incident.reference}
    note(actor, "consultation.book", Operation.COLLECTION, consultation, **detail)
    for participant in people:
        if participant.is_police:
            notify_officer_on_commit(participant.user_id, "consultation", session.id, now=now)
        else:
            make_messages(now, consultation, participant)
    tell_board_on_commit(session.id)
    return session.id


def change_booking(
    *,
    actor: Actor,
    now: datetime,
    session_id: UUID,
    starts_at: datetime | None = None,
    length_min: int | None = None,
    purpose: str | None = None,
    purpose_note: str | None = None,
) -> None:
    """Change what is planned; whoever has been told is told anew, and nothing of before goes out any more.

    Raises `NotPermitted`, `OtherUnit`, `MeetingOver`, `InvalidTransition` or `InvalidInput`; a refusal is audited.
    """
    with refusals(actor, "consultation.change", session_id):
        consultation = lock_going_on(session_id)
        require_shown(actor, consultation)
        if consultation.state != Consultation.State.PLANNED:
            raise InvalidTransition("Only what has not begun can be changed.")
        is_moved = _take_in(now, consultation, starts_at, length_min, purpose, purpose_note)
    if is_moved:
        consultation.change()
        consultation.nobody_comes_at = None
    consultation.save()
    note(actor, "consultation.change", Operation.ALTERATION, consultation, version=consultation.booking_version)
    if is_moved:
        _tell_anew(now, consultation)
    tell_desk_on_commit(session_id, now=now)
    tell_board_on_commit(session_id)


def cancel(*, actor: Actor, now: datetime, session_id: UUID, reason: str) -> None:
    """Call it off before it has begun: no reminder goes out, and whoever had been told is told once that it is off.

    Raises `NotPermitted`, `OtherUnit`, `AlreadyOver` or `InvalidTransition`; a refusal is audited.
    """
    with refusals(actor, "consultation.cancel", session_id):
        consultation = lock_consultation(session_id)
        require_shown(actor, consultation)
        if consultation.is_over:
            raise AlreadyOver
        if consultation.state != Consultation.State.PLANNED:
            raise InvalidTransition("What has begun is ended, not cancelled.")
    consultation.cancel_reason = reason.strip()[:300]
    consultation.save(update_fields=["cancel_reason"])
    people = Participant.objects.filter(session_id=session_id).exclude(state__in=Participant.OUT)
    told = [one for one in people if not one.is_police and was_invited(one)]
    drop_messages(session_id, reason=CANCELLED)
    for participant in told:
        make_message(now, consultation, participant, kind=Message.Kind.CANCELLED, due_at=now)
    note(actor, "consultation.cancel", Operation.ALTERATION, consultation, told=len(told))
    end_session(actor=actor, now=now, session_id=session_id, reason=CANCELLED)


def expire_consultations(*, now: datetime) -> int:
    """End what no officer took in time, and what goes on for longer than the force lets it; returns how many."""
    planned = Consultation.objects.filter(state=Consultation.State.PLANNED, starts_at__lte=now - MISSED_AFTER)
    missed = [one for one in planned[:MISSED_AT_ONCE] if one.ends_at + MISSED_AFTER <= now]
    most = now - timedelta(minutes=find_policy().max_minutes)
    too_long = Consultation.objects.filter(state=Consultation.State.OPEN, opened_at__lte=most)[:MISSED_AT_ONCE]
    ended = [(one.session_id, MISSED) for one in missed] + [(one.session_id, "time_limit") for one in too_long]
    for session_id, reason in ended:
        end_session(actor=Actor.system("sweep"), now=now, session_id=session_id, reason=reason)
    return len(ended)


def notice_nobody_comes(*, now: datetime) -> None:
    """Tell boards and officers where somebody waits, and no officer has come for as long as the force lets people."""
    late = now - timedelta(minutes=find_policy().answer_minutes)
    waiting = Participant.objects.filter(state=Participant.State.WAITING, waiting_since__lte=late, user_id="")
    rows = Consultation.objects.filter(
        state=Consultation.State.PLANNED,
        nobody_comes_at__isnull=True,
        session_id__in=waiting.values("session_id"),
        starts_at__lte=now,
    )
    for session_id in list(rows.values_list("session_id", flat=True)):
        consultation = lock_consultation(session_id)
        if consultation.nobody_comes_at is not None or consultation.is_over:
            continue
        consultation.nobody_comes_at = now
        consultation.save(update_fields=["nobody_comes_at"])
        for user_id in police_of(consultation):
            notify_officer_on_commit(user_id, "consultation", session_id, now=now)
        tell_board_on_commit(session_id)


def view_consultations(*, actor: Actor, now: datetime) -> list[Plain]:
    """Return the board's rows; the reading is audited with their number."""
    found = list_board(actor, now=now)
    record(actor=actor, act="consultation.list", operation=Operation.CONSULTATION, detail={"rows": len(found)})
    return [desk_shapes.board_row(row, row.session.revision) for row in found]


def view_consultation(*, actor: Actor, now: datetime, session_id: UUID) -> Plain:
    """Return `desk_shapes.consultation_view` of one; the reading is audited. Raises `OtherUnit` or `NotFound`."""
    with refusals(actor, "consultation.view", session_id):
        consultation = find_consultation(session_id)
        require_shown(actor, consultation)
    note(actor, "consultation.view", Operation.CONSULTATION, consultation)
    return desk_shapes.consultation_view(read_desk(session_id), consultation.session.revision, now=now)


def require_known(*, actor: Actor, session_id: UUID) -> None:
    """Raise `NotFound` unless there is such a consultation, `OtherUnit` unless the actor may see it."""
    require_shown(actor, find_consultation(session_id))


def _check(now: datetime, plan: Booking) -> None:
    members = [one for one in plan.people if one.role not in POLICE]
    if not 1 <= len(members) <= MOST_MEMBERS:
        raise InvalidInput("Ask 1 to 23 people to come.", details={"field": "participants"})
    if plan.purpose not in Consultation.Purpose.values:
        raise InvalidInput("There is no such purpose.", details={"field": "purpose"})
    if len(plan.purpose_note) > 500:
        raise InvalidInput("A note has 500 characters at most.", details={"field": "purpose_note"})
    _check_time(now, plan.starts_at, plan.length_min)


def _check_time(now: datetime, starts_at: datetime | None, length_min: int) -> None:
    if starts_at is not None and not now - timedelta(minutes=5) <= starts_at <= now + BOOKED_AHEAD:
        raise InvalidInput("It begins within a year from now.", details={"field": "starts_at"})
    if not 5 <= length_min <= 240:
        raise InvalidInput("It takes 5 to 240 minutes.", details={"field": "length_min"})


def _incident(actor: Actor, now: datetime, plan: Booking) -> Incident:
    if plan.incident_id is not None:
        return lock_incident(plan.incident_id, is_open=True)
    if plan.incident_type and may(actor, Permission.INCIDENT_OPEN):
        return open_incident(actor=actor, now=now, type_code=plan.incident_type, description="")
    return open_officers_incident(actor=actor, now=now)


def _make_session(actor: Actor, now: datetime, incident: Incident, plan: Booking) -> LiveSession:
    return LiveSession.objects.create(
        incident=incident,
        kind=LiveSession.Kind.CONSULTATION,
        link_kind=LiveSession.LinkKind.LOCATION_VIDEO,
        safe_mode=any(one.safe_mode for one in plan.people),
        created_by=actor.id,
        created_by_name=actor.name,
        created_at=now,
        recording_wanted=False,
    )


def _take_in(
    now: datetime,
    consultation: Consultation,
    starts_at: datetime | None,
    length_min: int | None,
    purpose: str | None,
    purpose_note: str | None,
) -> bool:
    """Write what is another from now on; returns whether anybody has to be told."""
    _check_time(now, starts_at, length_min or consultation.length_min)
    if purpose is not None and purpose not in Consultation.Purpose.values:
        raise InvalidInput("There is no such purpose.", details={"field": "purpose"})
    before = (consultation.starts_at, consultation.length_min)
    consultation.starts_at = starts_at or consultation.starts_at
    consultation.length_min = length_min or consultation.length_min
    consultation.purpose = purpose or consultation.purpose
    consultation.purpose_note = consultation.purpose_note if purpose_note is None else purpose_note.strip()[:500]
    return before != (consultation.starts_at, consultation.length_min)


def _tell_anew(now: datetime, consultation: Consultation) -> None:
    session_id = consultation.session_id
    MeetingLink.objects.filter(session_id=session_id).update(expires_at=link_expiry(consultation))
    people = [
        one
        for one in Participant.objects.filter(session_id=session_id).exclude(state__in=Participant.OUT)
        if not one.is_police
    ]
    told = {one.id for one in people if was_invited(one)}
    drop_messages(session_id, reason="changed")
    for participant in people:
        kind = Message.Kind.CHANGED if participant.id in told else Message.Kind.INVITATION
        make_messages(now, consultation, participant, kind=kind)
        tell_visit_on_commit(participant, now=now)
