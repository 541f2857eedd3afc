"""Keeps one bridge for each aircraft that is in the air, in every active force, and writes down how each stands.

The rows say what is bridged; they are asked every second, so that a launch, a landing, a revoked key or a changed
address is followed within one. A database that does not answer changes nothing: what is bridged goes on. Each force is
followed, and its feeds are written, by itself: one whose rows hang holds up no other.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.conf import settings

from drones.ingest.bridge import BridgeReport, BridgeSpec, BridgeState, RtspPull
from drones.ingest.commands import RtmpInput, SrtInput
from drones.ingest.reading import Trouble
from drones.ingest.supervisor import Supervisor
from drones.ingest.treatments import Treatment
from drones.ingest.whip_gate import WhipTarget
from drones.services.bridging import PUSH_STANDS, Bridged, Bridging, Standing, list_bridged, make_bearer, note_feed
from forces import clock
from forces.context import ForceRef, ain_force
from forces.liveness import say_alive
from forces.selectors import active_forces

log = logging.getLogger(__name__)

PERIOD_SECONDS = 1.0
FORCES_SECONDS = 5.0
ASKING_SECONDS = 10.0
# A bridge that tries again waits; what was said of it stands until it is seen that it is otherwise.
SETTLED_SECONDS = 6.0
# What is told at the end is written, or was of no use to anybody.
ENDING_SECONDS = 5.0
# A push that the RTMP server confirms so long after its bridge began to wait brings nothing that a bridge can hear.
UNHEARD = timedelta(seconds=6)
_PLACE = ":"
# No bridge says this of itself.
_UNHEARD = (BridgeState.REFUSED, Trouble.NO_MEDIA)
_TROUBLED = (BridgeState.PAUSED, BridgeState.REFUSED)

ListForces = Callable[[], Coroutine[Any, Any, list[ForceRef]]]


async def list_forces() -> list[ForceRef]:
    """Return every active force."""
    return await sync_to_async(active_forces, thread_sensitive=False)()


class Keeper:
    """Lets the supervisor keep what the rows say, and the rows what the bridges say."""

    def __init__(self, forces: ListForces = list_forces) -> None:
        """`forces` is asked again every few seconds: forces come and go while we run."""
        self._list_forces = forces
        self._forces: dict[str, ForceRef] = {}
        self._asked_at = float("-inf")
        self._protocols: dict[str, str] = {}
        self._last: dict[str, tuple[BridgeReport, datetime]] = {}
        self._untold: dict[str, dict[str, BridgeReport]] = {}
        self._following: dict[str, asyncio.Task[None]] = {}
        self._writing: dict[str, asyncio.Task[None]] = {}
        self._releasing: set[asyncio.Task[None]] = set()
        self._supervisor = Supervisor(settings.FFMPEG, self._take_report)

    async def run(self, stop: asyncio.Event) -> None:
        """Go on until `stop` is set; then every bridge is ended, and its end written down."""
        try:
            while not stop.is_set():
                await self.look()
                try:
                    await asyncio.wait_for(stop.wait(), PERIOD_SECONDS)
                except TimeoutError:
                    continue
        finally:
            # First, for what is found yet would be bridged after the end.
            await _cancel(self._following.values())
            await self._supervisor.close()
            if self._writing:
                await asyncio.wait(self._writing.values(), timeout=ENDING_SECONDS)
            await _cancel(self._writing.values())

    async def look(self) -> None:
        """Follow the rows once; a force that does not answer within a second is followed when it does."""
        await self._refresh()
        for force in self._forces.values():
            _begin(self._following, force.schema, partial(self._follow, force))
        if self._following:
            await asyncio.wait(self._following.values(), timeout=PERIOD_SECONDS)
        for place in self._supervisor.aircraft:
            if place.partition(_PLACE)[0] not in self._forces:
                self._release(place)

    async def _refresh(self) -> None:
        if time.monotonic() - self._asked_at < FORCES_SECONDS:
            return
        try:
            async with asyncio.timeout(ASKING_SECONDS):
                forces = await self._list_forces()
        except Exception:
            log.exception("forces not listed")
            return
        self._asked_at = time.monotonic()
        self._forces = {force.schema: force for force in forces}
        await sync_to_async(say_alive, thread_sensitive=False)("bridges")

    async def _follow(self, force: ForceRef) -> None:
        try:
            async with asyncio.timeout(ASKING_SECONDS):
                found = await ain_force(force, list_bridged, now=clock.now())
            self._keep(force, found)
        except Exception:
            log.exception("aircraft not listed, they are asked for again", extra={"schema": force.schema})

    def _keep(self, force: ForceRef, found: Bridging) -> None:
        wanted = {}
        for bridged in found.bridged:
            place = f"{force.schema}{_PLACE}{bridged.aircraft_id}"
            wanted[place] = _spec(place, force.schema, found.host, bridged)
            self._protocols[place] = bridged.protocol
            self._note_unheard(place, bridged)
        for place in self._supervisor.aircraft:
            if place.partition(_PLACE)[0] == force.schema and place not in wanted:
                self._release(place)
        for spec in wanted.values():
            self._supervisor.keep(spec)

    def _release(self, place: str) -> None:
        task = asyncio.create_task(self._supervisor.release(place))
        self._releasing.add(task)
        task.add_done_callback(self._releasing.discard)

    def _note_unheard(self, place: str, bridged: Bridged) -> None:
        """Say so where somebody pushes by RTMP what the server passes to nobody: H.265, which it does not know."""
        if bridged.pushed_at is None or place not in self._last:
            return
        report, since = self._last[place]
        if report.state is BridgeState.WAITING and bridged.pushed_at - since >= UNHEARD:
            self._tell(replace(report, state=BridgeState.REFUSED, trouble=Trouble.NO_MEDIA))
        elif _is_unheard(report) and clock.now() - bridged.pushed_at >= PUSH_STANDS:
            self._tell(replace(report, state=BridgeState.WAITING, trouble=None))

    def _take_report(self, report: BridgeReport) -> None:
        before = self._last.get(report.aircraft)
        if before is not None and _is_unheard(before[0]) and _says_nothing(report):
            return
        self._last[report.aircraft] = (report, clock.now())
        if report.state is BridgeState.WAITING and before is not None and before[0].state in _TROUBLED:
            asyncio.get_running_loop().call_later(SETTLED_SECONDS, self._tell_if_so_still, report)
        else:
            self._tell(report)

    def _tell_if_so_still(self, report: BridgeReport) -> None:
        if self._last[report.aircraft][0] is report:
            self._tell(report)

    def _tell(self, report: BridgeReport) -> None:
        self._last[report.aircraft] = (report, self._last[report.aircraft][1])
        schema = report.aircraft.partition(_PLACE)[0]
        # The newest of an aircraft is what counts; one that was not written yet is out of date.
        self._untold.setdefault(schema, {})[report.aircraft] = report
        _begin(self._writing, schema, partial(self._write, schema))

    async def _write(self, schema: str) -> None:
        """Write what is untold of a force, again and again until all of it is."""
        untold = self._untold[schema]
        while untold:
            place, report = next(iter(untold.items()))
            del untold[place]
            try:
                await self._write_one(schema, place, report)
            except Exception:
                log.exception("feed not written, it is tried again", extra={"schema": schema})
                untold.setdefault(place, report)
                await asyncio.sleep(PERIOD_SECONDS)

    async def _write_one(self, schema: str, place: str, report: BridgeReport) -> None:
        force = self._forces.get(schema)
        if force is None:
            return
        aircraft_id = UUID(place.partition(_PLACE)[2])
        standing = _standing(report, self._protocols.get(place, ""))
        async with asyncio.timeout(ASKING_SECONDS):
            await ain_force(force, note_feed, now=clock.now(), aircraft_id=aircraft_id, standing=standing)


def _is_unheard(report: BridgeReport) -> bool:
    return (report.state, report.trouble) == _UNHEARD


def _says_nothing(report: BridgeReport) -> bool:
    """Whether a bridge says no more than that nothing came, as each does after ten seconds, to begin anew."""
    is_at_it = report.state in (BridgeState.WAITING, BridgeState.PAUSED)
    return is_at_it and report.trouble in (None, Trouble.FAILED, Trouble.SILENT, Trouble.ENDED)


def _begin(tasks: dict[str, asyncio.Task[None]], schema: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Begin work of which one at a time goes on for a force, unless one does."""
    if schema not in tasks or tasks[schema].done():
        tasks[schema] = asyncio.create_task(work())


async def _cancel(tasks: Iterable[asyncio.Task[None]]) -> None:
    """End tasks, and wait until they have."""
    going = list(tasks)
    for task in going:
        task.cancel()
    await asyncio.gather(*going, return_exceptions=True)


@dataclass(frozen=True, slots=True)
class _Bearer:
    """Makes bearers for one aircraft; two for the same are the same, so that their bridges are, too."""

    schema: str
    aircraft_id: UUID
    key_id: int

    def __call__(self) -> str:
        return make_bearer(self.schema, self.aircraft_id, self.key_id)


def _spec(place: str, schema: str, host: str, bridged: Bridged) -> BridgeSpec:
    bearer = _Bearer(schema, bridged.aircraft_id, bridged.key_id)
    door = WhipTarget(f"http://127.0.0.1:{settings.MACHINE_PORT}", host, bearer)
    return BridgeSpec(place, _source(bridged), door, bridged.policy)


def _source(bridged: Bridged) -> RtmpInput | SrtInput | RtspPull:
    if bridged.camera is not None:
        return RtspPull(bridged.camera, bridged.networks, may_be_here=settings.CAMERAS_MAY_BE_HERE)
    if bridged.srt_port:
        return SrtInput(bridged.srt_port, bridged.passphrase, settings.INGEST_ADDRESS)
    return RtmpInput(f"rtmp://127.0.0.1:{settings.RTMP_INSIDE_PORT}/live/{bridged.feed_name}")


def _standing(report: BridgeReport, protocol: str) -> Standing:
    trouble = report.trouble.value if report.trouble is not None else ""
    codec = report.source.video_codec if report.source is not None else ""
    is_transcoded = report.treatment is Treatment.TRANSCODE and report.state is not BridgeState.STOPPED
    return Standing(report.state.value, protocol, trouble, is_transcoded, codec)
