"""Aircraft, pilots and flights, made through the services that make them in earnest."""

from __future__ import annotations

from typing import Any

from drones.models import Aircraft
from drones.services.keys import issue_key
from forces.accounts.models import OfficerProfile
from forces.actors import Actor
from tests.factories.officers import make_officer
from tests.factories.streams import NOW, person

OPERATOR_ID = "GBR-OP-BAZ4DH6GJ88T"
FLYER_ID = "GBR-RP-9WM5CGTWGC37"


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


def make_key(aircraft: Aircraft | None = None, *, now: Any = NOW) -> str:
    """Return a new key of an aircraft."""
    return issue_key(actor=person("force_admin"), now=now, aircraft_id=(aircraft or make_aircraft()).id).key


def make_pilot(name: str = "pilot", *, flyer_id: str = FLYER_ID, number: str = "4711") -> Actor:
    """Return an officer who may fly."""
    actor = make_officer(name, number=number, skills=("drone_pilot", "first_aid"))
    OfficerProfile.objects.filter(user_id=int(actor.id)).update(flyer_id=flyer_id)
    return actor
