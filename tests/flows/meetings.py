"""What officers and the public do on the pages of a consultation, step by step, as people do it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.conftest import wait_until
from tests.flows.journey import REMEMBER_PEERS
from tests.flows.officers import Enrolled
from tests.flows.system import System, sign_in

# By line: frames decoded of each picture, energy of each sound that this page receives.
RECEIVED = """async () => {
  const found = { video: {}, audio: {} };
  for (const [at, pc] of (window.sightlinePeers ?? []).entries()) {
    if (pc.connectionState === "closed") continue;
    for (const stat of (await pc.getStats()).values()) {
      if (stat.type !== "inbound-rtp") continue;
      found[stat.kind][`${at}:${stat.mid}`] = (stat.kind === "video" ? stat.framesDecoded : stat.totalAudioEnergy) ?? 0;
    }
  }
  return found;
}"""
SAFE_ANSWERS = {
    "meeting-safe": "yes",
    "meeting-offender-near": "no",
    "meeting-alone": "yes",
    "meeting-way-out": "yes",
    "meeting-children": "no",
}


@dataclass(frozen=True)
class Invited:
    """Somebody to be asked to come, as the officer writes them down."""

    role: str
    name: str
    phone_number: str


def open_board(system: System, open_browser: Callable[..., BrowserContext], officer: Enrolled) -> Page:
    """Return the board of an officer who has signed in at a desk with camera and microphone."""
    context = open_browser(viewport={"width": 1440, "height": 900}, permissions=["camera", "microphone"])
    context.add_init_script(REMEMBER_PEERS)
    page = context.new_page()
    sign_in(page, system, officer.username, officer.schema)
    page.goto(system.url("/consultations/", officer.schema))
    expect(page.get_by_test_id("line")).to_have_text("Connected")
    return page


def book(page: Page, people: tuple[Invited, ...], *, day: str = "", time: str = "") -> None:
    """Fill in the form of the board and send it: for a day and a time, or now."""
    page.get_by_test_id("book" if day else "start-now").click()
    page.get_by_test_id("book-type").select_option(index=1)
    if day:
        page.get_by_test_id("book-day").fill(day)
        page.get_by_test_id("book-time").fill(time)
    for index, person in enumerate(people):
        if index:
            page.get_by_test_id("book-add-person").click()
        fields = page.get_by_test_id("person-fields").nth(index)
        fields.get_by_test_id("person-role").select_option(person.role)
        fields.get_by_test_id("person-name").fill(person.name)
        fields.get_by_test_id("person-phone_number").fill(person.phone_number)
    page.get_by_test_id("book-send").click()


def link_of(desk: Page, name: str) -> str:
    """Let the desk show a person's link, and return it."""
    person = in_roster(desk, name)
    person.get_by_test_id("show-link").click()
    link = person.get_by_test_id("shown-link").locator("p").first.inner_text()
    person.get_by_test_id("show-link").click()
    return link


def in_roster(desk: Page, name: str) -> Locator:
    """Return a person's line among the people of a desk."""
    return desk.get_by_test_id("roster-person").filter(has_text=name)


def in_queue(desk: Page, name: str) -> Locator:
    """Return a person's line in the waiting list of a desk."""
    return desk.get_by_test_id("waits").filter(has_text=name)


def answer_risk(desk: Page) -> None:
    """Answer every risk question so that nothing speaks against the call."""
    desk.get_by_test_id("risk-open").click()
    for code, answer in SAFE_ANSWERS.items():
        desk.locator("label", has=desk.get_by_test_id(f"risk-{code}-{answer}")).click()
    desk.get_by_test_id("risk-send").click()
    expect(desk.get_by_test_id("risk-card")).to_have_attribute("data-outcome", "clear")


def take(desk: Page) -> None:
    """Take the consultation, and go in."""
    desk.get_by_test_id("take-and-go-in").click()
    expect(desk.get_by_test_id("room")).to_have_attribute("data-state", "in")


def open_link(open_browser: Callable[..., BrowserContext], link: str) -> Page:
    """Open a person's link on a phone with camera and microphone; return the page before the meeting."""
    context = open_browser(
        viewport={"width": 390, "height": 844},
        permissions=["camera", "microphone"],
        is_mobile=True,
        has_touch=True,
    )
    context.add_init_script(REMEMBER_PEERS)
    page = context.new_page()
    page.goto(link)
    page.locator("form button[type=submit]").click()
    page.wait_for_url("**/meeting/")
    return page


def say_ready(page: Page, name: str, *, alone: str = "yes") -> None:
    """Start the devices, give a name, answer whether one is alone, and come into the waiting room."""
    page.get_by_test_id("start-devices").tap()
    page.get_by_test_id("shown-name").fill(name)
    page.locator("label", has=page.get_by_test_id(f"alone-{alone}")).tap()
    page.get_by_test_id("ready").tap()
    expect(page.get_by_test_id("waiting")).to_be_visible()


def check_line(page: Page) -> dict[str, str]:
    """Run the line check to its end, the tone heard; return what came of each leg."""
    page.get_by_test_id("run-check").tap()
    page.get_by_test_id("heard-yes").tap()
    expect(page.get_by_test_id("run-check")).to_be_visible(timeout=60_000)
    legs = page.get_by_test_id("leg").all()
    return {leg.get_attribute("data-leg") or "": leg.get_attribute("data-mark") or "" for leg in legs}


def talk_in_private(asking: Page, asked: Page) -> None:
    """Let one who waits ask another for a private talk, who says yes; both are in it when this returns."""
    asking.get_by_test_id("ask-talk").tap()
    asked.get_by_test_id("talk-accept").tap()
    for page in (asking, asked):
        expect(page.get_by_test_id("private-banner")).to_be_visible()
        expect(page.get_by_test_id("room")).to_have_attribute("data-state", "in")


def share_screen(page: Page) -> None:
    """Share the screen, until the page says so."""
    page.get_by_test_id("share").click()
    expect(page.get_by_test_id("share")).to_have_class(re.compile(r"\bis-on\b"))


def end_for_all(desk: Page) -> None:
    """End the consultation for everybody."""
    desk.get_by_test_id("end").click()
    desk.get_by_test_id("end-yes").click()
    expect(desk.get_by_test_id("outcome-card")).to_be_visible()


def admit(desk: Page, page: Page, name: str) -> None:
    """Let somebody in who waits, and wait until they sit in the call."""
    in_queue(desk, name).get_by_test_id("admit").click()
    expect(page.get_by_test_id("room")).to_have_attribute("data-state", "in")


def received(page: Page) -> dict[str, dict[str, float]]:
    """Return what a page receives: {video: {line: frames}, audio: {line: energy}}."""
    found: dict[str, dict[str, float]] = page.evaluate(RECEIVED)
    return found


def growing(page: Page) -> dict[str, int]:
    """Return how many pictures move and how many sounds are heard on a page just now."""
    before = received(page)
    page.wait_for_timeout(700)
    after = received(page)
    return {
        kind: sum(1 for line, amount in after[kind].items() if amount > before[kind].get(line, 0))
        for kind in ("video", "audio")
    }


def expect_to_see_and_hear(page: Page, others: int, *, screens: int = 0, within: float = 45) -> None:
    """Wait until a page presents so many moving pictures and hears so many people, neither more nor fewer."""
    wanted = {"video": others + screens, "audio": others}
    seen: list[Any] = [None]

    def is_so() -> bool:
        seen[0] = growing(page)
        return bool(seen[0] == wanted)

    wait_until(is_so, within, why=lambda: f"{seen[0]} instead of {wanted}")
