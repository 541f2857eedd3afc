"""The other ends of the two sockets, for tests: they speak the wire through the whole ASGI application."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator

from config.asgi import application
from forces import clock
from forces.context import ForceRef, ain_force
from streams.agency_tickets import AGENCY_COOKIE, AgencyTicket, write_agency_cookie
from streams.selectors import CALLER_COOKIE, CallerTicket, write_caller_cookie
from tests.factories import streams as factory

Frame = dict[str, Any]
DEADLINE_S = 5.0


class Peer:
    """One open socket. Frames that were not asked for are kept in `seen`."""

    def __init__(self, path: str, force: ForceRef, cookie: str) -> None:
        host = f"{force.schema}.localhost"
        headers = [
            (b"host", host.encode()),
            (b"origin", f"http://{host}".encode()),
            (b"cookie", cookie.encode()),
        ]
        self.line = WebsocketCommunicator(application, path, headers=headers)
        self.seen: list[Frame] = []

    async def connect(self) -> Peer:
        connected, code = await self.line.connect(timeout=DEADLINE_S)
        assert connected, code
        return self

    async def send(self, type_: str, **fields: Any) -> str:
        """Send a frame and return its ref."""
        ref = uuid4().hex
        await self.line.send_json_to({"type": type_, "ref": ref, **fields})
        return ref

    async def send_text(self, text: str) -> None:
        await self.line.send_to(text_data=text)

    async def receive(self) -> Frame:
        frame: Frame = await self.line.receive_json_from(timeout=DEADLINE_S)
        self.seen.append(frame)
        return frame

    async def expect(self, type_: str, where: Callable[[Frame], bool] = lambda frame: True) -> Frame:
        """Return the next frame of that type for which `where` holds; the deadline is per frame."""
        while True:
            frame = await self.receive()
            if frame["type"] == type_ and where(frame):
                return frame

    async def expect_session(self, **fields: Any) -> Frame:
        """Return the next session.changed whose session has these fields."""
        frame = await self.expect(
            "session.changed", lambda f: all(f["session"][name] == value for name, value in fields.items())
        )
        session: Frame = frame["session"]
        return session

    async def refused(self, type_: str, **fields: Any) -> str:
        """Send a frame and return the code of the error that answers it."""
        ref = await self.send(type_, **fields)
        error = await self.expect("error", lambda frame: frame.get("ref") == ref)
        return str(error["code"])

    async def close_code(self) -> int:
        """Read on until the server closes, and return its code."""
        while True:
            event = await self.line.receive_output(DEADLINE_S)
            if event["type"] == "websocket.close":
                return int(event["code"])
            self.seen.append(json.loads(event["text"]))

    async def round_trip(self) -> Frame:
        """Ping, and return the pong: everything sent to this socket before it has arrived then."""
        await self.send("heartbeat.ping", sent_at=1)
        return await self.expect("heartbeat.pong")

    async def close(self) -> None:
        """Close the socket; one that a failed test broke is closed already."""
        with contextlib.suppress(asyncio.CancelledError):
            await self.line.disconnect(timeout=DEADLINE_S)


class Peers:
    """Opens sockets, and closes them all in the end."""

    def __init__(self, sign_in: Callable[..., Any]) -> None:
        self._sign_in = sign_in
        self._open: list[Peer] = []

    async def caller(self, force: ForceRef, ticket: CallerTicket | None, *, is_read: bool = True) -> Peer:
        """Open the socket of a caller's page, and read its first frame."""
        cookie = f"{CALLER_COOKIE}={write_caller_cookie(ticket)}" if ticket else ""
        peer = await self._connect("/ws/caller/", force, cookie)
        if is_read:
            await peer.expect("caller.state")
        return peer

    async def console(self, force: ForceRef, role: str = "operator", *, is_read: bool = True) -> Peer:
        """Sign a person of a role in and open a console; an empty role is nobody."""
        peer = await self._connect("/ws/console/", force, await self._cookie(force, role))
        if is_read:
            await peer.expect("console.snapshot")
        return peer

    async def officer(self, force: ForceRef, role: str = "officer", *, is_read: bool = True) -> Peer:
        """Sign a person of a role in and open the officer's page; an empty role is nobody."""
        peer = await self._connect("/ws/officer/", force, await self._cookie(force, role))
        if is_read:
            await peer.expect("officer.state")
        return peer

    async def agency(self, force: ForceRef, ticket: AgencyTicket | None, *, is_read: bool = True) -> Peer:
        """Open the page of an agency's viewer, and read its first frame."""
        cookie = f"{AGENCY_COOKIE}={write_agency_cookie(ticket)}" if ticket else ""
        peer = await self._connect("/ws/agency/", force, cookie)
        if is_read:
            await peer.expect("agency.snapshot")
        return peer

    async def close(self) -> None:
        for peer in self._open:
            await peer.close()

    async def _cookie(self, force: ForceRef, role: str) -> str:
        if not role:
            return ""
        client = await sync_to_async(self._sign_in, thread_sensitive=False)(role, force.schema)
        return f"sl_session={client.cookies['sl_session'].value}"

    async def _connect(self, path: str, force: ForceRef, cookie: str) -> Peer:
        peer = await Peer(path, force, cookie).connect()
        self._open.append(peer)
        return peer


async def make(force: ForceRef, build: Callable[..., Any] = factory.make_consented, **fields: Any) -> Any:
    """Make rows in a force, at the present time."""
    return await ain_force(force, build, now=clock.now(), **fields)


async def read(force: ForceRef, look: Callable[[], Any]) -> Any:
    """Read rows of a force."""
    return await ain_force(force, look)


async def until(condition: Callable[[], Any], deadline_s: float = DEADLINE_S) -> Any:
    """Return the condition's first true value."""
    async with asyncio.timeout(deadline_s):
        while not (value := condition()):  # noqa: ASYNC110 - any condition, not only one of ours
            await asyncio.sleep(0.01)
    return value


async def until_rows(force: ForceRef, look: Callable[[], Any], deadline_s: float = DEADLINE_S) -> Any:
    """Return the first true value that rows of a force show."""
    async with asyncio.timeout(deadline_s):
        while not (value := await ain_force(force, look)):  # noqa: ASYNC110 - rows do not notify
            await asyncio.sleep(0.02)
    return value
