"""The flight log: what flew, who flew it, why, by what law and for how long; oldest first, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from drones.models import Flight
from drones.selectors import flights_with_parts
from forces.accounts.permissions import Permission, require
from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.errors import InvalidInput
from streams.shapes import iso

PAGE_ROWS = 500
COLUMNS = (
    "flight",
    "state",
    "incident",
    "make",
    "model",
    "serial",
    "operator_id",
    "pilot",
    "flyer_id",
    "purpose",
    "lawful_basis",
    "authorisation",
    "risk",
    "planned_by",
    "planned_at",
    "launched_at",
    "landed_at",
    "minutes_in_the_air",
    "end_reason",
)


@dataclass(frozen=True, slots=True)
class LogSpan:
    """Which flights: planned from `since` on and before `until`, both aware; `since` None is from the first one on."""

    since: datetime | None
    until: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """The last row that was read."""

    planned_at: datetime
    session_id: UUID


def open_flight_log(*, actor: Actor, now: datetime, since: datetime | None, until: datetime | None) -> LogSpan:
    """Let somebody read the flight log, and audit it; what is planned meanwhile is not part of it.

    Raises `NotPermitted`, or `InvalidInput` for a span that is none.
    """
    require(actor, Permission.FLIGHT_VIEW)
    if since is not None and until is not None and since >= until:
        raise InvalidInput("The log's end is after its beginning.", details={"field": "until"})
    span = LogSpan(since, min(until or now, now))
    detail = {"since": iso(span.since), "until": iso(span.until)}
    record(actor=actor, act="flight.log", operation=Operation.CONSULTATION, object_type="flight", detail=detail)
    return span


def read_flight_log(span: LogSpan, after: Place | None) -> tuple[list[list[object]], Place | None]:
    """Return the next rows of an opened log, by COLUMNS, and where to go on; None at the end."""
    rows = flights_with_parts().filter(planned_at__lt=span.until).order_by("planned_at", "session_id")
    if span.since is not None:
        rows = rows.filter(planned_at__gte=span.since)
    if after is not None:
        rows = rows.filter(
            Q(planned_at__gt=after.planned_at) | Q(planned_at=after.planned_at, session_id__gt=after.session_id)
        )
    page = list(rows[:PAGE_ROWS])
    last = page[-1] if len(page) == PAGE_ROWS else None
    return [_row(flight) for flight in page], Place(last.planned_at, last.session_id) if last else None


def _row(flight: Flight) -> list[object]:
    aircraft, session = flight.aircraft, flight.session
    risk = vars(session)["newest_assessments"]
    return [
        flight.session_id,
        flight.state,
        session.incident.reference,
        aircraft.make,
        aircraft.model,
        aircraft.serial,
        aircraft.operator_id,
        flight.pilot_name,
        flight.flyer_id,
        flight.purpose,
        flight.lawful_basis,
        flight.authorisation,
        risk[0].outcome if risk else "",
        flight.planned_by_name,
        iso(flight.planned_at),
        iso(flight.launched_at),
        iso(flight.over_at) if flight.state == Flight.State.LANDED else None,
        _minutes(flight),
        session.end_reason,
    ]


def _minutes(flight: Flight) -> float | None:
    if flight.launched_at is None or flight.over_at is None:
        return None
    return round((flight.over_at - flight.launched_at).total_seconds() / 60, 1)
