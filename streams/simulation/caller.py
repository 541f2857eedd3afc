"""A simulated caller: opens the link, consents, shows the street and walks along it, until it is over."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import websockets
from websockets.asyncio.client import ClientConnection

from streams.simulation.broadcast import Broadcast
from streams.simulation.clip import Clip
from streams.simulation.door import Door
from streams.simulation.errors import SimulationError
from streams.simulation.route import WALKING_SPEED_MPS, accuracy_m
from streams.simulation.scenarios import Scenario

logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 2.0
FIX_SECONDS = 2.0
DELAY_SECONDS = 4.0
READING_SECONDS = 1.5
RECONNECT_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0, 8.0)
# Nobody is let in again after these (PROTOCOL.md, close codes).
FINAL_CLOSE_CODES = range(4400, 4500)
SCOPES = ("location", "video", "recording")

Frame = dict[str, Any]


class SessionOver(Exception):
    """The control room, the clock or the caller ended the session; the text says who and why."""


class Caller:
    """One call, from the link to the end of the session."""

    def __init__(self, door: Door, scenario: Scenario, clip: Clip) -> None:
        """`door` is the phone's browser."""
        self._door = door
        self._scenario = scenario
        self._broadcast = Broadcast(clip, self._send)
        self._socket: ClientConnection | None = None
        self._has_consented = False
        self._replies = 0
        self._began_at = time.monotonic()

    async def call(self, link: str) -> str:
        """Follow `link` and stay until the session is over; returns who ended it and why.

        A socket that drops is opened again while the picture goes on, as the page does. Raises
        SimulationError when the link is not let in, or the server stays away. When cancelled, says STOP.
        """
        await self._door.get_page(link)
        await self._door.post_form(f"{link}open/")
        await self._door.get_page("/live/")
        try:
            return await self._stay()
        finally:
            await self._broadcast.close()

    async def _stay(self) -> str:
        failures = 0
        while True:
            try:
                async with self._connected() as socket:
                    failures = 0
                    await self._listen(socket)
            except SessionOver as end:
                return str(end)
            except (OSError, websockets.WebSocketException) as error:
                _raise_if_final(error)
                if failures == len(RECONNECT_SECONDS):
                    raise SimulationError(f"the socket stays closed: {error}") from error
                logger.info("the caller's socket dropped: %s", error)
            await asyncio.sleep(RECONNECT_SECONDS[min(failures, len(RECONNECT_SECONDS) - 1)])
            failures += 1

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[ClientConnection]:
        """An open socket with its heartbeat and the walk, all ended together."""
        async with self._door.open_socket("/ws/caller/") as socket:
            self._socket = socket
            chores = [asyncio.create_task(chore()) for chore in (self._beat, self._walk, self._tell_delay)]
            try:
                yield socket
            except asyncio.CancelledError:
                await self._say_stop()
                raise
            finally:
                for chore in chores:
                    chore.cancel()
                await asyncio.gather(*chores, return_exceptions=True)

    async def _listen(self, socket: ClientConnection) -> None:
        """Answer frames until the socket closes (raises ConnectionClosed) or the session is over."""
        while True:
            frame = json.loads(await socket.recv())
            handler = getattr(self, "_on_" + str(frame.get("type", "")).replace(".", "_"), None)
            if handler is not None:
                await handler(frame)

    # --- what the server says -------------------------------------------------------------------

    async def _on_caller_state(self, frame: Frame) -> None:
        if frame["consent"] is not None:
            self._has_consented = True
            await self._broadcast.ensure(frame["stream"])
            return
        await self._report("page_shown")
        await self._report("consent_shown")
        await asyncio.sleep(READING_SECONDS)
        wording = frame["wording"]
        asked = SCOPES if frame["session"]["link_kind"] == "location_video" else SCOPES[:1]
        chosen = {"wording_version": wording["version"], "language": wording["language"]}
        await self._send("consent.give", scopes=list(asked), **chosen)

    async def _on_consent_given(self, frame: Frame) -> None:
        self._has_consented = True
        for step in ("location_asked", "location_granted"):
            await self._report(step)
        if "video" in frame["scopes"]:
            for step in ("camera_asked", "camera_granted", "publishing"):
                await self._report(step)
            await self._broadcast.start()

    async def _on_stream_answer(self, frame: Frame) -> None:
        await self._broadcast.accept(frame["stream_id"], frame["sdp"])

    async def _on_stream_changed(self, frame: Frame) -> None:
        await self._broadcast.note(frame["stream"])

    async def _on_chat_message(self, frame: Frame) -> None:
        if frame["sender"] != "operator":
            return
        reply = self._scenario.replies[self._replies % len(self._scenario.replies)]
        self._replies += 1
        await asyncio.sleep(READING_SECONDS)
        await self._send("chat.send", client_id=secrets.token_hex(8), text=reply)

    async def _on_session_ended(self, frame: Frame) -> None:
        raise SessionOver(f"{frame['by']}: {frame['reason']}")

    async def _on_error(self, frame: Frame) -> None:
        if frame["code"] == "session_over" and frame.get("details"):  # it overtook the news of the end
            raise SessionOver(f"{frame['details']['by']}: {frame['details']['reason']}")
        logger.warning("the caller was refused: %s %s", frame["code"], frame["message"])
        if frame.get("ref") == Broadcast.REF:
            await self._broadcast.retry()
        elif not self._has_consented:
            raise SimulationError(f"{frame['code']}: {frame['message']}")

    # --- what the caller does -------------------------------------------------------------------

    async def _beat(self) -> None:
        while True:
            await self._send("heartbeat.ping", sent_at=_milliseconds())
            await asyncio.sleep(HEARTBEAT_SECONDS)

    async def _walk(self) -> None:
        route = self._scenario.route
        while True:
            await asyncio.sleep(FIX_SECONDS)
            if not self._has_consented:
                continue
            seconds = time.monotonic() - self._began_at
            place = route.at(self._scenario.start_m + seconds * WALKING_SPEED_MPS)
            await self._send(
                "position.fix",
                latitude=round(place.latitude, 7),
                longitude=round(place.longitude, 7),
                accuracy_m=round(accuracy_m(seconds), 1),
                fixed_at=_milliseconds(),
                heading_deg=round(place.heading_deg, 1),
                speed_mps=WALKING_SPEED_MPS,
            )

    async def _tell_delay(self) -> None:
        while True:
            await asyncio.sleep(DELAY_SECONDS)
            sending_ms = await self._broadcast.sending_ms()
            if sending_ms is not None:
                await self._send("stream.delay", sending_ms=sending_ms)

    async def _report(self, step: str) -> None:
        await self._send("progress.report", step=step)

    async def _say_stop(self) -> None:
        """Press STOP on the way out, so that nobody waits for a caller who is gone."""
        try:
            async with asyncio.timeout(1.0):
                await self._send("session.stop")
        except (TimeoutError, OSError, websockets.WebSocketException):
            logger.info("the caller left without saying so")

    async def _send(self, kind: str, **fields: Any) -> None:
        if self._socket is not None:
            await self._socket.send(json.dumps({"type": kind, **fields}))


def _raise_if_final(error: Exception) -> None:
    """Raise SimulationError for a close after which a page does not come back."""
    received = error.rcvd if isinstance(error, websockets.ConnectionClosed) else None
    if received is not None and received.code in FINAL_CLOSE_CODES:
        raise SimulationError(f"the socket was closed for good: {received.code} {received.reason}") from error


def _milliseconds() -> int:
    return int(time.time() * 1000)
