"""What drones take of a core: one bridge, and the media server when ten of them are each watched by five and recorded.

A side of the comparison is up for some windows, then the other: setting it up takes longer than looking at it. Import
it when Django is set up.
"""

from __future__ import annotations

import asyncio
import logging
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from config.services.processes import await_condition
from drones.simulation.clip import make_aerial_clip
from streams.simulation.peer import stay_on_loopback
from tests.bench.accounts import make_operators
from tests.bench.bare_janus import BareJanus, whip_server
from tests.bench.drone_sides import VIEWERS, BareSide, OurSide, Side
from tests.bench.drone_sources import pushing_clip
from tests.bench.flights import launch
from tests.bench.processes import pid_with, used_s, words_of
from tests.bench.sinks import Sink, packets_of
from tests.drones.ingest_world import children_of
from tests.flows.system import System

DRONES = 10
LOOKS = 3
WAITING_WITHIN_S, LIVE_WITHIN_S = 40.0, 30.0
SETTLES_S = 4.0
WINDOWS = 4
MOST_FAILURES = 3
# Two sides that are sent the same pass the same on, but for the packets of a keyframe at the edge of a window.
MOST_UNLIKE = 0.1


@dataclass(frozen=True, slots=True)
class Window:
    """What was seen for some seconds: percent of a core, and packets a second at all viewers."""

    share: float
    packets: float


def bridge_shares(system: System, bridges: int, seconds: float) -> tuple[float, ...]:
    """Return what the bridge of an aircraft that is pushed by RTMP takes, in percent of a core, look by look."""
    one = launch(system, "rtmp", "BENCH-BRIDGE")
    assert await_condition(one.is_waiting, WAITING_WITHIN_S), "its bridge does not wait"
    with pushing_clip(_ffmpeg(system), _clip(system), one.target):
        assert await_condition(lambda: bool(one.live_stream()), LIVE_WITHIN_S), "its picture is not live"
        time.sleep(SETTLES_S)
        (pid,) = [child for child in children_of(bridges) if any("rtmp://" in word for word in words_of(child))]
        shares = [_share(pid, seconds) for _ in range(LOOKS)]
    _tell("bridge: " + "  ".join(f"{share:.2f} %" for share in shares))
    return tuple(shares)


def janus_shares(system: System, janus: BareJanus, pairs: int, seconds: float) -> dict[str, tuple[float, ...]]:
    """Return what our media server and the bare one take, in percent of a core, window by window."""
    stay_on_loopback()
    logging.getLogger("aioice").setLevel(logging.WARNING)
    ffmpeg, clip = _ffmpeg(system), _clip(system)
    drones = [launch(system, "whip", f"BENCH-LOAD-{number}") for number in range(DRONES)]
    our_janus = pid_with(str(system.stack.installation.janus.directory / "janus.jcfg"))
    ours = OurSide(ffmpeg, clip, drones, make_operators(VIEWERS), our_janus)
    with whip_server(janus, is_recorded=True) as endpoint:
        place = (janus.running.pid, janus.recordings)
        bare = BareSide(ffmpeg, clip, DRONES, janus.url, endpoint, place)
        return asyncio.run(compare((ours, bare), pairs, seconds))


async def compare(sides: Sequence[Side], pairs: int, seconds: float) -> dict[str, tuple[float, ...]]:
    """Return percent of a core by side, window by window; raises ``RuntimeError`` when they were not sent the same."""
    seen: dict[str, list[Window]] = {side.name: [] for side in sides}
    for number in count():
        if min(map(len, seen.values())) >= pairs:
            break
        first = number % len(sides)
        for side in (*sides[first:], *sides[:first]):
            windows = await _block(side, min(WINDOWS, pairs), seconds)
            seen[side.name] += windows
            told = "  ".join(f"{window.share:5.1f} %" for window in windows)
            _tell(f"  {side.name:5} {told}  {statistics.median(w.packets for w in windows):.0f} packets a second")
    rates = [statistics.median(window.packets for window in windows) for windows in seen.values()]
    if min(rates) < (1 - MOST_UNLIKE) * max(rates):
        raise RuntimeError(f"the sides passed different streams on: {rates} packets a second")
    return {name: tuple(window.share for window in windows[:pairs]) for name, windows in seen.items()}


async def _block(side: Side, windows: int, seconds: float) -> list[Window]:
    """Let a side fly and look at it; one that fails is tried again."""
    for attempt in count(1):
        try:
            async with side.flying() as sinks:
                await asyncio.sleep(SETTLES_S)
                before = recorded_bytes(side.recordings)
                seen = [await _look(side, sinks, seconds) for _ in range(windows)]
                assert recorded_bytes(side.recordings) > before, "nothing was recorded"
                return seen
        except (TimeoutError, AssertionError, OSError) as error:
            _tell(f"  {side.name} failed: {error!r}")
            if attempt == MOST_FAILURES:
                raise
    raise AssertionError("itertools.count ended")


async def _look(side: Side, sinks: list[Sink], seconds: float) -> Window:
    used, packets, begun = used_s(side.pid), packets_of(sinks), time.monotonic()
    await asyncio.sleep(seconds)
    passed = time.monotonic() - begun
    return Window((used_s(side.pid) - used) / passed * 100, (packets_of(sinks) - packets) / passed)


def recorded_bytes(directory: Path) -> int:
    """Return how much has been recorded below a directory."""
    return sum(path.stat().st_size for path in directory.rglob("*.mjr*"))


def _share(pid: int, seconds: float) -> float:
    before, begun = used_s(pid), time.monotonic()
    time.sleep(seconds)
    return (used_s(pid) - before) / (time.monotonic() - begun) * 100


def _ffmpeg(system: System) -> str:
    return system.stack.environment["SIGHTLINE_FFMPEG"]


def _clip(system: System) -> Path:
    """Return a view from the air of 2 Mbit/s, encoded unless an earlier run did."""
    return make_aerial_clip(_ffmpeg(system), system.stack.directory / "clips")


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
