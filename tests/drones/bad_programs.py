"""Programs that stand in for ffmpeg and behave badly: shell scripts, for a bridge's user may enter little else."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from drones.ingest.bridge import BridgeReport, BridgeSpec, BridgeState
from drones.ingest.commands import Door, RtmpInput
from drones.ingest.treatments import Policy

DEADLINE_S = 15.0
FOUND = """echo '  Stream #0:0: Video: h264 (High), yuv420p(progressive), 1280x720, 30 fps' >&2
echo 'Stream mapping:' >&2; echo "Output #0, whip, to 'door':" >&2
"""
STAYS = "exec sleep 1000\n"


class Programs:
    """A directory in which programs lie that any user may run, and leave a mark for each time they were begun."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def make(self, body: str, name: str = "ffmpeg") -> str:
        """Write a program; it marks each start before it does anything else."""
        path = self.directory / name
        path.write_text(f'#!/bin/sh\n: > "{self.directory}/began-{name}-$$"\n{body}', encoding="ascii")
        path.chmod(0o755)
        return str(path)

    def starts(self, name: str = "ffmpeg") -> int:
        """How often a program was begun."""
        return len(list(self.directory.glob(f"began-{name}-*")))

    def running(self) -> set[int]:
        """Processes whose group began as one of our programs, whatever has become of them."""
        numbers = {int(path.name.rpartition("-")[2]) for path in self.directory.glob("began-*")}
        return {pid for pid, group in _groups() if group in numbers}


@contextmanager
def programs() -> Iterator[Programs]:
    """Programs whose processes are ended at last, should a test fail."""
    directory = Path(tempfile.mkdtemp(prefix="bridges-"))
    directory.chmod(0o777)
    made = Programs(directory)
    try:
        yield made
    finally:
        for pid in made.running():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        shutil.rmtree(directory)


class Told:
    """What a bridge tells, to be waited for."""

    def __init__(self) -> None:
        self.reports: list[BridgeReport] = []
        self._news = asyncio.Event()

    def __call__(self, report: BridgeReport) -> None:
        self.reports.append(report)
        self._news.set()

    async def until(self, is_it: Callable[[BridgeReport], bool], count: int = 1) -> BridgeReport:
        """Wait until so many reports are of this kind; returns the last of them."""
        async with asyncio.timeout(DEADLINE_S):
            while len(found := [report for report in self.reports if is_it(report)]) < count:
                self._news.clear()
                await self._news.wait()
        return found[count - 1]

    async def until_state(self, state: BridgeState, count: int = 1) -> BridgeReport:
        return await self.until(lambda report: report.state is state, count)


async def gone(made: Programs) -> bool:
    """Whether every process of the programs is gone, within the deadline."""
    for _ in range(int(DEADLINE_S / 0.05)):
        if not made.running():
            return True
        await asyncio.sleep(0.05)
    return False


def spec_of(aircraft: str = "herts.1", policy: Policy | None = None, bearer: str = "b3arer") -> BridgeSpec:
    """A bridge whose program reads nothing at all."""
    door = Door("http://127.0.0.1:9/whip", bearer)
    return BridgeSpec(aircraft, RtmpInput("rtmp://127.0.0.1:9/live/x"), door, policy or Policy())


def _groups() -> Iterator[tuple[int, int]]:
    """Living processes and their groups."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, group = path.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[:3]
            if state not in {"Z", "X"}:
                yield int(path.parent.name), int(group)
