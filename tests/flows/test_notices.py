"""An officer is told while the page is open, and while it is closed, in a real browser with its real service worker."""

import json
import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page, expect

from tests.conftest import wait_until
from tests.flows.accessibility import assert_accessible
from tests.flows.officers import Enrolled, enrol_officer, open_officers_page
from tests.flows.system import System

SHOWN = """async () => {
  const worker = await navigator.serviceWorker.ready;
  return (await worker.getNotifications()).map(({ title, body, tag }) => ({ title, body, tag }));
}"""
KEPT = "async () => caches.keys()"
TELL = """
from forces.context import in_force
from forces.selectors import find_force
from streams.services.notices import notify_officer_on_commit
herts = find_force("herts")
for kind in {kinds!r}:
    in_force(herts, notify_officer_on_commit, {user_id!r}, kind)
"""


@pytest.fixture
def person(system: System) -> Enrolled:
    """Return an officer whom nobody else is."""
    return enrol_officer(system, "Robin Wells")


@pytest.fixture
def officer(open_browser: Callable[..., BrowserContext], system: System, person: Enrolled) -> Page:
    """Return the page of this officer, on a phone that may show notifications."""
    return open_officers_page(system, open_browser, person, permissions=("geolocation", "notifications"))


def tell(system: System, person: Enrolled, *kinds: str) -> None:
    """Tell the officer these things, as an assignment does."""
    system.manage("shell", "--no-imports", "-c", TELL.format(user_id=person.user_id, kinds=kinds))


class PushedTo:
    """A browser's service worker, to which the browser itself delivers what is said to have been pushed."""

    def __init__(self, page: Page) -> None:
        self._line: CDPSession = page.context.new_cdp_session(page)
        self._registration = ""
        self._line.on("ServiceWorker.workerRegistrationUpdated", self._note)
        self._line.send("ServiceWorker.enable")
        self._origin = re.match(r"https?://[^/]+", page.url)
        page.evaluate("async () => { await navigator.serviceWorker.ready; }")
        # A look at the page lets what the browser says meanwhile be heard.
        wait_until(lambda: page.evaluate("1") and self._registration, 20)

    def _note(self, event: dict[str, Any]) -> None:
        for one in event["registrations"]:
            if one["scopeURL"].endswith("/officer/"):
                self._registration = one["registrationId"]

    def push(self, text: str) -> None:
        assert self._origin is not None
        about = {"origin": self._origin.group(), "registrationId": self._registration, "data": text}
        self._line.send("ServiceWorker.deliverPushMessage", about)


def test_officer_is_told_on_the_page_and_takes_it_down(system: System, person: Enrolled, officer: Page) -> None:
    assert_accessible(officer, "the officer's page with alerts off")
    tell(system, person, "assignment", "message", "view_request")

    told = officer.get_by_test_id("notice")
    expect(told).to_have_count(2)
    expect(officer.get_by_test_id("notices")).to_contain_text("and 1 more")
    assert_accessible(officer, "the officer's page with notices")
    for _ in range(3):
        officer.get_by_test_id("notice-seen").first.tap()
    expect(told).to_have_count(0)
    seen = f"SELECT count(*) FROM herts.streams_notice WHERE seen_at IS NOT NULL AND user_id = '{person.user_id}'"
    wait_until(lambda: system.sql(seen) == "3", 10, why=lambda: system.sql(seen))
    officer.reload()
    expect(officer.get_by_test_id("go-live")).to_be_enabled()
    expect(told).to_have_count(0)


def test_phone_shows_a_push_once_without_a_word_about_anybody_and_forgets_old_builds(
    system: System, officer: Page
) -> None:
    # What an earlier build's worker kept, and then this build's worker takes over.
    officer.evaluate("async () => { await (await navigator.serviceWorker.ready).unregister(); }")
    officer.evaluate("async () => { await caches.open('sightline-shell-old'); }")
    officer.reload()
    phone = PushedTo(officer)
    wait_until(lambda: "sightline-shell-old" not in officer.evaluate(KEPT), 20)
    officer.reload()
    wait_until(lambda: officer.evaluate(KEPT), 20)
    assert [name for name in officer.evaluate(KEPT) if not re.fullmatch(r"sightline-shell-[0-9a-f]{16}", name)] == []

    notice = json.dumps({"kind": "assignment", "id": uuid4().hex})
    for text in (notice, notice):
        phone.push(text)
    wait_until(lambda: officer.evaluate(SHOWN), 20)
    officer.wait_for_timeout(500)
    (shown,) = officer.evaluate(SHOWN)
    assert (shown["title"], shown["body"]) == ("Control room: new assignment", "Tap to open.")
    assert shown["tag"] == json.loads(notice)["id"]
