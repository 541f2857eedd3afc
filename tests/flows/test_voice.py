"""The control room speaks and the officer hears it, in real browsers: held, let go, one at a time, over at STOP."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import wait_until
from tests.flows.accessibility import assert_accessible
from tests.flows.journey import REMEMBER_PEERS, own_live_row
from tests.flows.officers import Enrolled, choose_session_of, enrol_officer, go_live, open_officers_page, stop
from tests.flows.system import System, sign_in

# The sound of this page's own listening: how much has come, and how loud it was in all.
HEARD = """async () => {
  let [packets, energy] = [0, 0];
  for (const pc of window.sightlinePeers ?? []) {
    if (pc.connectionState === "closed") continue;
    for (const stat of (await pc.getStats()).values()) {
      if (stat.type !== "inbound-rtp" || stat.kind !== "audio") continue;
      packets += stat.packetsReceived ?? 0;
      energy += stat.totalAudioEnergy ?? 0;
    }
  }
  return [packets, energy];
}"""
TALKS = "SELECT count(*) FROM herts.streams_talk WHERE ended_at IS NULL"
WHY = "SELECT end_reason FROM herts.streams_talk ORDER BY began_at DESC LIMIT 1"


@pytest.fixture
def person(system: System) -> Enrolled:
    """Return an officer whom nobody else is."""
    return enrol_officer(system, "Vera Voss")


@pytest.fixture
def officer(open_browser: Callable[..., BrowserContext], system: System, person: Enrolled) -> Iterator[Page]:
    """Return the page of this officer, who is live; off the air in the end."""
    page = open_officers_page(system, open_browser, person, script=REMEMBER_PEERS)
    go_live(page)
    yield page
    stop(page)


def console_of(context: BrowserContext, system: System, role: str, person: Enrolled) -> Page:
    """Return a console with the officer's session open."""
    context.add_init_script(REMEMBER_PEERS)
    page = context.new_page()
    sign_in(page, system, role)
    choose_session_of(page, person)
    expect(own_live_row(page)).to_have_count(1)
    return page


def heard(page: Page) -> tuple[int, float]:
    """Return how many packets of sound a page has received, and their energy."""
    packets, energy = page.evaluate(HEARD)
    return packets, energy


def press_again(console: Page, down: Callable[[], None], up: Callable[[], None], seen: Callable[[], None]) -> None:
    """Press until something is seen.

    On a busy machine the console's line may be lost meanwhile, which turns the microphone off: a person presses again.
    """
    for left in (2, 1, 0):
        expect(console.get_by_test_id("talk-hold")).to_be_enabled()
        down()
        try:
            return seen()
        except AssertionError:
            up()
            if not left:
                raise


def hold(console: Page) -> None:
    """Hold the button down until the page says that the operator is heard."""

    def down() -> None:
        console.get_by_test_id("talk-hold").hover()
        console.mouse.down()

    def speaks() -> None:
        expect(console.get_by_test_id("talk")).to_have_attribute("data-state", "speaking", timeout=12_000)

    press_again(console, down, console.mouse.up, speaks)


def test_operator_holds_to_speak_the_officer_hears_it_and_silence_after(
    system: System, open_browser: Callable[..., BrowserContext], person: Enrolled, officer: Page
) -> None:
    desk = open_browser(viewport={"width": 1440, "height": 900}, permissions=["microphone"])
    console = console_of(desk, system, "operator", person)
    assert_accessible(console, "the console beside an officer who is live")

    hold(console)
    expect(officer.get_by_test_id("voice")).to_have_text(re.compile("Control room: .* is speaking"))
    expect(officer.get_by_test_id("voice")).to_have_attribute("data-sound", "playing")
    before = wait_until(lambda: heard(officer)[1] > 0 and heard(officer), 20, why=lambda: heard(officer))
    wait_until(lambda: heard(officer)[1] > before[1] and heard(officer)[0] > before[0], 20)
    assert_accessible(officer, "the officer's page while the control room speaks")

    # A colleague reads who speaks, and can interrupt nobody.
    second = console_of(
        open_browser(viewport={"width": 1440, "height": 900}, permissions=["microphone"]), system, "supervisor", person
    )
    expect(second.get_by_test_id("talk-other")).to_contain_text("is speaking to this officer")
    expect(second.get_by_test_id("talk-hold")).to_be_disabled()
    # Who watches the picture does not hear the talk: the officer's own sound is all there is.
    assert second.evaluate("() => window.sightlinePeers.filter((pc) => pc.connectionState !== 'closed').length") == 1

    console.mouse.up()
    expect(console.get_by_test_id("talk")).to_have_attribute("data-state", "ready")
    expect(officer.get_by_test_id("voice")).to_have_count(0)
    officer.wait_for_timeout(1_000)
    silent = heard(officer)
    officer.wait_for_timeout(2_000)
    later = heard(officer)
    assert later[0] > silent[0], "the connection stays up for the next press"
    assert later[1] - silent[1] < 1e-6, "nothing is heard once the button is let go"

    # The key does the same at once, for the connection is there; a reload of the officer's page finds it again.
    console.locator("body").press("Escape")

    def heard_after_a_reload() -> None:
        expect(officer.get_by_test_id("voice")).to_have_count(1)
        officer.reload()
        expect(officer.get_by_test_id("voice")).to_have_attribute("data-sound", "playing")

    keyboard = console.keyboard
    press_again(console, lambda: keyboard.down("v"), lambda: keyboard.up("v"), heard_after_a_reload)
    wait_until(lambda: heard(officer)[1] > 0, 20)
    console.keyboard.up("v")
    expect(officer.get_by_test_id("voice")).to_have_count(0)
    expect(officer.get_by_test_id("sign")).to_have_text("LIVE")
    assert system.sql(TALKS) == "1"

    # STOP ends everything, on both sides.
    console.get_by_test_id("talk-open").click()
    expect(officer.get_by_test_id("voice")).to_have_count(1)
    officer.get_by_test_id("stop").tap()
    wait_until(lambda: system.sql(TALKS) == "0", 5)
    assert system.sql(WHY) == "session_over"
    expect(console.get_by_test_id("talk")).to_have_count(0)
    open_ones = "() => window.sightlinePeers.filter((pc) => pc.signalingState !== 'closed')"
    assert console.evaluate(f"{open_ones}.filter((pc) => pc.getSenders().some((one) => one.track)).length") == 0


def test_officer_is_heard_when_the_operator_listens_and_not_before(
    system: System, open_browser: Callable[..., BrowserContext], person: Enrolled, officer: Page
) -> None:
    console = console_of(open_browser(viewport={"width": 1440, "height": 900}), system, "operator", person)
    muted = "() => document.querySelector('[data-testid=stage] video').muted"
    wait_until(lambda: heard(console)[0] > 0, 20)
    assert console.evaluate(muted) is True

    console.get_by_test_id("listen").click()
    expect(console.get_by_test_id("listen")).to_have_attribute("aria-pressed", "true")
    assert console.evaluate(muted) is False
    wait_until(lambda: heard(console)[1] > 0, 20)


def test_browser_refuses_the_microphone_and_closing_the_console_ends_a_talk(
    system: System, open_browser: Callable[..., BrowserContext], person: Enrolled, officer: Page
) -> None:
    desk = open_browser(viewport={"width": 1440, "height": 900})
    desk.add_init_script(
        "const refuse = () => Promise.reject(new DOMException('no', 'NotAllowedError'));"
        "if (navigator.mediaDevices) navigator.mediaDevices.getUserMedia = refuse;"
    )
    refused = console_of(desk, system, "supervisor", person)
    refused.get_by_test_id("talk-hold").click()
    expect(refused.get_by_test_id("talk-fault")).to_contain_text("may not use the microphone")
    assert system.sql(TALKS) == "0"

    console = console_of(
        open_browser(viewport={"width": 1440, "height": 900}, permissions=["microphone"]), system, "operator", person
    )
    hold(console)
    expect(officer.get_by_test_id("voice")).to_have_attribute("data-sound", "playing")
    console.close()
    wait_until(lambda: system.sql(TALKS) == "0", 5)
    assert system.sql(WHY) == "disconnected"
    expect(officer.get_by_test_id("voice")).to_have_count(0)
    expect(officer.get_by_test_id("sign")).to_have_text("LIVE")
