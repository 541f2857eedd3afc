"""A live picture shown to another force: in real browsers, by the one publication there is, and gone when ended."""

import asyncio
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from playwright.sync_api import BrowserContext, Page, expect

from streams.gateway.janus.client import JanusGateway
from streams.signalling.rooms import room_secret
from tests.conftest import wait_until
from tests.flows.accessibility import assert_accessible_in_both_themes
from tests.flows.journey import REMEMBER_PEERS, decoded, open_incident_and_send, own_live_row, share_all
from tests.flows.system import System, sign_in

# From the owner's click to the guest's dark screen.
CUT_WITHIN_S = 2.0


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
    alone = _bytes_a_second(caller)

    _share(owner)
    share_id = _see_shared(guest, caller)

    assert _bytes_a_second(caller) < 1.6 * alone, "the phone sends twice"
    assert len(_feeds(system)) == 1
    expect(owner.get_by_test_id("share-watchers")).to_contain_text("Bedfordshire Police", timeout=10_000)
    _end(owner, guest)
    _see_both_audits(system, share_id)
    expect(own_live_row(owner)).to_have_count(1)


def _share(owner: Page) -> None:
    """By the keyboard alone, from the button to the dialog's end."""
    owner.get_by_test_id("share").focus()
    owner.keyboard.press("Enter")
    dialog = owner.get_by_test_id("share-dialog")
    expect(dialog).to_be_visible()
    assert_accessible_in_both_themes(owner, "the dialog of sharing")
    owner.get_by_role("radio", name="Bedfordshire Police").focus()
    owner.keyboard.press("Space")
    owner.get_by_test_id("share-purpose").focus()
    owner.keyboard.type("Pursuit towards Luton")
    owner.get_by_test_id("share-chat").focus()
    owner.keyboard.press("Space")
    owner.get_by_test_id("share-send").focus()
    owner.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(owner.get_by_test_id("share-line")).to_contain_text("Shared with Bedfordshire Police until")


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
    wait_until(lambda: _is_silent(guest), CUT_WITHIN_S - (time.monotonic() - clicked) + 0.3)
    expect(owner.get_by_test_id("share-line")).to_have_count(0)


def _is_silent(page: Page) -> bool:
    before = decoded(page)
    time.sleep(0.2)
    return decoded(page) == before


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


def _bytes_a_second(caller: Page) -> float:
    """What the phone sends to the media server, measured over some seconds."""

    def sent() -> int:
        count: int = caller.evaluate(
            """async () => {
                let bytes = 0;
                for (const pc of window.sightlinePeers) {
                    for (const stat of (await pc.getStats()).values()) {
                        if (stat.type === "outbound-rtp") bytes += stat.bytesSent + stat.headerBytesSent;
                    }
                }
                return bytes;
            }"""
        )
        return count

    caller.wait_for_timeout(3_000)  # the encoder's rate has settled
    before, begun = sent(), time.monotonic()
    caller.wait_for_timeout(4_000)
    return (sent() - before) / (time.monotonic() - begun)


def _feeds(system: System) -> list[str]:
    """Return who publishes in the session's room, as the media server itself says."""
    newest = "FROM herts.streams_livesession WHERE state = 'live' ORDER BY live_at DESC LIMIT 1"
    room_id = system.sql(f"SELECT room_id {newest}")

    async def ask() -> list[str]:
        gateway = JanusGateway(
            system.stack.environment["SIGHTLINE_JANUS_URL"], settings.JANUS_API_SECRET, settings.JANUS_ADMIN_KEY
        )
        await gateway.connect()
        try:
            return await gateway.list_feeds(room_id, room_secret(room_id))
        finally:
            await gateway.close()

    with ThreadPoolExecutor(1) as pool:  # Playwright's own loop runs in this thread
        feeds: Any = pool.submit(asyncio.run, ask()).result(20)
    return list(feeds)
