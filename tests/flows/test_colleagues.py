"""A caller's live picture shown to the officer who goes there: on the phone at once, one tap, and gone when hidden."""

import re
import time
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import wait_until
from tests.flows.accessibility import assert_accessible, assert_accessible_in_both_themes
from tests.flows.journey import REMEMBER_PEERS, decoded, open_incident_and_send, own_live_row, share_all
from tests.flows.officers import Enrolled, enrol_officer, open_officers_page
from tests.flows.one_publication import CUT_WITHIN_S, feeds, is_silent
from tests.flows.system import System, sign_in

# From the operator's click to the card on the officer's phone.
SHOWN_WITHIN_S = 2.0


def test_operator_shows_the_callers_picture_to_the_officer_who_goes_there_and_hides_it(
    system: System, desk: BrowserContext, phone: BrowserContext, open_browser: Callable[..., BrowserContext]
) -> None:
    console, caller = desk.new_page(), phone.new_page()
    sign_in(console, system, "operator")
    share_all(caller, open_incident_and_send(console))
    expect(own_live_row(console)).to_have_count(1, timeout=30_000)
    person = enrol_officer(system, "Rowan Hale")
    officer = _on_the_way(system, console, open_browser, person)

    _show(console, officer)
    _watch(officer)

    assert len(feeds(system)) == 1
    expect(console.get_by_test_id("watcher-names")).to_contain_text(person.name, timeout=10_000)
    assert_accessible_in_both_themes(console, "the console, with a picture shown to officers")
    _hide(console, officer)
    _see_audit(system, person)
    expect(own_live_row(console)).to_have_count(1)
    officer.get_by_test_id("close-picture").tap()
    officer.get_by_test_id("assignment-done").tap()
    officer.get_by_test_id("status-off_duty").tap()
    expect(officer.get_by_test_id("status-off_duty")).to_have_attribute("aria-pressed", "true")
    caller.get_by_role("button", name="STOP").click()


def _on_the_way(system: System, console: Page, open_browser: Callable[..., BrowserContext], person: Enrolled) -> Page:
    """Return the page of the officer, who accepted to go to the incident."""
    page = open_officers_page(system, open_browser, person, script=REMEMBER_PEERS)
    page.get_by_test_id("status-available").tap()
    expect(page.get_by_test_id("status-available")).to_have_attribute("aria-pressed", "true")
    console.get_by_test_id("nearest").click()
    console.get_by_test_id("near-officer").filter(has_text=person.name).get_by_test_id("assign").click()
    page.get_by_test_id("assignment-accept").tap()
    expect(page.get_by_test_id("assignment")).to_have_attribute("data-state", "accepted")
    expect(page.get_by_test_id("shown-list")).to_have_count(0)
    return page


def _show(console: Page, officer: Page) -> None:
    """One click, and the card is on the phone."""
    toggle = console.get_by_test_id("show-officers")
    expect(toggle).to_have_text("Show to officers on the incident (1)")
    toggle.click()
    card = officer.get_by_test_id("shown-picture")
    expect(card).to_be_visible(timeout=SHOWN_WITHIN_S * 1000)
    expect(card).to_contain_text("Caller")
    expect(card.get_by_test_id("shown-place")).to_have_text(re.compile(r"^TL .*, ±12 m, .* ago$"))
    expect(toggle).to_have_attribute("aria-pressed", "true")
    expect(console.get_by_test_id("shown-by")).to_have_text(re.compile(r"^By .*, \d\d:\d\d:\d\d$"))
    assert_accessible(officer, "the officer's page with a picture to watch")


def _watch(officer: Page) -> None:
    """One tap, and the picture moves, with its sign and its place; nothing of the caller is said."""
    officer.get_by_test_id("watch-picture").tap()
    first = wait_until(lambda: decoded(officer), 20)
    wait_until(lambda: decoded(officer) > first + 10, 20)
    sheet = officer.get_by_test_id("shown-sheet")
    expect(sheet.get_by_test_id("shown-truth")).to_have_text("LIVE")
    expect(sheet.get_by_test_id("shown-place")).to_have_text(re.compile(r"^TL "))
    box = sheet.get_by_test_id("video").bounding_box()
    assert box is not None
    assert box["width"] == 360, "the picture has the whole width"
    words = officer.locator("body").inner_text()
    for secret in ("Collapsed wall", "900123"):
        assert secret not in words
    assert_accessible(officer, "the officer's page, watching")


def _hide(console: Page, officer: Page) -> None:
    """Within two seconds no picture arrives any more, and the page says so."""
    console.get_by_test_id("show-officers").click()
    clicked = time.monotonic()
    over = officer.get_by_test_id("shown-over")
    expect(over).to_contain_text("The control room shows this picture no longer.", timeout=CUT_WITHIN_S * 1000)
    assert officer.get_by_test_id("shown-sheet").locator("video").count() == 0
    wait_until(lambda: is_silent(officer), CUT_WITHIN_S - (time.monotonic() - clicked) + 0.3)
    expect(console.get_by_test_id("show-officers")).to_have_attribute("aria-pressed", "false")
    expect(officer.get_by_test_id("shown-list")).to_have_count(0)


def _see_audit(system: System, person: Enrolled) -> None:
    """The audit has each step: who showed it, who watched, and that it ended."""
    watched = f"act LIKE 'stream.watch%' AND actor_id = '{person.user_id}'"
    session = f"SELECT session_id FROM herts.audit_entry WHERE {watched} ORDER BY seq DESC LIMIT 1"
    acts = system.sql(
        "SELECT act || ' ' || operation FROM herts.audit_entry"
        f" WHERE session_id = ({session}) AND (act IN ('session.show', 'session.hide') OR {watched}) ORDER BY seq"
    )
    assert acts.splitlines() == [
        "session.show disclosure",
        "stream.watch consultation",
        "stream.watch_end consultation",
        "session.hide disclosure",
    ]
