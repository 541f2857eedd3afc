"""What a walk works with: the running system, the camera, and browsers of operators and callers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, ViewportSize, expect

from tests.flows.conftest import BROWSER, FLAGS, HATFIELD
from tests.flows.journey import answer_safely, choose_incident_type
from tests.flows.system import System, sign_in
from tests.screenshots.camera import Camera

PHONE = ViewportSize(width=390, height=844)
DESK = ViewportSize(width=1440, height=900)
LIVE_WITHIN_MS = 30_000


@dataclass
class Studio:
    """One system with two browsers, so that a busy page of one side does not slow the other's."""

    system: System
    camera: Camera
    desks: Browser
    phones: Browser

    def desk(self) -> Page:
        """Return a page of a new workstation with dark colours, as a control room has them."""
        return self.desks.new_context(viewport=DESK, color_scheme="dark").new_page()

    def console(self, role: str = "operator") -> Page:
        """Return the console of somebody who has just signed in."""
        page = self.desk()
        sign_in(page, self.system, role)
        expect(page.get_by_test_id("connection")).to_have_attribute("data-tone", "good")
        return page

    def phone(self, **options: Any) -> BrowserContext:
        """Return a new phone with a camera, somewhere in Hatfield."""
        words: dict[str, Any] = {"permissions": ["geolocation", "camera"], **options}
        return self.phones.new_context(viewport=PHONE, geolocation=HATFIELD, is_mobile=True, has_touch=True, **words)

    def take(self, page: Page, name: str) -> None:
        """Take a picture."""
        self.camera.take(page, name)

    def invite(self, console: Page, kind: str = "location_video", filled_in: Callable[[], None] = lambda: None) -> str:
        """Open an incident, answer its questions safely, send a link of a kind and return it.

        ``filled_in`` is called when the form is complete, before the link goes out.
        """
        others = console.get_by_test_id("session-row").count()
        fill_in(console, kind)
        filled_in()
        console.get_by_test_id("send-link").click()
        expect(console.get_by_test_id("incident-dialog")).to_have_count(0, timeout=LIVE_WITHIN_MS)
        expect(console.get_by_test_id("session-row")).not_to_have_count(others, timeout=LIVE_WITHIN_MS)
        link = console.get_by_test_id("outbox-link").first
        expect(link).to_be_visible(timeout=LIVE_WITHIN_MS)
        return link.get_attribute("href") or ""


def fill_in(console: Page, kind: str = "location_video") -> None:
    """Fill in a new incident with nothing that speaks against the link."""
    console.get_by_test_id("new-incident").click()
    choose_incident_type(console)
    console.get_by_test_id("incident-text").fill("Wall has come down on the pavement, two people beside it")
    console.get_by_test_id("incident-external-reference").fill("CAD 1234")
    console.locator("label", has=console.get_by_test_id(f"link-kind-{kind}")).click()
    console.get_by_test_id("phone-number").fill("07700 900123")
    questions = console.get_by_test_id("risk-question")
    expect(questions.first).to_be_visible()
    for index in range(questions.count()):
        answer_safely(console, questions.nth(index).get_attribute("data-code") or "")


def ask_whether_safe(console: Page) -> None:
    """Send the caller a phrase, which has answers to tap; the list of phrases is left as it was found."""
    phrase, phrases = console.get_by_test_id("phrase-are-you-safe"), console.get_by_test_id("phrases")
    was_open = phrase.is_visible()
    if not was_open:
        phrases.locator("summary").click()
    phrase.click()
    if not was_open:
        phrases.locator("summary").click()


@contextmanager
def opened(system: System, camera: Camera, playwright: Playwright) -> Iterator[Studio]:
    """Open the browsers, and close them."""
    browsers = [playwright.chromium.launch(executable_path=BROWSER, args=FLAGS) for _ in range(2)]
    try:
        yield Studio(system, camera, *browsers)
    finally:
        for browser in browsers:
            browser.close()
