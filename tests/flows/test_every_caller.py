"""A caller who reads Urdu: another language, consent, phrases that each side reads in its own, and out at once."""

import os
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from forces.languages import say
from streams.phrases import PHRASES
from streams.services.default_words import WORDINGS
from tests.flows.journey import open_incident_and_send
from tests.flows.system import System, sign_in

WEATHER = "https://www.bbc.co.uk/weather"
AGREE, CONTINUE = "میں رضامند ہوں", say("ur", "invitation.continue")
SHARE = "میرا مقام شیئر کریں"
PICTURES = os.environ.get("SIGHTLINE_PICTURES", "")  # a directory to look at what the flow saw


def test_caller_who_reads_urdu_is_understood_and_leaves_without_a_trace(
    system: System, desk: BrowserContext, phone: BrowserContext
) -> None:
    console, caller = desk.new_page(), phone.new_page()
    phone.route(f"{WEATHER}**", lambda route: route.fulfill(body="<title>Weather</title><h1>Rain</h1>"))
    sign_in(console, system, "operator")
    link = open_incident_and_send(console)

    _consent_in_urdu(caller, link)
    _ask_and_answer(console, caller)
    _leave(console, caller)
    _come_back_by_the_link_alone(console, caller, link)


def _consent_in_urdu(caller: Page, link: str) -> None:
    caller.goto(link)
    caller.get_by_role("link", name="اردو").click()
    expect(caller.locator("html[lang=ur][dir=rtl]")).to_have_count(1)
    _look(caller, "invitation")
    caller.get_by_role("button", name=CONTINUE).click()
    caller.wait_for_url("**/live/")
    expect(caller.get_by_role("heading", name=WORDINGS["ur"]["title"])).to_be_visible()
    _look(caller, "what")
    caller.get_by_role("button", name=CONTINUE).click()
    caller.get_by_role("checkbox").first.check()
    _look(caller, "agree")
    caller.get_by_role("button", name=AGREE, exact=True).click()
    caller.get_by_role("button", name=SHARE).click()


def _ask_and_answer(console: Page, caller: Page) -> None:
    asked, answered = PHRASES["are-you-safe"], PHRASES["no"]
    expect(console.get_by_test_id("phrases")).to_contain_text("read in Urdu", timeout=10_000)
    console.get_by_test_id("phrases").locator("summary").click()
    console.get_by_test_id("phrase-are-you-safe").click()
    expect(caller.get_by_role("log")).to_contain_text(asked.ur, timeout=10_000)
    caller.get_by_role("button", name=answered.ur, exact=True).click()
    said = console.locator("[data-testid=chat-message]")
    expect(said.nth(0)).to_contain_text(f"{asked.en}", timeout=10_000)
    expect(said.nth(0).get_by_test_id("chat-other")).to_have_text(asked.ur)
    expect(said.nth(1).locator(".bubble-text")).to_have_text(answered.en, timeout=10_000)
    expect(said.nth(1).get_by_test_id("chat-other")).to_have_text(answered.ur)
    _look(caller, "chat")
    _look(console, "console")


def _leave(console: Page, caller: Page) -> None:
    for _ in range(3):
        caller.keyboard.press("Shift")
    caller.wait_for_url(WEATHER)
    expect(console.get_by_test_id("advice-why")).to_contain_text("Exit this page", timeout=10_000)
    expect(console.locator("[data-testid=session-row][aria-current=true]")).not_to_have_attribute("data-state", "ended")
    _look(console, "console-left")
    # The invitation is still in the history of the window: Back must not draw it.
    caller.go_back(wait_until="commit")
    caller.wait_for_url(WEATHER)
    expect(caller.get_by_role("heading", name="Rain")).to_be_visible()


def _come_back_by_the_link_alone(console: Page, caller: Page, link: str) -> None:
    """Open the caller's page as the history would, then as the message does; the server was told, cookie or not."""
    history, live = caller.context.new_page(), f"{link.split('/i/')[0]}/live/"
    for _ in range(2):
        answered = history.goto(live)
        assert answered is not None
        assert answered.status in (403, 409)
        expect(history.locator("#caller")).to_have_count(0)
        assert not [word for word in ("police", "Hertfordshire", "Sightline") if word in history.content()]
        _look(history, "history")
        caller.context.clear_cookies(name="sl_left")
    history.goto(link)
    history.get_by_role("button", name=CONTINUE).click()
    history.wait_for_url("**/live/")
    expect(history.locator("#caller")).to_have_count(1)
    gone = console.get_by_test_id("advice-why").filter(has_text="Exit this page")
    expect(gone).to_have_count(0, timeout=10_000)


def _look(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)
