"""Two consoles: a session is handed over, one that nobody watches is called out and taken, and a past one is found."""

import re

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.flows.journey import open_incident_and_send, share_all
from tests.flows.system import System, sign_in

NOBODY_FOR_S = 10


def test_session_is_handed_over_called_out_taken_and_found_again(
    system: System, desk: BrowserContext, phone: BrowserContext, open_browser: object
) -> None:
    assert callable(open_browser)
    supervisors_desk: BrowserContext = open_browser(viewport={"width": 1366, "height": 768})
    _be_impatient(system, NOBODY_FOR_S)
    operator, supervisor, caller = desk.new_page(), supervisors_desk.new_page(), phone.new_page()
    sign_in(operator, system, "operator")
    sign_in(supervisor, system, "supervisor")

    share_all(caller, open_incident_and_send(operator))
    session_id = operator.get_by_test_id("stage").get_attribute("data-session-id") or ""
    assert re.fullmatch(r"[0-9a-f-]{36}", session_id)
    _hand_over(operator, supervisor, session_id)
    _leave_it_alone(system, operator, supervisor, session_id)
    _take_what_is_called_out(supervisor, session_id)
    _end(supervisor)
    _find_again(system, operator, session_id)
    _be_impatient(system, 60)  # as other flows expect it


def _be_impatient(system: System, seconds: int) -> None:
    system.sql(f"UPDATE herts.streams_roompolicy SET unattended_after_s = {seconds}, escalate_after_s = {seconds}")


def _hand_over(operator: Page, supervisor: Page, session_id: str) -> None:
    operator.get_by_test_id("handover-give").click()
    expect(operator.get_by_test_id("handover-send")).to_be_disabled()
    expect(operator.get_by_test_id("handover-dialog")).to_contain_text("on duty")
    operator.locator("label", has=operator.get_by_test_id("colleague")).filter(has_text="supervisor").first.click()
    operator.get_by_test_id("handover-why").fill("My shift ends")
    operator.get_by_test_id("handover-send").click()

    offered = _row(supervisor, session_id).get_by_test_id("handed-to-you")
    expect(offered).to_contain_text("My shift ends")
    _row(supervisor, session_id).click()
    supervisor.get_by_test_id("handover-accept").click()
    expect(supervisor.get_by_test_id("assigned-to")).to_contain_text("you")
    expect(operator.get_by_test_id("assigned-to")).not_to_contain_text("you")


def _row(page: Page, session_id: str) -> Locator:
    return page.locator(f"[data-testid=session-row][data-session-id='{session_id}']")


def _leave_it_alone(system: System, operator: Page, supervisor: Page, session_id: str) -> None:
    """Both look away: one console closes, and the other shows no session."""
    operator.goto("about:blank")
    supervisor.get_by_test_id("account").click()
    supervisor.wait_for_url("**/account/")
    supervisor.goto(system.url("/"))
    unattended = _row(supervisor, session_id).get_by_test_id("unattended")
    expect(unattended).to_contain_text("Nobody is watching", timeout=40_000)


def _take_what_is_called_out(supervisor: Page, session_id: str) -> None:
    # Sessions of other flows may wait as well.
    called = supervisor.locator(f"[data-testid=escalations] [data-session-id='{session_id}']")
    expect(called).to_be_visible(timeout=30_000)
    called.get_by_test_id("take-it").click()
    expect(called).to_have_count(0)
    expect(_row(supervisor, session_id).get_by_test_id("unattended")).to_have_count(0)
    expect(supervisor.get_by_test_id("stage")).to_have_attribute("data-session-id", session_id)


def _end(supervisor: Page) -> None:
    supervisor.get_by_test_id("end-session").click()
    supervisor.get_by_test_id("end-confirm").click()
    expect(supervisor.get_by_test_id("outcome-code")).to_be_visible()


def _find_again(system: System, operator: Page, session_id: str) -> None:
    operator.goto(system.url("/"))
    operator.get_by_test_id("open-search").click()
    operator.get_by_test_id("search-gridReference").fill("TL 22 08")
    operator.get_by_test_id("search-send").click()
    expect(operator.get_by_test_id("search-dialog")).to_contain_text("Say why you search")
    operator.get_by_test_id("search-reason").fill("Complaint 12 of today")
    operator.get_by_test_id("search-send").click()
    mine = operator.locator(f"[data-testid=search-result][data-session-id='{session_id}']")
    expect(mine).to_be_visible()

    operator.get_by_test_id("search-gridReference").fill("SV 00 00")
    operator.get_by_test_id("search-send").click()
    expect(operator.get_by_test_id("search-none")).to_be_visible()

    operator.get_by_test_id("search-gridReference").fill("")
    operator.get_by_test_id("search-reference").fill("cad 1234")
    operator.get_by_test_id("search-send").click()
    mine.click()
    expect(operator.get_by_test_id("stage")).to_have_attribute("data-session-id", session_id)
    expect(operator.get_by_test_id("outcome-code")).to_be_visible()
