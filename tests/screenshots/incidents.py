"""One incident with two officers and a caller: its page in the console, and the group text on an officer's phone."""

from playwright.sync_api import Page, expect

from tests.flows.journey import share_all
from tests.flows.system import sign_in
from tests.screenshots.studio import LIVE_WITHIN_MS, Studio


def walk(studio: Studio) -> None:
    """Let two officers go live for a caller's incident, write to each other, and look at it whole."""
    console = studio.console()
    console.get_by_test_id("open-settings").click()
    console.get_by_test_id("blurs-new").uncheck()
    console.keyboard.press("Escape")
    caller = studio.phone().new_page()
    share_all(caller, studio.invite(console))
    first, second = _go_live(studio, "officer"), _go_live(studio, "pcso")
    console.keyboard.press("Alt+i")
    expect(console.get_by_test_id("tile")).to_have_count(3, timeout=LIVE_WITHIN_MS)
    expect(console.get_by_test_id("truth").filter(has_text="LIVE")).to_have_count(3, timeout=LIVE_WITHIN_MS)
    _write(console, "Ambulance is 4 minutes out. Who is at the rear entrance?")
    expect(second.get_by_test_id("group-newest")).to_contain_text("Who is at the rear entrance?")
    studio.take(second, "officer-group-text")
    second.get_by_test_id("answer").nth(1).tap()
    first.get_by_test_id("open-group").tap()
    first.get_by_test_id("group-input").fill("Two casualties at the wall, one is walking")
    first.get_by_test_id("group-send").tap()
    _write(console, "Understood. Keep the road clear for the ambulance.")
    expect(first.get_by_test_id("group-message")).to_have_count(4)
    studio.take(first, "officer-group-messages")
    expect(console.locator("[data-testid=timeline-entry][data-kind=group_messages]").first).to_be_visible()
    console.wait_for_timeout(3_000)
    studio.camera.take_in_both_themes(console, "console-incident")
    _show_caller(studio, console, first)
    for page in (first, second):
        page.reload()
        page.get_by_test_id("stop").tap()


def _show_caller(studio: Studio, console: Page, officer: Page) -> None:
    """The control room shows the caller's picture to those who are there; one of them watches."""
    officer.reload()
    console.get_by_test_id("incident-back").click()
    console.locator("[data-testid=session-row][data-state=live]").filter(has_not_text="Officer").first.click()
    toggle = console.get_by_test_id("show-officers")
    toggle.click()
    expect(toggle).to_have_attribute("aria-pressed", "true")
    expect(officer.get_by_test_id("watch-picture")).to_have_count(1, timeout=LIVE_WITHIN_MS)
    studio.take(officer, "officer-shown-pictures")
    officer.get_by_test_id("watch-picture").tap()
    expect(officer.get_by_test_id("shown-truth")).to_have_text("LIVE", timeout=LIVE_WITHIN_MS)
    officer.wait_for_timeout(2_000)
    studio.take(officer, "officer-watching")
    studio.take(console, "console-shown-to-officers")
    officer.get_by_test_id("close-picture").tap()


def _go_live(studio: Studio, role: str) -> Page:
    page = studio.phone(permissions=["geolocation", "camera", "microphone"]).new_page()
    sign_in(page, studio.system, role)
    page.wait_for_url("**/officer/")
    page.get_by_test_id("go-live").tap()
    page.get_by_test_id("incident").first.tap()
    expect(page.get_by_test_id("sign")).to_have_text("LIVE", timeout=LIVE_WITHIN_MS)
    return page


def _write(console: Page, text: str) -> None:
    console.get_by_test_id("incident-input").fill(text)
    console.get_by_test_id("incident-send").click()
    expect(console.get_by_test_id("group-message").filter(has_text=text)).to_have_count(1)
