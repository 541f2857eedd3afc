"""Every public and account page in both themes, looked at by axe-core; first, that the look finds what is wrong."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.flows.accessibility import assert_accessible_in_both_themes, violations
from tests.flows.journey import agree_to_all, open_incident_and_send
from tests.flows.system import System, sign_in
from tests.people import PASSWORD

look = assert_accessible_in_both_themes


def test_a_page_with_a_nameless_button_and_pale_text_is_found_out(desk: BrowserContext) -> None:
    page = desk.new_page()
    page.set_content(
        "<html lang=en><title>t</title><main><h1>t</h1><button></button><p style='color:#ccc'>pale</p></main>"
    )
    found = " ".join(violations(page))
    assert "button-name" in found
    assert "color-contrast" in found


@pytest.mark.parametrize("path", ["/sign-in/", "/join/", "/goodbye/", "/i/not-a-real-link/"])
def test_pages_for_everybody_are_accessible(system: System, desk: BrowserContext, path: str) -> None:
    page = desk.new_page()
    page.goto(system.url(path))
    look(page, path)


@pytest.mark.parametrize("role", ["operator", "supervisor"])
def test_account_pages_are_accessible(system: System, desk: BrowserContext, role: str) -> None:
    page = desk.new_page()
    sign_in(page, system, role)
    for path in ("/account/", "/account/proof/", "/account/second-factor/"):
        page.goto(system.url(path))
        look(page, f"{path} as {role}")


def test_sign_in_by_code_is_accessible(system: System, desk: BrowserContext) -> None:
    page = desk.new_page()
    page.goto(system.url("/sign-in/"))
    page.fill("input[name=username]", "supervisor")
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url("**/sign-in/code/")
    look(page, "the code")


def test_callers_pages_are_accessible(system: System, desk: BrowserContext, phone: BrowserContext) -> None:
    console, caller = desk.new_page(), phone.new_page()
    sign_in(console, system, "operator")
    caller.goto(open_incident_and_send(console))
    look(caller, "the invitation")
    caller.get_by_role("button", name="Continue").click()
    caller.wait_for_url("**/live/")
    _walk(caller)


def _walk(caller: Page) -> None:
    expect(caller.get_by_role("button", name="Continue")).to_be_visible()
    look(caller, "what will happen")
    caller.get_by_role("button", name="Continue").click()
    agree_to_all(caller)
    look(caller, "the consent")
    caller.get_by_role("button", name="I agree").click()
    expect(caller.get_by_role("button", name="Share my location")).to_be_visible()
    look(caller, "the question for the location")
    caller.get_by_role("button", name="Share my location").click()
    expect(caller.get_by_role("button", name="Start my camera")).to_be_visible()
    look(caller, "the question for the camera")
    caller.get_by_role("button", name="Start my camera").click()
    expect(
        caller.get_by_text("They can see your picture").or_(caller.get_by_role("button", name="STOP"))
    ).to_be_visible()
    look(caller, "live")
    caller.get_by_role("button", name="STOP").click()
    expect(caller.get_by_text("You have stopped sharing")).to_be_visible()
    look(caller, "the end")
