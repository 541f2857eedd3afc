"""An aircraft says where it is, through the whole system: it moves on the console, which answers what it sees."""

import hashlib
import re
import socket
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import BrowserContext, expect

from forces import clock
from tests.conftest import wait_until
from tests.drones.mavlink_peers import Aircraft
from tests.flows.system import System, sign_in

LAUNCH = """
from forces.context import in_force
from forces.selectors import find_force
from tests.drones.devices import launch
key, session_id = in_force(find_force("herts"), launch, {serial!r})
print("launched", key, session_id)
"""
LAND = """
from drones.services.flights import land_flight
from forces import clock
from forces.context import in_force
from forces.selectors import find_force
from tests.factories.streams import person
from uuid import UUID
in_force(find_force("herts"), land_flight, actor=person(), now=clock.now(), session_id=UUID({session_id!r}))
"""


@pytest.fixture
def flight(system: System) -> Iterator[tuple[str, str]]:
    """Return the key and the session of an aircraft in the air, which lands in the end."""
    told = system.manage("shell", "--no-imports", "-c", LAUNCH.format(serial=f"FLOW-{uuid4().hex[:6]}"))
    key, session_id = told.split("launched ")[1].split()
    yield key, session_id
    system.manage("shell", "--no-imports", "-c", LAND.format(session_id=session_id))


def say(system: System, key: str, **fix: Any) -> httpx.Response:
    """Send one fix of now: 100 m up, the camera straight down."""
    sent = {"fixed_at": int(clock.now().timestamp() * 1000), "longitude": -0.2257, "height_m": 100, "heading_deg": 90}
    body = {"type": "telemetry.fixes", "fixes": [{**sent, "gimbal_pitch_deg": -90, "battery_percent": 71, **fix}]}
    headers = {"Host": f"herts.localhost:{system.port}", "Authorization": f"Bearer {key}"}
    return httpx.post(f"http://127.0.0.1:{system.port}/telemetry", json=body, headers=headers, timeout=10)


def test_aircraft_moves_on_the_console_which_says_what_it_sees(
    system: System, desk: BrowserContext, flight: tuple[str, str]
) -> None:
    key, session_id = flight
    page = desk.new_page()
    sign_in(page, system, "operator")
    row = page.locator(f"[data-testid=session-row][data-session-id='{session_id}']")
    expect(row.get_by_test_id("drone-tag")).to_be_visible()
    row.click()
    expect(page.get_by_test_id("telemetry-age")).to_have_text("none")

    assert say(system, key, latitude=51.7634).json()["count"] == 1
    grid = page.get_by_test_id("grid-reference")
    expect(grid).to_have_text(re.compile(r"^TL "), timeout=2_000)
    expect(page.get_by_test_id("flight-fact").first).to_have_text("100 m above take-off", timeout=2_000)
    before = grid.inner_text()

    page.wait_for_timeout(1_100)
    assert say(system, key, latitude=51.7639, battery_percent=70).status_code == 200
    expect(grid).not_to_have_text(before, timeout=2_000)
    expect(page.get_by_test_id("flight-fact").last).to_have_text("70 %", timeout=2_000)
    page.get_by_test_id("ask-ground").click()
    expect(page.get_by_test_id("sight-words")).to_contain_text(re.compile(r"TL .* ±\d+ m"))

    assert say(system, f"{key}x", latitude=51.7).json()["code"] == "key_invalid"
    assert system.sql(f"SELECT count(*) FROM herts.drones_aircraftpoint WHERE session_id = '{session_id}'") == "2"


def test_aircraft_that_speaks_mavlink_moves_on_the_console(
    system: System, desk: BrowserContext, flight: tuple[str, str]
) -> None:
    key, session_id = flight
    page = desk.new_page()
    sign_in(page, system, "operator")
    page.locator(f"[data-testid=session-row][data-session-id='{session_id}']").click()
    shown = page.get_by_test_id("grid-reference")
    listening = system.stack.spawn("telemetry", SIGHTLINE_DB_NAME=system.database)
    aircraft = Aircraft(key=hashlib.sha256(key.encode()).digest(), at=clock.now())
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            line.connect(("127.0.0.1", system.stack.installation.ports.mavlink))

            def is_shown() -> bool:
                # It knows the keys of what flies within seconds of its start; a ground station sends all the time.
                line.send(aircraft.position())
                page.wait_for_timeout(300)
                return shown.count() > 0 and shown.inner_text().startswith("TL ")

            wait_until(is_shown, 20)
            before = shown.inner_text()
            page.wait_for_timeout(1_100)
            line.send(aircraft.position(lat=517_962_100))
            expect(shown).not_to_have_text(before, timeout=2_000)
        expect(page.get_by_test_id("flight-fact").first).to_have_text("91 m above take-off")
    finally:
        listening.stop()
