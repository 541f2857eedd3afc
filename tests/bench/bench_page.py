"""What a caller on a bad line waits for: bytes until the camera, and the first screen against a one-button page.

400 kbit/s, 400 ms of round trip and a processor four times slower than this one's, a cold cache each time.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from config.services.stack import Stack
from tests.bench.browsers import LAB_FLAGS, PROBES
from tests.bench.calls import START, running_system
from tests.bench.measuring import ROUNDS, Measure, Way, measure_in_turn
from tests.bench.report import Amount, Figure, report
from tests.flows.conftest import CHROMIUM, HATFIELD
from tests.flows.journey import come_to_camera, open_incident_and_send
from tests.flows.system import sign_in

SERVER = Path(__file__).parent / "peers/page_server.py"
LINE = {
    "offline": False,
    "latency": 400,  # ms
    "downloadThroughput": 400_000 / 8,  # bytes per second
    "uploadThroughput": 400_000 / 8,
}
SLOWER = 4
FIRST_SCREEN_KB, PAGE_KB, INTERACTIVE_GOAL = 14.0, 60.0, 1.5
LOOKS = 3


@dataclass
class Counter:
    """Counts what a page receives: answers with their headers, and the frames of sockets."""

    received: float = 0.0
    answers: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        """Count everything of this page from now on, on the slow line."""
        wire = page.context.new_cdp_session(page)
        wire.on("Network.loadingFinished", lambda said: self._add(said["encodedDataLength"]))
        wire.on("Network.requestWillBeSent", self._redirected)
        wire.on("Network.responseReceived", lambda said: self.answers.append(said["response"]["url"]))
        wire.on("Network.webSocketFrameReceived", lambda said: self._add(len(said["response"]["payloadData"])))
        wire.send("Network.enable")
        wire.send("Network.emulateNetworkConditions", LINE)
        wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})

    @property
    def kilobytes(self) -> float:
        """All so far, in units of 1024 bytes."""
        return self.received / 1024

    def _redirected(self, said: dict[str, Any]) -> None:
        self._add(said.get("redirectResponse", {}).get("encodedDataLength", 0))

    def _add(self, length: float) -> None:
        self.received += length


def main() -> None:
    """Measure in turn and report."""
    with Stack.start() as stack, running_system(stack) as system, page_server() as peer, chromium() as browser:
        console = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        sign_in(console, system, "operator")
        looks = [_first_screen(browser, open_incident_and_send(console)) for _ in range(LOOKS)]
        console.goto(system.url())
        journeys = []
        for _ in range(LOOKS):
            journeys.append(_journey(browser, open_incident_and_send(console)))
            console.goto(system.url())
        link = open_incident_and_send(console)
        found = measure_in_turn({"ours": _way(browser, link), "peer": _way(browser, peer)}, ROUNDS)
    report(
        "page",
        [Figure("interactive", "ms", "a page of one button", INTERACTIVE_GOAL, found["ours"], found["peer"])],
        [
            Amount("first_screen_kb", "KB", FIRST_SCREEN_KB, tuple(looks)),
            Amount("page_kb", "KB", PAGE_KB, tuple(journeys)),
        ],
    )


def _first_screen(browser: Browser, link: str) -> float:
    """Return what the first answer weighs; fails when the first screen needs a second one before it is drawn."""
    with _phone(browser) as (page, counter):
        counter.follow(page)
        page.goto(link, wait_until="commit")
        page.evaluate("() => window.interactiveAt")
        drawn_with = list(counter.answers)
        assert drawn_with == [link], f"the first screen waited for {drawn_with}"
        return counter.kilobytes


def _journey(browser: Browser, link: str) -> float:
    """Return what everything weighs from the link to the button that starts the camera."""
    with _phone(browser) as (page, counter):
        counter.follow(page)
        come_to_camera(page, link)
        expect(page.get_by_role("button", name=START)).to_be_visible(timeout=60_000)
        page.wait_for_load_state("networkidle")
        return counter.kilobytes


def _way(browser: Browser, address: str) -> Way:
    @contextmanager
    def first_screen() -> Iterator[Measure]:
        with _phone(browser) as (page, counter):

            def measure() -> float:
                counter.follow(page)  # only now: a slowed browser keeps a core busy
                page.goto(address, wait_until="commit")
                return float(page.evaluate("() => window.interactiveAt"))

            yield measure

    return first_screen


@contextmanager
def _phone(browser: Browser) -> Iterator[tuple[Page, Counter]]:
    context = browser.new_context(
        viewport={"width": 360, "height": 740},
        geolocation=HATFIELD,
        permissions=["geolocation", "camera"],
        is_mobile=True,
        has_touch=True,
    )
    try:
        context.add_init_script(path=PROBES / "interactive.js")
        yield context.new_page(), Counter()
    finally:
        context.close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run one browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=LAB_FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def page_server() -> Iterator[str]:
    """Serve the peer's page; yields its address."""
    process = subprocess.Popen([sys.executable, str(SERVER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/"
    finally:
        process.terminate()
        process.wait(timeout=10)


if __name__ == "__main__":
    main()
