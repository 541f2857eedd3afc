"""A drone's picture: how late it is on the control room's screen, how soon it is there, and what it costs.

Glass to glass by WHIP, RTMP and SRT: ours against ffmpeg straight into a bare Janus (for RTMP and SRT another ffmpeg
takes the picture and passes it on by WHIP), and by RTMP against HTTP-FLV. Then what one bridge takes of a core, and
what the media server takes when ten drones are each watched by five and recorded, against a bare Janus with the same
streams.

BENCH_ROUNDS and BENCH_SECONDS (of a look at a bridge; of one at ten drones a quarter) make it shorter, and BENCH_PARTS
(`whip,rtmp,srt,bridge,load`) leaves parts out.
"""

import os
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial

import django

from config.services.processes import await_condition
from config.services.stack import Stack
from tests.bench.bare_janus import BareJanus, bare_janus, whip_server
from tests.bench.browsers import open_desk
from tests.bench.calls import running_system, serving_calls
from tests.bench.drone_sources import Target, by_whip, pushing_clock, relaying_rtmp, relaying_srt
from tests.bench.drone_views import BareView, FlvView, OurView, View, bare_page, operator_page
from tests.bench.flv_server import flv_server
from tests.bench.measuring import ROUNDS, Measure, Way, measure_in_turn
from tests.bench.report import Amount, Figure, report
from tests.flows.system import System

PARTS = os.environ.get("BENCH_PARTS", "whip,rtmp,srt,bridge,load").split(",")
SECONDS = float(os.environ.get("BENCH_SECONDS", "20"))
PROTOCOLS = ("whip", "rtmp", "srt")
DELAY_GOAL, FLV_GOAL, JANUS_GOAL = 1.15, 1.0, 1.05
FIRST_FRAME_GOAL_MS, BRIDGE_GOAL = 5_000.0, 3.0
SEEN_WITHIN_S = 20.0
# What a player has piled up at the beginning is gone by then, or stays.
SETTLES_S, LOOKED_AT_S = 3.0, 3.0
FEWEST = 45
PASSPHRASE = "a-passphrase-of-the-peer"
BARE = {"whip": "a bare Janus", "rtmp": "ffmpeg into a bare Janus", "srt": "ffmpeg into a bare Janus"}
Taking = Callable[[], AbstractContextManager[Target]]


def main() -> None:
    """Measure what was asked for, and report."""
    figures: list[Figure] = []
    amounts: list[Amount] = []
    with Stack.start() as stack, running_system(stack) as system, bare_janus(stack) as janus:
        os.environ.update(stack.environment | {"SIGHTLINE_DB_NAME": system.database})
        django.setup()
        # Whatever is recorded would be sealed while the peer is looked at.
        system.processes["worker"].stop()
        bridges = stack.spawn("bridges", SIGHTLINE_DB_NAME=system.database)
        if "load" in PARTS:
            figures.append(_compare_janus(system, janus))
        if "bridge" in PARTS:
            amounts.append(_look_at_bridge(system, bridges.pid))
        if any(protocol in PARTS for protocol in PROTOCOLS):
            _measure_delays(system, janus, figures, amounts)
        shutil.rmtree(stack.installation.directories.recordings, ignore_errors=True)
    report("drone", figures, amounts)


def _compare_janus(system: System, janus: BareJanus) -> Figure:
    from tests.bench.drone_costs import janus_shares

    print("ten drones:", file=sys.stderr, flush=True)
    found = janus_shares(system, janus, ROUNDS, SECONDS / 4)
    return Figure("janus_cpu", "%", "a bare Janus with the same streams", JANUS_GOAL, found["ours"], found["bare"])


def _look_at_bridge(system: System, bridges: int) -> Amount:
    from tests.bench.drone_costs import bridge_shares

    return Amount("bridge_cpu", "%", BRIDGE_GOAL, bridge_shares(system, bridges, SECONDS))


def _measure_delays(system: System, janus: BareJanus, figures: list[Figure], amounts: list[Amount]) -> None:
    from tests.bench.flights import launch

    ffmpeg = system.stack.environment["SIGHTLINE_FFMPEG"]
    flown = {protocol: launch(system, protocol) for protocol in PROTOCOLS if protocol in PARTS}
    place = {"url": janus.url, "secret": "", "adminKey": ""}
    with ExitStack() as rest:
        server = rest.enter_context(serving_calls(place))
        whip_url = f"{rest.enter_context(whip_server(janus))}/{server.room}"
        flv = rest.enter_context(flv_server(system.stack, janus.ports))
        desk = rest.enter_context(open_desk())
        console, bare = operator_page(desk, system), bare_page(desk)
        takings = _takings(ffmpeg, janus, whip_url)
        for protocol, one in flown.items():
            firsts: list[float] = []
            views: dict[str, View] = {
                "ours": OurView(console, system, one),
                "bare": BareView(bare, server, takings[protocol]),
            }
            if protocol == "rtmp":
                views["flv"] = FlvView(bare_page(desk), *flv)
            ways = {name: _way(view, ffmpeg, firsts if name == "ours" else []) for name, view in views.items()}
            print(f"{protocol}:", file=sys.stderr, flush=True)
            found = measure_in_turn(ways, ROUNDS)
            figures.append(Figure(protocol, "ms", BARE[protocol], DELAY_GOAL, found["ours"], found["bare"]))
            if protocol == "rtmp":
                figures.append(Figure("flv", "ms", "HTTP-FLV by mpegts.js", FLV_GOAL, found["ours"], found["flv"]))
                amounts.append(Amount("first_frame", "ms", FIRST_FRAME_GOAL_MS, tuple(firsts[-ROUNDS:])))


def _takings(ffmpeg: str, janus: BareJanus, url: str) -> dict[str, Taking]:
    """Return what takes a picture by each protocol into a room of the bare Janus."""

    @contextmanager
    def taking_whip() -> Iterator[Target]:
        yield by_whip(url)

    ports = janus.ports
    return {
        "whip": taking_whip,
        "rtmp": partial(relaying_rtmp, ffmpeg, ports.rtmp, "clock", url),
        "srt": partial(relaying_srt, ffmpeg, ports.srt[0], PASSPHRASE, url),
    }


def _way(view: View, ffmpeg: str, firsts: list[float]) -> Way:
    """Return how a view is measured; ``firsts`` gets how long after its push the first picture was seen, in ms."""

    @contextmanager
    def delay() -> Iterator[Measure]:
        with view.ready() as target:

            def measure() -> float:
                began_at = time.time() * 1000
                with pushing_clock(ffmpeg, target):
                    # Asked from here: a page may forbid the evaluation that Playwright's own waiting is.
                    is_seen = await_condition(lambda: view.page.evaluate("() => window.seenAt !== null"), SEEN_WITHIN_S)
                    assert is_seen, "no picture came"
                    firsts.append(float(view.page.evaluate("() => window.seenAt")) - began_at)
                    time.sleep(SETTLES_S)
                    view.page.evaluate("() => void (window.ages.length = window.unreadable = 0)")
                    time.sleep(LOOKED_AT_S)
                    ages, unreadable = view.page.evaluate("() => [window.ages, window.unreadable]")
                assert len(ages) >= FEWEST, f"{len(ages)} pictures were read, {unreadable} could not be"
                return float(statistics.median(ages))

            yield measure

    return delay


if __name__ == "__main__":
    main()
