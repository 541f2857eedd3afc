"""Operators: they send links, end sessions, and watch one picture after the other over a real console socket."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import random
import time
from typing import Any

import websockets
from aiortc import RTCConfiguration, RTCIceServer, RTCPeerConnection
from websockets.asyncio.client import ClientConnection

from streams.simulation.door import Door
from streams.simulation.errors import SimulationError
from streams.simulation.operator import LINK_KIND, Operator, drama_number, safe_answers
from streams.simulation.scenarios import Scenario
from streams.simulation.sign_ins import SignIn
from tests.fakes.notify import FakeNotify
from tests.streams.media_peers import Viewer

log = logging.getLogger(__name__)

PICTURE_WITHIN_S = 20.0
LINK_WITHIN_S = 60.0
HEARTBEAT_S = 2.0


class Desk:
    """One operator with a browser: REST, and a console that watches."""

    def __init__(self, sign_in: SignIn, notify: FakeNotify, dice: random.Random) -> None:
        self._door = Door(sign_in.base_url)
        self._operator = Operator(self._door, sign_in)
        self._notify = notify
        self._dice = dice
        self._socket: ClientConnection | None = None
        self._live: dict[str, str] = {}
        self._offers: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._chores: list[asyncio.Task[None]] = []
        self.pictures = 0
        self.without_picture: list[str] = []
        self.failures: list[str] = []
        self.lines_lost: list[str] = []

    async def begin(self) -> None:
        """Sign in, and begin to watch."""
        await self._operator.sign_in()
        self._chores = [asyncio.create_task(self._keep_console()), asyncio.create_task(self._look_around())]

    async def leave(self) -> None:
        """Close the browser."""
        for chore in self._chores:
            chore.cancel()
        await asyncio.gather(*self._chores, return_exceptions=True)
        await self._door.__aexit__(None, None, None)

    async def tidy(self, scenario: Scenario) -> None:
        """End what a session that failed has left open: it would be looked after for hours."""
        await self._operator.end_leftovers(scenario)

    async def invite(self, scenario: Scenario) -> tuple[str, str]:
        """Send a link; returns the session's id and the link's path as the provider was given it."""
        kind = (await self._door.get_data("/api/v1/incident-types/"))[0]["code"]
        words = {"type": kind, "description": scenario.description}
        incident = await self._door.post_data("/api/v1/incidents/", words)
        asked = {"incident_id": incident["id"], "link_kind": LINK_KIND, "phone_number": drama_number()}
        session = await self._door.post_data("/api/v1/sessions/", asked)
        questions = await self._door.get_data("/api/v1/risk-questions/", incident_type=kind, link_kind=LINK_KIND)
        path = f"/api/v1/sessions/{session['id']}"
        await self._door.post_data(f"{path}/risk/", {"answers": safe_answers(questions["questions"])})
        sent = await self._door.post_data(f"{path}/invitation/")
        return session["id"], await self._read_link(sent["invitation"]["id"])

    async def end(self, session_id: str) -> str:
        """End a session; returns its state as it was acknowledged."""
        return str((await self._door.post_data(f"/api/v1/sessions/{session_id}/end/"))["state"])

    async def _read_link(self, invitation_id: str) -> str:
        deadline = time.monotonic() + LINK_WITHIN_S
        while time.monotonic() < deadline:
            for text in self._notify.sent:
                if str(text["reference"]).endswith(invitation_id):
                    words = str(text["personalisation"]["body"]).split()
                    return next(f"/i/{word.split('/i/')[1]}" for word in words if "/i/" in word)
            await asyncio.sleep(0.2)
        raise SimulationError("the link did not reach the provider")

    # --- the console ----------------------------------------------------------------------------

    async def _keep_console(self) -> None:
        while True:
            with contextlib.suppress(OSError, websockets.WebSocketException):
                async with self._door.open_socket("/ws/console/") as socket:
                    self._socket = socket
                    beating = asyncio.create_task(self._beat(socket))
                    try:
                        async for text in socket:
                            self._take(json.loads(text))
                    finally:
                        beating.cancel()
                        if socket.close_code is not None:
                            self.lines_lost.append(f"{time.strftime('%X')}: {socket.close_code}")
                        self._socket = None
            await asyncio.sleep(1.0)

    async def _beat(self, socket: ClientConnection) -> None:
        while True:
            await socket.send(json.dumps({"type": "heartbeat.ping", "sent_at": int(time.time() * 1000)}))
            await asyncio.sleep(HEARTBEAT_S)

    def _take(self, frame: dict[str, Any]) -> None:
        if frame["type"] == "console.snapshot":
            self._live.clear()
        for session in [*frame.get("sessions", []), *([frame["session"]] if "session" in frame else [])]:
            stream = session.get("stream")
            if session["state"] == "live" and stream and stream["state"] == "live":
                self._live[session["id"]] = stream["id"]
            else:
                self._live.pop(session["id"], None)
        if frame["type"] in {"stream.offer", "error"} and frame.get("ref"):
            self._offers.put_nowait(frame)

    async def _look_around(self) -> None:
        while True:
            await asyncio.sleep(self._dice.uniform(1, 4))
            if self._socket is None or not self._live:
                continue
            session_id = self._dice.choice(sorted(self._live))
            try:
                await self._watch(self._socket, session_id, self._live[session_id])
            except (OSError, websockets.WebSocketException):
                continue
            except Exception as error:
                # A desk goes on looking, whatever becomes of one picture.
                self.failures.append(f"{session_id}: {error!r}")
                log.warning("a picture could not be watched", exc_info=True)

    async def _watch(self, socket: ClientConnection, session_id: str, stream_id: str) -> None:
        ref = f"{stream_id[:8]}-{self._dice.randrange(10**6)}"
        await self._say(socket, "stream.watch", session_id=session_id, stream_id=stream_id, ref=ref)
        offer = await self._answer_to(ref)
        if offer is None and self._socket is socket:
            self.failures.append(f"{session_id}: no answer to an ask")
        if offer is None or offer["type"] == "error":
            return  # the line or the picture ended meanwhile
        viewer = _RelayedViewer(offer["ice_servers"] if self._dice.random() < 0.5 else [])
        try:
            answer = await viewer.answer(offer["sdp"])
            await self._say(socket, "watch.answer", watch_id=offer["watch_id"], sdp=answer)
            await self._look(socket, viewer, session_id, stream_id)
            await self._say(socket, "watch.stop", watch_id=offer["watch_id"])
        finally:
            await viewer.close()

    async def _look(self, socket: ClientConnection, viewer: Viewer, session_id: str, stream_id: str) -> None:
        try:
            await viewer.wait_for_frames(5, PICTURE_WITHIN_S)
            self.pictures += 1
            await asyncio.sleep(self._dice.uniform(2, 12))
        except TimeoutError:
            if self._socket is socket and self._live.get(session_id) == stream_id:
                self.without_picture.append(stream_id)

    async def _answer_to(self, ref: str) -> dict[str, Any] | None:
        try:
            async with asyncio.timeout(PICTURE_WITHIN_S):
                while True:
                    frame = await self._offers.get()
                    if frame["ref"] == ref:
                        return frame
        except TimeoutError:
            return None

    async def _say(self, socket: ClientConnection, kind: str, **fields: Any) -> None:
        await socket.send(json.dumps({"type": kind, **fields}))


class _RelayedViewer(Viewer):
    """A viewer that also has a place at the relay, where it is given servers."""

    def __init__(self, servers: list[dict[str, Any]]) -> None:
        super().__init__()
        given = [
            RTCIceServer(
                next(url for url in server["urls"] if url.endswith("udp")), server["username"], server["credential"]
            )
            for server in servers
            if server["urls"]
        ]
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=given))
        self.connection.on("track", self._take)
