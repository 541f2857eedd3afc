"""Officers and consoles of a benchmark: their sockets, what they send, and how long it takes to the consoles."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec

from tests.bench.light_sockets import LightSocket
from tests.bench.processes import resident_mb, used_s

EVERY_S = 2.0
AT_ONCE = 16
DRAINED_WITHIN_S = 15.0
FIX = b'{"latitude":51.%06d,"longitude":-0.%06d,"accuracy_m":9.5,"fixed_at":%d,"heading_deg":182.5,"speed_mps":8.9}'


class _Fix(msgspec.Struct):
    fixed_at: str | int | float


class _Moved(msgspec.Struct):
    id: str
    fix: _Fix


class _Frame(msgspec.Struct):
    type: str
    officers: list[_Moved] = []


@dataclass(frozen=True)
class Place:
    """A server: its port, its process, and whom its sockets belong to."""

    port: int
    pid: int
    host: str
    officer_paths: Sequence[str]
    officer_cookies: Sequence[str]
    officer_ids: Sequence[str]
    console_path: str
    console_cookies: Sequence[str]
    hello: bytes = b""
    ready: bytes = b""
    """What says that an officer's socket is let in; empty where the handshake says it."""
    writes_times: bool = False
    """Whether its consoles read times as ISO 8601, and not as they were sent."""


@dataclass
class Window:
    """What came of some seconds of driving: how long each fix took to each console (ms), how many never came, CPU."""

    taken: list[float] = field(default_factory=list)
    missing: int = 0
    cpu_s: float = 0.0


class Patrol:
    """The officers and consoles of one way to do it, on one server or several."""

    def __init__(self, places: Sequence[Place]) -> None:
        self.places = places
        self._officers: list[tuple[LightSocket, str, bool]] = []
        self._consoles: list[LightSocket] = []
        self._waiting: dict[tuple[str, object], float] = {}
        self._heard = 0
        self._acknowledged = 0
        self._taken: list[float] = []
        self._decode = msgspec.json.Decoder(_Frame).decode
        self._sent = 0

    async def open(self) -> None:
        """Open every socket, some at a time."""
        turns = asyncio.Semaphore(AT_ONCE)
        for place in self.places:
            for cookie in place.console_cookies:
                await self._open_console(place, cookie)
            numbers = range(len(place.officer_ids))
            await asyncio.gather(*(self._open_officer(turns, place, number) for number in numbers))

    async def drive(self, seconds: float) -> Window:
        """Let every officer send a fix every two seconds, spread evenly; then wait until all have arrived."""
        self._waiting, self._heard, self._taken, self._sent, self._acknowledged = {}, 0, [], 0, 0
        before, begun = self._cpu_s(), time.perf_counter()
        order = sorted(self._officers, key=lambda one: hash(one[1]))
        pace = len(order) / EVERY_S
        total = int(seconds * pace)
        while self._sent < total:
            due = min(total, int((time.perf_counter() - begun) * pace) + 1)
            while self._sent < due:
                self._send(*order[self._sent % len(order)])
            await asyncio.sleep(0.004)
        expected = total * len(self._consoles)
        end = time.perf_counter() + DRAINED_WITHIN_S
        while (self._heard < expected or self._acknowledged < total) and time.perf_counter() < end:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        missing = expected - self._heard + total - self._acknowledged
        return Window(self._taken, missing, self._cpu_s() - before)

    @property
    def lost(self) -> int:
        """How many sockets the servers have closed."""
        return sum(one.is_lost for one in (*self._consoles, *(socket for socket, _, _ in self._officers)))

    def memory_mb(self) -> float:
        """Return the resident memory of the servers."""
        return sum(resident_mb(place.pid) for place in self.places)

    def close(self) -> None:
        """Hang up everywhere."""
        for socket in (*self._consoles, *(socket for socket, _, _ in self._officers)):
            socket.close()

    async def _open_console(self, place: Place, cookie: str) -> None:
        console = await LightSocket.open(place.port, place.console_path, place.host, cookie, self._see)
        if place.hello:
            console.send(place.hello)
        self._consoles.append(console)

    async def _open_officer(self, turns: asyncio.Semaphore, place: Place, number: int) -> None:
        async with turns:
            admitted = asyncio.Event()

            def heard(payload: bytes) -> None:
                if b'"duty.kept"' in payload:
                    self._acknowledged += 1
                elif place.ready and place.ready in payload:
                    admitted.set()
                elif b'"error"' in payload:
                    raise AssertionError(payload)

            path, cookie = place.officer_paths[number], place.officer_cookies[number]
            socket = await LightSocket.open(place.port, path, place.host, cookie, heard)
            if place.ready:
                await asyncio.wait_for(admitted.wait(), 60)
            self._officers.append((socket, place.officer_ids[number], place.writes_times))

    def _send(self, socket: LightSocket, name: str, writes_times: bool) -> None:
        now_ms = int(time.time() * 1000)
        self._sent += 1
        text = FIX % (800_000 + self._sent % 99_999, 80_000 + self._sent % 9_999, now_ms)
        self._waiting[(name, _iso(now_ms) if writes_times else now_ms)] = time.perf_counter()
        socket.send(b'{"type":"duty.fixes","ref":"%d","fixes":[%b]}' % (self._sent, text))

    def _see(self, payload: bytes) -> None:
        if not payload.startswith(b'{"type":"officers.moved"') and not payload.startswith(b'{"type": "officers.moved"'):
            return
        at = time.perf_counter()
        for moved in self._decode(payload).officers:
            sent = self._waiting.get((moved.id, moved.fix.fixed_at))
            if sent is not None:
                self._heard += 1
                self._taken.append((at - sent) * 1000)

    def _cpu_s(self) -> float:
        return sum(used_s(place.pid) for place in self.places)


def _iso(ms: int) -> str:
    seconds, rest = divmod(ms, 1000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:03d}Z"
