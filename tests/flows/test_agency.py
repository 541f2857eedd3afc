"""A live picture shown to an ambulance service: by link and code, under a watermark, and gone when it is ended."""

import re
import time
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import wait_until
from tests.flows.accessibility import assert_accessible_in_both_themes
from tests.flows.agency_journey import AGENCY, come_in, share_with_agency
from tests.flows.journey import REMEMBER_PEERS, decoded, open_incident_and_send, own_live_row, share_all
from tests.flows.one_publication import CUT_WITHIN_S, feeds, is_silent
from tests.flows.system import System, sign_in


def test_operator_shares_with_an_agency_and_ends_it(
    system: System, desk: BrowserContext, phone: BrowserContext, open_browser: Callable[..., BrowserContext]
) -> None:
    agency_desk = open_browser(viewport={"width": 1366, "height": 768})
    agency_desk.add_init_script(REMEMBER_PEERS)
    owner, guest, caller = desk.new_page(), agency_desk.new_page(), phone.new_page()
    sign_in(owner, system, "operator")
    share_all(caller, open_incident_and_send(owner))
    expect(own_live_row(owner)).to_have_count(1, timeout=30_000)

    share_id, link = share_with_agency(owner, look=assert_accessible_in_both_themes)
    come_in(owner, guest, link, look=assert_accessible_in_both_themes)
    _see_picture(guest)

    assert len(feeds(system)) == 1
    expect(owner.get_by_test_id("agency-viewer")).to_contain_text("Jo Marsh is watching", timeout=10_000)
    expect(owner.get_by_test_id("watchers").first).to_contain_text(f"Jo Marsh ({AGENCY})")
    _end(owner, guest)
    _see_audit(system, share_id)
    expect(own_live_row(owner)).to_have_count(1)
    guest.goto(link)
    expect(guest.get_by_role("heading")).to_have_text("This link cannot be used")


def _see_picture(guest: Page) -> None:
    """A moving picture with the viewer's name over it, the position, and nothing else."""
    first = wait_until(lambda: decoded(guest), 20)
    wait_until(lambda: decoded(guest) > first + 10, 20)
    expect(guest.get_by_test_id("truth")).to_have_text("LIVE", timeout=10_000)
    expect(guest.get_by_test_id("watermark")).to_have_attribute(
        "data-text", re.compile(rf"^Jo Marsh · {AGENCY} · \d+ \w+ \d\d:\d\d:\d\d · [0-9A-F]{{8}}$")
    )
    assert guest.evaluate(WRITTEN) > 0.02, "nothing is written over the picture"
    before = guest.get_by_test_id("watermark").get_attribute("data-text") or ""
    expect(guest.get_by_test_id("watermark")).not_to_have_attribute("data-text", before)
    expect(guest.get_by_test_id("grid-reference")).to_have_text(re.compile(r"^TL "), timeout=10_000)
    expect(guest.get_by_test_id("purpose")).to_have_text("Medical help at the scene: Two people hurt")
    expect(guest.get_by_test_id("map").locator("canvas").first).to_be_visible()
    words = guest.locator("body").inner_text()
    for secret in ("Collapsed wall", "CAD 1234", "900123", "Robin Shaw"):
        assert secret not in words
    assert_accessible_in_both_themes(guest, "an agency's live page")


def _end(owner: Page, guest: Page) -> None:
    """Within two seconds no picture arrives any more, and the page says so."""
    owner.get_by_test_id("agency-revoke").click()
    owner.get_by_test_id("agency-revoke-sure").click()
    clicked = time.monotonic()
    expect(guest.get_by_test_id("over")).to_contain_text("Sharing has ended", timeout=CUT_WITHIN_S * 1000)
    assert guest.locator("video").count() == 0
    wait_until(lambda: is_silent(guest), CUT_WITHIN_S - (time.monotonic() - clicked) + 0.3)
    expect(owner.get_by_test_id("agency-line")).to_have_count(0)


def _see_audit(system: System, share_id: str) -> None:
    """The audit has each step, and the watch by the viewer's name and agency."""
    of_it = f"FROM herts.audit_entry WHERE object_id = '{share_id}'"
    acts = f"SELECT string_agg(DISTINCT act, ' ' ORDER BY act) {of_it}"
    everything = "agency.deliver agency.ended agency.granted agency.open agency.verify agency.view agency.watch"
    assert system.sql(acts) == everything
    who = f"SELECT DISTINCT actor_name, operation {of_it} AND act = 'agency.watch'"
    assert system.sql(who) == f"Jo Marsh ({AGENCY})|disclosure"


WRITTEN = """() => {
    const canvas = document.querySelector("[data-testid=watermark]");
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let written = 0;
    for (let at = 3; at < data.length; at += 4) if (data[at] > 0) written += 1;
    return written / (canvas.width * canvas.height);
}"""
