"""Officers of flows. Each journey has people of its own: what one leaves open is not in the way of the next."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from playwright.sync_api import BrowserContext, Page, expect

from tests.flows.conftest import HATFIELD
from tests.flows.system import System, sign_in
from tests.people import PASSWORD

ENROL = """
from forces.accounts.models import User
from forces.context import in_force
from forces.selectors import find_force
user = User(username={username!r}, first_name={first!r}, last_name={last!r}, role={role!r})
user.set_password({password!r})
in_force(find_force({schema!r}), user.save)
print("enrolled", user.pk)
"""


@dataclass(frozen=True)
class Enrolled:
    """Somebody who may sign in by `username`; `user_id` is what rows of theirs are kept under."""

    username: str
    name: str
    user_id: str
    schema: str

    @property
    def sessions(self) -> str:
        """The live sessions of this officer, for SQL."""
        return f"{self.schema}.streams_livesession WHERE kind = 'officer' AND created_by = '{self.user_id}'"


def enrol_officer(system: System, name: str, *, role: str = "officer", schema: str = "herts") -> Enrolled:
    """Put a new officer, or another role on the ground, into a force's accounts: nobody else is, or is called, so."""
    mark = uuid4().hex[:6]
    first, last = f"{name}-{mark}".split(" ")
    username = f"{first}.{last}".lower()
    words = {"username": username, "first": first, "last": last, "role": role, "schema": schema}
    told = system.manage("shell", "--no-imports", "-c", ENROL.format(password=PASSWORD, **words))
    return Enrolled(username, f"{first} {last}", told.split("enrolled ")[1].strip(), schema)


def open_officers_page(
    system: System,
    open_browser: Callable[..., BrowserContext],
    officer: Enrolled,
    *,
    permissions: tuple[str, ...] = ("geolocation", "camera", "microphone"),
    script: str = "",
) -> Page:
    """Return the page of an officer who has signed in on a small phone in Hatfield; `script` runs before it."""
    context = open_browser(
        viewport={"width": 360, "height": 740},
        geolocation=HATFIELD,
        permissions=list(permissions),
        is_mobile=True,
        has_touch=True,
    )
    if script:
        context.add_init_script(script)
    page = context.new_page()
    sign_in(page, system, officer.username, officer.schema)
    page.wait_for_url("**/officer/")
    expect(page.get_by_test_id("go-live")).to_be_enabled()
    return page


def go_live(page: Page, for_what: str = "without-incident") -> None:
    """Go live in two taps: without an incident, or for the one that was opened last (`incident`)."""
    page.get_by_test_id("go-live").tap()
    page.get_by_test_id(for_what).first.tap()
    expect(page.get_by_test_id("sign")).to_have_text("LIVE")


def stop(page: Page) -> None:
    """Go off the air, in whatever state the page was left."""
    page.reload()
    if page.get_by_test_id("stop").or_(page.get_by_test_id("go-live")).first.get_attribute("data-testid") == "stop":
        page.get_by_test_id("stop").tap()
    expect(page.get_by_test_id("go-live")).to_be_visible()


def choose_session_of(console: Page, officer: Enrolled) -> None:
    """Press the row of this officer's live session until it is the one chosen: the list moves as news comes."""
    row = console.locator("[data-testid=session-row][data-state=live]", has_text=officer.name)
    chosen = console.locator("[data-testid=session-row][aria-current=true][data-state=live]", has_text=officer.name)
    expect(row).to_have_count(1)
    for _ in range(5):
        row.click()
        if chosen.count():
            return
        console.wait_for_timeout(300)
    expect(chosen).to_have_count(1)
