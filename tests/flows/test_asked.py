"""The nearest officer is found, asked and goes, and is asked to show it: control room, caller and officer."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.flows.accessibility import assert_accessible
from tests.flows.conftest import HATFIELD
from tests.flows.journey import open_incident_and_send, own_live_row, share_all
from tests.flows.officers import enrol_officer, open_officers_page
from tests.flows.system import System, sign_in


def test_nearest_officer_is_asked_goes_comes_nearer_and_shows_it(
    system: System,
    desk: BrowserContext,
    phone: BrowserContext,
    open_browser: Callable[..., BrowserContext],
) -> None:
    console, caller = desk.new_page(), phone.new_page()
    sign_in(console, system, "operator")
    share_all(caller, open_incident_and_send(console))
    expect(own_live_row(console)).to_have_count(1)
    person = enrol_officer(system, "Ellis Brook")
    officer = on_duty(open_officers_page(system, open_browser, person))

    stand(officer, metres_north=2_000)
    console.get_by_test_id("nearest").click()
    row = console.get_by_test_id("near-officer").filter(has_text=person.name)
    expect(row.get_by_test_id("near-distance")).to_have_text(re.compile(r"^2\.0 km, .*, ±12 m$"))
    console.get_by_test_id("officer-words").fill("Two people beside the wall")
    row.get_by_test_id("assign").click()

    card = officer.get_by_test_id("assignment")
    expect(card).to_contain_text("CAD 1234")
    expect(card).to_contain_text("Two people beside the wall")
    expect(card.get_by_test_id("assignment-place")).to_have_text(re.compile(r"^TL .* 2\.0 km from you at"))
    assert_accessible(officer, "the officer's page, asked")
    assert_accessible(console, "the console, with officers")
    card.get_by_test_id("assignment-accept").tap()
    assigned = console.get_by_test_id("assigned")
    expect(assigned.get_by_test_id("assigned-state")).to_have_text("en route")
    stand(officer, metres_north=300)
    expect(assigned.get_by_test_id("assigned-distance")).to_contain_text("300 m")
    officer.reload()
    expect(officer.get_by_test_id("assignment")).to_have_attribute("data-state", "accepted")

    assigned.get_by_test_id("ask-to-see").click()
    expect(officer.get_by_test_id("view-request")).to_contain_text("Two people beside the wall")
    officer.get_by_test_id("view-accept").tap()
    expect(officer.get_by_test_id("sign")).to_have_text("LIVE")
    console.get_by_test_id("view-open").click()
    expect(officer.get_by_test_id("watchers-names")).to_have_text("Operator")
    officer.get_by_test_id("stop").tap()

    officer.get_by_test_id("assignment-done").tap()
    expect(officer.get_by_test_id("status-available")).to_have_attribute("aria-pressed", "true")
    expect(officer.get_by_test_id("assignment")).to_have_count(0)
    expect(officer.get_by_test_id("notice")).to_have_count(0)
    caller.get_by_role("button", name="STOP").click()


def on_duty(page: Page) -> Page:
    """Say on the officer's page that they can be sent somewhere."""
    page.get_by_test_id("status-available").tap()
    expect(page.get_by_test_id("status-available")).to_have_attribute("aria-pressed", "true")
    return page


def stand(officer: Page, *, metres_north: float) -> None:
    """Let the officer's phone be so far north of the caller; its page tells the control room."""
    latitude = HATFIELD["latitude"] + metres_north / 111_226
    officer.context.set_geolocation({**HATFIELD, "latitude": latitude})
