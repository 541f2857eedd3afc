"""A drone of each protocol, flown by the simulator through every door, and the browser that decodes it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.conftest import wait_until
from tests.flows.journey import REMEMBER_PEERS, decoded
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


@pytest.mark.parametrize("protocol", ["rtmp", "srt", "rtsp", "whip"])
def test_drone_of_each_protocol_is_decoded_in_the_control_room(
    system: System, bridges: None, sign_ins: Path, desk: BrowserContext, protocol: str
) -> None:
    desk.add_init_script(REMEMBER_PEERS)
    console = desk.new_page()
    sign_in(console, system, "operator")
    words = ("--force", "herts", "--protocol", protocol, "--sign-ins", str(sign_ins), "--clips", str(sign_ins.parent))
    drone = system.stack.spawn("manage", "simulate_drone", *words, SIGHTLINE_DB_NAME=system.database)
    flights = "herts.drones_flight f JOIN herts.drones_aircraft a ON a.id = f.aircraft_id"
    ours = f"a.serial = 'SIM-HERTS-{protocol.upper()}' AND f.state = 'flying'"
    live = "EXISTS (SELECT FROM herts.streams_stream s WHERE s.session_id = f.session_id AND s.state = 'live')"
    try:
        session_id = wait_until(lambda: system.sql(f"SELECT f.session_id FROM {flights} WHERE {ours} AND {live}"), 90)
        console.locator(f"[data-testid=session-row][data-session-id='{session_id}']").click()

        first = wait_until(lambda: decoded(console), 20)
        wait_until(lambda: decoded(console) > first + 20, 20)
        expect(console.get_by_test_id("truth").first).to_have_text("LIVE")
    finally:
        drone.stop()
        console.get_by_test_id("land-flight").click()
        console.get_by_test_id("land-confirm").click()
        wait_until(lambda: not system.sql(f"SELECT 1 FROM {flights} WHERE {ours}"), 20)
