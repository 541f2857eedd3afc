"""Search past sessions: for a reason, within the force, and audited with what was asked."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from forces.accounts.permissions import Permission, require
from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.errors import InvalidInput
from forces.messaging.numbers import normalise_mobile_number
from streams.archive import Circle, Criteria, Square, find_sessions, page_after
from streams.grid import grid_reference, read_reference, to_grid
from streams.selectors import Plain, find_room_policy, list_summaries_of

LEAST_REASON = 5
MOST_REASON = 500
MOST_RADIUS_M = 20_000


class ReasonMissing(InvalidInput):
    """The force wants to know why somebody searches (HTTP 400)."""

    code = "reason_missing"
    message = "Say why you search. The reason is kept with the audit."


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person typed: texts as typed, degrees WGS 84, metres. Whatever is empty is not asked."""

    since: datetime | None = None
    until: datetime | None = None
    grid_reference: str = ""
    latitude: float | None = None
    longitude: float | None = None
    radius_m: float = 200.0
    reference: str = ""
    operator: str = ""
    phone_number: str = ""
    outcome: str = ""
    kind: str = ""
    state: str = ""


def search_sessions(*, actor: Actor, now: datetime, asked: Asked, reason: str = "", cursor: str = "") -> Plain:
    """Return {results: [SessionSummary], next: cursor or None}; each page is audited as a consultation.

    A phone number is found by all of it only, and only until it is erased. Raises `NotPermitted`, `ReasonMissing`
    where the force wants a reason, and `InvalidInput` for criteria that mean nothing, or none at all.
    """
    require(actor, Permission.SESSION_VIEW)
    given = _checked_reason(reason)
    criteria = _criteria(asked)
    if criteria.is_empty:
        raise InvalidInput("Say what you look for: a time, a place, a reference or a person.")
    ids, following = page_after(find_sessions(criteria), cursor)
    record(
        actor=actor,
        act="session.search",
        operation=Operation.CONSULTATION,
        detail={"reason": given, "criteria": _logged(criteria), "rows": len(ids), "is_first_page": not cursor},
    )
    return {"results": list_summaries_of(ids), "next": following}


def _checked_reason(reason: str) -> str:
    given = reason.strip().replace("\x00", "")
    if len(given) > MOST_REASON or (find_room_policy().search_needs_reason and len(given) < LEAST_REASON):
        raise ReasonMissing(details={"field": "reason"})
    return given


def _criteria(asked: Asked) -> Criteria:
    return Criteria(
        since=asked.since,
        until=asked.until,
        place=_place(asked),
        reference=asked.reference.strip(),
        operator=asked.operator,
        phone_number=normalise_mobile_number(asked.phone_number) if asked.phone_number.strip() else "",
        outcome=asked.outcome,
        kind=asked.kind,
        state=asked.state,
    )


def _place(asked: Asked) -> Square | Circle | None:
    if asked.grid_reference.strip():
        square = read_reference(asked.grid_reference)
        if square is None:
            raise InvalidInput("This is not a grid reference.", details={"field": "grid_reference"})
        return _widened(Square(*square), _radius(asked))
    if asked.latitude is None or asked.longitude is None:
        return None
    point = to_grid(asked.latitude, asked.longitude)
    if point is None:
        raise InvalidInput("This place is outside Great Britain.", details={"field": "latitude"})
    return Circle(point.easting, point.northing, _radius(asked))


def _radius(asked: Asked) -> float:
    """Return the distance within bounds. What a door passes on may be no number, which no comparison finds out."""
    if not math.isfinite(asked.radius_m):
        raise InvalidInput("This is no distance.", details={"field": "radius_m"})
    return min(max(asked.radius_m, 1.0), MOST_RADIUS_M)


def _widened(square: Square, radius_m: float) -> Square | Circle:
    """A reference of ten metres or less is a point that somebody read out: look around it."""
    if square.side_m > 10:
        return square
    half = square.side_m / 2
    return Circle(square.easting + half, square.northing + half, radius_m)


def _logged(criteria: Criteria) -> dict[str, Any]:
    """What was asked, as the audit keeps it: that a number was given but not which, and the place to a kilometre."""
    names = ("reference", "operator", "outcome", "kind", "state")
    logged: dict[str, Any] = {name: value for name in names if (value := getattr(criteria, name))}
    for name in ("since", "until"):
        if at := getattr(criteria, name):
            logged[name] = at.isoformat()
    if criteria.phone_number:
        logged["phone_number"] = "given"
    if criteria.place is not None:
        letters, east, north = grid_reference(criteria.place.easting, criteria.place.northing).split()
        size = criteria.place.radius_m if isinstance(criteria.place, Circle) else criteria.place.side_m
        logged["place"] = {"square": f"{letters} {east[:2]} {north[:2]}", "metres": round(size)}
    return logged
