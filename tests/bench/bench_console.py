"""The console with 2,500 officers who move and nine live pictures: what its main thread takes of a core, and memory.

The server is a small one of the benchmark's own (``console_feed``); the pictures are nine WebRTC streams (320 by 180,
15 a second) that another browser makes of a canvas. The peer is a bare OpenLayers page with the same officers on a map
of the same size, measured in turn with ours. Time is the processor time of the page's main thread, so that a busy
machine changes little.
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

from tests.bench.browsers import LAB_FLAGS
from tests.bench.report import Amount, Figure, report
from tests.flows.conftest import CHROMIUM

OFFICERS, VIDEOS = 2_500, 9
SECONDS = float(os.environ.get("BENCH_SECONDS", "600"))
PAIRS = 30
LEAST_WINDOW_S = 3.0
SETTLE_S = min(20.0, SECONDS / 6)
GOAL_CORE, GOAL_GROWTH_MB, GOAL_RATIO = 0.5, 2.0, 1.0
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Probe:
    """Looks into one page from outside."""

    wire: CDPSession

    @classmethod
    def of(cls, page: Page) -> "Probe":
        """Begin to count."""
        wire = page.context.new_cdp_session(page)
        wire.send("Performance.enable", {"timeDomain": "threadTicks"})
        wire.send("HeapProfiler.enable")
        return cls(wire)

    def busy_s(self) -> float:
        """Return the processor time of the main thread's tasks so far."""
        metrics = {one["name"]: one["value"] for one in self.wire.send("Performance.getMetrics")["metrics"]}
        return float(metrics["TaskDuration"])

    def share(self, seconds: float) -> float:
        """Return the share of a core that the main thread takes over so many seconds."""
        busy, begun = self.busy_s(), time.monotonic()
        time.sleep(seconds)
        return (self.busy_s() - busy) / (time.monotonic() - begun)

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
    print(f"heap in MB: {' '.join(f'{heap:.1f}' for heap in heaps)}", file=sys.stderr)
    report(
        "console",
        [Figure("bare_map", "core", "a bare OpenLayers page", GOAL_RATIO, tuple(ours), tuple(theirs))],
        [
            Amount("main_thread", "core", GOAL_CORE, (statistics.mean(ours),)),
            Amount("memory", "MB", GOAL_GROWTH_MB, (growth,)),
        ],
    )


def _in_turn(console: Probe, peer: Probe, bare: Page) -> tuple[list[float], list[float], list[float]]:
    """Return the shares of ours and of the peer, window by window, and ours' heap after each."""
    pairs = max(2, min(PAIRS, int(SECONDS / (2 * LEAST_WINDOW_S))))
    window = SECONDS / (2 * pairs)
    ours: list[float] = []
    theirs: list[float] = []
    heaps: list[float] = []
    for _ in range(pairs):
        ours.append(console.share(window))
        heaps.append(console.heap_mb())
        bare.evaluate("() => window.follow()")
        theirs.append(peer.share(window))
        bare.evaluate("() => window.leave()")
        print(f"  ours {ours[-1]:.3f}  bare map {theirs[-1]:.3f}  heap {heaps[-1]:.1f} MB", file=sys.stderr, flush=True)
    return ours, theirs, heaps


def open_console(browser: Browser, address: str) -> Page:
    """Open the wall of nine with its map, and show the officers."""
    page = browser.new_context(viewport={"width": 1920, "height": 1080}).new_page()
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
