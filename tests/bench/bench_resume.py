"""From a phone's network coming back to the first new picture: ours against a direct call that restarts its ICE.

Both callers' media go through the same relay, which lets nothing through for a while; their
pages are offline meanwhile.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page

from config.services.stack import Stack
from tests.bench.browsers import open_browsers
from tests.bench.calls import Call, OurCall, PeerCall, call_server, running_system, tap
from tests.bench.measuring import ROUNDS, Measure, Way, measure_in_turn
from tests.bench.report import Figure, report
from tests.flows.thin_line import ThinLine

GOAL = 1.5
SHOWN_S = 4.0
# Longer than any side believes a line that is silent, shorter than ICE gives up for good.
AWAY_S = 8.0
DEADLINE_MS = 30_000
TAPS, VIEWS = ("through_relay.js",), ("next_frame.js",)


def main() -> None:
    """Measure in turn and report."""
    with (
        Stack.start() as stack,
        running_system(stack) as system,
        call_server(stack) as server,
        open_browsers(server.address("p2p")) as both,
    ):
        calls: dict[str, Call] = {
            "ours": OurCall(system, both, TAPS, VIEWS, through=ThinLine),
            "p2p": PeerCall(both, "p2p", server, TAPS, VIEWS, through=ThinLine),
        }
        found = measure_in_turn({name: _way(call) for name, call in calls.items()}, ROUNDS)
    report("resume", [Figure("p2p", "ms", "direct call with ICE restart", GOAL, found["ours"], found["p2p"])])


def _way(call: Call) -> Way:
    @contextmanager
    def resume() -> Iterator[Measure]:
        with call.ready() as caller:

            def measure() -> float:
                tap(caller)
                call.viewer.evaluate("(most) => window.frameAfterNow(most)", DEADLINE_MS)
                time.sleep(SHOWN_S)
                _leave_network(caller, call)
                time.sleep(AWAY_S)
                return _come_back(caller, call)

            yield measure

    return resume


def _leave_network(caller: Page, call: Call) -> None:
    call.line.bits_per_s = 0
    caller.context.set_offline(True)
    time.sleep(1.0)
    frames = "() => [...document.querySelectorAll('video')].map((v) => v.getVideoPlaybackQuality().totalVideoFrames)"
    before = call.viewer.evaluate(frames)
    time.sleep(1.0)
    assert call.viewer.evaluate(frames) == before, "the network was not gone"


def _come_back(caller: Page, call: Call) -> float:
    call.viewer.evaluate("(most) => void (window.backFrame = window.frameAfterNow(most))", DEADLINE_MS)
    back_at = time.time() * 1000
    call.line.bits_per_s = None
    caller.context.set_offline(False)
    return float(call.viewer.evaluate("() => window.backFrame")) - back_at


if __name__ == "__main__":
    main()
