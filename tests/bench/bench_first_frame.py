"""From the caller's tap to the first picture a waiting operator sees: ours against a direct call and a bare Janus."""

from collections.abc import Iterator
from contextlib import contextmanager

from config.services.stack import Stack
from tests.bench.browsers import Browsers, open_browsers
from tests.bench.calls import Call, OurCall, PeerCall, call_server, running_system, tap
from tests.bench.measuring import ROUNDS, Measure, Way, measure_in_turn
from tests.bench.report import Figure, report

DEADLINE_MS = 15_000
P2P_GOAL, JANUS_GOAL = 0.7, 0.7
TAPS, VIEWS = ("taps.js",), ("first_frame.js",)


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
            "janus": PeerCall(both, "janus", server, TAPS, VIEWS),
        }
        found = measure_in_turn({name: _way(call, both) for name, call in calls.items()}, ROUNDS)
    report(
        "first-frame",
        [
            Figure("p2p", "ms", "direct peer-to-peer call", P2P_GOAL, found["ours"], found["p2p"]),
            Figure("janus", "ms", "Janus driven by bare pages", JANUS_GOAL, found["ours"], found["janus"]),
        ],
    )


def _way(call: Call, browsers: Browsers) -> Way:
    @contextmanager
    def first_frame() -> Iterator[Measure]:
        with call.ready() as caller:

            def measure() -> float:
                browsers.warm_camera()
                tap(caller)
                call.viewer.evaluate("(most) => void window.giveUpAfter(most)", DEADLINE_MS)
                seen_at = call.viewer.evaluate("() => window.firstFrameAt")
                return float(seen_at) - float(caller.evaluate("() => window.tappedAt"))

            yield measure

    return first_frame


if __name__ == "__main__":
    main()
