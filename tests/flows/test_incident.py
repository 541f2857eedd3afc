"""One incident with two officers: the control room sees it whole, and they write to each other, in real browsers."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.flows.accessibility import assert_accessible
from tests.flows.conftest import HATFIELD
from tests.flows.system import System, sign_in


@pytest.fixture
def officers(open_browser: Callable[..., BrowserContext], system: System) -> Iterator[list[Page]]:
    """Return the pages of two people on the ground, who are off the air in the end."""
    pages = []
    for role in ("officer", "pcso"):
        context = open_browser(
            viewport={"width": 360, "height": 740},
            geolocation=HATFIELD,
            permissions=["geolocation", "camera", "microphone"],
            is_mobile=True,
            has_touch=True,
        )
        page = context.new_page()
        sign_in(page, system, role)
        page.wait_for_url("**/officer/")
        expect(page.get_by_test_id("go-live")).to_be_enabled()
        pages.append(page)
    yield pages
    ended = (
        "UPDATE herts.streams_livesession SET state = 'ended', ended_at = now() WHERE state NOT IN ('ended', 'expired')"
    )
    for page in pages:
        page.goto("about:blank")
    system.sql(f"{ended} AND kind = 'officer'")


def go_live(page: Page, for_what: str) -> None:
    """Go live without an incident, or for the one that was opened last."""
    page.reload()
    page.get_by_test_id("go-live").tap()
    page.get_by_test_id(for_what).first.tap()
    expect(page.get_by_test_id("sign")).to_have_text("LIVE")


def kinds(console: Page) -> list[str]:
    """Return what the time line shows, newest first."""
    shown = console.get_by_test_id("timeline-entry")
    return [one.get_attribute("data-kind") or "" for one in shown.all()]


def test_control_room_sees_an_incident_whole_and_writes_with_its_officers(
    system: System, desk: BrowserContext, officers: list[Page]
) -> None:
    console = desk.new_page()
    sign_in(console, system, "operator")
    first, second = officers
    go_live(first, "without-incident")
    go_live(second, "incident")
    console.locator("[data-testid=session-row][data-state=live]", has_text="Officer").first.click()
    console.keyboard.press("Alt+i")

    expect(console.get_by_test_id("incident-title")).to_have_text(re.compile("^HERTS-"))
    expect(console.get_by_test_id("tile")).to_have_count(2)
    expect(console.get_by_test_id("person")).to_have_count(2)
    expect(console.get_by_test_id("truth").filter(has_text="LIVE")).to_have_count(2)

    console.get_by_test_id("incident-input").fill("Who is at the rear entrance?")
    console.get_by_test_id("incident-send").click()
    for page in officers:
        expect(page.get_by_test_id("group-newest")).to_contain_text("Who is at the rear entrance?")
    assert_accessible(second, "the officer's page with a message that waits")
    second.get_by_test_id("answer").filter(has_text="Arrived").tap()
    expect(console.get_by_test_id("group-message")).to_have_count(2)
    first.get_by_test_id("open-group").tap()
    expect(first.get_by_test_id("group-message")).to_have_count(2)
    first.get_by_test_id("group-input").fill("Two casualties")
    first.get_by_test_id("group-send").tap()
    expect(console.get_by_test_id("group-log")).to_contain_text("Two casualties")
    first.get_by_test_id("close-group").tap()
    assert_accessible(console, "the incident's page")

    expect(console.locator("[data-testid=timeline-entry][data-kind=group_messages]").first).to_be_visible()
    assert {"incident_opened", "session_created", "live", "watch_began", "group_messages"} <= set(kinds(console))
    console.get_by_test_id("close-incident").click()
    expect(console.get_by_role("alert").filter(has_text="session")).to_be_visible()

    for page in officers:
        page.get_by_test_id("stop").tap()
        expect(page.get_by_test_id("go-live")).to_be_visible()
    expect(first.get_by_test_id("group-card")).to_have_count(0)
    expect(console.locator("[data-testid=timeline-entry][data-kind=session_ended]")).to_have_count(2)
    console.get_by_test_id("timeline-group").select_option("watch")
    expect(console.locator("[data-testid=timeline-entry]").first).to_have_attribute("data-kind", re.compile("^watch_"))
    console.get_by_test_id("close-incident").click()
    expect(console.get_by_test_id("incident-state")).to_have_text(re.compile("^Closed"))
    expect(console.get_by_test_id("incident-input")).to_have_count(0)
