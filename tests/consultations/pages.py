"""The other ends of the two sockets of consultations, for tests: they speak through the whole ASGI application."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asgiref.sync import sync_to_async

from consultations.tickets import MEETING_COOKIE, MeetingTicket, write_meeting_cookie
from forces.context import ForceRef
from tests.streams.socket_peers import Peer

SDP = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"


class Pages:
    """Opens sockets, and closes them all in the end."""

    def __init__(self, sign_in: Callable[..., Any]) -> None:
        self._sign_in = sign_in
        self._open: list[Peer] = []

    async def member(self, force: ForceRef, ticket: MeetingTicket | None, *, is_read: bool = True) -> Peer:
        """Open the page of a member, and read its first frame."""
        cookie = f"{MEETING_COOKIE}={write_meeting_cookie(ticket)}" if ticket else ""
        peer = await self._connect("/ws/meeting/", force, cookie)
        if is_read:
            await peer.expect("meeting.state")
        return peer

    async def officer(self, force: ForceRef, role: str = "officer") -> Peer:
        """Sign a person of a role in and open the desk's socket; an empty role is nobody."""
        return await self._connect("/ws/consultation/", force, await self._cookie(force, role))

    async def desk(self, force: ForceRef, session_id: object, role: str = "officer") -> Peer:
        """Open a desk, and read its first frame."""
        peer = await self.officer(force, role)
        await peer.send("desk.open", session_id=str(session_id))
        await peer.expect("desk.snapshot")
        return peer

    async def close(self) -> None:
        """Close every socket."""
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
