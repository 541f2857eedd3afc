"""The caller's pages in Welsh, and in Urdu from right to left."""

from playwright.sync_api import Page, expect

from forces.languages import say
from tests.flows.journey import own_live_row
from tests.screenshots.studio import LIVE_WITHIN_MS, Studio, ask_whether_safe


def walk(studio: Studio) -> None:
    """Take both languages as far as a live picture."""
    console = studio.console()
    for language, name in (("ur", "urdu"), ("cy", "welsh")):
        caller = studio.phone().new_page()
        _share(studio, caller, studio.invite(console), language, name)
        expect(own_live_row(console)).to_have_count(1, timeout=LIVE_WITHIN_MS)
        ask_whether_safe(console)
        caller.wait_for_timeout(2_500)
        studio.take(caller, f"caller-live-{name}")
        if language == "ur":
            studio.take(console, "console-urdu")
        console.get_by_test_id("end-session").click()
        console.get_by_test_id("end-confirm").click()
        expect(own_live_row(console)).to_have_count(0, timeout=LIVE_WITHIN_MS)


def _share(studio: Studio, caller: Page, link: str, language: str, name: str) -> None:
    caller.goto(f"{link}?language={language}")
    studio.take(caller, f"caller-invitation-{name}")
    caller.get_by_role("button", name=say(language, "invitation.continue")).click()
    caller.wait_for_url("**/live/")
    caller.locator(".way-on button").click()
    boxes = caller.get_by_role("checkbox")
    expect(boxes.first).to_be_visible()
    # What is recorded can be chosen once there is something to record.
    for index in range(boxes.count()):
        boxes.nth(index).check()
    studio.take(caller, f"caller-consent-{name}")
    for _ in range(3):  # "I agree", location, camera: the first button of each leads on
        caller.locator(".way-on button").first.click()
        caller.wait_for_timeout(1_000)
