"""An officer's live picture, shown to another force and to an agency at once, in four browsers, and cut for both."""

import re
import time
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import wait_until
from tests.flows.agency_journey import AGENCY, come_in, share_with_agency
from tests.flows.journey import REMEMBER_PEERS, decoded
from tests.flows.officers import choose_session_of, enrol_officer, go_live, open_officers_page
from tests.flows.one_publication import CUT_WITHIN_S, bytes_a_second, feeds, is_silent
from tests.flows.system import System, sign_in


def test_officers_picture_reaches_another_force_and_an_agency_and_is_cut_for_both(
    system: System, desk: BrowserContext, open_browser: Callable[..., BrowserContext]
) -> None:
    beds_desk, agency_desk = (open_browser(viewport={"width": 1366, "height": 768}) for _ in range(2))
    for context in (beds_desk, agency_desk):
        context.add_init_script(REMEMBER_PEERS)
    herts, beds, agency = desk.new_page(), beds_desk.new_page(), agency_desk.new_page()
    person = enrol_officer(system, "Frances Lake")
    officer = open_officers_page(system, open_browser, person, script=REMEMBER_PEERS)
    sign_in(herts, system, "operator")
    sign_in(beds, system, "operator", "beds")
    go_live(officer)
    choose_session_of(herts, person)
    herts.get_by_test_id("show-picture").click()
    alone = bytes_a_second(officer)

    purpose = f"Pursuit towards Luton, {person.username}"
    _share_with_beds(herts, purpose)
    share_id = _beds_sees(beds, purpose)
    agency_id, link = share_with_agency(herts)
    come_in(herts, agency, link)
    _moves(agency)

    names = officer.get_by_test_id("watchers-names")
    expect(names).to_contain_text("Bedfordshire Police")
    expect(names).to_contain_text(AGENCY)
    assert bytes_a_second(officer) < 1.6 * alone, "the phone sends more than once"
    assert len(feeds(system)) == 1

    herts.get_by_test_id("share-revoke").click()
    _is_cut(system, share_id, beds, "truth-detail", re.compile("Sharing (was|has) ended"))
    herts.get_by_test_id("agency-revoke").click()
    herts.get_by_test_id("agency-revoke-sure").click()
    _is_cut(system, agency_id, agency, "over", re.compile("Sharing has ended"))
    expect(officer.get_by_test_id("sign")).to_have_text("LIVE")
    _audits_hold_the_rows(system, share_id, agency_id)
    officer.get_by_test_id("stop").tap()


def _share_with_beds(herts: Page, purpose: str) -> None:
    herts.get_by_test_id("share").click()
    herts.get_by_role("radio", name="Bedfordshire Police").check(force=True)
    herts.get_by_test_id("share-purpose").fill(purpose)
    herts.get_by_test_id("share-send").click()
    expect(herts.get_by_test_id("share-line")).to_contain_text("Shared with Bedfordshire Police until")


def _beds_sees(beds: Page, purpose: str) -> str:
    """The other force's console lists it as theirs and shows picture and position; returns the share's id."""
    row = beds.get_by_test_id("shared-row").filter(has_text=f"Shared by Hertfordshire Constabulary: {purpose}")
    expect(row).to_have_count(1, timeout=10_000)
    row.click()
    beds.get_by_test_id("show-picture").click()
    _moves(beds)
    expect(beds.get_by_test_id("grid-reference")).to_have_text(re.compile(r"^TL "), timeout=10_000)
    return row.get_attribute("data-share-id") or ""


def _moves(page: Page) -> None:
    first = wait_until(lambda: decoded(page), 20)
    wait_until(lambda: decoded(page) > first + 10, 20)
    expect(page.get_by_test_id("truth").first).to_have_text("LIVE", timeout=10_000)


def _is_cut(system: System, shared_id: str, page: Page, test_id: str, words: re.Pattern[str]) -> None:
    """Within two seconds of the act, as the audit has it, the page says so, and no frame arrives any more."""
    over = f"FROM herts.audit_entry WHERE act IN ('share.ended', 'agency.ended') AND object_id = '{shared_id}'"
    wait_until(lambda: system.sql(f"SELECT count(*) {over}") == "1", 10)
    ended = time.monotonic()
    expect(page.get_by_test_id(test_id)).to_contain_text(words, timeout=CUT_WITHIN_S * 1000)
    # The end of the watch may be said a moment before the end of the share.
    left = CUT_WITHIN_S - (time.monotonic() - ended) + 0.3
    expect(page.locator("video")).to_have_count(0, timeout=max(left, 0.1) * 1000)
    wait_until(lambda: is_silent(page), CUT_WITHIN_S - (time.monotonic() - ended) + 0.3)


def _audits_hold_the_rows(system: System, share_id: str, agency_id: str) -> None:
    """Each opening is in both forces' audits by one id, and the agency's watch in the owner's by name."""

    def opened(schema: str) -> str:
        rows = f"FROM {schema}.audit_entry WHERE act = 'share.opened' AND object_id = '{share_id}'"
        return system.sql(f"SELECT string_agg(detail->>'disclosure_id', ' ' ORDER BY detail->>'disclosure_id') {rows}")

    assert opened("herts") != ""
    wait_until(lambda: opened("beds") == opened("herts"), 10, why=lambda: opened("beds"))
    for schema in ("herts", "beds"):
        acts = f"SELECT string_agg(DISTINCT act, ' ') FROM {schema}.audit_entry WHERE object_id = '{share_id}'"
        wait_until(lambda acts=acts: "share.ended" in system.sql(acts), 10)  # type: ignore[misc]
    watched = f"FROM herts.audit_entry WHERE act = 'agency.watch' AND object_id = '{agency_id}'"
    assert system.sql(f"SELECT DISTINCT actor_name {watched}") == f"Jo Marsh ({AGENCY})"
    assert system.sql(f"SELECT count(*) FROM beds.audit_entry WHERE object_id = '{agency_id}'") == "0"
