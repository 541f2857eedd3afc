"""``make screenshots``: pictures of every page, taken in real Chromium of a running system, into docs/screenshots."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, ViewportSize, expect, sync_playwright

from config.services.stack import Stack

if TYPE_CHECKING:
    from tests.flows.system import System

ROOT = Path(__file__).resolve().parents[1]
OUTPUT = ROOT / "docs" / "screenshots"
PHONE = ViewportSize(width=390, height=844)
DESK = ViewportSize(width=1440, height=900)


def main() -> None:
    """Start a system, walk the main job, and take a picture at each step."""
    OUTPUT.mkdir(parents=True, exist_ok=True)
    with Stack.start() as stack:
        os.environ.update(stack.environment)
        from tests.databases import ensure_template

        ensure_template(stack)
        from tests.flows.system import System

        system = System.start(stack)
        try:
            with sync_playwright() as playwright:
                _walk(system, playwright)
        finally:
            system.stop()
    sys.stdout.write(f"pictures are in {OUTPUT.relative_to(ROOT)}\n")


def _walk(system: "System", playwright: Playwright) -> None:
    from tests.flows.conftest import CHROMIUM, FLAGS, HATFIELD
    from tests.flows.journey import open_incident_and_send, own_live_row
    from tests.flows.system import sign_in

    browsers: list[Browser] = [playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS) for _ in range(2)]
    desk = browsers[0].new_context(viewport=DESK)
    phone = browsers[1].new_context(
        viewport=PHONE, geolocation=HATFIELD, permissions=["geolocation", "camera"], is_mobile=True, has_touch=True
    )
    console, caller = desk.new_page(), phone.new_page()
    console.goto(system.url("/sign-in/"))
    _take(console, "sign-in")
    sign_in(console, system, "operator")
    _take(console, "console-empty")
    link = open_incident_and_send(console, before_sending=lambda: _take(console, "console-new-incident"))
    _take(console, "console-waiting")
    console.get_by_test_id("show-code").click()
    expect(console.get_by_test_id("code")).to_be_visible()
    _take(console, "console-code")
    caller.goto(system.url("/join/"))
    _take(caller, "caller-join")
    _share(caller, link)
    expect(own_live_row(console)).to_have_count(1, timeout=20_000)
    _move(phone, caller)
    console.get_by_test_id("show-picture").click()
    console.get_by_test_id("chat-input").fill("Help is on the way")
    console.get_by_test_id("chat-send").click()
    expect(caller.get_by_text("They can see you now")).to_be_visible(timeout=20_000)
    console.wait_for_timeout(2_000)
    _take(console, "console-live")
    _take(caller, "caller-live")
    console.get_by_test_id("mode-wall").click()
    console.wait_for_timeout(2_000)
    _take(console, "console-wall")
    console.get_by_test_id("mode-session").click()
    console.set_viewport_size(PHONE)
    _take(console, "console-live-phone")
    console.set_viewport_size(DESK)
    caller.get_by_role("button", name="STOP").click()
    expect(caller.get_by_text("You have stopped sharing")).to_be_visible()
    _take(caller, "caller-ended")
    expect(console.locator("[data-testid=item][data-state=sealed]")).to_have_count(1, timeout=60_000)
    _take(console, "console-ended")
    _admin(system, browsers[0].new_context(viewport=DESK), sign_in)
    for browser in browsers:
        browser.close()


def _share(caller: Page, link: str) -> None:
    """Walk the caller's pages with a picture of each."""
    from tests.flows.journey import agree_to_all

    caller.goto(link)
    _take(caller, "caller-invitation")
    caller.get_by_role("button", name="Continue").click()
    caller.wait_for_url("**/live/")
    expect(caller.get_by_role("button", name="Continue")).to_be_visible()
    _take(caller, "caller-what")
    caller.get_by_role("button", name="Continue").click()
    agree_to_all(caller)
    _take(caller, "caller-consent")
    caller.get_by_role("button", name="I agree").click()
    expect(caller.get_by_role("button", name="Share my location")).to_be_visible()
    _take(caller, "caller-location")
    caller.get_by_role("button", name="Share my location").click()
    expect(caller.get_by_role("button", name="Start my camera")).to_be_visible()
    _take(caller, "caller-camera")
    caller.get_by_role("button", name="Start my camera").click()


def _move(phone: BrowserContext, caller: Page) -> None:
    """Walk a few steps, so that the map has a trail."""
    for step in range(6):
        phone.set_geolocation(
            {"latitude": 51.7634 + step * 0.0002, "longitude": -0.2257 + step * 0.0003, "accuracy": 12}
        )
        caller.wait_for_timeout(700)


def _admin(system: "System", context: BrowserContext, sign_in: Callable[..., None]) -> None:
    page = context.new_page()
    sign_in(page, system, "force_admin")
    _take(page, "force-admin")


def _take(page: Page, name: str) -> None:
    page.wait_for_timeout(300)
    page.screenshot(path=OUTPUT / f"{name}.png")


if __name__ == "__main__":
    main()
