"""The bridges of all aircraft of this process: exactly one for each, and none left behind."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field

from drones.ingest.bridge import Bridge, BridgeSpec, Tell

log = logging.getLogger(__name__)


class Supervisor:
    """Keeps bridges as it is told to. What was begun for an aircraft is over before the next one for it begins."""

    def __init__(self, ffmpeg: str, tell: Tell) -> None:
        """`ffmpeg` is the program; `tell` gets each change of each bridge, in the loop."""
        self._ffmpeg, self._tell = ffmpeg, tell
        self._kept: dict[str, _Kept] = {}

    @property
    def aircraft(self) -> frozenset[str]:
        """Return the aircraft of which something is left, a bridge or the end of one."""
        return frozenset(self._kept)

    def keep(self, spec: BridgeSpec) -> None:
        """Keep the bridge of an aircraft: nothing happens if it is kept so already, else it takes the other's place."""
        kept = self._kept.setdefault(spec.aircraft, _Kept())
        if kept.spec == spec and not kept.tasks[-1].done():
            return
        before = kept.stop()
        kept.spec, kept.tasks = spec, [*before, asyncio.create_task(self._run(spec, before))]

    async def release(self, aircraft: str) -> None:
        """End the bridge of an aircraft, if there is one; returns when nothing of it is left."""
        kept = self._kept.get(aircraft)
        if kept is None:
            return
        if going := kept.stop():
            await asyncio.wait(going)
        if kept.spec is None and self._kept.get(aircraft) is kept:
            del self._kept[aircraft]

    async def close(self) -> None:
        """End every bridge, all at the same time."""
        await asyncio.gather(*map(self.release, list(self._kept)))

    async def _run(self, spec: BridgeSpec, before: list[asyncio.Task[None]]) -> None:
        if before:
            await asyncio.wait(before)
        try:
            await Bridge(spec, self._ffmpeg, self._tell).run()
        except Exception:
            # One bridge's fault is not the others'; whoever keeps it next begins it anew.
            log.exception("bridge lost", extra={"aircraft": spec.aircraft})


@dataclass
class _Kept:
    """What is kept of an aircraft: the last task is its bridge while there is a spec, the others are ending."""

    spec: BridgeSpec | None = None
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def stop(self) -> list[asyncio.Task[None]]:
        """Cancel the bridge, once: a second time would cut its ending short. Returns what is not over."""
        if self.spec is not None:
            self.tasks[-1].cancel()
        self.spec = None
        return [task for task in self.tasks if not task.done()]
