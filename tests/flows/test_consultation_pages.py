"""Every page of a consultation as it stands on the way through one: nothing that axe-core knows is wrong with any."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.flows.accessibility import assert_accessible
from tests.flows.meetings import (
    Invited,
    admit,
    answer_risk,
    book,
    end_for_all,
    in_queue,
    link_of,
    open_board,
    open_link,
    say_ready,
    take,
)
from tests.flows.officers import enrol_officer
from tests.flows.system import System

VICTIM = Invited("victim", "Alma Axe", "07700 900321")


def test_no_page_of_a_consultation_has_a_violation(system: System, open_browser: Callable[..., BrowserContext]) -> None:
    desk = open_board(system, open_browser, enrol_officer(system, "Axel Able"))
    assert_accessible(desk, "the board")
    desk.get_by_test_id("start-now").click()
    assert_accessible(desk, "the form of a booking")
    desk.get_by_test_id("book-close").click()
    book(desk, (VICTIM,))
    desk.wait_for_url("**/consultations/*-*/")
    link = link_of(desk, VICTIM.name)
    assert_accessible(desk, "a desk before anybody came")

    page = open_browser(viewport={"width": 390, "height": 844}).new_page()
    page.goto(link)
    assert_accessible(page, "a person's link")
    page.goto(link[:-8] + "xxxxxxx/")
    assert_accessible(page, "a link that opens nothing")
    member = open_link(open_browser, link)
    expect(member.get_by_test_id("check")).to_be_visible()
    assert_accessible(member, "before joining")
    say_ready(member, "Alma")
    assert_accessible(member, "the waiting room")
    expect(in_queue(desk, "Alma")).to_be_visible()
    assert_accessible(desk, "a desk while somebody waits")

    take(desk)
    answer_risk(desk)
    admit(desk, member, "Alma")
    look_at_call(desk, member)
    end_for_all(desk)
    assert_accessible(desk, "a desk once it is over")
    expect(member.get_by_test_id("after-form")).to_be_visible()
    assert_accessible(member, "after the call")
    member.get_by_test_id("after-send").tap()
    expect(member.get_by_test_id("after-form")).to_have_count(0)
    assert_accessible(member, "the thanks")


def look_at_call(desk: Page, member: Page) -> None:
    """Look at both pages in the call, with each panel open, and while it is asked for a recording."""
    for page, where in ((desk, "a desk in a call"), (member, "the call")):
        assert_accessible(page, where)
    for panel in ("chat", "people", "files"):
        desk.get_by_test_id(f"open-{panel}").click()
        assert_accessible(desk, f"a desk with {panel}")
    member.get_by_test_id("more").tap()
    assert_accessible(member, "the call with all that can be done")
    member.get_by_test_id("close-panel").tap()
    desk.get_by_test_id("ask-recording").click()
    expect(member.get_by_test_id("consent-card")).to_be_visible()
    assert_accessible(member, "the question about the recording")
    member.get_by_test_id("consent-yes").tap()
    expect(member.get_by_test_id("recording-sign")).to_be_visible()
    for page, where in ((desk, "a desk that records"), (member, "a call that is recorded")):
        assert_accessible(page, where)
