"""A drone is flown from the console alone: plan, risk, launch, a real push by RTMP, its feed in words, landing."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.conftest import wait_until
from tests.drones.ingest_world import H265, World, pushing
from tests.flows.accessibility import assert_accessible_in_both_themes
from tests.flows.flying import answer_flight, fill_in_flight, land_drone, plan_flight, seed_drone, state_of
from tests.flows.journey import REMEMBER_PEERS, decoded, open_incident_and_send
from tests.flows.system import System, sign_in
from tests.people import PASSWORD

Drone = dict[str, Any]
STALE = "UPDATE herts.accounts_signin SET proved_at = now() - interval '6 minutes' WHERE ended_at IS NULL"
# The RTMP server confirms every 5 s that somebody pushes what no bridge hears.
UNHEARD_WITHIN_MS = 40_000
LIVE_WITHIN_MS = 60_000


@pytest.fixture(scope="module")
def drone(system: System) -> Drone:
    """Return an aircraft with its key and the one before, and who may fly it."""
    former = seed_drone(system, "CONSOLE-1")
    return {**seed_drone(system, "CONSOLE-1"), "former_key": former["key"]}


@pytest.fixture(scope="module")
def bridges(system: System) -> Iterator[None]:
    """Keep the bridges of this system."""
    running = system.stack.spawn("bridges", SIGHTLINE_DB_NAME=system.database)
    yield
    running.stop()


@pytest.fixture
def console(system: System, desk: BrowserContext, drone: Drone) -> Iterator[Page]:
    """Return an operator's page beside an incident; what flies afterwards is landed."""
    desk.add_init_script(REMEMBER_PEERS)
    page = desk.new_page()
    sign_in(page, system, "operator")
    open_incident_and_send(page)
    yield page
    land_drone(system, drone)


def feed(page: Page) -> Locator:
    """How the drone's feed stands, in the right column."""
    return page.get_by_test_id("details").get_by_test_id("feed-state")


def test_operator_is_refused_the_launch_until_the_risk_is_answered(system: System, console: Page, drone: Drone) -> None:
    fill_in_flight(console, drone)
    assert_accessible_in_both_themes(console, "the plan of a flight")
    console.get_by_test_id("plan-flight").click()

    console.get_by_test_id("launch-flight").click()
    expect(console.get_by_test_id("flight-board").get_by_role("alert")).to_contain_text("were not answered")
    assert state_of(system, drone) == "planned"
    assert_accessible_in_both_themes(console, "a planned flight")

    console.get_by_test_id("answer-risk").click()
    answer_flight(console, flight_people="no")
    expect(console.get_by_test_id("risk-blocked")).to_contain_text("The flight is blocked")
    expect(console.get_by_test_id("launch-form")).to_be_disabled()
    answer_flight(console)
    console.get_by_test_id("launch-form").click()
    expect(console.get_by_test_id("drone-launched")).to_contain_text("since")
    assert state_of(system, drone) == "flying"


def test_operator_reads_how_the_picture_comes_and_lands(
    system: System, bridges: None, console: Page, drone: Drone, tmp_path: Path
) -> None:
    world = World(system.stack, system.database)
    url, h265, plain = world.rtmp_url(drone["key"]), world.clip(tmp_path, H265), world.clip(tmp_path)
    fill_in_flight(console, drone)
    answer_flight(console)
    console.get_by_test_id("launch-form").click()
    expect(feed(console)).to_have_text("Waiting for a picture")
    console.reload()
    expect(feed(console)).to_have_text("Waiting for a picture")

    with pushing(plain, "flv", world.rtmp_url(drone["former_key"])):
        expect(console.get_by_test_id("refused-sender")).to_contain_text("its key was revoked or replaced")
        expect(feed(console)).to_have_text("Waiting for a picture")

    with pushing(h265, "flv", url):
        expect(feed(console)).to_have_text("Cannot be passed on", timeout=UNHEARD_WITHIN_MS)
        expect(console.get_by_test_id("details").get_by_test_id("feed-detail")).to_contain_text("H.265")
        expect(console.get_by_test_id("truth").first).not_to_have_text("LIVE")
        assert_accessible_in_both_themes(console, "a feed that is refused")

    with pushing(plain, "flv", url, again=True):
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


def _look_at_the_fleet(page: Page, drone: Drone) -> None:
    page.keyboard.press("Alt+a")
    row = page.locator(f"[data-testid=fleet-aircraft][data-id='{drone['aircraft']}']")
    expect(row).to_have_attribute("data-state", "flying")
    expect(row.get_by_test_id("feed-state")).to_be_visible()
    expect(row.get_by_test_id("fleet-flight")).to_contain_text("Search for a missing person by the river")
    assert_accessible_in_both_themes(page, "the fleet")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("fleet-dialog")).to_have_count(0)


def test_refused_answers_are_kept_for_a_supervisor_who_overrides_with_a_fresh_proof(
    system: System, console: Page, drone: Drone, open_browser: Callable[..., BrowserContext]
) -> None:
    plan_flight(console, drone)
    console.get_by_test_id("answer-risk").click()
    answer_flight(console, flight_airspace="no")
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
    decided = f"SELECT outcome FROM herts.streams_riskassessment WHERE session_id = '{session_id}'"
    assert system.sql(decided) == "overridden"
