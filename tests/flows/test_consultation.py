"""A consultation from booking to the film of it, in real browsers: officer, victim, interpreter, appropriate adult."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from consultations.contact_times import LONDON
from forces import clock
from tests.conftest import wait_until
from tests.flows.meetings import (
    Invited,
    admit,
    answer_risk,
    book,
    check_line,
    end_for_all,
    expect_to_see_and_hear,
    in_queue,
    link_of,
    open_board,
    open_link,
    say_ready,
    share_screen,
    take,
    talk_in_private,
)
from tests.flows.officers import Enrolled, enrol_officer
from tests.flows.system import System, sign_in

VICTIM = Invited("victim", "Ann Archer", "07700 900301")
INTERPRETER = Invited("interpreter", "Piotr Nowak", "07700 900302")
ADULT = Invited("appropriate_adult", "Grace Green", "07700 900303")
PEOPLE = (VICTIM, INTERPRETER, ADULT)


@pytest.fixture
def scheduler(system: System) -> Iterator[None]:
    """Let the scheduler run: what is due is found by it alone."""
    running = system.stack.spawn("beat", SIGHTLINE_DB_NAME=system.database)
    yield
    running.stop()


def test_one_is_started_now_and_both_see_and_hear_each_other(
    system: System, open_browser: Callable[..., BrowserContext]
) -> None:
    desk = open_board(system, open_browser, enrol_officer(system, "Olga Ode"))
    book(desk, (VICTIM,))
    desk.wait_for_url("**/consultations/*-*/")
    victim = open_link(open_browser, link_of(desk, VICTIM.name))
    say_ready(victim, "Ann")

    expect(in_queue(desk, "Ann")).to_contain_text("Says: alone")
    expect(in_queue(desk, "Ann").get_by_test_id("admit")).to_be_disabled()
    take(desk)
    answer_risk(desk)
    admit(desk, victim, "Ann")
    expect_to_see_and_hear(desk, 1)
    expect_to_see_and_hear(victim, 1)

    end_for_all(desk)
    expect(victim.get_by_test_id("over")).to_be_visible()


def test_one_is_booked_checked_talked_in_private_recorded_and_played_back(
    system: System, open_browser: Callable[..., BrowserContext], scheduler: None
) -> None:
    officer = enrol_officer(system, "Bina Book")
    desk = open_board(system, open_browser, officer)
    session_id = book_for_tomorrow(system, desk, officer)
    desk.goto(system.url(f"/consultations/{session_id}/"))
    links = {person.name: link_of(desk, person.name) for person in PEOPLE}
    remind(system, session_id)

    # Before joining: the line is checked, and everybody waits, whichever door they came through.
    victim, interpreter, adult = (open_link(open_browser, links[person.name]) for person in PEOPLE)
    legs = check_line(victim)
    assert (legs["camera"], legs["microphone"], legs["speaker"], legs["udp"], legs["tcp"]) == ("ok",) * 5, legs
    for page, name in ((victim, "Ann"), (interpreter, "Piotr"), (adult, "Grace")):
        say_ready(page, name)
    expect(in_queue(desk, "Ann").get_by_test_id("check-marks")).to_contain_text("Camera works")
    stranger_is_refused(system, open_browser, links[VICTIM.name])

    # A talk that officers cannot hear, while both wait.
    talk_in_private(interpreter, victim)
    expect(in_queue(desk, "Ann")).to_contain_text("In a private talk")
    for page in (interpreter, victim):
        expect_to_see_and_hear(page, 1)
    victim.get_by_test_id("end-talk").tap()
    for page in (interpreter, victim):
        expect(page.get_by_test_id("waiting")).to_be_visible()

    # The call.
    take(desk)
    answer_risk(desk)
    inside = {"Ann": victim, "Piotr": interpreter, "Grace": adult}
    for name, page in inside.items():
        admit(desk, page, name)
    for page in (desk, *inside.values()):
        expect_to_see_and_hear(page, 3)

    record(desk, victim, interpreter, adult)
    share_screen(desk)
    for page in inside.values():
        expect_to_see_and_hear(page, 3, screens=1)
    desk.wait_for_timeout(4_000)
    end_for_all(desk)
    answer_questions(victim)
    play_back(system, open_browser, session_id)


def book_for_tomorrow(system: System, desk: Page, officer: Enrolled) -> str:
    """Book it for the day after the next reminder; return its id."""
    at = (clock.now() + timedelta(hours=28)).astimezone(LONDON)
    book(desk, PEOPLE, day=f"{at:%Y-%m-%d}", time=f"{at:%H:%M}")
    expect(desk.get_by_test_id("book-form")).to_have_count(0)
    return system.sql(f"SELECT session_id FROM herts.consultations_consultation WHERE created_by = '{officer.user_id}'")


def remind(system: System, session_id: str) -> None:
    """Let the day before come, then the last minutes: each reminder goes out once to each person."""
    of = f"session_id = '{session_id}'"
    sent = f"SELECT count(*) FROM herts.consultations_message WHERE {of} AND state IN ('sent', 'delivered') AND kind"
    due = "UPDATE herts.consultations_message SET due_at = now(), next_attempt_at = now()"
    wait_until(lambda: system.sql(f"{sent} = 'invitation'") == "3", 40)
    assert system.sql(f"{sent} LIKE 'reminder%'") == "0"
    for kind, left in (("reminder_day", "23 hours"), ("reminder_soon", "15 minutes")):
        system.sql(
            f"UPDATE herts.consultations_consultation SET starts_at = now() + interval '{left}' WHERE {of};"
            f"{due} WHERE {of} AND kind = '{kind}'"
        )
        wait_until(partial(_is, system, f"{sent} = '{kind}'", "3"), 40)
    assert system.sql(f"SELECT count(*) FROM herts.consultations_message WHERE {of}") == "9"


def _is(system: System, query: str, value: str) -> bool:
    return system.sql(query) == value


def stranger_is_refused(system: System, open_browser: Callable[..., BrowserContext], link: str) -> None:
    """Somebody who has the victim's link, and somebody who has none, come no further than a page that says no."""
    page = open_browser(viewport={"width": 390, "height": 844}).new_page()
    answer = page.goto(link)
    assert answer is not None
    assert answer.status == 409, "the link is in use in the victim's own browser"
    assert page.locator("form button[type=submit]").count() == 0
    page.goto(system.url("/meeting/"))
    expect(page.get_by_test_id("ready")).to_have_count(0)
    refused = page.evaluate(
        """() => new Promise((done) => {
            const socket = new WebSocket(`ws://${location.host}/ws/meeting/`);
            socket.onclose = (event) => done(event.code);
            socket.onmessage = () => done("let in");
        })"""
    )
    assert refused == 4401


def record(desk: Page, victim: Page, interpreter: Page, adult: Page) -> None:
    """Ask everybody; two say yes, and one says no and is not recorded."""
    desk.get_by_test_id("ask-recording").click()
    for page, answer in ((victim, "yes"), (interpreter, "yes"), (adult, "no")):
        expect(page.get_by_test_id("recording-sign")).to_have_count(0)
        page.get_by_test_id(f"consent-{answer}").tap()
    for page in (desk, victim, interpreter, adult):
        expect(page.get_by_test_id("recording-sign")).to_be_visible()
    expect(desk.get_by_test_id("record-part")).to_contain_text("part 1")
    expect(desk.get_by_test_id("record-answer").filter(has_text="Grace")).to_have_attribute("data-answer", "no")
    expect(victim.get_by_test_id("consent-withdraw")).to_be_visible()
    expect(adult.get_by_test_id("consent-withdraw")).to_have_count(0)
    desk.wait_for_timeout(5_000)


def answer_questions(page: Page) -> None:
    """Answer the two questions after the end."""
    expect(page.get_by_test_id("over")).to_be_visible()
    page.locator("label", has=page.get_by_test_id("got_what_needed-yes")).tap()
    page.locator("label", has=page.get_by_test_id("again-yes")).tap()
    page.get_by_test_id("after-send").tap()
    expect(page.get_by_test_id("after-form")).to_have_count(0)


def play_back(system: System, open_browser: Callable[..., BrowserContext], session_id: str) -> None:
    """A supervisor plays the film: whoever agreed is in it, who said no is not."""
    page = open_browser(viewport={"width": 1440, "height": 900}).new_page()
    sign_in(page, system, "supervisor")
    wait_until(
        lambda: system.sql(f"SELECT state FROM herts.evidence_item WHERE session_id = '{session_id}'") == "sealed",
        240,
        why=lambda: system.sql(f"SELECT state FROM herts.evidence_item WHERE session_id = '{session_id}'"),
    )
    page.goto(system.url(f"/consultations/{session_id}/"))
    cast = page.get_by_test_id("cast-member")
    expect(cast.filter(has_text="Bina")).not_to_have_count(0)
    names = " ".join(cast.all_inner_texts())
    assert all(name in names for name in ("Ann", "Piotr")), names
    assert "Grace" not in names
    player = page.get_by_test_id("item-player")
    shown = player.evaluate(
        """async (video) => {
            video.muted = true;
            await video.play();
            await new Promise((done) => video.addEventListener("timeupdate", () => video.currentTime > 1 && done()));
            const frames = video.getVideoPlaybackQuality().totalVideoFrames;
            return { width: video.videoWidth, height: video.videoHeight, duration: video.duration, frames };
        }"""
    )
    assert (shown["width"], shown["height"]) == (1280, 720)
    assert shown["duration"] > 7
    assert shown["frames"] > 5
