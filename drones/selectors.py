"""Reads of the fleet and its flights as plain data, scoped to who asks."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from drones.models import Aircraft, AircraftPoint, Feed, Flight, IngestPolicy, TelemetryPolicy
from forces.accounts.officers import list_pilots
from forces.accounts.permissions import Permission, require
from forces.actors import Actor
from forces.errors import NotFound
from streams.models import RiskAssessment
from streams.shapes import Plain, iso

RECENTLY = timedelta(hours=12)
MAX_LISTED = 200


def list_fleet(actor: Actor) -> list[Plain]:
    """Return the aircraft in service, and the flight of each that is planned or in the air."""
    require(actor, Permission.FLIGHT_VIEW)
    open_flights = Prefetch("flights", Flight.objects.filter(state__in=Flight.OPEN), to_attr="open_flights")
    return [aircraft_view(row) for row in Aircraft.objects.filter(is_in_service=True).prefetch_related(open_flights)]


def list_who_may_fly(actor: Actor) -> list[Plain]:
    """Return the force's pilots by name, and the flight that each has in the air."""
    require(actor, Permission.FLIGHT_VIEW)
    flying = dict(Flight.objects.filter(state=Flight.State.FLYING).values_list("pilot_id", "session_id"))
    return [
        {
            "id": pilot.user_id,
            "name": pilot.name,
            "number": pilot.number,
            "flyer_id": pilot.flyer_id,
            "flight_id": str(flying[pilot.user_id]) if pilot.user_id in flying else None,
        }
        for pilot in list_pilots()
    ]


def list_flights(actor: Actor, *, now: datetime) -> list[Plain]:
    """Return the flights that are planned or in the air, or were over less than 12 hours ago, newest first."""
    require(actor, Permission.FLIGHT_VIEW)
    rows = flights_with_parts().filter(Q(over_at__isnull=True) | Q(over_at__gt=now - RECENTLY))
    return [flight_view(row) for row in rows[:MAX_LISTED]]


def find_flight(session_id: UUID) -> Flight:
    """Return a flight with its aircraft and its session; raises `NotFound`."""
    found = flights_with_parts().filter(pk=session_id).first()
    if found is None:
        raise NotFound("There is no such flight.")
    return found


def find_ingest_policy() -> IngestPolicy:
    """Return what the force allows of pictures that are bridged."""
    return IngestPolicy.objects.first() or IngestPolicy()


def point_view(point: AircraftPoint) -> Plain:
    """Return the wire's FlightNow of a point that was kept, and whether it came late."""
    names = ("latitude", "longitude", "height_m", "altitude_m", "heading_deg", "speed_mps", "gimbal_pitch_deg")
    more = ("gimbal_yaw_deg", "gimbal_roll_deg", "zoom", "battery_percent", "outline", "is_late")
    return {
        "session_id": str(point.session_id),
        "fixed_at": iso(point.fixed_at),
        "received_at": iso(point.received_at),
        **{name: getattr(point, name) for name in (*names, *more)},
        "doubts": point.doubts.split(",") if point.doubts else [],
    }


def find_telemetry_policy() -> TelemetryPolicy:
    """Return the force's policy for telemetry; the defaults (unsaved) when there is no row."""
    return TelemetryPolicy.objects.first() or TelemetryPolicy()


def aircraft_view(aircraft: Aircraft) -> Plain:
    """Return an aircraft as the console shows it; `open_flights` were fetched before."""
    flights: list[Flight] = vars(aircraft)["open_flights"]
    names = ("make", "model", "serial", "operator_id", "horizontal_fov_deg", "vertical_fov_deg", "protocols")
    return {
        "id": str(aircraft.id),
        **{name: getattr(aircraft, name) for name in names},
        "flight_id": str(flights[0].session_id) if flights else None,
    }


def flight_view(flight: Flight) -> Plain:
    """Return a flight of `find_flight` as the console shows it; its id is its session's."""
    incident = flight.session.incident
    risk: list[RiskAssessment] = vars(flight.session)["newest_assessments"]
    return {
        "id": str(flight.session_id),
        "state": flight.state,
        "incident": {"id": str(incident.id), "reference": incident.reference},
        "aircraft": {"id": str(flight.aircraft_id), "name": str(flight.aircraft)},
        "feed": feed_view(flight),
        "pilot": {"id": flight.pilot_id, "name": flight.pilot_name, "flyer_id": flight.flyer_id},
        "purpose": flight.purpose,
        "lawful_basis": flight.lawful_basis,
        "authorisation": flight.authorisation,
        "risk": risk[0].outcome if risk else None,
        "planned_by_name": flight.planned_by_name,
        "planned_at": iso(flight.planned_at),
        "launched_at": iso(flight.launched_at),
        "over_at": iso(flight.over_at),
        "end_reason": flight.session.end_reason,
    }


def feed_view(flight: Flight) -> Plain | None:
    """Return how the bridge of a flight's aircraft stands while it is in the air; None where nothing is bridged."""
    feed: Feed | None = getattr(flight.aircraft, "feed", None)
    if feed is None or flight.state != Flight.State.FLYING or feed.state == Feed.State.STOPPED:
        return None
    return {
        "protocol": feed.protocol,
        "state": feed.state,
        "trouble": feed.trouble or None,
        "is_transcoded": feed.is_transcoded,
        "codec": feed.codec or None,
        "changed_at": iso(feed.changed_at),
    }


def flights_with_parts() -> QuerySet[Flight]:
    """Return every flight with all that is shown of it, in two queries."""
    newest = RiskAssessment.objects.order_by("session_id", "-answered_at").distinct("session_id")
    assessed = Prefetch("session__assessments", newest, to_attr="newest_assessments")
    return Flight.objects.select_related("aircraft__feed", "session__incident").prefetch_related(assessed)
