"""A drone: the fleet, the plan of a flight with its risk, the flight with what it sees, and an officer's page."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Page, expect

from drones.simulation.clip import make_aerial_clip
from tests.flows.flying import answer_flight, fill_in_flight, land_drone, seed_drone
from tests.flows.system import System, sign_in
from tests.screenshots.studio import LIVE_WITHIN_MS, Studio

# North of the officer's phone: 90 m up, looking down and a little ahead, towards it.
SEEN: dict[str, Any] = {
    **{"latitude": 51.7642, "longitude": -0.2257, "height_m": 90, "altitude_m": 168, "heading_deg": 180},
    **{"speed_mps": 3, "gimbal_pitch_deg": -55, "battery_percent": 64},
}


def walk(studio: Studio) -> None:
    """Plan, be stopped by an answer, launch, see it live with its footprint, and show it to an officer."""
    drone = seed_drone(studio.system, "PICTURED-1")
    seed_drone(studio.system, "PICTURED-2")
    console = studio.console()
    console.get_by_test_id("open-settings").click()
    console.get_by_test_id("blurs-new").uncheck()
    console.keyboard.press("Escape")
    studio.invite(console)
    officer = _go_live(studio)
    try:
        _plan(studio, console, drone)
        bridges = studio.system.stack.spawn("bridges", SIGHTLINE_DB_NAME=studio.system.database)
        try:
            _fly(studio, console, officer, drone)
        finally:
            bridges.stop()
    finally:
        land_drone(studio.system, drone)
        officer.reload()
        officer.get_by_test_id("stop").tap()


def _go_live(studio: Studio) -> Page:
    """Let an officer go live for the incident: whoever is on it may be shown what others see."""
    page = studio.phone(permissions=["geolocation", "camera", "microphone"]).new_page()
    sign_in(page, studio.system, "officer")
    page.wait_for_url("**/officer/")
    page.get_by_test_id("go-live").tap()
    page.get_by_test_id("incident").first.tap()
    expect(page.get_by_test_id("sign")).to_have_text("LIVE", timeout=LIVE_WITHIN_MS)
    return page


def _plan(studio: Studio, console: Page, drone: dict[str, Any]) -> None:
    fill_in_flight(console, drone)
    studio.camera.take_in_both_themes(console, "console-flight-plan")
    answer_flight(console, flight_people="no")
    studio.take(console, "console-flight-refused")
    answer_flight(console)
    console.get_by_test_id("plan-flight").click()
    expect(console.get_by_test_id("launch-flight")).to_be_enabled()
    studio.take(console, "console-flight-planned")


def _fly(studio: Studio, console: Page, officer: Page, drone: dict[str, Any]) -> None:
    console.get_by_test_id("launch-flight").click()
    feed = console.get_by_test_id("details").get_by_test_id("feed-state")
    expect(feed).to_have_text("Waiting for a picture", timeout=LIVE_WITHIN_MS)
    studio.take(console, "console-flight-waiting")
    with _pushed(studio.system, drone):
        expect(console.get_by_test_id("truth").first).to_have_text("LIVE", timeout=2 * LIVE_WITHIN_MS)
        _say_where(studio.system, drone)
        expect(console.get_by_test_id("flight-fact").first).to_be_visible(timeout=LIVE_WITHIN_MS)
        studio.camera.take_in_both_themes(console, "console-flight")
        _show(studio, console, officer, drone)
        console.get_by_test_id("open-fleet").click()
        expect(console.get_by_test_id("fleet-aircraft").first).to_be_visible()
        studio.take(console, "console-fleet")
        console.keyboard.press("Escape")


def _show(studio: Studio, console: Page, officer: Page, drone: dict[str, Any]) -> None:
    """The control room shows the drone's picture to the officer who is there."""
    officer.reload()
    toggle = console.get_by_test_id("show-officers")
    toggle.click()
    expect(toggle).to_have_attribute("aria-pressed", "true")
    officer.get_by_test_id("watch-picture").tap(timeout=LIVE_WITHIN_MS)
    expect(officer.get_by_test_id("shown-truth")).to_have_text("LIVE", timeout=LIVE_WITHIN_MS)
    _say_where(studio.system, drone)
    officer.wait_for_timeout(2_000)
    studio.take(officer, "officer-drone")
    officer.get_by_test_id("close-picture").tap()


def _say_where(system: System, drone: dict[str, Any]) -> None:
    """Say a few fixes, a second apart, as an aircraft does that flies slowly south."""
    headers = {"Host": f"herts.localhost:{system.port}", "Authorization": f"Bearer {drone['key']}"}
    for step in range(4):
        fix = {**SEEN, "fixed_at": int(time.time() * 1000), "latitude": SEEN["latitude"] - step * 0.00003}
        body = {"type": "telemetry.fixes", "fixes": [fix]}
        answered = httpx.post(f"http://127.0.0.1:{system.port}/telemetry", json=body, headers=headers, timeout=10)
        answered.raise_for_status()
        time.sleep(1.1)


@contextmanager
def _pushed(system: System, drone: dict[str, Any]) -> Iterator[None]:
    """Push an aerial picture by RTMP in true time, over and over."""
    ffmpeg = os.environ["SIGHTLINE_FFMPEG"]
    clip = make_aerial_clip(ffmpeg, Path(tempfile.gettempdir()) / "sightline-clips")
    url = f"rtmp://127.0.0.1:{system.stack.installation.ports.rtmp}/live/{drone['key']}"
    source = ("-nostdin", "-loglevel", "fatal", "-re", "-stream_loop", "-1", "-i", str(clip), "-c", "copy")
    pushing = subprocess.Popen((ffmpeg, *source, "-f", "flv", url), stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        pushing.kill()
        pushing.wait(10)
