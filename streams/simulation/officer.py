"""A simulated officer: signs in, goes on duty, drives about, and now and then is without a line for a while."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import websockets
from websockets.asyncio.client import ClientConnection

from streams.simulation.door import Door
from streams.simulation.errors import SimulationError
from streams.simulation.route import Route, accuracy_m
from streams.simulation.sign_ins import SignIn

logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 2.0
FIX_SECONDS = 2.0
SPEED_MPS = 9.0
STATUS_SECONDS = (60, 180)
ON_LINE_SECONDS = (150, 600)
# Half of the time longer than what the server calls late.
OFF_LINE_SECONDS = (30, 90)
RECONNECT_SECONDS = 3.0
GOODBYE_SECONDS = 3.0
MOST_IN_A_FRAME = 120
# What the phone keeps without a network: an hour of it.
MOST_KEPT = 1_800
STATUSES = ("available", "available", "en_route", "at_scene")
FINAL_CLOSE_CODES = range(4400, 4500)

Frame = dict[str, Any]


class Officer:
    """One officer's phone, from the sign-in to the end of the shift."""

    def __init__(self, door: Door, sign_in: SignIn, patrol: Route, *, start_m: float = 0.0) -> None:
        """`door` is the phone's browser; the round begins `start_m` along `patrol`."""
        self._door, self._sign_in, self._patrol, self._start_m = door, sign_in, patrol, start_m
        self._began_at = time.monotonic()
        self._kept: deque[Frame] = deque(maxlen=MOST_KEPT)
        self._sent: dict[str, list[Frame]] = {}
        self._socket: ClientConnection | None = None
        self._is_on_duty = False
        self._numbers = 0

    async def work(self) -> None:
        """Patrol until cancelled; then go off duty. Raises SimulationError when the officer is not let in."""
        await self._enter()
        walking = asyncio.create_task(self._walk())
        try:
            while True:
                await self._be_on_line(_between(ON_LINE_SECONDS))
                logger.info("a simulated officer is without a line")
                await asyncio.sleep(secrets.choice(OFF_LINE_SECONDS))
        finally:
            walking.cancel()
            await self._go_off_duty()

    async def _enter(self) -> None:
        await self._door.get_page("/sign-in/")
        fields = {"username": self._sign_in.username, "password": self._sign_in.password}
        await self._door.post_form("/sign-in/", fields)
        await self._door.get_page("/officer/")

    async def _be_on_line(self, seconds: float) -> None:
        """Keep a socket open for so long, opening it again when it drops."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                async with self._connected(end) as socket:
                    await self._listen(socket)
            except (OSError, websockets.WebSocketException) as error:
                _raise_if_final(error)
                logger.info("the officer's socket dropped: %s", error)
            await asyncio.sleep(RECONNECT_SECONDS)

    @asynccontextmanager
    async def _connected(self, end: float) -> AsyncIterator[ClientConnection]:
        """An open socket with its heartbeat, lost at the time `end`."""
        async with self._door.open_socket("/ws/officer/") as socket:
            self._socket = socket
            chores = [
                asyncio.create_task(chore) for chore in (self._beat(), self._change_status(), _hang_up(socket, end))
            ]
            try:
                yield socket
            finally:
                self._socket = None
                self._put_back()
                for chore in chores:
                    chore.cancel()
                await asyncio.gather(*chores, return_exceptions=True)

    async def _listen(self, socket: ClientConnection) -> None:
        """Answer frames until the socket closes (raises ConnectionClosed)."""
        while True:
            frame = json.loads(await socket.recv())
            handler = getattr(self, "_on_" + str(frame.get("type", "")).replace(".", "_"), None)
            if handler is not None:
                await handler(frame)

    # --- what the server says -------------------------------------------------------------------

    async def _on_officer_state(self, frame: Frame) -> None:
        self._is_on_duty = frame["shift"] is not None
        if not self._is_on_duty:
            await self._send("status.set", status="available")
        else:
            await self._say_where()

    async def _on_officer_changed(self, frame: Frame) -> None:
        await self._send("officer.snapshot")

    async def _on_duty_kept(self, frame: Frame) -> None:
        self._sent.pop(str(frame.get("ref")), None)
        await self._say_where()

    async def _on_error(self, frame: Frame) -> None:
        logger.warning("the officer was refused: %s %s", frame["code"], frame["message"])
        if frame.get("ref") in self._sent:
            self._put_back()
        if frame["code"] == "not_on_duty":
            self._is_on_duty = False
            await self._send("officer.snapshot")

    # --- what the officer does ------------------------------------------------------------------

    async def _beat(self) -> None:
        while True:
            await self._send("heartbeat.ping", sent_at=int(time.time() * 1000))
            await asyncio.sleep(HEARTBEAT_SECONDS)

    async def _change_status(self) -> None:
        while True:
            await asyncio.sleep(_between(STATUS_SECONDS))
            await self._send("status.set", status=secrets.choice(STATUSES))

    async def _walk(self) -> None:
        """Take a fix every two seconds, with a line or without."""
        while True:
            await asyncio.sleep(FIX_SECONDS)
            self._kept.append(self._fix())
            if self._is_on_duty and not self._sent:
                with suppress(OSError, websockets.WebSocketException):
                    await self._say_where()

    def _fix(self) -> Frame:
        seconds = time.monotonic() - self._began_at
        place = self._patrol.at(self._start_m + seconds * SPEED_MPS)
        return {
            "latitude": round(place.latitude, 6),
            "longitude": round(place.longitude, 6),
            "accuracy_m": round(accuracy_m(seconds), 1),
            "fixed_at": int(time.time() * 1000),
            "heading_deg": round(place.heading_deg, 1),
            "speed_mps": SPEED_MPS,
        }

    async def _say_where(self) -> None:
        """Send what is kept, the newest last; a fix is forgotten when it is acknowledged."""
        if not self._kept or self._socket is None:
            return
        self._numbers += 1
        ref = f"fixes-{self._numbers}"
        fixes = [self._kept.popleft() for _ in range(min(MOST_IN_A_FRAME, len(self._kept)))]
        self._sent[ref] = fixes
        await self._send("duty.fixes", ref=ref, fixes=fixes)

    def _put_back(self) -> None:
        """What was not acknowledged is to be sent again."""
        for fixes in reversed(self._sent.values()):
            self._kept.extendleft(reversed(fixes))
        self._sent.clear()

    async def _go_off_duty(self) -> None:
        """Say so on a line of its own, for there may be none, and wait until it is done."""
        if not self._is_on_duty:
            return
        try:
            async with asyncio.timeout(GOODBYE_SECONDS), self._door.open_socket("/ws/officer/") as socket:
                await _end_shift(socket)
        except (TimeoutError, OSError, websockets.WebSocketException):
            logger.info("the officer left without saying so")

    async def _send(self, kind: str, **fields: Any) -> None:
        if self._socket is not None:
            await self._socket.send(json.dumps({"type": kind, **fields}))


async def _end_shift(socket: ClientConnection) -> None:
    """Return as soon as the server says that there is no shift."""
    async for text in socket:
        frame = json.loads(text)
        if frame["type"] == "officer.changed":
            await socket.send(json.dumps({"type": "officer.snapshot"}))
        elif frame["type"] == "officer.state":
            if frame["shift"] is None:
                return
            await socket.send(json.dumps({"type": "status.set", "status": "off_duty"}))


async def _hang_up(socket: ClientConnection, end: float) -> None:
    await asyncio.sleep(max(0.0, end - time.monotonic()))
    await socket.close()


def _between(seconds: tuple[int, int]) -> float:
    return seconds[0] + secrets.randbelow(1 + seconds[1] - seconds[0])


def _raise_if_final(error: Exception) -> None:
    """Raise SimulationError for a close after which a page does not come back."""
    received = error.rcvd if isinstance(error, websockets.ConnectionClosed) else None
    if received is not None and received.code in FINAL_CLOSE_CODES:
        raise SimulationError(f"the socket was closed for good: {received.code} {received.reason}") from error
