"""From the drawn clock to the presented picture: ours, through the media server, against a direct call.

Both callers' cameras are a canvas with the machine's clock on it; a figure of one call is the median age of the
pictures that its viewer is shown for some seconds.
"""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager

from config.services.stack import Stack
from tests.bench.browsers import open_browsers
from tests.bench.calls import Call, OurCall, PeerCall, call_server, running_system, tap
from tests.bench.measuring import ROUNDS, Measure, Way, measure_in_turn
from tests.bench.report import Figure, report

GOAL = 1.15
# A call begins with a small picture that grows; then it is looked at.
GROWS_S, LOOKED_AT_S = 3.0, 3.0
FEWEST = 45
TAPS, VIEWS = ("clock_camera.js",), ("clock_reader.js",)


def main() -> None:
    """Measure in turn and report."""
    with (
        Stack.start() as stack,
        running_system(stack) as system,
        call_server(stack) as server,
        open_browsers(server.address("p2p")) as both,
    ):
        calls: dict[str, Call] = {
            "ours": OurCall(system, both, TAPS, VIEWS),
            "p2p": PeerCall(both, "p2p", server, TAPS, VIEWS),
        }
        found = measure_in_turn({name: _way(call) for name, call in calls.items()}, ROUNDS)
    report("latency", [Figure("p50", "ms", "direct peer-to-peer call", GOAL, found["ours"], found["p2p"])])


def _way(call: Call) -> Way:
    @contextmanager
    def latency() -> Iterator[Measure]:
        with call.ready() as caller:

            def measure() -> float:
                tap(caller)
                time.sleep(GROWS_S)
                call.viewer.evaluate("() => void (window.ages.length = window.unreadable = 0)")
                time.sleep(LOOKED_AT_S)
                ages, unreadable = call.viewer.evaluate("() => [window.ages, window.unreadable]")
                assert len(ages) >= FEWEST, f"{len(ages)} pictures were read, {unreadable} could not be"
                return float(statistics.median(ages))

            yield measure

    return latency


if __name__ == "__main__":
    main()
