"""Officers asked to go to incidents: asked by the control room, answered by themselves, ended by either.

All that happens to one officer's assignments happens one after the other (`lock_officer`): an answer and a withdrawal
at once end in one of the two, and never in both.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q

from forces.accounts.officers import officer_profile
from forces.accounts.permissions import Permission, require
from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.dispatch import broadcast_on_commit
from forces.errors import DomainError, InvalidInput, NotFound
from streams.asked_shapes import assignment_view
from streams.broadcasts import CONSOLE
from streams.models import Assignment, InvalidTransition, Shift
from streams.officers import find_people, find_shifts
from streams.selectors import Plain, find_own_session, find_shift
from streams.services.locks import lock_incident, lock_officer
from streams.services.officer_news import ask_officer_on_commit, settle_on_commit, tell_colleague_on_commit
from streams.services.shift_changes import change_shift

MOST_CHARACTERS = 200
MOST_LISTED = 500
SHOWN_FOR = timedelta(hours=1)
"""An assignment that is over is listed so long, so that a console whose line was lost reads how it ended."""


class OfficerOffDuty(DomainError):
    """Whoever is off duty is asked nothing (HTTP 409)."""

    code = "officer_off_duty"
    http_status = 409
    message = "This officer is off duty."


class AlreadyAssigned(DomainError):
    """The officer was asked, or goes there, already (HTTP 409)."""

    code = "already_assigned"
    http_status = 409
    message = "This officer was asked to go there already."


def ask_assignment(*, actor: Actor, now: datetime, incident_id: UUID, officer_id: str, note: str = "") -> UUID:
    """Ask an officer on duty to go to an open incident; returns the assignment's id.

    Raises `NotPermitted`, `NotFound` for an incident or officer that there is not, `OfficerOffDuty`, `AlreadyAssigned`,
    or `InvalidInput` for a note that is too long.
    """
    require(actor, Permission.OFFICER_ASSIGN)
    if len(note.strip()) > MOST_CHARACTERS:
        raise InvalidInput("The note is too long.", details={"most": MOST_CHARACTERS})
    incident = lock_incident(incident_id, is_open=True)
    officer = lock_officer_on_duty(officer_id)
    if Assignment.objects.filter(incident=incident, user_id=officer_id, state__in=Assignment.OPEN).exists():
        raise AlreadyAssigned
    row = Assignment.objects.create(
        incident=incident,
        user_id=officer_id,
        user_name=officer.name,
        user_number=officer_profile(officer_id)["number"],
        note=note.strip(),
        asked_by=actor.id,
        asked_by_name=actor.name,
        asked_at=now,
    )
    _record(actor, "assignment.ask", row)
    _tell(row)
    ask_officer_on_commit(officer_id, "assignment", row.id, now=now)
    return row.id


def accept_assignment(*, actor: Actor, now: datetime, assignment_id: UUID) -> None:
    """The officer goes, and is en route from now on; accepted already is fine.

    Raises `NotPermitted`, `NotFound` for a colleague's, or `InvalidTransition` when it was withdrawn meanwhile.
    """
    row = _lock_own(actor, assignment_id)
    if row.state == Assignment.State.ACCEPTED:
        return
    row.accept(now)
    row.save()
    shift = find_shift(actor.id)
    if shift is not None:
        change_shift(actor=actor, now=now, shift=shift, status=Shift.Status.EN_ROUTE)
    _record(actor, "assignment.accept", row)
    tell_assignments_of(actor.id)
    settle_on_commit(actor.id, row.id, now=now)


def decline_assignment(*, actor: Actor, now: datetime, assignment_id: UUID, refusal: str) -> None:
    """The officer does not go, for one of the reasons there are; declined already is fine. Raises as accepting does."""
    check_refusal(refusal, Assignment.Refusal.values)
    row = _lock_own(actor, assignment_id)
    if row.state == Assignment.State.DECLINED:
        return
    row.decline(now, refusal=refusal)
    row.save()
    _record(actor, "assignment.decline", row)
    _tell(row)
    settle_on_commit(actor.id, row.id, now=now)


def finish_assignment(*, actor: Actor, now: datetime, assignment_id: UUID) -> None:
    """The officer is done there; ended already is fine. With the last one the officer is available again.

    Raises `NotPermitted`, `NotFound`, or `InvalidTransition` for one that was not accepted.
    """
    row = _lock_own(actor, assignment_id)
    if row.state == Assignment.State.ENDED:
        return
    if row.state == Assignment.State.ASKED:
        raise InvalidTransition("Accept or decline it first.")
    _end(actor, now, row, Assignment.End.DONE)


def end_assignment(*, actor: Actor, now: datetime, assignment_id: UUID) -> None:
    """The control room withdraws what was asked, or stands down who goes; ended already is fine.

    Raises `NotPermitted`, `NotFound`, or `InvalidTransition` when the officer declined meanwhile.
    """
    require(actor, Permission.OFFICER_ASSIGN)
    user_id = Assignment.objects.filter(pk=assignment_id).values_list("user_id", flat=True).first()
    if user_id is None:
        raise NotFound("There is no such assignment.")
    lock_officer(user_id)
    row = _find(assignment_id)
    if row.state == Assignment.State.ENDED:
        return
    is_asked = row.state == Assignment.State.ASKED
    _end(actor, now, row, Assignment.End.WITHDRAWN if is_asked else Assignment.End.STOOD_DOWN)


def release_assignments(*, actor: Actor, now: datetime, user_id: str) -> None:
    """The officer, whose lock is held, is off duty: nothing is asked of them any more."""
    for row in _open_of(user_id):
        if row.state == Assignment.State.ASKED:
            row.decline(now, refusal=Assignment.Refusal.OFF_DUTY)
        else:
            row.end(now, reason=Assignment.End.OFF_DUTY)
        row.save()
        _record(actor, "assignment.end", row)
        _tell(row)
        settle_on_commit(user_id, row.id, now=now)


def close_assignments(*, actor: Actor, now: datetime, incident_id: UUID) -> int:
    """Nobody is asked to go to a locked incident that is closed, or goes there, any more; returns how many were."""
    rows = Assignment.objects.filter(incident_id=incident_id, state__in=Assignment.OPEN)
    # One order for all, so that two who lock several officers never wait for each other.
    found = list(rows.order_by("user_id").values_list("user_id", "id"))
    ended = 0
    for user_id, assignment_id in found:
        lock_officer(user_id)
        row = _find(assignment_id)
        if row.is_open:  # the officer may have answered meanwhile
            _end(actor, now, row, Assignment.End.INCIDENT_CLOSED)
            ended += 1
    return ended


def tell_assignments_of(user_id: str) -> None:
    """Tell the consoles what an officer, whose lock is held, does now; each assignment is newer by that."""
    Assignment.objects.filter(user_id=user_id, state__in=Assignment.OPEN).update(revision=F("revision") + 1)
    for row in _open_of(user_id):
        _tell(row)


def list_assignments(*, now: datetime) -> list[Plain]:
    """Return the AssignmentViews that are open, or were over less than an hour ago, newest first, in 2 queries."""
    shown = Q(state__in=Assignment.OPEN) | Q(ended_at__gt=now - SHOWN_FOR)
    rows = list(Assignment.objects.select_related("incident__type").filter(shown)[:MOST_LISTED])
    shifts = find_shifts({row.user_id for row in rows}) if rows else {}
    return [assignment_view(row, shifts[row.user_id].status if row.user_id in shifts else None) for row in rows]


def lock_officer_on_duty(officer_id: str) -> Actor:
    """Return an officer on duty as an actor, with their lock held; raises `NotFound` or `OfficerOffDuty`."""
    lock_officer(officer_id)
    found = find_people([officer_id]).get(officer_id)
    if found is None:
        raise NotFound("There is no such officer.")
    if find_shift(officer_id) is None:
        raise OfficerOffDuty
    return found.as_actor()


def check_refusal(refusal: str, known: Iterable[str]) -> None:
    """Raise `InvalidInput` for a reason that there is not, or that is the server's own."""
    if refusal not in known or refusal == Assignment.Refusal.OFF_DUTY:
        raise InvalidInput("There is no such reason.", details={"field": "reason"})


def _lock_own(actor: Actor, assignment_id: UUID) -> Assignment:
    require(actor, Permission.STREAM_PUBLISH)
    lock_officer(actor.id)
    row = _find(assignment_id)
    if row.user_id != actor.id:
        raise NotFound("There is no such assignment.")
    return row


def _find(assignment_id: UUID) -> Assignment:
    row = Assignment.objects.select_related("incident__type").filter(pk=assignment_id).first()
    if row is None:
        raise NotFound("There is no such assignment.")
    return row


def _open_of(user_id: str) -> list[Assignment]:
    rows = Assignment.objects.select_related("incident__type")
    return list(rows.filter(user_id=user_id, state__in=Assignment.OPEN))


def _end(actor: Actor, now: datetime, row: Assignment, reason: str) -> None:
    row.end(now, reason=reason)
    row.save()
    _record(actor, "assignment.end", row)
    _free(actor, now, row)
    tell_assignments_of(row.user_id)
    _tell(row)
    settle_on_commit(row.user_id, row.id, now=now)


def _free(actor: Actor, now: datetime, row: Assignment) -> None:
    """Who goes nowhere any more can be sent somewhere else.

    Whom the control room stands down while they show what is at the scene is still there; who is done says so.
    """
    shift = find_shift(row.user_id)
    if shift is None or Assignment.objects.filter(user_id=row.user_id, state=Assignment.State.ACCEPTED).exists():
        return
    is_there = shift.status == Shift.Status.AT_SCENE and find_own_session(row.user_id) is not None
    if row.end_reason == Assignment.End.DONE or not is_there:
        change_shift(actor=actor, now=now, shift=shift, status=Shift.Status.AVAILABLE)


def _tell(row: Assignment) -> None:
    """Tell every console how an assignment stands now, and the pages of those who go there, too."""
    shift = find_shift(row.user_id)
    view = assignment_view(row, shift.status if shift else None)
    broadcast_on_commit(CONSOLE, {"type": "assignment.changed", "assignment": view})
    going = Assignment.objects.filter(incident_id=row.incident_id, state=Assignment.State.ACCEPTED)
    for colleague in going.exclude(user_id=row.user_id).values_list("user_id", flat=True):
        tell_colleague_on_commit(colleague)


def _record(actor: Actor, act: str, row: Assignment) -> None:
    detail = {"incident": row.incident.reference, "officer": row.user_id, "state": str(row.state)}
    if row.refusal or row.end_reason:
        detail["reason"] = row.refusal or row.end_reason
    record(
        actor=actor,
        act=act,
        operation=Operation.COLLECTION if act == "assignment.ask" else Operation.ALTERATION,
        object_type="assignment",
        object_id=row.id,
        detail=detail,
    )
