"""On a small phone the way on stands on the first screen, in every language: nobody frightened has to look for it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, ViewportSize, expect

from forces.languages import say
from tests.flows.journey import open_incident_and_send
from tests.flows.system import System, sign_in

SMALL = ViewportSize(width=360, height=740)
LANGUAGES = ("en", "cy", "ur")
# What a finger meets at the middle of an element, without scrolling; and that it is wholly in the window.
IN_REACH = """element => {
    const box = element.getBoundingClientRect();
    const met = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return window.scrollY === 0 && element === met && box.top >= 0 && box.bottom <= window.innerHeight;
}"""


@pytest.fixture
def small_phone(open_browser: Callable[..., BrowserContext]) -> BrowserContext:
    return open_browser(viewport=SMALL, is_mobile=True, has_touch=True)


def in_reach(control: Locator) -> bool:
    reached: bool = control.evaluate(IN_REACH)
    return reached


def test_button_below_the_first_screen_or_under_another_is_found_out(small_phone: BrowserContext) -> None:
    page = small_phone.new_page()
    page.set_content(
        "<meta name=viewport content=width=device-width><div style=height:800px></div><button>Below</button>"
    )
    assert not in_reach(page.get_by_role("button"))
    page.set_content("<button>Under</button><div style='position:fixed;inset:0'></div>")
    assert not in_reach(page.get_by_role("button"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_caller_finds_continue_without_scrolling(
    system: System, desk: BrowserContext, small_phone: BrowserContext, language: str
) -> None:
    console, caller = desk.new_page(), small_phone.new_page()
    sign_in(console, system, "operator")
    link = open_incident_and_send(console)
    for address in (f"{link}?language={language}", system.url(f"/join/?language={language}")):
        caller.goto(address)
        _assert_fits(caller, caller.get_by_role("button", name=say(language, "invitation.continue")), address)
    caller.goto(f"{link}?language={language}")
    caller.get_by_role("button", name=say(language, "invitation.continue")).click()
    caller.wait_for_url("**/live/")
    expect(caller.locator(".way-on button")).to_have_count(1)
    _assert_fits(caller, caller.locator(".way-on button"), "what will happen")
    caller.locator(".way-on button").click()
    expect(caller.get_by_role("checkbox").first).to_be_visible()
    for answer in caller.locator(".way-on button").all():
        _assert_fits(caller, answer, "the consent")


def _assert_fits(page: Page, control: Locator, where: str) -> None:
    expect(control).to_be_visible()
    page.wait_for_function("() => window.scrollY === 0")
    assert in_reach(control), f"{where}: {control.bounding_box()}"
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"], where
