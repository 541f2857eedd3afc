"""A drone is flown from the console alone: plan, risk, launch, a real push by RTMP, its feed in words, landing."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.conftest import wait_until
from tests.drones.ingest_world import H265, World, pushing
from tests.flows.accessibility import assert_accessible_in_both_themes
from tests.flows.journey import REMEMBER_PEERS, answer_safely, decoded, open_incident_and_send
from tests.flows.system import System, sign_in
from tests.people import PASSWORD

SEED = """
import json
from forces import clock
from forces.context import in_force
from forces.selectors import find_force
from tests.factories.drones import make_aircraft, make_key, make_pilot

def seed():
    aircraft = make_aircraft("CONSOLE-1", protocols=["rtmp"])
    key = make_key(aircraft, now=clock.now())
    return {"aircraft": str(aircraft.pk), "pilot": make_pilot("console-pilot").id, "key": key}

print(json.dumps(in_force(find_force("herts"), seed)))
"""
LAND = """
from forces import clock
from forces.context import in_force
from forces.selectors import find_force
from drones.models import Flight
from drones.services.flights import land_flight
from tests.factories.streams import person

def land():
    for flight in Flight.objects.filter(aircraft__serial="CONSOLE-1", state__in=Flight.OPEN):
        land_flight(actor=person(), now=clock.now(), session_id=flight.pk)

in_force(find_force("herts"), land)
"""
STALE = "UPDATE herts.accounts_signin SET proved_at = now() - interval '6 minutes' WHERE ended_at IS NULL"
# The RTMP server confirms every 5 s that somebody pushes what no bridge hears.
UNHEARD_WITHIN_MS = 40_000
LIVE_WITHIN_MS = 60_000


@pytest.fixture(scope="module")
def drone(system: System) -> dict[str, Any]:
    """Return an aircraft with its key, and who may fly it."""
    seeded: dict[str, Any] = json.loads(system.manage("shell", "--no-imports", "-c", SEED).splitlines()[-1])
    return seeded


@pytest.fixture(scope="module")
def bridges(system: System) -> Iterator[None]:
    """Keep the bridges of this system."""
    running = system.stack.spawn("bridges", SIGHTLINE_DB_NAME=system.database)
    yield
    running.stop()


@pytest.fixture
def console(system: System, desk: BrowserContext, drone: dict[str, Any]) -> Iterator[Page]:
    """Return an operator's page beside an incident; whatever flies afterwards is landed."""
    desk.add_init_script(REMEMBER_PEERS)
    page = desk.new_page()
    sign_in(page, system, "operator")
    open_incident_and_send(page)
    yield page
    if state_of(system, drone) in {"planned", "flying"}:
        system.manage("shell", "--no-imports", "-c", LAND)


def state_of(system: System, drone: dict[str, Any]) -> str:
    """Return how the aircraft's newest flight stands; "" before there was one."""
    newest = f"aircraft_id = '{drone['aircraft']}' ORDER BY planned_at DESC LIMIT 1"
    return system.sql(f"SELECT state FROM herts.drones_flight WHERE {newest}")


def plan(page: Page, drone: dict[str, Any]) -> None:
    """Plan a flight for the incident on the screen, and answer nothing."""
    page.get_by_test_id("plan-drone").click()
    expect(page.get_by_test_id("plan-flight")).to_be_disabled()
    page.get_by_test_id("flight-aircraft").select_option(drone["aircraft"])
    page.get_by_test_id("flight-pilot").select_option(drone["pilot"])
    page.get_by_test_id("flight-purpose").fill("Search for a missing person by the river")
    page.locator("label", has=page.get_by_test_id("basis-vital_interests")).click()
    expect(page.get_by_test_id("risk-question").first).to_be_visible()
    assert_accessible_in_both_themes(page, "the plan of a flight")
    page.get_by_test_id("plan-flight").click()
    expect(page.get_by_test_id("flight-board")).to_be_visible()


def answer(page: Page, **against: str) -> None:
    """Answer every question of the open dialog, all but those of `against` so that nothing refuses."""
    questions = page.get_by_test_id("risk-question")
    expect(questions.first).to_be_visible()
    for index in range(questions.count()):
        code = questions.nth(index).get_attribute("data-code") or ""
        if code in against:
            questions.nth(index).locator("label", has=page.get_by_test_id(f"risk-{code}-{against[code]}")).click()
        else:
            answer_safely(page, code)


def feed(page: Page) -> Locator:
    """How the drone's feed stands, in the right column."""
    return page.get_by_test_id("details").get_by_test_id("feed-state")


def test_operator_flies_from_the_console_and_reads_how_the_picture_comes(
    system: System, bridges: None, console: Page, drone: dict[str, Any], tmp_path: Path
) -> None:
    world = World(system.stack, system.database)
    url, clips = world.rtmp_url(drone["key"]), (world.clip(tmp_path, H265), world.clip(tmp_path))
    plan(console, drone)

    console.get_by_test_id("launch-flight").click()
    expect(console.get_by_test_id("flight-board").get_by_role("alert")).to_contain_text("were not answered")
    assert state_of(system, drone) == "planned"
    assert_accessible_in_both_themes(console, "a planned flight")

    console.get_by_test_id("answer-risk").click()
    answer(console, **{"flight-people": "no"})
    expect(console.get_by_test_id("risk-blocked")).to_contain_text("The flight is blocked")
    expect(console.get_by_test_id("launch-form")).to_be_disabled()
    answer(console)
    console.get_by_test_id("launch-form").click()
    expect(console.get_by_test_id("drone-launched")).to_contain_text("since")
    assert state_of(system, drone) == "flying"

    expect(feed(console)).to_have_text("Waiting for a picture")
    console.reload()
    expect(feed(console)).to_have_text("Waiting for a picture")

    with pushing(clips[0], "flv", url):
        expect(feed(console)).to_have_text("Cannot be passed on", timeout=UNHEARD_WITHIN_MS)
        expect(console.get_by_test_id("details").get_by_test_id("feed-detail")).to_contain_text("H.265")
        expect(console.get_by_test_id("truth").first).not_to_have_text("LIVE")
        assert_accessible_in_both_themes(console, "a feed that is refused")

    with pushing(clips[1], "flv", url, again=True):
        expect(console.get_by_test_id("truth").first).to_have_text("LIVE", timeout=LIVE_WITHIN_MS)
        expect(feed(console)).to_have_text("Passed on to Sightline")
        expect(console.get_by_test_id("feed-truth")).to_have_text("LIVE")
        first = decoded(console)
        wait_until(lambda: decoded(console) > first + 20, 20)

    expect(feed(console)).to_have_attribute("data-state", re.compile("paused|waiting"))
    expect(console.get_by_test_id("truth").first).not_to_have_text("LIVE")
    _look_at_the_fleet(console, drone)

    console.get_by_test_id("land-flight").click()
    console.get_by_test_id("land-confirm").click()
    wait_until(lambda: state_of(system, drone) == "landed", 20)
    expect(console.get_by_test_id("feed")).to_have_count(0)
    assert system.sql("SELECT count(*) FROM herts.streams_livesession WHERE end_reason = 'landed'") != "0"


def _look_at_the_fleet(page: Page, drone: dict[str, Any]) -> None:
    page.keyboard.press("Alt+a")
    row = page.locator(f"[data-testid=fleet-aircraft][data-id='{drone['aircraft']}']")
    expect(row).to_have_attribute("data-state", "flying")
    expect(row.get_by_test_id("feed-state")).to_be_visible()
    expect(row.get_by_test_id("fleet-flight")).to_contain_text("Search for a missing person by the river")
    assert_accessible_in_both_themes(page, "the fleet")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("fleet-dialog")).to_have_count(0)


def test_refused_answers_are_kept_for_a_supervisor_who_overrides_with_a_fresh_proof(
    system: System, console: Page, drone: dict[str, Any], open_browser: Callable[..., BrowserContext]
) -> None:
    plan(console, drone)
    console.get_by_test_id("answer-risk").click()
    answer(console, **{"flight-airspace": "no"})
    expect(console.get_by_test_id("plan-flight")).to_have_text("Keep for a supervisor")
    console.get_by_test_id("plan-flight").click()
    expect(console.get_by_test_id("risk-refused")).to_contain_text("Ask air traffic control")
    for name in ("launch-flight", "override"):
        expect(console.get_by_test_id(name)).to_have_count(0)
    session_id = console.get_by_test_id("stage").get_attribute("data-session-id")

    supervisor = open_browser(viewport={"width": 1440, "height": 900}).new_page()
    sign_in(supervisor, system, "supervisor")
    supervisor.locator(f"[data-testid=session-row][data-session-id='{session_id}']").click()
    supervisor.get_by_test_id("override-reason").fill("Permission was given by telephone")
    system.sql(STALE)
    supervisor.get_by_test_id("override").click()
    dialog = supervisor.get_by_test_id("proof-dialog")
    expect(dialog).to_be_visible()
    assert state_of(system, drone) == "planned"
    dialog.get_by_test_id("proof").fill(PASSWORD)
    dialog.get_by_test_id("proof-submit").click()

    expect(console.get_by_test_id("drone-launched")).to_contain_text("since")
    assert state_of(system, drone) == "flying"
    assert system.sql(f"SELECT outcome FROM herts.streams_riskassessment WHERE session_id = '{session_id}'") == (
        "overridden"
    )
