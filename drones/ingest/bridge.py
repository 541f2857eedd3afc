"""One aircraft's bridge, kept up: begun, read, begun anew with growing pauses, or encoded anew where it must be."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum

from drones.ingest.addresses import AddressRefused, Network, PullAddress, resolve_target
from drones.ingest.commands import Door, MediaInput, RtmpInput, RtspInput, SrtInput, bridge_command
from drones.ingest.processes import BridgeProcess
from drones.ingest.reading import Reading, Source, Trouble
from drones.ingest.rtsp_gate import RtspGate
from drones.ingest.treatments import Policy, Treatment, find_trouble, is_hopeless, next_treatment
from drones.ingest.whip_gate import WhipTarget, open_gate
from streams.gateway.backoff import Backoff

log = logging.getLogger(__name__)

# What runs this long was well: the next pause is the shortest again.
HEALTHY_SECONDS = 10.0
PAUSES = Backoff(first=0.25, factor=2.0, ceiling=5.0, jitter=0.3)
# What cannot be passed on is looked at again now and then: a pilot may have set the aircraft right.
REFUSED_SECONDS = 10.0


_PLAIN = Policy()


@dataclass(frozen=True, slots=True)
class RtspPull:
    """A camera to pull from, and the networks in which that is allowed."""

    address: PullAddress
    allowed: Sequence[Network]
    may_be_here: bool = False


@dataclass(frozen=True, slots=True)
class BridgeSpec:
    """What is bridged: from where, to which door, and what the force allows. The same spec is the same bridge."""

    aircraft: str
    source: RtmpInput | SrtInput | RtspPull
    door: Door | WhipTarget
    policy: Policy = _PLAIN


class BridgeState(StrEnum):
    """How a bridge stands; the values are stable."""

    WAITING = "waiting"
    PASSING = "passing"
    PAUSED = "paused"
    REFUSED = "refused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class BridgeReport:
    """What is told of a bridge: `source` while something arrives, `trouble` and `pause_s` while it pauses."""

    aircraft: str
    state: BridgeState
    treatment: Treatment
    source: Source | None = None
    trouble: Trouble | None = None
    pause_s: float | None = None


Tell = Callable[[BridgeReport], None]


class Bridge:
    """Keeps one bridge up until it is cancelled; each change is told, once."""

    def __init__(self, spec: BridgeSpec, ffmpeg: str, tell: Tell) -> None:
        """`ffmpeg` is the program; `tell` is called in the loop, and must not raise."""
        self._spec, self._ffmpeg, self._tell = spec, ffmpeg, tell
        self._treatment = Treatment.COPY
        self._told: BridgeReport | None = None
        self._failures = 0

    async def run(self) -> None:
        """Go on until cancelled; no process is left then."""
        try:
            while True:
                began_at = asyncio.get_running_loop().time()
                trouble, can_go_on = await self._run_once()
                if asyncio.get_running_loop().time() - began_at >= HEALTHY_SECONDS:
                    self._failures = 0
                await self._pause(trouble, can_go_on)
        finally:
            self._report(BridgeState.STOPPED)

    async def _run_once(self) -> tuple[Trouble | None, bool]:
        """Run ffmpeg to its end; returns why it ended, None to begin at once, and whether there is hope."""
        reading, is_over = Reading(), asyncio.Event()
        self._report(BridgeState.WAITING)
        try:
            async with _reachable(self._spec.source) as (source, gate), open_gate(self._spec.door, is_over.set) as door:
                await self._bridge(source, door, reading, is_over)
        except AddressRefused:
            return Trouble.ADDRESS, False
        except OSError:
            log.exception("bridge not begun", extra={"aircraft": self._spec.aircraft})
            return Trouble.FAILED, True
        if gate is not None and gate.refusal:
            return Trouble(gate.refusal), gate.refusal != Trouble.REDIRECTED
        if is_over.is_set():
            return Trouble.DOOR_AWAY, True
        return self._judge(reading)

    async def _bridge(self, source: MediaInput, door: Door, reading: Reading, is_over: asyncio.Event) -> None:
        command = bridge_command(self._ffmpeg, source, door, self._treatment, self._spec.policy)
        is_doomed = asyncio.Event()

        def look() -> None:
            if self._treatment is Treatment.COPY and is_hopeless(reading):
                is_doomed.set()
            elif reading.source is not None and reading.is_taken:
                self._report(BridgeState.PASSING, source=reading.source)

        def take_packet(line: str) -> None:
            reading.take_packet(line)
            look()

        def take_log(line: str) -> None:
            reading.take_log(line)
            look()

        process = await BridgeProcess.start(command, take_packet, take_log)
        awaited = (process.wait(), is_doomed.wait(), is_over.wait())
        ends = {asyncio.create_task(end) for end in awaited}
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await process.end()
            for end in ends:
                end.cancel()

    def _judge(self, reading: Reading) -> tuple[Trouble | None, bool]:
        """What to do after an end: what must be encoded anew begins so at once."""
        trouble = find_trouble(reading)
        treatment = next_treatment(reading, self._spec.policy)
        if treatment is None:
            return trouble, False
        if treatment is Treatment.TRANSCODE and self._treatment is Treatment.COPY:
            self._treatment = treatment
            return None, True
        if reading.trouble is not None:
            return reading.trouble, True
        if reading.source is not None:
            return Trouble.ENDED, True
        # Why is known to nobody yet: a line of the log is all there is to go by.
        log.warning("bridge failed", extra={"aircraft": self._spec.aircraft, "last_words": reading.last_words})
        return Trouble.FAILED, True

    async def _pause(self, trouble: Trouble | None, can_go_on: bool) -> None:
        if trouble is None:
            return
        pause_s = PAUSES.delay(self._failures, random.random()) if can_go_on else REFUSED_SECONDS  # noqa: S311
        self._failures += 1
        state = BridgeState.PAUSED if can_go_on else BridgeState.REFUSED
        self._report(state, trouble=trouble, pause_s=round(pause_s, 3))
        await asyncio.sleep(pause_s)

    def _report(
        self,
        state: BridgeState,
        *,
        source: Source | None = None,
        trouble: Trouble | None = None,
        pause_s: float | None = None,
    ) -> None:
        report = BridgeReport(self._spec.aircraft, state, self._treatment, source, trouble, pause_s)
        if report != self._told:
            self._told = report
            self._tell(report)


@asynccontextmanager
async def _reachable(source: RtmpInput | SrtInput | RtspPull) -> AsyncIterator[tuple[MediaInput, RtspGate | None]]:
    """What ffmpeg reads from; for a camera the gate to it, closed afterwards. Raises `AddressRefused`."""
    if not isinstance(source, RtspPull):
        yield source, None
        return
    target = await resolve_target(source.address, source.allowed, may_be_here=source.may_be_here)
    gate = RtspGate(target)
    url = await gate.open()
    try:
        yield RtspInput(url), gate
    finally:
        await gate.close()
