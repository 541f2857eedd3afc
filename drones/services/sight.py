"""What lies under a place in an aircraft's picture, whether a place is in it, and what it saw at which time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from uuid import UUID

from drones.footprint import TYPICAL_ERRORS, GroundPoint, Pixel, StatedErrors, View, find_ground_point, find_pixel
from drones.ground import camera_of
from drones.models import AircraftPoint, Flight
from drones.selectors import find_flight, point_view
from drones.telemetry.fix import AircraftFix, camera_view
from drones.telemetry.plausibility import Doubt
from forces.accounts.permissions import Permission, may, require
from forces.actors import Actor
from forces.audit.selectors import was_recorded_within
from forces.audit.services import Operation, record
from streams.services.colleague_standing import find_objection
from streams.shapes import Plain, iso

PAGE_POINTS = 2_000
# A picture whose time is known is looked up near it; without one the newest has to be young.
NEAR, YOUNG = timedelta(seconds=2), timedelta(seconds=10)
ONE_LOOK = timedelta(seconds=60)
# How fast an aircraft may be that does not say so.
_UNSAID_MPS = 15.0
_UNSEEN = frozenset(Doubt) - {Doubt.SPEED, Doubt.BATTERY}
NO_VIEW = "no_view"


@dataclass(frozen=True, slots=True)
class _Sight:
    """How a camera looked at a moment, and how far the place may be off for the time between the two."""

    view: View
    fixed_at: datetime
    errors: StatedErrors


def find_ground(
    *, actor: Actor, now: datetime, session_id: UUID, at: datetime | None, across: float, down: float
) -> Plain:
    """Return the ground under a place in the picture, shares of its width and height from the top left corner.

    `at` is when the picture was taken; None for now. {miss, fixed_at, latitude, longitude, easting, northing,
    grid_reference, distance_m, error_m}: `miss` is null, or why there is no point: `no_view` where it is not known how
    the camera looked, or a `footprint.Miss`. `error_m` is null where none can be stated. Raises `NotPermitted` or
    `NotFound`.
    """
    flight = _seen_by(actor, session_id)
    sight = _find_sight(flight, now, at)
    if sight is None:
        return _ground(NO_VIEW, None)
    found = find_ground_point(sight.view, camera_of(flight.aircraft), Pixel(across, down), sight.errors)
    if not isinstance(found, GroundPoint):
        return _ground(found.value, sight)
    return {
        **_ground(None, sight),
        "latitude": found.latitude_deg,
        "longitude": found.longitude_deg,
        "easting": found.grid.easting if found.grid else None,
        "northing": found.grid.northing if found.grid else None,
        "grid_reference": found.grid.reference if found.grid else None,
        "distance_m": found.distance_m,
        "error_m": found.error_m,
    }


def find_in_view(
    *, actor: Actor, now: datetime, session_id: UUID, at: datetime | None, latitude: float, longitude: float
) -> Plain:
    """Return whether a place on the ground is in the picture: {in_view, across, down, fixed_at}, shares as above.

    `in_view` is null where it is not known how the camera looked. Raises `NotPermitted` or `NotFound`.
    """
    flight = _seen_by(actor, session_id)
    sight = _find_sight(flight, now, at)
    if sight is None:
        return {"in_view": None, "across": None, "down": None, "fixed_at": None}
    pixel = find_pixel(sight.view, camera_of(flight.aircraft), latitude, longitude)
    return {
        "in_view": pixel is not None,
        "across": None if pixel is None else pixel.x_px,
        "down": None if pixel is None else pixel.y_px,
        "fixed_at": iso(sight.fixed_at),
    }


def view_track(*, actor: Actor, session_id: UUID, after: datetime | None) -> Plain:
    """Return {points, next}: what a flight said and saw, oldest first, later than `after`, 2000 at most.

    `next` is the `after` of the page that follows; null for the last. Raises `NotPermitted` or `NotFound`.
    """
    require(actor, Permission.FLIGHT_VIEW)
    find_flight(session_id)
    _note_look(actor, "telemetry.track", session_id)
    rows = AircraftPoint.objects.filter(session_id=session_id).order_by("fixed_at")
    found = list((rows.filter(fixed_at__gt=after) if after else rows)[: PAGE_POINTS + 1])
    shown = found[:PAGE_POINTS]
    return {
        "points": [point_view(row) for row in shown],
        "next": shown[-1].fixed_at.isoformat() if len(found) > PAGE_POINTS else None,
    }


def _seen_by(actor: Actor, session_id: UUID) -> Flight:
    """Return a flight whose picture the actor may see: the control room's people, and officers whom it is shown to."""
    if not may(actor, Permission.STREAM_WATCH) and not may(actor, Permission.STREAM_PUBLISH):
        require(actor, Permission.STREAM_WATCH)
    flight = find_flight(session_id)
    if not may(actor, Permission.STREAM_WATCH) and find_objection(actor.id, flight.session) is not None:
        require(actor, Permission.STREAM_WATCH)
    _note_look(actor, "telemetry.sight", session_id)
    return flight


def _find_sight(flight: Flight, now: datetime, at: datetime | None) -> _Sight | None:
    moment, reach = (now, YOUNG) if at is None else (at, NEAR)
    rows = AircraftPoint.objects.filter(session_id=flight.pk, fixed_at__range=(moment - reach, moment + reach))
    nearest = min(_believed(rows), key=lambda row: abs(row.fixed_at - moment), default=None)
    if nearest is None:
        return None
    view = camera_view(AircraftFix(**{one.name: getattr(nearest, one.name) for one in fields(AircraftFix)}))
    if view is None:
        return None
    speed = _UNSAID_MPS if nearest.speed_mps is None else nearest.speed_mps
    way_m = speed * abs((nearest.fixed_at - moment).total_seconds())
    errors = replace(TYPICAL_ERRORS, position_m=TYPICAL_ERRORS.position_m + way_m)
    return _Sight(view, nearest.fixed_at, errors)


def _believed(rows: Iterable[AircraftPoint]) -> list[AircraftPoint]:
    """Return the points of which a view can be drawn."""
    said = [row for row in rows if None not in (row.height_m, row.heading_deg, row.gimbal_pitch_deg)]
    return [row for row in said if not _UNSEEN & set(row.doubts.split(","))]


def _ground(miss: str | None, sight: _Sight | None) -> Plain:
    names = ("latitude", "longitude", "easting", "northing", "grid_reference", "distance_m", "error_m")
    return {"miss": miss, "fixed_at": iso(sight.fixed_at) if sight else None, **dict.fromkeys(names)}


def _note_look(actor: Actor, act: str, session_id: UUID) -> None:
    """Audit a look at where a camera looks; what one person asks within a minute is one look."""
    if was_recorded_within(actor=actor, act=act, object_id=session_id, period=ONE_LOOK):
        return
    record(
        actor=actor,
        act=act,
        operation=Operation.CONSULTATION,
        object_type="flight",
        object_id=session_id,
        session_id=session_id,
    )
