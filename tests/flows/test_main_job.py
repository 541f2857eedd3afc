"""The main job in two real browsers: from the operator's link to live video, position and chat, and to its end."""

import re
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import wait_until
from tests.flows.journey import (
    REMEMBER_PEERS,
    come_to_camera,
    decoded,
    open_incident_and_send,
    own_live_row,
    start_camera,
)
from tests.flows.system import System, frames_decoded, sign_in


def test_operator_sees_caller_live_with_position_and_chat(
    system: System, desk: BrowserContext, phone: BrowserContext
) -> None:
    desk.add_init_script(REMEMBER_PEERS)
    console, caller = desk.new_page(), phone.new_page()
    sign_in(console, system, "operator")
    come_to_camera(caller, open_incident_and_send(console))

    _see_nothing_before_the_camera_is_on(console)
    start_camera(caller)
    _see_live_video(console, caller)
    _see_position(console, phone)
    _talk(console, caller)
    _stop(console, caller)


def _see_nothing_before_the_camera_is_on(console: Page) -> None:
    expect(console.get_by_test_id("truth-detail").first).to_contain_text("The camera is not on yet", timeout=10_000)
    expect(own_live_row(console)).to_have_count(0)
    assert decoded(console) == 0


def _see_live_video(console: Page, caller: Page) -> None:
    expect(own_live_row(console)).to_have_count(1, timeout=20_000)
    first = wait_until(lambda: decoded(console), 20)
    wait_until(lambda: decoded(console) > first + 20, 20)
    assert frames_decoded(console) > 0
    expect(console.get_by_test_id("truth").first).to_have_text(re.compile("live", re.IGNORECASE), timeout=10_000)
    expect(caller.get_by_text("They can see you now")).to_be_visible(timeout=10_000)


def _see_position(console: Page, phone: Any) -> None:
    grid = console.get_by_test_id("grid-reference")
    expect(grid).to_have_text(re.compile(r"^TL "), timeout=10_000)
    before = grid.inner_text()
    phone.set_geolocation({"latitude": 51.7702, "longitude": -0.2200, "accuracy": 8})
    expect(grid).not_to_have_text(before, timeout=10_000)
    expect(console.get_by_test_id("lat-lon")).to_contain_text("51.770")


def _talk(console: Page, caller: Page) -> None:
    console.get_by_test_id("chat-input").fill("Help is on the way")
    console.get_by_test_id("chat-send").click()
    expect(caller.get_by_role("log", name="Messages")).to_contain_text("Help is on the way", timeout=10_000)
    caller.get_by_label("Write a message").fill("Thank you <b>so</b> much")
    caller.get_by_role("button", name="Send", exact=True).click()
    expect(console.get_by_test_id("chat-log")).to_contain_text("Thank you <b>so</b> much", timeout=10_000)


def _stop(console: Page, caller: Page) -> None:
    caller.get_by_role("button", name="STOP").click()
    expect(caller.get_by_text("You have stopped sharing")).to_be_visible(timeout=5_000)
    tracks = caller.evaluate("() => [...document.querySelectorAll('video')].filter((v) => v.srcObject?.active).length")
    assert tracks == 0
    expect(own_live_row(console)).to_have_count(0, timeout=10_000)
