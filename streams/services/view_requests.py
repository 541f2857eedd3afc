"""Asking to see: the control room asks an officer to go live, who accepts by one tap, declines, or does not answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from forces.accounts.officers import officer_profile
from forces.accounts.permissions import Permission, require
from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.dispatch import broadcast_on_commit
from forces.errors import DomainError, InvalidInput, NotFound
from streams.asked_shapes import request_view
from streams.broadcasts import CONSOLE
from streams.models import ViewRequest
from streams.selectors import Plain, find_own_session
from streams.services.assignments import check_refusal, list_assignments, lock_officer_on_duty
from streams.services.going_live import go_live
from streams.services.locks import lock_incident, lock_officer
from streams.services.officer_news import ask_officer_on_commit, settle_on_commit

STANDS_FOR = timedelta(minutes=2)
SHOWN_FOR = timedelta(hours=1)
MOST_CHARACTERS = 200
MOST_LISTED = 200


class AlreadyAsked(DomainError):
    """A request to this officer stands (HTTP 409)."""

    code = "already_asked"
    http_status = 409
    message = "This officer is being asked already."


class AlreadyLive(DomainError):
    """There is something to see: it need not be asked for (HTTP 409)."""

    code = "already_live"
    http_status = 409
    message = "This officer is live already."


class RequestOver(DomainError):
    """The request was withdrawn, answered, or is too old (HTTP 409)."""

    code = "request_over"
    http_status = 409
    message = "The control room does not ask for this any more."


def ask_view(*, actor: Actor, now: datetime, officer_id: str, reason: str, incident_id: UUID | None = None) -> UUID:
    """Ask an officer on duty to go live, for an open incident or without, within 2 minutes; returns the request's id.

    Raises `NotPermitted`, `NotFound`, `OfficerOffDuty`, `AlreadyLive`, `AlreadyAsked`, or `InvalidInput` without a
    usable reason.
    """
    require(actor, Permission.OFFICER_ASSIGN)
    if not 0 < len(reason.strip()) <= MOST_CHARACTERS:
        raise InvalidInput("Say why, in at most 200 characters.", details={"field": "reason"})
    incident = lock_incident(incident_id, is_open=True) if incident_id else None
    officer = lock_officer_on_duty(officer_id)
    _require_free(now, officer_id)
    row = ViewRequest.objects.create(
        incident=incident,
        user_id=officer_id,
        user_name=officer.name,
        user_number=officer_profile(officer_id)["number"],
        reason=reason.strip(),
        asked_by=actor.id,
        asked_by_name=actor.name,
        asked_at=now,
        expires_at=now + STANDS_FOR,
    )
    _record(actor, "view.ask", row)
    _tell(row)
    ask_officer_on_commit(officer_id, "view_request", row.id, now=now, until=row.expires_at)
    return row.id


def withdraw_view(*, actor: Actor, now: datetime, request_id: UUID) -> None:
    """The control room asks no more; withdrawn or expired already is fine.

    Raises `NotPermitted`, `NotFound`, or `InvalidTransition` when the officer answered meanwhile.
    """
    require(actor, Permission.OFFICER_ASSIGN)
    row = _lock(request_id)
    if row.state not in (ViewRequest.State.WITHDRAWN, ViewRequest.State.EXPIRED):
        _close(actor, now, row, ViewRequest.State.WITHDRAWN)


def accept_view(*, actor: Actor, now: datetime, request_id: UUID) -> UUID:
    """The officer goes live as asked; returns the session's id. Accepted already is fine while that goes on.

    Raises `NotPermitted`, `NotFound` for a colleague's, `RequestOver`, and what `going_live.go_live` does.
    """
    asked_for = ViewRequest.objects.filter(pk=request_id).values_list("incident_id", flat=True).first()
    if asked_for is not None:
        lock_incident(asked_for)  # before the officer's lock, as everywhere
    row = _lock_own(actor, request_id)
    own = find_own_session(actor.id)
    if row.state == ViewRequest.State.ACCEPTED and own is not None and own.id == row.session_id:
        return own.id
    if not row.stands(now):
        raise RequestOver
    row.session_id = go_live(actor=actor, now=now, incident_id=row.incident_id)
    _close(actor, now, row, ViewRequest.State.ACCEPTED)
    return row.session_id


def go_live_unasked(*, actor: Actor, now: datetime, incident_id: UUID | None = None) -> UUID:
    """Go live by oneself, as `going_live.go_live` does: whoever was asked to show has answered by that."""
    session_id = go_live(actor=actor, now=now, incident_id=incident_id)
    for row in _rows().filter(user_id=actor.id, state=ViewRequest.State.ASKED):
        if row.stands(now):
            row.session_id = session_id
            _close(actor, now, row, ViewRequest.State.ACCEPTED)
    return session_id


def decline_view(*, actor: Actor, now: datetime, request_id: UUID, refusal: str) -> None:
    """The officer does not go live now, for one of the reasons there are; declined or expired already is fine."""
    check_refusal(refusal, ViewRequest.Refusal.values)
    row = _lock_own(actor, request_id)
    if row.state == ViewRequest.State.ACCEPTED or row.state == ViewRequest.State.WITHDRAWN:
        raise RequestOver
    if row.state == ViewRequest.State.ASKED:
        _close(actor, now, row, ViewRequest.State.DECLINED, refusal)


def close_requests(*, actor: Actor, now: datetime, incident_id: UUID) -> int:
    """The incident, whose row is locked, is closed: nobody is asked to show it any more; returns how many were."""
    rows = ViewRequest.objects.filter(incident_id=incident_id, state=ViewRequest.State.ASKED)
    withdrawn = 0
    for request_id in list(rows.order_by("user_id").values_list("id", flat=True)):
        row = _lock(request_id)
        if row.state == ViewRequest.State.ASKED:
            _close(actor, now, row, ViewRequest.State.WITHDRAWN)
            withdrawn += 1
    return withdrawn


def release_request(*, actor: Actor, now: datetime, user_id: str) -> None:
    """The officer, whose lock is held, is off duty: nothing is asked of them any more."""
    for row in _rows().filter(user_id=user_id, state=ViewRequest.State.ASKED):
        _close(actor, now, row, ViewRequest.State.DECLINED, ViewRequest.Refusal.OFF_DUTY)


def expire_requests(*, now: datetime) -> int:
    """Close what was not answered in time; returns how many."""
    due = ViewRequest.objects.filter(state=ViewRequest.State.ASKED, expires_at__lte=now)
    # One order for all, so that two watchdogs never wait for each other.
    found = list(due.order_by("user_id").values_list("id", flat=True))
    return sum(_expire(now, request_id) for request_id in found)


def view_asked(*, actor: Actor, now: datetime) -> Plain:
    """Return {assignments, view_requests} for a console; raises `NotPermitted`."""
    require(actor, Permission.SESSION_VIEW)
    return {"assignments": list_assignments(now=now), "view_requests": list_requests(now=now)}


def list_requests(*, now: datetime) -> list[Plain]:
    """Return the ViewRequestViews that stand, or were closed less than an hour ago, newest first."""
    shown = Q(state=ViewRequest.State.ASKED) | Q(closed_at__gt=now - SHOWN_FOR)
    return [request_view(row) for row in _rows().filter(shown)[:MOST_LISTED]]


def _require_free(now: datetime, officer_id: str) -> None:
    if find_own_session(officer_id) is not None:
        raise AlreadyLive
    open_one = _rows().filter(user_id=officer_id, state=ViewRequest.State.ASKED).first()
    if open_one is None:
        return
    if open_one.stands(now):
        raise AlreadyAsked(f"{open_one.asked_by_name} is asking this officer already.")
    _close(Actor.system("watchdog"), now, open_one, ViewRequest.State.EXPIRED)


def _expire(now: datetime, request_id: UUID) -> bool:
    row = _lock(request_id)
    if row.state != ViewRequest.State.ASKED:
        return False
    _close(Actor.system("watchdog"), now, row, ViewRequest.State.EXPIRED)
    return True


def _rows() -> QuerySet[ViewRequest]:
    return ViewRequest.objects.select_related("incident__type")


def _lock(request_id: UUID) -> ViewRequest:
    """Return the request with its officer's lock held; raises `NotFound`."""
    user_id = ViewRequest.objects.filter(pk=request_id).values_list("user_id", flat=True).first()
    if user_id is None:
        raise NotFound("There is no such request.")
    lock_officer(user_id)
    return _rows().get(pk=request_id)


def _lock_own(actor: Actor, request_id: UUID) -> ViewRequest:
    require(actor, Permission.STREAM_PUBLISH)
    row = _lock(request_id)
    if row.user_id != actor.id:
        raise NotFound("There is no such request.")
    return row


def _close(actor: Actor, now: datetime, row: ViewRequest, state: str, refusal: str = "") -> None:
    row.close(now, state, refusal=refusal)
    row.save()
    _record(actor, f"view.{_ACTS[state]}", row)
    _tell(row)
    settle_on_commit(row.user_id, row.id, now=now)


_ACTS: dict[str, str] = {
    ViewRequest.State.ACCEPTED: "accept",
    ViewRequest.State.DECLINED: "decline",
    ViewRequest.State.WITHDRAWN: "withdraw",
    ViewRequest.State.EXPIRED: "expire",
}


def _tell(row: ViewRequest) -> None:
    """Tell every console how a request stands now."""
    broadcast_on_commit(CONSOLE, {"type": "view.changed", "request": request_view(row)})


def _record(actor: Actor, act: str, row: ViewRequest) -> None:
    detail = {"officer": row.user_id, "incident": row.incident.reference if row.incident else ""}
    if row.refusal:
        detail["reason"] = row.refusal
    record(
        actor=actor,
        act=act,
        operation=Operation.COLLECTION if act == "view.ask" else Operation.ALTERATION,
        object_type="view_request",
        object_id=row.id,
        session_id=row.session_id or "",
        detail=detail,
    )
