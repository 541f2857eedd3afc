"""Aircraft, pilots and flights, made through the services that make them in earnest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from drones.models import Aircraft, Flight
from drones.services.flights import Plan, launch_flight, plan_flight
from drones.services.keys import issue_key
from forces.accounts.models import OfficerProfile
from forces.actors import Actor
from streams.models import LiveSession
from tests.factories.officers import make_officer
from tests.factories.streams import NOW, answer, make_incident, person

OPERATOR_ID = "GBR-OP-BAZ4DH6GJ88T"
FLYER_ID = "GBR-RP-9WM5CGTWGC37"


@dataclass(frozen=True)
class FlightMade:
    """A flight, and its aircraft as an actor."""

    flight: Flight
    actor: Actor

    @property
    def session(self) -> LiveSession:
        """The live session, as it is in the database."""
        return LiveSession.objects.get(pk=self.flight.session_id)


def make_aircraft(serial: str = "1581F5FHD23", **fields: Any) -> Aircraft:
    """Return an aircraft of the fleet, in service."""
    given: dict[str, Any] = {
        "make": "DJI",
        "model": "Matrice 30T",
        "operator_id": OPERATOR_ID,
        "horizontal_fov_deg": 72.0,
        "vertical_fov_deg": 44.0,
        "protocols": ["whip", "rtmp"],
    }
    aircraft, _ = Aircraft.objects.get_or_create(serial=serial, defaults={**given, **fields})
    return aircraft


def make_key(aircraft: Aircraft | None = None, *, now: datetime = NOW) -> str:
    """Return a new key of an aircraft."""
    return issue_key(actor=person("force_admin"), now=now, aircraft_id=(aircraft or make_aircraft()).id).key


def make_pilot(name: str = "pilot", *, flyer_id: str = FLYER_ID, number: str = "4711") -> Actor:
    """Return an officer who may fly."""
    actor = make_officer(name, number=number, skills=("drone_pilot", "first_aid"))
    OfficerProfile.objects.filter(user_id=int(actor.id)).update(flyer_id=flyer_id)
    return actor


def make_plan(aircraft: Aircraft | None = None, pilot: Actor | None = None, **fields: Any) -> Plan:
    """Return what is planned, with what is missing made."""
    given: dict[str, Any] = {
        "aircraft_id": (aircraft or make_aircraft()).id,
        "pilot_id": (pilot or make_pilot()).id,
        "purpose": "Search for a missing person",
        "lawful_basis": "law_enforcement",
        **fields,
    }
    given.setdefault("incident_id", make_incident().id)
    return Plan(**given)


def make_planned(
    aircraft: Aircraft | None = None, pilot: Actor | None = None, *, now: datetime = NOW, **fields: Any
) -> FlightMade:
    """Plan a flight; nothing is answered yet."""
    session_id = plan_flight(actor=person(), now=now, plan=make_plan(aircraft, pilot, **fields))
    return flight_made(session_id)


def make_flying(
    aircraft: Aircraft | None = None, pilot: Actor | None = None, *, now: datetime = NOW, **fields: Any
) -> FlightMade:
    """Launch a flight whose risk assessment is clear."""
    planned = make_planned(aircraft, pilot, now=now, **fields)
    answer(planned.session, now=now)
    launch_flight(actor=person(), now=now, session_id=planned.flight.session_id)
    return flight_made(planned.flight.session_id)


def flight_made(session_id: UUID) -> FlightMade:
    """Return a flight as it is in the database."""
    flight = Flight.objects.select_related("aircraft").get(pk=session_id)
    return FlightMade(flight, Actor.device(flight.aircraft_id, str(flight.aircraft)))
