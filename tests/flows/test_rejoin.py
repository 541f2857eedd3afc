"""Pages that were lost for a moment are back within three seconds, with a new picture and without the link."""

import re
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import wait_until
from tests.flows.journey import REMEMBER_PEERS, decoded, open_incident_and_send, own_live_row, share_all
from tests.flows.system import System, sign_in

BACK_S = 3.0
# On a machine that others use, too: after this it is not slow but broken.
BROKEN_S = 60.0

# The camera that the page has now; what a phone does to it on a call can only be imitated.
TRACK = "document.querySelector('video').srcObject?.getVideoTracks()[0]"
TAKE_AWAY = f"() => {{ const track = {TRACK}; track.stop(); track.dispatchEvent(new Event('ended')); }}"
PAUSE = f"() => {{ const track = {TRACK}; track.enabled = false; track.dispatchEvent(new Event('mute')); }}"
GO_ON = f"() => {{ const track = {TRACK}; track.enabled = true; track.dispatchEvent(new Event('unmute')); }}"
# A locked phone runs no timers and takes nothing from its line; what it is told on its return is this.
LOCK = "() => { Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });"
LOCK += " document.dispatchEvent(new Event('visibilitychange')); }"
UNLOCK = "() => { delete document.visibilityState; document.dispatchEvent(new Event('visibilitychange')); }"
REMEMBER_LINES = """
window.sightlineLines = [];
const RealSocket = window.WebSocket;
window.WebSocket = class extends RealSocket {
  constructor(...words) { super(...words); window.sightlineLines.push(this); }
};
window.sightlineLocks = 0;
if (navigator.wakeLock) {
  const request = navigator.wakeLock.request.bind(navigator.wakeLock);
  navigator.wakeLock.request = (kind) => { window.sightlineLocks += 1; return request(kind); };
}
"""
# The newest one that is live, and its stream: another test's may be live beside it.
SESSION = "herts.streams_livesession WHERE state = 'live' ORDER BY live_at DESC LIMIT 1"
STREAM = f"herts.streams_stream WHERE state = 'live' AND session_id = (SELECT id FROM {SESSION})"


@pytest.fixture
def pages(system: System, desk: BrowserContext, phone: BrowserContext) -> Iterator[tuple[Page, Page]]:
    """Hold a call until it is watched; returns the console and the caller's page, and ends the call."""
    desk.add_init_script(REMEMBER_PEERS)
    phone.add_init_script(REMEMBER_LINES)
    console, caller = desk.new_page(), phone.new_page()
    sign_in(console, system, "operator")
    share_all(caller, open_incident_and_send(console))
    expect(own_live_row(console)).to_have_count(1)
    expect(caller.get_by_text("They can see you now")).to_be_visible()
    yield console, caller
    caller.get_by_role("button", name="STOP").click()
    expect(caller.get_by_text("You have stopped sharing")).to_be_visible()
    wait_until(lambda: system.sql("SELECT count(*) FROM herts.streams_watch WHERE ended_at IS NULL") == "0", BROKEN_S)


def slowness() -> float:
    """Return how many times longer work takes here now than on a machine of one's own."""
    began, spent = time.perf_counter(), time.process_time()
    while time.process_time() - spent < 0.1:
        pass
    return max(1.0, (time.perf_counter() - began) / 0.1)


def within(began: float, condition: Callable[[], object], why: Callable[[], object] = str) -> None:
    """Wait for a condition, which must come true within three seconds of a machine's own time since `began`."""
    before = slowness()
    wait_until(condition, BROKEN_S, why)
    took = time.monotonic() - began
    allowed = BACK_S * max(before, slowness())
    assert took <= allowed, f"{took:.1f} s, {allowed:.1f} s allowed"


def test_caller_reloading_with_the_camera_turned_off_is_asked_for_a_touch(pages: tuple[Page, Page]) -> None:
    _, caller = pages
    caller.get_by_role("button", name="Camera off").click()
    expect(caller.get_by_role("button", name="Turn the camera on")).to_be_visible()
    caller.reload()
    go_on = caller.get_by_role("button", name="Continue sharing")
    expect(go_on).to_be_visible()
    caller.wait_for_timeout(1_500)
    expect(go_on).to_be_visible()
    assert caller.evaluate("() => document.querySelector('video')") is None
    go_on.click()
    expect(caller.get_by_text("They can see you now")).to_be_visible()


def test_caller_reloading_needs_no_link_no_touch_and_is_seen_again(pages: tuple[Page, Page], system: System) -> None:
    console, caller = pages
    stream = system.sql(f"SELECT id FROM {STREAM}")
    began = time.monotonic()
    caller.reload(wait_until="commit")
    new = f"SELECT count(*) FROM {STREAM} AND id <> '{{}}'"
    within(began, lambda: system.sql(new.format(stream)) == "1")
    seen = decoded_by_newest(console)
    within(began, lambda: decoded_by_newest(console) > 0 and decoded_by_newest(console) != seen)
    expect(caller.get_by_text("They can see you now")).to_be_visible()


def test_console_reloading_has_its_snapshot_and_the_picture(pages: tuple[Page, Page]) -> None:
    console, _ = pages
    began = time.monotonic()
    console.reload(wait_until="commit")
    own_live_row(console).wait_for(timeout=BROKEN_S * 1000)
    within(began, lambda: decoded(console) > 0)
    expect(console.get_by_test_id("truth").first).to_have_text(re.compile("^live", re.IGNORECASE))


def test_phone_that_was_locked_until_its_line_died_is_back(pages: tuple[Page, Page], system: System) -> None:
    console, caller = pages
    step = f"SELECT progress_step FROM {SESSION}"
    caller.evaluate(LOCK)
    wait_until(lambda: system.sql(step) == "page_hidden", BROKEN_S)
    before = caller.evaluate("() => window.sightlineLocks")
    caller.evaluate("() => { for (const line of window.sightlineLines) line.close(); }")
    caller.context.set_offline(True)
    wait_until(lambda: system.sql(step) == "connection_lost", BROKEN_S)
    expect(console.get_by_text("not heard").first).to_be_visible()
    caller.context.set_offline(False)

    began = time.monotonic()
    caller.evaluate(UNLOCK)

    within(began, lambda: system.sql(step) in {"connected", "page_visible"})
    expect(caller.get_by_text("They can see you now")).to_be_visible()
    assert caller.evaluate("() => window.sightlineLocks") > before, "the screen may go dark"


def test_camera_that_a_call_takes_away_is_fetched_back(pages: tuple[Page, Page], system: System) -> None:
    console, caller = pages
    stream = system.sql(f"SELECT id FROM {STREAM}")
    began = time.monotonic()
    caller.evaluate(TAKE_AWAY)
    seen = decoded(console)
    within(began, lambda: caller.evaluate(f"() => {TRACK}?.readyState") == "live")
    within(began, lambda: decoded(console) > seen + 5)
    expect(caller.get_by_text("They can see you now")).to_be_visible()
    told = f"SELECT progress_step FROM {SESSION}"
    wait_until(lambda: system.sql(told) == "camera_unmuted", BROKEN_S)
    assert system.sql(f"SELECT id FROM {STREAM}") == stream


def test_both_ends_say_that_the_phone_has_paused_its_camera(pages: tuple[Page, Page]) -> None:
    console, caller = pages
    caller.evaluate(PAUSE)
    expect(caller.get_by_text("Your phone has paused the camera")).to_be_visible()
    expect(console.get_by_text("The phone has paused its camera").first).to_be_visible()
    expect(console.get_by_text("camera paused").first).to_be_visible()
    caller.evaluate(GO_ON)
    expect(caller.get_by_text("They can see you now")).to_be_visible()
    expect(console.get_by_text("The phone has paused its camera")).to_have_count(0)


def decoded_by_newest(page: Page) -> int:
    """Return the frames that the newest of the page's connections has decoded."""
    count: int = page.evaluate(
        """async () => {
            const peer = window.sightlinePeers.at(-1);
            for (const stat of (await peer?.getStats())?.values() ?? [])
                if (stat.type === "inbound-rtp" && stat.kind === "video") return stat.framesDecoded ?? 0;
            return 0;
        }"""
    )
    return count
