"""An operator's desk in real browsers: what a picture's delay is, what stands before it, the wall, keys and dialogs."""

import statistics
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.bench.browsers import PROBES
from tests.conftest import wait_until
from tests.flows.accessibility import assert_accessible_in_both_themes
from tests.flows.journey import REMEMBER_PEERS, open_incident_and_send, own_live_row, share_all
from tests.flows.system import System, sign_in

# The canvas camera and the display add a frame or two each; a busy machine more, for both figures alike.
TOLERANCE_MS = 150
BUFFER = """(ms) => {
    for (const pc of window.sightlinePeers)
        for (const receiver of pc.getReceivers()) receiver.jitterBufferTarget = ms;
}"""
MUTE = """(type) => document.querySelector("video").srcObject.getVideoTracks()[0].dispatchEvent(new Event(type))"""


@pytest.fixture
def call(system: System, desk: BrowserContext, phone: BrowserContext) -> Iterator[tuple[Page, Page]]:
    """Return the console with a live call chosen, and the caller's page; the camera is a clock."""
    desk.add_init_script(REMEMBER_PEERS)
    desk.add_init_script(path=PROBES / "clock_reader.js")
    # An empty page, before the first address, has no camera to replace.
    phone.add_init_script(f"if (navigator.mediaDevices) {{ {(PROBES / 'clock_camera.js').read_text()} }}")
    console, caller = desk.new_page(), phone.new_page()
    sign_in(console, system, "operator")
    share_all(caller, open_incident_and_send(console))
    expect(own_live_row(console)).to_have_count(1)
    expect(console.get_by_test_id("truth")).to_have_text("LIVE")
    yield console, caller
    caller.get_by_role("button", name="STOP").click()
    expect(own_live_row(console)).to_have_count(0)


def test_operator_is_shown_the_delay_that_the_picture_has(call: tuple[Page, Page]) -> None:
    console, _ = call
    delay = console.get_by_test_id("delay")
    expect(delay).to_contain_text("s delay", timeout=15_000)
    _see_the_true_delay(console)

    console.evaluate(BUFFER, 1_200)
    wait_until(lambda: _shown(console) > 800, 30, why=lambda: f"{_shown(console)} ms are shown")
    _see_the_true_delay(console)
    expect(delay).not_to_have_class("is-late")

    console.evaluate(BUFFER, 2_600)
    expect(console.locator("[data-testid=delay].is-late")).to_be_visible(timeout=30_000)
    _see_the_true_delay(console)


def _see_the_true_delay(console: Page) -> None:
    """Compare the figure on the screen with the clock in the picture, once both have settled."""
    wait_until(lambda: abs(_shown(console) - _measured(console)) < TOLERANCE_MS, 30, why=lambda: _both(console))


def _both(console: Page) -> str:
    return f"{_shown(console)} ms are shown, {_measured(console)} ms by the picture's own clock"


def _shown(console: Page) -> float:
    return float(console.get_by_test_id("delay").get_attribute("data-ms") or "-10000")


def _measured(console: Page) -> float:
    console.evaluate("() => void (window.ages.length = 0)")
    console.wait_for_timeout(1_500)
    ages = console.evaluate("() => window.ages")
    return float(statistics.median(ages)) if ages else 1e9


def test_operator_sees_a_new_picture_only_after_asking(call: tuple[Page, Page]) -> None:
    console, _ = call
    video = console.get_by_test_id("video")
    expect(console.get_by_test_id("blurred")).to_contain_text("Risk questions")
    assert "blur" in _filter(console)
    expect(console.get_by_test_id("truth")).to_have_text("LIVE")

    console.get_by_test_id("show-picture").click()
    expect(console.get_by_test_id("blurred")).to_have_count(0)
    assert _filter(console) == "none"
    console.reload()
    expect(video).to_be_visible()
    expect(console.get_by_test_id("truth")).to_have_text("LIVE")
    expect(console.get_by_test_id("blurred")).to_have_count(0)

    console.keyboard.press("b")
    expect(console.get_by_test_id("blurred")).to_be_visible()
    console.get_by_test_id("chat-input").focus()
    console.keyboard.type("b")
    expect(console.get_by_test_id("blurred")).to_be_visible()
    console.keyboard.press("Alt+b")
    expect(console.get_by_test_id("blurred")).to_have_count(0)


def _filter(console: Page) -> str:
    found: str = console.get_by_test_id("video").evaluate("(video) => getComputedStyle(video).filter")
    return found


def test_paused_camera_of_the_phone_is_said_and_goes_on_by_itself(call: tuple[Page, Page]) -> None:
    console, caller = call
    caller.evaluate(MUTE, "mute")
    expect(console.get_by_test_id("truth")).to_have_text("PAUSED")
    expect(console.get_by_test_id("truth-detail")).to_contain_text("the phone has paused its camera")
    caller.evaluate(MUTE, "unmute")
    expect(console.get_by_test_id("truth")).to_have_text("LIVE")


def test_operator_works_the_wall_and_the_dialogs_by_keys(call: tuple[Page, Page]) -> None:
    console, _ = call
    console.keyboard.press("Escape")
    console.locator("body").click(position={"x": 700, "y": 60})
    console.get_by_test_id("open-settings").focus()
    console.keyboard.press("?")
    expect(console.get_by_test_id("keys-dialog")).to_be_visible()
    assert console.evaluate("() => document.activeElement.closest('dialog') !== null")
    console.keyboard.press("Escape")
    expect(console.get_by_test_id("keys-dialog")).to_have_count(0)
    expect(console.get_by_test_id("open-settings")).to_be_focused()

    console.keyboard.press("Alt+w")
    console.keyboard.press("9")
    expect(console.get_by_test_id("places-9")).to_have_attribute("aria-pressed", "true")
    console.keyboard.press("s")
    tile = console.get_by_test_id("tile")
    expect(tile).to_be_focused()
    console.keyboard.press("p")
    expect(console.get_by_test_id("pin")).to_have_attribute("aria-pressed", "true")
    console.reload()
    console.get_by_test_id("mode-wall").click()
    expect(console.get_by_test_id("places-9")).to_have_attribute("aria-pressed", "true")
    expect(console.get_by_test_id("pin")).to_have_attribute("aria-pressed", "true")
    tile.focus()
    console.keyboard.press("Enter")
    expect(console.get_by_test_id("stage-reference")).to_be_visible()


def test_letters_alone_are_no_keys_once_they_are_switched_off(system: System, desk: BrowserContext) -> None:
    console = desk.new_page()
    sign_in(console, system, "operator")
    expect(console.get_by_test_id("connection")).to_have_attribute("data-tone", "good")
    console.keyboard.press("?")
    console.get_by_test_id("single-keys").uncheck()
    console.keyboard.press("Escape")
    console.keyboard.press("?")
    console.wait_for_timeout(500)
    expect(console.get_by_test_id("keys-dialog")).to_have_count(0)
    console.keyboard.press("Alt+k")
    expect(console.get_by_test_id("keys-dialog")).to_be_visible()


def test_a_window_for_the_wall_has_nothing_else(system: System, desk: BrowserContext) -> None:
    console = desk.new_page()
    sign_in(console, system, "operator")
    console.goto(system.url("/?view=wall"))
    expect(console.get_by_test_id("wall")).to_be_visible()
    expect(console.locator("#sessions")).to_be_hidden()


def test_bar_fits_every_screen_with_all_that_it_can_hold(system: System, desk: BrowserContext) -> None:
    """A supervisor's, before the first click: role and name, and the button for the sound, beside the force's name."""
    console = desk.new_page()
    sign_in(console, system, "supervisor")
    expect(console.get_by_test_id("enable-sound")).to_be_visible()
    expect(console.get_by_test_id("connection")).to_contain_text("Connected")
    for width, height, tallest in (
        (2560, 1440, 72),
        (1366, 768, 56),
        (1280, 720, 56),
        (1024, 768, 100),
        (360, 740, 200),
    ):
        console.set_viewport_size({"width": width, "height": height})
        bar = console.locator(".bar").bounding_box()
        assert bar is not None
        assert bar["height"] <= tallest, f"{bar['height']} px of {width}x{height}"
        assert console.evaluate("() => document.documentElement.scrollWidth") <= width, f"wider than {width}"
        expect(console.get_by_test_id("account")).to_be_visible()


def test_console_is_accessible_in_every_mode(call: tuple[Page, Page]) -> None:
    console, caller = call
    look = assert_accessible_in_both_themes
    look(console, "a session, blurred")
    console.get_by_test_id("show-picture").click()
    look(console, "a session")
    console.get_by_test_id("mode-wall").click()
    look(console, "the wall")
    console.get_by_test_id("mode-session").click()
    for name in ("keys", "settings"):
        console.get_by_test_id(f"open-{name}").click()
        look(console, f"the dialog {name}")
        console.keyboard.press("Escape")
    console.get_by_test_id("new-incident").click()
    look(console, "a new incident")
    console.keyboard.press("Escape")
    caller.get_by_role("button", name="STOP").click()
    expect(console.locator("[data-testid=session-row][data-state=ended]").first).to_be_visible()
    look(console, "after the end")
    caller.evaluate("() => { document.body.innerHTML = '<button>STOP</button>'; }")
