"""Robots that look at links and codes spend nothing, and a person's code opens the link, with or without scripts."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import BrowserContext, Page, expect

from tests.flows.journey import agree_to_all, open_incident_and_send
from tests.flows.system import System, sign_in

ROBOT_WAITS_MS = 1_500
WRONG = "CDFG 3467"
FAILURES_PER_ADDRESS = 10


def read_out(console: Page) -> str:
    """Show the code on the console; return it as the operator reads it."""
    console.get_by_test_id("show-code").click()
    label = console.get_by_test_id("code").get_attribute("aria-label") or ""
    found = re.fullmatch(r"Code (\w{4} \w{4})", label)
    assert found, label
    return found.group(1)


def look_as_robot(page: Page, address: str) -> None:
    """Do what previews and scanners do: run the scripts, wait, scroll, hover, and get whatever can be got."""
    page.goto(address)
    page.wait_for_timeout(ROBOT_WAITS_MS)
    page.mouse.wheel(0, 3_000)
    for element in page.locator("a, button, input, form").all():
        if element.is_visible():
            element.hover(force=True)
    found: list[str] = page.evaluate(
        "() => [...document.querySelectorAll('a, link, form')].map((one) => one.href ?? one.action)"
    )
    assert any(one.endswith(("/join/", "/open/")) for one in found), found
    # What leads out of the site ("Exit this page") spends nothing of ours.
    for one in (one for one in found if one.startswith(page.evaluate("() => location.origin"))):
        page.evaluate("async (one) => { await (await fetch(one)).text(); }", one)


def enter_code(page: Page, system: System, typed: str) -> None:
    """Type a code as a caller does, and go on."""
    page.goto(system.url("/join/"))
    page.get_by_label("Code", exact=True).fill(typed)
    page.get_by_role("button", name="Continue").click()


def test_robots_spend_nothing_and_the_code_opens_the_link(
    system: System, desk: BrowserContext, phone: BrowserContext, open_browser: Callable[..., BrowserContext]
) -> None:
    console = desk.new_page()
    sign_in(console, system, "operator")
    link = open_incident_and_send(console)
    code = read_out(console)
    plain = code.replace(" ", "")

    robot = open_browser(viewport={"width": 1280, "height": 800})
    for address in (link, system.url("/join/"), system.url(f"/join/?code={plain}")):
        look_as_robot(robot.new_page(), address)
    assert [cookie for cookie in robot.cookies() if cookie.get("name") == "sl_caller"] == []
    newest = "FROM herts.streams_invitation ORDER BY queued_at DESC LIMIT 1"
    assert system.sql(f"SELECT state IN ('queued', 'sending', 'sent'), opened_at IS NULL {newest}") == "t|t"

    _enter_wrong_then_right(system, open_browser(java_script_enabled=False).new_page(), code)
    assert system.sql(f"SELECT state {newest}") == "opened"
    _go_on_to_location(system, phone.new_page(), plain.lower())
    assert system.sql(f"SELECT state {newest}") == "consented"
    expect(console.get_by_test_id("code")).to_have_count(0)
    _find_in_no_log(system, code)


def _enter_wrong_then_right(system: System, page: Page, code: str) -> None:
    """Without scripts: a wrong code is calmly refused, and the right one ends where scripts are needed."""
    enter_code(page, system, WRONG)
    expect(page.get_by_role("alert")).to_have_text("That code does not work. Ask the operator to read it to you again.")
    expect(page.get_by_label("Code", exact=True)).to_have_value(WRONG)
    page.get_by_label("Code", exact=True).fill(code)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/live/")
    expect(page.get_by_role("heading", name="Connecting to the control room")).to_be_visible()


def _go_on_to_location(system: System, page: Page, typed: str) -> None:
    enter_code(page, system, typed)
    page.wait_for_url("**/live/")
    page.get_by_role("button", name="Continue").click()
    agree_to_all(page)
    page.get_by_role("button", name="I agree").click()
    expect(page.get_by_role("button", name="Share my location")).to_be_visible()


def _find_in_no_log(system: System, code: str) -> None:
    """Look through everything that nginx and our processes wrote."""
    logs = [path for path in system.stack.directory.rglob("*.log") if path.is_file()]
    written = {path.name: path.read_text(errors="replace") for path in logs}
    assert any('"POST /join/" 303' in text for text in written.values()), sorted(written)
    spellings = re.compile(r"[\s+-]?(?:%20)?".join(code.replace(" ", "")), re.IGNORECASE)
    assert [name for name, text in written.items() if spellings.search(text)] == []


def test_client_that_forges_its_address_spends_the_budget_of_the_true_one(system: System) -> None:
    address = urlsplit(system.url("/join/", "beds"))
    with httpx.Client(base_url=f"http://127.0.0.1:{system.port}", headers={"Host": address.netloc}) as client:
        page = client.get("/join/")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
        assert token
        form = {"code": WRONG, "csrfmiddlewaretoken": token.group(1)}
        cookies = {"Cookie": f"sl_csrf={page.cookies['sl_csrf']}"}
        answers = [
            client.post("/join/", data=form, headers={**cookies, "X-Forwarded-For": f"203.0.113.{number}"}).status_code
            for number in range(2 * FAILURES_PER_ADDRESS + 1)
        ]
    # A window of ten minutes may end in between, once: then the second one is spent.
    assert answers.count(404) in range(FAILURES_PER_ADDRESS, 2 * FAILURES_PER_ADDRESS + 1)
    assert answers[-1] == 429
