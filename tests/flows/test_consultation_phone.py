"""A consultation on phones, in Chromium and in Firefox ESR at once: both see and hear, and are seen and heard."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.flows.firefox import walking
from tests.flows.meetings import (
    Invited,
    admit,
    answer_risk,
    book,
    end_for_all,
    expect_to_see_and_hear,
    in_queue,
    link_of,
    open_board,
    open_link,
    say_ready,
    take,
)
from tests.flows.officers import enrol_officer
from tests.flows.system import System

VICTIM = Invited("victim", "Fay Fox", "07700 900311")
INTERPRETER = Invited("interpreter", "Ivo Chrome", "07700 900312")


def test_phones_of_both_makes_see_and_hear_each_other_and_the_officer(
    system: System, open_browser: Callable[..., BrowserContext]
) -> None:
    desk = open_board(system, open_browser, enrol_officer(system, "Phil Phone"))
    book(desk, (VICTIM, INTERPRETER))
    desk.wait_for_url("**/consultations/*-*/")
    take(desk)
    answer_risk(desk)
    chromium = open_link(open_browser, link_of(desk, INTERPRETER.name))
    say_ready(chromium, INTERPRETER.name)
    admit(desk, chromium, INTERPRETER.name)

    with walking("firefox_meeting.mjs", link_of(desk, VICTIM.name)) as step_until:
        step_until("waiting")
        in_queue(desk, VICTIM.name).get_by_test_id("admit").click()
        inside = step_until("in_call", said=None)
        assert "firefox" in inside["version"].lower()
        for page in (desk, chromium):
            expect_to_see_and_hear(page, 2)
        seen = step_until("in_call")["widths"]
        assert len([width for width in seen.values() if width > 0]) == 3, seen
        assert step_until("left", said="leave")["faults"] == []

    expect_to_see_and_hear(desk, 1)
    end_for_all(desk)
    expect(chromium.get_by_test_id("over")).to_be_visible()
