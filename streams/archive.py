"""Finding past sessions: criteria as a queryset, a page at a time by keyset.

Every criterion has an index of its own: `session_newest` (time), `session_assigned`, `session_created_by`,
`session_outcome`, `session_phone`, `incident_external_reference`, and `position_place`, a GiST index of points of the
National Grid, for squares and circles.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, F, Func, Q, QuerySet, Value
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Upper

from forces.errors import InvalidInput
from streams.models import Incident, LiveSession, Position
from streams.outgoing import sessions_with

PAGE_ROWS = 25


@dataclass(frozen=True, slots=True)
class Square:
    """A square of the National Grid: metres of its south-west corner, and its side."""

    easting: float
    northing: float
    side_m: float


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle on the National Grid, in metres."""

    easting: float
    northing: float
    radius_m: float


@dataclass(frozen=True, slots=True)
class Criteria:
    """What is looked for; whatever is empty is not asked. `reference` is ours or the force's own, in any case."""

    since: datetime | None = None
    until: datetime | None = None
    place: Square | Circle | None = None
    reference: str = ""
    operator: str = ""
    phone_number: str = ""
    outcome: str = ""
    kind: str = ""
    state: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is asked."""
        return self == Criteria()


def find_sessions(criteria: Criteria) -> QuerySet[LiveSession]:
    """Return the sessions that meet every criterion, newest first."""
    rows = LiveSession.objects.order_by("-created_at", "-id")
    exact = {"outcome_code": criteria.outcome, "kind": criteria.kind, "state": criteria.state}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if criteria.phone_number:
        rows = rows.filter(_somebody_with(criteria.phone_number))
    if criteria.since:
        rows = rows.filter(created_at__gte=criteria.since)
    if criteria.until:
        rows = rows.filter(created_at__lt=criteria.until)
    if criteria.operator:
        rows = rows.filter(Q(assigned_to=criteria.operator) | Q(created_by=criteria.operator))
    if criteria.reference:
        rows = rows.filter(incident_id__in=_incidents(criteria.reference))
    if criteria.place:
        rows = rows.filter(id__in=_fixes_within(criteria.place).values("session_id"))
    return rows


def page_after(rows: QuerySet[LiveSession], cursor: str) -> tuple[list[UUID], str | None]:
    """Return (ids of the next page, cursor of the one after it or None); raises `InvalidInput` for a foreign cursor."""
    if cursor:
        at, session_id = _read_cursor(cursor)
        rows = rows.filter(Q(created_at__lt=at) | Q(created_at=at, id__lt=session_id), created_at__lte=at)
    found = list(rows.values_list("id", "created_at")[: PAGE_ROWS + 1])
    page = found[:PAGE_ROWS]
    following = _cursor(page[-1]) if len(found) > PAGE_ROWS else None
    return [session_id for session_id, _ in page], following


def _somebody_with(phone_number: str) -> Q:
    """The caller's number, or that of somebody in another app's session: whoever asks for their data finds it all."""
    own = Q(phone_number=phone_number)
    others = sessions_with(phone_number)
    return own | Q(id__in=others) if others else own


def _incidents(reference: str) -> QuerySet[Incident, Any]:
    wanted = reference.strip().upper()
    by_their_own = Incident.objects.alias(external=Upper("external_reference")).filter(external=wanted)
    return Incident.objects.filter(Q(reference=wanted) | Q(id__in=by_their_own.values("id"))).values("id")


def _fixes_within(place: Square | Circle) -> QuerySet[Position]:
    """Positions in a square or circle, by the operator that the GiST index of points answers."""
    fix = Func(F("easting"), F("northing"), function="point")
    within = CombinedExpression(fix, "<@", _shape(place), output_field=BooleanField())
    return Position.objects.filter(within, easting__isnull=False, northing__isnull=False)


def _shape(place: Square | Circle) -> Func:
    corner = Func(Value(place.easting), Value(place.northing), function="point")
    if isinstance(place, Circle):
        return Func(corner, Value(place.radius_m), function="circle")
    # One millimetre short: what lies on the far edges belongs to the next square.
    side = place.side_m - 0.001
    far = Func(Value(place.easting + side), Value(place.northing + side), function="point")
    return Func(corner, far, function="box")


def _cursor(row: tuple[UUID, datetime]) -> str:
    session_id, at = row
    return base64.urlsafe_b64encode(json.dumps([at.isoformat(), str(session_id)]).encode()).decode()


def _read_cursor(cursor: str) -> tuple[datetime, UUID]:
    try:
        at, session_id = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        return datetime.fromisoformat(at), UUID(session_id)
    except (ValueError, TypeError, AttributeError, binascii.Error) as error:
        raise InvalidInput("This is not a page of a search.", details={"field": "cursor"}) from error
