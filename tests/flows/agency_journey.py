"""How a picture is shown to an outside agency, step by step: the operator's dialog, and the way in by link and code."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.conftest import wait_until

AGENCY = "East of England Ambulance"
# Looks at a page on the way, as for accessibility; it is told what the page is.
Look = Callable[[Page, str], None]


def _at_nothing(page: Page, what: str) -> None:
    """Go on without looking."""


def share_with_agency(owner: Page, *, look: Look = _at_nothing) -> tuple[str, str]:
    """Share by the dialog's second part; returns the share's id and its link."""
    owner.get_by_test_id("share").click()
    owner.get_by_test_id("share-tab-agency").click()
    dialog = owner.get_by_test_id("share-dialog")
    expect(dialog.get_by_test_id("agency-missing")).to_have_text("Name the agency.")
    owner.get_by_test_id("agency-agency").fill(AGENCY)
    owner.get_by_test_id("agency-contact-name").fill("Robin Shaw")
    owner.get_by_test_id("agency-contact-phone").fill("07700 900456")
    owner.get_by_test_id("agency-purpose-text").fill("Two people hurt")
    look(owner, "the dialog of sharing with an agency")
    owner.get_by_test_id("agency-send").click()
    link = dialog.get_by_test_id("agency-link")
    expect(link).to_have_value(re.compile(r"/agency/[A-Za-z0-9_-]{32}/$"))
    share_id = dialog.get_by_test_id("agency-line").get_attribute("data-share-id") or ""
    found = link.input_value()
    dialog.get_by_role("button", name="Close").first.click()
    expect(dialog).to_have_count(0)
    return share_id, found


def come_in(owner: Page, guest: Page, link: str, *, name: str = "Jo Marsh", look: Look = _at_nothing) -> None:
    """Open the link, give a name, and enter the code that came by text."""
    guest.goto(link)
    expect(guest.locator("body")).to_contain_text(f"shares a live picture with {AGENCY}")
    look(guest, "the page of an agency's link")
    guest.get_by_label("Your name").fill(name)
    guest.get_by_role("button", name="Continue").click()
    guest.wait_for_url("**/agency/code/")
    look(guest, "the page for an agency's code")
    code = wait_until(lambda: code_sent(owner, name), 20)
    guest.get_by_label("Code").fill(code)
    guest.get_by_role("button", name="Show the picture").click()
    guest.wait_for_url("**/agency/live/")


def code_sent(owner: Page, name: str) -> str:
    """Return the code of the newest message for a viewer, or nothing while there is none."""
    for message in owner.evaluate("() => fetch('/api/v1/outbox/').then((answer) => answer.json())"):
        if found := re.search(rf"code (\d{{6}}) lets {name} ", message["body"]):
            return found.group(1)
    return ""
