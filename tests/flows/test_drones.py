"""A drone of each protocol, flown by the simulator through every door, and the browser that decodes it."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, WebSocket, expect

from tests.conftest import wait_until
from tests.flows.journey import REMEMBER_PEERS, decoded
from tests.flows.officers import enrol_officer, open_officers_page
from tests.flows.system import System, sign_in
from tests.people import PASSWORD

SEED = """
import json
from drones.services.demo import seed_demo
from forces.context import in_force
from forces.selectors import find_force
from tests.factories.drones import make_pilot

herts = find_force("herts")
in_force(herts, make_pilot, "drone-pilot")
print(json.dumps(in_force(herts, seed_demo)))
"""


@pytest.fixture(scope="module")
def sign_ins(system: System, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file that a seed writes: an operator's sign-in, and the aircraft with their keys."""
    aircraft = json.loads(system.manage("shell", "--no-imports", "-c", SEED).splitlines()[-1])
    users = {"operator1": {"username": "operator", "password": PASSWORD}}
    force = {"base_url": system.url(""), "users": users, "aircraft": aircraft}
    path = tmp_path_factory.mktemp("drones") / "demo.json"
    path.write_text(json.dumps({"forces": {"herts": force}}))
    return path


@pytest.fixture(scope="module")
def bridges(system: System) -> Iterator[None]:
    """Keep the bridges of this system."""
    running = system.stack.spawn("bridges", SIGHTLINE_DB_NAME=system.database)
    yield
    running.stop()


@contextmanager
def flown(system: System, sign_ins: Path, console: Page, protocol: str) -> Iterator[str]:
    """Fly a drone and choose it on the console, whose it is to land; yields its session, which is live."""
    words = ("--force", "herts", "--protocol", protocol, "--sign-ins", str(sign_ins), "--clips", str(sign_ins.parent))
    drone = system.stack.spawn("manage", "simulate_drone", *words, SIGHTLINE_DB_NAME=system.database)
    flights = "herts.drones_flight f JOIN herts.drones_aircraft a ON a.id = f.aircraft_id"
    ours = f"a.serial = 'SIM-HERTS-{protocol.upper()}' AND f.state = 'flying'"
    live = "EXISTS (SELECT FROM herts.streams_stream s WHERE s.session_id = f.session_id AND s.state = 'live')"
    try:
        session_id = wait_until(lambda: system.sql(f"SELECT f.session_id FROM {flights} WHERE {ours} AND {live}"), 90)
        console.locator(f"[data-testid=session-row][data-session-id='{session_id}']").click()
        yield session_id
    finally:
        drone.stop()
        console.get_by_test_id("land-flight").click()
        console.get_by_test_id("land-confirm").click()
        wait_until(lambda: not system.sql(f"SELECT 1 FROM {flights} WHERE {ours}"), 20)


@pytest.mark.parametrize("protocol", ["rtmp", "srt", "rtsp", "whip"])
def test_drone_is_decoded_in_the_control_room_and_by_an_officer_on_the_incident_while_it_moves_on_the_map(
    system: System,
    bridges: None,
    sign_ins: Path,
    desk: BrowserContext,
    open_browser: Callable[..., BrowserContext],
    protocol: str,
) -> None:
    desk.add_init_script(REMEMBER_PEERS)
    console, person = desk.new_page(), enrol_officer(system, "Robin Field")
    sign_in(console, system, "operator")
    officer = open_officers_page(system, open_browser, person, script=REMEMBER_PEERS)
    heard = flights_heard(officer)
    officer.get_by_test_id("status-available").tap()
    expect(officer.get_by_test_id("status-available")).to_have_attribute("aria-pressed", "true")
    with flown(system, sign_ins, console, protocol) as session_id:
        moves(console)
        expect(console.get_by_test_id("truth").first).to_have_text("LIVE")
        expect(console.get_by_test_id("grid-reference")).to_have_text(re.compile(r"^TL "))
        expect(officer.get_by_test_id("shown-list")).to_have_count(0)
        assign_and_show(console, officer, person.name)
        officer.get_by_test_id("watch-picture").tap()

        moves(officer)
        expect(officer.get_by_test_id("shown-truth")).to_have_text("LIVE")
        wait_until(lambda: len(places(officer, heard, session_id)) >= 3, 10, why=lambda: heard)
        seen = [flight for flight in heard if flight["session_id"] == session_id]
        assert all(len(flight["outline"]) >= 3 for flight in seen), "each says what its camera sees"
        assert len({json.dumps(flight["outline"]) for flight in seen}) >= 3
        expect(officer.get_by_test_id("flown-facts")).to_contain_text("Height 90 m above take-off")
        drawn = officer.get_by_test_id("flown-map")
        expect(drawn.locator("canvas").first).to_be_visible()
        before = drawn.screenshot()
        wait_until(lambda: drawn.screenshot() != before, 10, why=lambda: "the map stands still")
        moves(officer)

        console.get_by_test_id("show-officers").click()
        expect(officer.get_by_test_id("shown-over")).to_contain_text("shows this picture no longer", timeout=2_000)
    officer.get_by_test_id("close-picture").tap()
    officer.get_by_test_id("assignment-done").tap()
    officer.get_by_test_id("status-off_duty").tap()


def moves(page: Page) -> None:
    """A second of the picture is decoded, by the browser's own count."""
    first = wait_until(lambda: decoded(page), 20)
    wait_until(lambda: decoded(page) > first + 20, 20)


def assign_and_show(console: Page, officer: Page, name: str) -> None:
    """The control room sends the officer there, who accepts, and shows the picture to who is on the incident."""
    console.get_by_test_id("nearest").click()
    console.get_by_test_id("near-officer").filter(has_text=name).get_by_test_id("assign").click()
    officer.get_by_test_id("assignment-accept").tap()
    expect(officer.get_by_test_id("assignment")).to_have_attribute("data-state", "accepted")
    toggle = console.get_by_test_id("show-officers")
    expect(toggle).to_have_text("Show to officers on the incident (1)")
    toggle.click()
    expect(officer.get_by_test_id("shown-picture")).to_be_visible()


def flights_heard(page: Page) -> list[dict[str, Any]]:
    """The list of every flight that the page is told of from its next loading on, as it comes."""
    heard: list[dict[str, Any]] = []

    def take(payload: str | bytes) -> None:
        frame = json.loads(payload)
        heard.extend(frame["flights"] if frame.get("type") == "flights.moved" else [])

    def listen(line: WebSocket) -> None:
        line.on("framereceived", take)

    page.on("websocket", listen)
    page.reload()
    expect(page.get_by_test_id("go-live")).to_be_enabled()
    return heard


def places(page: Page, heard: list[dict[str, Any]], session_id: str) -> set[tuple[float, float]]:
    """Where a flight was, by what the page has heard; the browser tells us of it while we wait for the page alone."""
    page.wait_for_timeout(100)
    return {(flight["latitude"], flight["longitude"]) for flight in heard if flight["session_id"] == session_id}
