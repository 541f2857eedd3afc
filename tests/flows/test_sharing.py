"""A live picture shown to another force: in real browsers, by the one publication there is, and gone when ended."""

import re
import time
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import wait_until
from tests.flows.accessibility import assert_accessible_in_both_themes
from tests.flows.journey import REMEMBER_PEERS, decoded, open_incident_and_send, own_live_row, share_all
from tests.flows.one_publication import CUT_WITHIN_S, bytes_a_second, feeds, is_silent
from tests.flows.sharing_journey import share_with_beds
from tests.flows.system import System, sign_in


def test_operator_shares_with_another_force_and_ends_it(
    system: System, desk: BrowserContext, phone: BrowserContext, open_browser: Callable[..., BrowserContext]
) -> None:
    guest_desk = open_browser(viewport={"width": 1440, "height": 900})
    for context in (guest_desk, phone):
        context.add_init_script(REMEMBER_PEERS)
    owner, guest, caller = desk.new_page(), guest_desk.new_page(), phone.new_page()
    sign_in(owner, system, "operator")
    sign_in(guest, system, "operator", "beds")
    share_all(caller, open_incident_and_send(owner))
    expect(own_live_row(owner)).to_have_count(1, timeout=30_000)
    alone = bytes_a_second(caller)

    share_with_beds(owner, look=assert_accessible_in_both_themes)
    share_id = _see_shared(guest, caller)

    assert bytes_a_second(caller) < 1.6 * alone, "the phone sends twice"
    assert len(feeds(system)) == 1
    expect(owner.get_by_test_id("share-watchers")).to_contain_text("Bedfordshire Police", timeout=10_000)
    _end(owner, guest)
    _see_both_audits(system, share_id)
    expect(own_live_row(owner)).to_have_count(1)


def _see_shared(guest: Page, caller: Page) -> str:
    """The guest's console lists it as theirs, shows picture, position and messages; returns the share's id."""
    row = guest.get_by_test_id("shared-row")
    expect(row).to_contain_text("Shared by Hertfordshire Constabulary: Pursuit towards Luton, until", timeout=10_000)
    row.click()
    first = wait_until(lambda: decoded(guest), 20)
    wait_until(lambda: decoded(guest) > first + 10, 20)
    guest.get_by_test_id("show-picture").click()
    expect(guest.get_by_test_id("truth").first).to_have_text("LIVE", timeout=10_000)
    expect(guest.get_by_test_id("grid-reference")).to_have_text(re.compile(r"^TL "), timeout=10_000)
    caller.get_by_label("Write a message").fill("I am behind the shop")
    caller.get_by_role("button", name="Send", exact=True).click()
    expect(guest.get_by_test_id("chat-log")).to_contain_text("I am behind the shop", timeout=10_000)
    words = guest.locator("body").inner_text()
    assert "Collapsed wall" not in words
    assert "CAD 1234" not in words
    assert_accessible_in_both_themes(guest, "what another force shares")
    return row.get_attribute("data-share-id") or ""


def _end(owner: Page, guest: Page) -> None:
    """Within two seconds no picture arrives any more, and the tile says who ended it, and when."""
    owner.get_by_test_id("share-revoke").click()
    clicked = time.monotonic()
    detail = guest.get_by_test_id("truth-detail")
    expect(detail).to_have_text(
        re.compile(r"Sharing was ended by Hertfordshire Constabulary at \d\d:\d\d"), timeout=CUT_WITHIN_S * 1000
    )
    assert guest.locator("video").count() == 0
    wait_until(lambda: is_silent(guest), CUT_WITHIN_S - (time.monotonic() - clicked) + 0.3)
    expect(owner.get_by_test_id("share-line")).to_have_count(0)


def _see_both_audits(system: System, share_id: str) -> None:
    """Both hold what was opened, by the same ids; the guest's soon also what was granted, closed and ended."""
    pictures = _disclosures(system, "herts", share_id)
    assert len(pictures) == 2
    assert _disclosures(system, "beds", share_id) == pictures
    told = "SELECT string_agg(DISTINCT act, ' ' ORDER BY act) FROM beds.audit_entry WHERE object_id = "
    everything = "share.closed share.ended share.granted share.opened"
    wait_until(lambda: system.sql(f"{told}'{share_id}'") == everything, 10)


def _disclosures(system: System, schema: str, share_id: str) -> list[str]:
    found = system.sql(
        f"SELECT detail->>'what' || ' ' || (detail->>'disclosure_id') FROM {schema}.audit_entry"
        f" WHERE act = 'share.opened' AND outcome = 'done' AND object_id = '{share_id}' ORDER BY 1"
    )
    return found.splitlines()
