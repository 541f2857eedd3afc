"""An officer who goes live from the phone, the control room that watches, and another force that is shown it."""

from playwright.sync_api import Page, expect

from tests.flows.journey import own_live_row
from tests.flows.system import sign_in
from tests.screenshots.studio import LIVE_WITHIN_MS, Studio


def walk(studio: Studio) -> None:
    """Go live in two taps, watch, share with Bedfordshire, and stop."""
    console = studio.console()
    console.context.grant_permissions(["microphone"])
    officer = studio.phone(permissions=["geolocation", "camera", "microphone"]).new_page()
    sign_in(officer, studio.system, "officer")
    officer.wait_for_url("**/officer/")
    expect(officer.get_by_test_id("go-live")).to_be_enabled()
    studio.take(officer, "officer-home")
    officer.get_by_test_id("go-live").tap()
    studio.take(officer, "officer-choosing")
    officer.get_by_test_id("without-incident").tap()
    expect(officer.get_by_test_id("sign")).to_have_text("LIVE", timeout=LIVE_WITHIN_MS)
    console.locator("[data-testid=session-row][data-state=live]", has_text="Officer").first.click()
    expect(own_live_row(console)).to_have_count(1)
    expect(officer.get_by_test_id("watchers")).to_have_text("Control room: 1 watching", timeout=LIVE_WITHIN_MS)
    console.wait_for_timeout(2_000)
    console.get_by_test_id("show-picture").click()
    studio.take(officer, "officer-live")
    studio.take(console, "console-officer")
    _speak(studio, console, officer)
    _share(studio, console)
    officer.get_by_test_id("stop").tap()
    expect(officer.get_by_test_id("go-live")).to_be_visible()


def _speak(studio: Studio, console: Page, officer: Page) -> None:
    console.get_by_test_id("talk-open").click()
    expect(console.get_by_test_id("talk")).to_have_attribute("data-state", "speaking", timeout=LIVE_WITHIN_MS)
    expect(officer.get_by_test_id("voice")).to_have_attribute("data-sound", "playing", timeout=LIVE_WITHIN_MS)
    studio.take(console, "console-speaking")
    studio.take(officer, "officer-spoken-to")
    console.get_by_test_id("talk-open").click()
    expect(officer.get_by_test_id("voice")).to_have_count(0)


def _share(studio: Studio, console: Page) -> None:
    guest = studio.desk()
    sign_in(guest, studio.system, "operator", "beds")
    console.get_by_test_id("share").click()
    console.get_by_role("radio", name="Bedfordshire Police").check(force=True)
    console.get_by_test_id("share-purpose").fill("Pursuit towards Luton")
    studio.take(console, "console-share")
    console.get_by_test_id("share-send").click()
    guest.get_by_test_id("shared-row").click(timeout=LIVE_WITHIN_MS)
    guest.wait_for_timeout(3_000)
    guest.get_by_test_id("show-picture").click()
    expect(console.get_by_test_id("share-watchers")).to_contain_text("Bedfordshire Police", timeout=LIVE_WITHIN_MS)
    studio.take(guest, "console-shared-by-another-force")
    studio.take(console, "console-shared-with-another-force")
    console.get_by_test_id("share-revoke").click()
    expect(guest.get_by_test_id("truth-detail")).to_contain_text("Sharing was ended", timeout=LIVE_WITHIN_MS)
    studio.take(guest, "console-sharing-ended")
