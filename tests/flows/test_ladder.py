"""A picture degrades and comes back by itself: a real phone on a line that grows thin, is cut, and recovers."""

import json
import re
import zipfile
from collections.abc import Iterator
from hashlib import sha256

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import wait_until
from tests.flows.conftest import HATFIELD
from tests.flows.journey import REMEMBER_PEERS, decoded, open_incident_and_send, own_live_row, share_all
from tests.flows.system import System, sign_in
from tests.flows.thin_line import ThinLine

SLOW_BPS = 400_000
CHOKED_BPS = 15_000
DOWN_S = 30.0
UP_S = 75.0


@pytest.fixture
def line(phone: BrowserContext) -> Iterator[ThinLine]:
    """Return the phone's only way to the media server."""
    thin = ThinLine()
    thin.lead(phone)
    yield thin
    thin.close()


@pytest.fixture
def call(
    system: System, desk: BrowserContext, phone: BrowserContext, line: ThinLine
) -> Iterator[tuple[Page, Page, str]]:
    """Hold a live call; return the console's page, the caller's, and the session's id."""
    desk.add_init_script(REMEMBER_PEERS)
    console, caller = desk.new_page(), phone.new_page()
    sign_in(console, system, "operator")
    share_all(caller, open_incident_and_send(console))
    expect(own_live_row(console)).to_have_count(1)
    wait_until(lambda: decoded(console), 20)
    yield console, caller, console.get_by_test_id("stage").get_attribute("data-session-id") or ""
    if console.get_by_test_id("end-session").count():
        _end(console)


def test_picture_steps_down_rung_by_rung_and_comes_back_by_itself(
    system: System, call: tuple[Page, Page, str], line: ThinLine, phone: BrowserContext
) -> None:
    console, caller, session_id = call
    stream_id = _of_stream(system, session_id, "id")
    _await_rung(system, caller, session_id, "video|good", DOWN_S)
    assert _width(console, caller) > 640

    line.bits_per_s = SLOW_BPS
    _await_rung(system, caller, session_id, "video_low|slow_uplink", DOWN_S)
    _expect_small_live_picture(console, caller)
    assert _of_stream(system, session_id, "state") == "live", "the lower layers arrive"

    line.bits_per_s = CHOKED_BPS
    _await_rung(system, caller, session_id, "stills|very_slow_uplink", DOWN_S)
    _expect_stills(console, caller)

    caller.route("**/live/stills/**", lambda route: route.abort())
    _await_rung(system, caller, session_id, "position|stills_fail", DOWN_S)
    expect(caller.get_by_text("Your pictures do not get through")).to_be_visible()
    expect(console.get_by_test_id("row-rung")).to_have_text("Position only")
    phone.set_geolocation(None)
    _await_rung(system, caller, session_id, "text|no_position", DOWN_S)
    _say(caller, console, "I am at the bridge")

    phone.set_geolocation(HATFIELD)
    _await_rung(system, caller, session_id, "position|stills_fail", UP_S)
    caller.unroute("**/live/stills/**")
    _await_rung(system, caller, session_id, "stills|very_slow_uplink", UP_S)
    line.bits_per_s = None
    _await_rung(system, caller, session_id, "video_low|slow_uplink", UP_S)
    _await_rung(system, caller, session_id, "video|good", UP_S)
    expect(console.get_by_test_id("truth").first).to_have_text("LIVE", timeout=30_000)
    expect(console.get_by_test_id("still")).to_have_count(0)
    expect(caller.get_by_text("They can see you now")).to_be_visible(timeout=10_000)
    wait_until(lambda: _width(console, caller) > 640, 20)
    assert _of_stream(system, session_id, "id") == stream_id, "the connection was kept all along"
    _end(console)
    _expect_pictures_kept(system, console, session_id)


def _end(console: Page) -> None:
    console.get_by_test_id("end-session").click()
    console.get_by_test_id("end-confirm").click()


def _expect_pictures_kept(system: System, console: Page, session_id: str) -> None:
    """Look for what stood for the video: one sealed item for each stretch, that plays and holds the pictures."""
    kept = console.locator("[data-testid=item][data-kind=sequence]")
    expect(kept.first).to_have_attribute("data-state", "sealed", timeout=90_000)
    stretches = f"FROM herts.evidence_item WHERE session_id = '{session_id}' AND kind = 'sequence'"
    assert 1 <= int(system.sql(f"SELECT count(*) {stretches}")) <= 3
    expect(kept.first.get_by_test_id("item-pictures")).to_contain_text("in place of video")
    player = kept.first.get_by_test_id("item-player")
    player.evaluate("(video) => { video.muted = true; return video.play(); }")
    wait_until(lambda: player.evaluate("(video) => video.currentTime > 0 && video.videoWidth > 0"), 20)
    with console.expect_download() as saved:
        kept.first.get_by_test_id("item-archive").click()
    with zipfile.ZipFile(saved.value.path()) as archive:
        rows = json.loads(archive.read("manifest.json"))["pictures"]
        assert rows
        assert all(sha256(archive.read(row["file"])).hexdigest() == row["sha256"] for row in rows)


def _await_rung(system: System, caller: Page, session_id: str, wanted: str, within_s: float) -> None:
    """Wait for the rung and its reason as the rows have them; the caller's page must not be blocked meanwhile."""

    def stands() -> bool:
        caller.wait_for_timeout(50)
        return _rung(system, session_id).startswith(wanted)

    wait_until(stands, within_s, why=lambda: _rung(system, session_id))


def _rung(system: System, session_id: str) -> str:
    return system.sql(f"SELECT rung || '|' || rung_reason FROM herts.streams_livesession WHERE id = '{session_id}'")


def _of_stream(system: System, session_id: str, column: str) -> str:
    rows = f"FROM herts.streams_stream WHERE session_id = '{session_id}' ORDER BY admitted_at DESC LIMIT 1"
    return system.sql(f"SELECT {column} {rows}")


def _width(console: Page, caller: Page) -> int:
    caller.wait_for_timeout(10)
    width: int = console.get_by_test_id("video").first.evaluate("(video) => video.videoWidth")
    return width


def _expect_small_live_picture(console: Page, caller: Page) -> None:
    expect(console.get_by_test_id("row-rung")).to_have_text("Small picture")
    expect(console.get_by_test_id("rung-detail")).to_contain_text("the phone’s connection is slow")
    expect(caller.get_by_text("the picture is small")).to_be_visible()
    wait_until(lambda: 0 < _width(console, caller) <= 640, 10)
    expect(console.get_by_test_id("truth").first).to_have_text("LIVE", timeout=30_000)


def _expect_stills(console: Page, caller: Page) -> None:
    truth = console.get_by_test_id("truth").first
    expect(truth).to_have_text(re.compile(r"^STILL, \d+ s ago$"), timeout=20_000)
    still = console.get_by_test_id("still")
    first = still.get_attribute("src")
    expect(still).not_to_have_attribute("src", first or "", timeout=20_000)
    wait_until(lambda: still.evaluate("(image) => image.naturalWidth") > 0, 10)
    expect(console.get_by_test_id("row-rung")).to_have_text("Stills")
    expect(caller.get_by_text("We send a picture every few seconds")).to_be_visible()


def _say(caller: Page, console: Page, text: str) -> None:
    caller.get_by_label("Write a message").fill(text)
    caller.get_by_role("button", name="Send", exact=True).click()
    expect(console.get_by_test_id("chat-log")).to_contain_text(text, timeout=10_000)
