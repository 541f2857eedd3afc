"""The caller's journey in Firefox ESR, watched by an operator in Chromium.

Firefox is driven over WebDriver BiDi by `web/journeys/firefox_caller.mjs`: Playwright's Firefox is a build of its own,
not the one that people have.
"""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import wait_until
from tests.flows.conftest import HATFIELD
from tests.flows.journey import REMEMBER_PEERS, decoded, open_incident_and_send, own_live_row
from tests.flows.system import ROOT, System, sign_in

NODE = Path(sys.prefix) / "bin" / "node"
JOURNEY = ROOT / "web" / "journeys" / "firefox_caller.mjs"


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


@contextmanager
def firefox_caller(link: str) -> Iterator[Callable[[str], dict[str, Any]]]:
    """Walk `link` in Firefox; yields ``step_until(step)``, which lets it go on to that step."""
    place = {"location": {"lat": HATFIELD["latitude"], "lng": HATFIELD["longitude"]}, "accuracy": 12}
    journey = subprocess.Popen(
        [str(NODE), str(JOURNEY), link, f"data:application/json,{quote(json.dumps(place))}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    stdin, stdout = journey.stdin, journey.stdout
    assert stdin is not None
    assert stdout is not None
    seen: list[dict[str, Any]] = []

    def step_until(wanted: str) -> dict[str, Any]:
        if seen:
            stdin.write("\n")
            stdin.flush()
        for line in stdout:
            seen.append(json.loads(line))
            assert "failed" not in seen[-1], seen
            if seen[-1]["step"] == wanted:
                return seen[-1]
        raise AssertionError(f"Firefox ended before {wanted}: {seen}")

    try:
        yield step_until
        assert journey.wait(timeout=20) == 0
    finally:
        journey.kill()
        journey.wait()
