"""What operators do on the console to fly a drone, step by step, and the aircraft that they fly."""

import json
from typing import Any

from playwright.sync_api import Page, expect

from tests.flows.journey import answer_safely
from tests.flows.system import System

SEED = """
import json
from forces import clock
from forces.context import in_force
from forces.selectors import find_force
from tests.factories.drones import make_aircraft, make_key, make_pilot

def seed():
    aircraft = make_aircraft({serial!r}, protocols=["rtmp"])
    key = make_key(aircraft, now=clock.now())
    return {{"aircraft": str(aircraft.pk), "pilot": make_pilot({pilot!r}).id, "key": key}}

print(json.dumps(in_force(find_force("herts"), seed)))
"""
LAND = """
from uuid import UUID
from drones.models import Flight
from drones.services.flights import land_flight
from forces import clock
from forces.context import in_force
from forces.selectors import find_force
from tests.factories.streams import person

def land():
    for flight in Flight.objects.filter(aircraft_id=UUID({aircraft!r}), state__in=Flight.OPEN):
        land_flight(actor=person(), now=clock.now(), session_id=flight.pk)

in_force(find_force("herts"), land)
"""


def seed_drone(system: System, serial: str) -> dict[str, Any]:
    """Return the id of an aircraft that sends by RTMP, a new key of it, and the id of who may fly it."""
    words = SEED.format(serial=serial, pilot=f"pilot-{serial.lower()}")
    seeded: dict[str, Any] = json.loads(system.manage("shell", "--no-imports", "-c", words).splitlines()[-1])
    return seeded


def land_drone(system: System, drone: dict[str, Any]) -> None:
    """Land it, or call its flight off, whatever the page shows."""
    if state_of(system, drone) in {"planned", "flying"}:
        system.manage("shell", "--no-imports", "-c", LAND.format(aircraft=drone["aircraft"]))


def state_of(system: System, drone: dict[str, Any]) -> str:
    """Return how the aircraft's newest flight stands; "" before there was one."""
    newest = f"aircraft_id = '{drone['aircraft']}' ORDER BY planned_at DESC LIMIT 1"
    return system.sql(f"SELECT state FROM herts.drones_flight WHERE {newest}")


def fill_in_flight(page: Page, drone: dict[str, Any]) -> None:
    """Begin a flight for the incident on the screen: all but its risk."""
    page.get_by_test_id("plan-drone").click()
    expect(page.get_by_test_id("plan-flight")).to_be_disabled()
    page.get_by_test_id("flight-aircraft").select_option(drone["aircraft"])
    page.get_by_test_id("flight-pilot").select_option(drone["pilot"])
    page.get_by_test_id("flight-purpose").fill("Search for a missing person by the river")
    page.locator("label", has=page.get_by_test_id("basis-vital_interests")).click()
    expect(page.get_by_test_id("risk-question").first).to_be_visible()


def plan_flight(page: Page, drone: dict[str, Any]) -> None:
    """Plan a flight for the incident on the screen, and answer nothing."""
    fill_in_flight(page, drone)
    page.get_by_test_id("plan-flight").click()
    expect(page.get_by_test_id("flight-board")).to_be_visible()


def answer_flight(page: Page, **against: str) -> None:
    """Answer every question of the open dialog, all but those of `against` (codes with `_` for `-`) safely."""
    questions = page.get_by_test_id("risk-question")
    expect(questions.first).to_be_visible()
    for index in range(questions.count()):
        code = questions.nth(index).get_attribute("data-code") or ""
        if (answer := against.get(code.replace("-", "_"))) is None:
            answer_safely(page, code)
        else:
            questions.nth(index).locator("label", has=page.get_by_test_id(f"risk-{code}-{answer}")).click()
