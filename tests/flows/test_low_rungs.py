"""What a caller may do on a thin line: load the page again, or turn the camera off; and what is said of the layers."""

from playwright.sync_api import Page, expect

from tests.conftest import wait_until
from tests.flows.system import System
from tests.flows.test_ladder import (
    CHOKED_BPS,
    DOWN_S,
    UP_S,
    _await_rung,
    _expect_stills,
    _of_stream,
    _width,
    call,
    line,
)
from tests.flows.thin_line import ThinLine

__all__ = ["call", "line"]
# Two statistics of every five seconds, the first of which may come just before the change; and time to handle them.
CORRECTED_S = 20.0


def test_caller_reloading_on_stills_needs_no_link_and_climbs_when_the_line_is_free(
    system: System, call: tuple[Page, Page, str], line: ThinLine
) -> None:
    console, caller, session_id = call
    _come_to_stills(system, call, line)
    first, address = _of_stream(system, session_id, "id"), caller.url

    caller.reload(wait_until="commit")
    assert caller.url == address, "the link is not asked for"
    _await_rung(system, caller, session_id, "stills|", DOWN_S)
    _expect_stills(console, caller)
    line.bits_per_s = None
    _await_rung(system, caller, session_id, "video|good", 2 * UP_S)
    expect(console.get_by_test_id("truth").first).to_have_text("LIVE", timeout=30_000)
    expect(caller.get_by_text("They can see you now")).to_be_visible(timeout=10_000)
    wait_until(lambda: _width(console, caller) > 640, 20)
    assert _of_stream(system, session_id, "id") != first, "a new page has a new connection"
    links = f"SELECT count(*) FROM herts.streams_invitation WHERE session_id = '{session_id}'"
    assert system.sql(links) == "1"


def test_caller_turning_the_camera_off_on_stills_leaves_no_still_on_the_tile(
    system: System, call: tuple[Page, Page, str], line: ThinLine
) -> None:
    console, caller, session_id = call
    _come_to_stills(system, call, line)

    caller.get_by_role("button", name="Camera off").click()
    expect(console.get_by_test_id("truth").first).to_have_text("PICTURE ENDED", timeout=10_000)
    expect(console.get_by_test_id("truth-detail").first).to_contain_text("Stopped on the phone")
    expect(console.get_by_test_id("still")).to_have_count(0)
    expect(console.get_by_test_id("row-rung")).to_have_count(0)
    _await_rung(system, caller, session_id, "position|camera_off", DOWN_S)

    caller.route("**/live/stills/**", lambda route: route.abort())
    caller.get_by_role("button", name="Turn the camera on").click()
    _await_rung(system, caller, session_id, "stills|", DOWN_S)
    expect(console.get_by_test_id("truth").first).to_have_text("NO STILL YET")
    expect(console.get_by_test_id("still")).to_have_count(0)


def test_layers_that_arrive_untold_are_counted(system: System, call: tuple[Page, Page, str]) -> None:
    console, caller, session_id = call

    def stands() -> str:
        caller.wait_for_timeout(50)
        return _of_stream(system, session_id, "state || layers")

    wait_until(lambda: stands() == "live7", DOWN_S, why=stands)
    changed = "state = 'stalled', stalled_at = now(), stall_reason = 'silent', layers = 0"
    system.sql(f"UPDATE herts.streams_stream SET {changed} WHERE session_id = '{session_id}' AND state = 'live'")

    wait_until(lambda: stands() == "live7", CORRECTED_S, why=stands)
    expect(console.get_by_test_id("truth").first).to_have_text("LIVE")


def _come_to_stills(system: System, call: tuple[Page, Page, str], line: ThinLine) -> None:
    console, caller, session_id = call
    _await_rung(system, caller, session_id, "video|good", DOWN_S)
    line.bits_per_s = CHOKED_BPS
    _await_rung(system, caller, session_id, "stills|", DOWN_S)
    _expect_stills(console, caller)
