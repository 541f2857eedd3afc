"""The console with 2,500 officers who move and nine live pictures: what its main thread takes of a core, and memory.

The server is a small one of the benchmark's own (``console_feed``); the pictures are nine WebRTC streams (320 by 180,
15 a second) that another browser makes of a canvas. The peer is a bare OpenLayers page with the same officers on a map
of the same size, measured in turn with ours. Time is the processor time of the page's main thread. On a machine that is
too busy a page does less than it is asked to: a run in which either took fewer ticks than were sent is no measurement.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, CDPSession, Page, expect, sync_playwright

from tests.bench.browsers import LAB_FLAGS, PROBES
from tests.bench.console_feed import TICK_S
from tests.bench.report import Amount, Figure, report
from tests.flows.conftest import CHROMIUM

OFFICERS, VIDEOS = 2_500, 9
SECONDS = float(os.environ.get("BENCH_SECONDS", "600"))
PAIRS = 30
LEAST_WINDOW_S = 3.0
SETTLE_S = min(20.0, SECONDS / 6)
LEAST_KEPT = 0.9
GOAL_CORE, GOAL_GROWTH_MB, GOAL_RATIO = 0.5, 2.0, 1.0
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen of a page: the share of a core that its main thread took, and of the ticks that it should have."""

    share: float
    kept_up: float


@dataclass(frozen=True, slots=True)
class Probe:
    """Looks into one page from outside."""

    page: Page
    wire: CDPSession

    @classmethod
    def of(cls, page: Page) -> "Probe":
        """Begin to count."""
        wire = page.context.new_cdp_session(page)
        wire.send("Performance.enable", {"timeDomain": "threadTicks"})
        wire.send("HeapProfiler.enable")
        return cls(page, wire)

    def busy_s(self) -> float:
        """Return the processor time of the main thread's tasks so far."""
        metrics = {one["name"]: one["value"] for one in self.wire.send("Performance.getMetrics")["metrics"]}
        return float(metrics["TaskDuration"])

    def look(self, seconds: float) -> "Look":
        """Look for so many seconds."""
        busy, ticks, begun = self.busy_s(), self.ticks(), time.monotonic()
        time.sleep(seconds)
        passed = time.monotonic() - begun
        return Look((self.busy_s() - busy) / passed, (self.ticks() - ticks) * TICK_S / passed)

    def ticks(self) -> int:
        """Return how many ticks the page has taken so far."""
        return int(self.page.evaluate("() => window.ticks"))

    def heap_mb(self) -> float:
        """Return what of JavaScript's heap is in use after a collection."""
        self.wire.send("HeapProfiler.collectGarbage")
        return float(self.wire.send("Runtime.getHeapUsage")["usedSize"]) / 1e6


def main() -> None:
    """Measure and report."""
    with feed(OFFICERS, VIDEOS) as address, two_browsers() as (publishers, desk):
        publishers.new_page().goto(f"{address}/publisher")
        console = open_console(desk, address)
        bare = open_bare(desk, address, console)
        console.bring_to_front()
        time.sleep(SETTLE_S)
        ours, theirs, heaps = _in_turn(Probe.of(console), Probe.of(bare), bare)
        still_there(console)
    thirds = max(1, len(heaps) // 3)
    growth = statistics.median(heaps[-thirds:]) - statistics.median(heaps[:thirds])
    shares, bare_shares = (tuple(look.share for look in looks) for looks in (ours, theirs))
    report(
        "console",
        [Figure("bare_map", "core", "a bare OpenLayers page", GOAL_RATIO, shares, bare_shares)],
        [
            Amount("main_thread", "core", GOAL_CORE, (statistics.mean(shares),)),
            Amount("memory", "MB", GOAL_GROWTH_MB, (growth,)),
        ],
    )


def _in_turn(console: Probe, peer: Probe, bare: Page) -> tuple[list[Look], list[Look], list[float]]:
    """Return what was seen of ours and of the peer, window by window, and ours' heap after each.

    Raises ``RuntimeError`` when the machine was too busy for either to keep up.
    """
    pairs = max(2, min(PAIRS, int(SECONDS / (2 * LEAST_WINDOW_S))))
    window = SECONDS / (2 * pairs)
    ours: list[Look] = []
    theirs: list[Look] = []
    heaps: list[float] = []
    for _ in range(pairs):
        ours.append(console.look(window))
        heaps.append(console.heap_mb())
        bare.evaluate("() => window.follow()")
        theirs.append(peer.look(window))
        bare.evaluate("() => window.leave()")
        mine, other = ours[-1], theirs[-1]
        print(
            f"  ours {mine.share:.3f} of a core, {mine.kept_up:4.0%} of the ticks;  bare map {other.share:.3f},"
            f" {other.kept_up:4.0%};  heap {heaps[-1]:.1f} MB",
            file=sys.stderr,
            flush=True,
        )
    behind = min(statistics.mean(look.kept_up for look in looks) for looks in (ours, theirs))
    if behind < LEAST_KEPT:
        raise RuntimeError(f"the machine is too busy to measure: a page took {behind:.0%} of the ticks only")
    return ours, theirs, heaps


def open_console(browser: Browser, address: str) -> Page:
    """Open the wall of nine with its map, and show the officers."""
    page = browser.new_context(viewport={"width": 1920, "height": 1080}).new_page()
    page.add_init_script(path=PROBES / "ticks.js")
    page.goto(f"{address}/?view=wall")
    page.get_by_test_id("places-9").click()
    page.get_by_test_id("officers-toggle").click()
    still_there(page)
    return page


def still_there(page: Page) -> None:
    """Fail unless all officers are followed and all pictures play."""
    expect(page.get_by_test_id("officers-count")).to_have_text(str(OFFICERS), timeout=60_000)
    expect(page.get_by_test_id("officers")).to_have_attribute("data-following", "followed")
    playing = "() => [...document.querySelectorAll('video')].filter((one) => one.videoWidth > 0 && !one.paused).length"
    page.wait_for_function(f"() => ({playing})() === {VIDEOS}", timeout=60_000)


def open_bare(browser: Browser, address: str, console: Page) -> Page:
    """Open the peer, with a map as large as ours."""
    box = console.get_by_test_id("map").bounding_box()
    assert box is not None
    page = browser.new_context(viewport={"width": 1920, "height": 1080}).new_page()
    page.add_init_script(path=PROBES / "ticks.js")
    page.goto(f"{address}/bare?width={round(box['width'])}&height={round(box['height'])}")
    page.wait_for_function("() => window.follow !== undefined")
    time.sleep(1)
    page.evaluate("() => window.follow()")
    page.wait_for_function(f"() => window.shown() === {OFFICERS}")
    page.evaluate("() => window.leave()")
    return page


@contextmanager
def two_browsers() -> Iterator[tuple[Browser, Browser]]:
    """Run the publishers' browser and the one that is measured."""
    with sync_playwright() as playwright:
        launched = [playwright.chromium.launch(executable_path=CHROMIUM, args=LAB_FLAGS) for _ in range(2)]
        try:
            yield launched[0], launched[1]
        finally:
            for browser in launched:
                browser.close()


@contextmanager
def feed(officers: int, videos: int, *words: str) -> Iterator[str]:
    """Run the small server; yields its address."""
    command = [sys.executable, "-m", "tests.bench.console_feed", str(officers), str(videos), *words]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.terminate()
        process.wait(timeout=10)


if __name__ == "__main__":
    main()
