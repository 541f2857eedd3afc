"""A live picture shown to an ambulance service: the dialog, the link, the code, the picture, and the end."""

from playwright.sync_api import Page, expect

from tests.conftest import wait_until
from tests.flows.agency_journey import AGENCY, code_sent
from tests.flows.journey import own_live_row, share_all
from tests.screenshots.studio import LIVE_WITHIN_MS, Studio


def walk(studio: Studio) -> None:
    """Share with an ambulance service, come in as its controller, watch, and end it."""
    console = studio.console()
    share_all(studio.phone().new_page(), studio.invite(console))
    expect(own_live_row(console)).to_have_count(1, timeout=LIVE_WITHIN_MS)
    console.get_by_test_id("show-picture").click()
    link = _share(studio, console)
    desk, phone = studio.desk(), studio.phone(permissions=[]).new_page()
    _come_in(studio, console, desk, link)
    _come_in(studio, console, phone, link, name="Sam Hill", is_looked_at=True)
    expect(console.get_by_test_id("agency-viewer")).to_have_count(2, timeout=LIVE_WITHIN_MS)
    for page in (desk, phone):
        expect(page.get_by_test_id("truth")).to_have_text("LIVE", timeout=LIVE_WITHIN_MS)
        expect(page.get_by_test_id("map").locator("canvas").first).to_be_visible(timeout=LIVE_WITHIN_MS)
    phone.wait_for_timeout(2_000)
    studio.take(desk, "agency-live-desk")
    studio.take(phone, "agency-live")
    studio.take(console, "console-agency-watching")
    console.get_by_test_id("agency-revoke").click()
    console.get_by_test_id("agency-revoke-sure").click()
    expect(phone.get_by_test_id("over")).to_be_visible(timeout=LIVE_WITHIN_MS)
    studio.take(phone, "agency-ended")
    phone.goto(link)
    studio.take(phone, "agency-refused")


def _share(studio: Studio, console: Page) -> str:
    console.get_by_test_id("share").click()
    console.get_by_test_id("share-tab-agency").click()
    console.get_by_test_id("agency-agency").fill(AGENCY)
    console.get_by_test_id("agency-contact-name").fill("Robin Shaw")
    console.get_by_test_id("agency-contact-phone").fill("07700 900456")
    console.get_by_test_id("agency-viewers").select_option("2")
    studio.take(console, "console-share-agency")
    console.get_by_test_id("agency-send").click()
    link = console.get_by_test_id("share-dialog").get_by_test_id("agency-link")
    expect(link).to_be_visible(timeout=LIVE_WITHIN_MS)
    found = link.input_value()
    studio.take(console, "console-shared-with-an-agency")
    console.get_by_test_id("share-dialog").get_by_role("button", name="Close").first.click()
    return found


def _come_in(
    studio: Studio, console: Page, page: Page, link: str, name: str = "Jo Marsh", *, is_looked_at: bool = False
) -> None:
    page.goto(link)
    if is_looked_at:
        studio.take(page, "agency-link")
    page.get_by_label("Your name").fill(name)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/agency/code/")
    if is_looked_at:
        studio.take(page, "agency-code")
        console.get_by_test_id("agency-read-code").click()
        expect(console.get_by_test_id("agency-code")).to_be_visible(timeout=LIVE_WITHIN_MS)
        studio.take(console, "console-agency-code")
    page.get_by_label("Code").fill(wait_until(lambda: code_sent(console, name), 20))
    page.get_by_role("button", name="Show the picture").click()
    page.wait_for_url("**/agency/live/")
