"""One incident with two officers: the control room sees it whole, and they write to each other, in real browsers."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.flows.accessibility import assert_accessible
from tests.flows.officers import enrol_officer, go_live, open_officers_page, stop
from tests.flows.system import System, sign_in


@pytest.fixture
def officers(open_browser: Callable[..., BrowserContext], system: System) -> Iterator[list[Page]]:
    """Return the pages of two people on the ground, who are off the air in the end."""
    people = [enrol_officer(system, "Kim Marsh"), enrol_officer(system, "Jo Heath", role="pcso")]
    pages = [open_officers_page(system, open_browser, one) for one in people]
    yield pages
    for page in pages:
        stop(page)


def kinds(console: Page) -> list[str]:
    """Return what the time line shows, newest first."""
    # At once: between two readings an entry may come in above.
    kinds_shown: list[str] = console.get_by_test_id("timeline-entry").evaluate_all(
        "entries => entries.map((entry) => entry.dataset.kind)"
    )
    return kinds_shown


def test_control_room_sees_an_incident_whole_and_writes_with_its_officers(
    system: System, desk: BrowserContext, officers: list[Page]
) -> None:
    console = desk.new_page()
    sign_in(console, system, "operator")
    first, second = officers
    go_live(first)
    second.reload()  # the list of open incidents is read with the page
    go_live(second, "incident")
    console.locator("[data-testid=session-row][data-state=live]", has_text="Kim Marsh").click()
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
