"""The caller's journey in Firefox ESR, watched by an operator in Chromium."""

import json
import re
from contextlib import AbstractContextManager
from urllib.parse import quote

from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import wait_until
from tests.flows.conftest import HATFIELD
from tests.flows.firefox import StepUntil, walking
from tests.flows.journey import REMEMBER_PEERS, decoded, open_incident_and_send, own_live_row
from tests.flows.system import System, sign_in


def test_firefox_caller_is_seen_live_with_position_and_message_until_stop(system: System, desk: BrowserContext) -> None:
    desk.add_init_script(REMEMBER_PEERS)
    console = desk.new_page()
    sign_in(console, system, "operator")
    with firefox_caller(open_incident_and_send(console)) as step_until:
        sharing = step_until("sharing")
        _see_all_of_it(console)
        assert "firefox" in sharing["version"].lower()
        assert sharing["ownWidth"] > 0, "the caller does not see what the camera shows"

        stopped = step_until("stopped")

        assert stopped["faults"] == [], "scripts of the page failed in Firefox"
        expect(own_live_row(console)).to_have_count(0, timeout=10_000)


def _see_all_of_it(console: Page) -> None:
    expect(own_live_row(console)).to_have_count(1)
    first = wait_until(lambda: decoded(console), 20)
    wait_until(lambda: decoded(console) > first + 20, 20)
    expect(console.get_by_test_id("grid-reference")).to_have_text(re.compile(r"^TL 22"))
    expect(console.get_by_test_id("chat-log")).to_contain_text("Sent from Firefox")


def firefox_caller(link: str) -> AbstractContextManager[StepUntil]:
    """Walk `link` in Firefox, in Hatfield."""
    place = {"location": {"lat": HATFIELD["latitude"], "lng": HATFIELD["longitude"]}, "accuracy": 12}
    return walking("firefox_caller.mjs", link, f"data:application/json,{quote(json.dumps(place))}")
