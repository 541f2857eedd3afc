"""Requests about rooms: answered at once by Janus, on one handle that belongs to nobody in a room."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Any

from streams.gateway.interface import HandleGone, NoSuchFeed
from streams.gateway.janus.link import JanusLink
from streams.gateway.janus.session import JanusSession
from streams.gateway.janus.videoroom import checked_data, kick, list_participants, present_feeds

# Who was detached is out of the room some milliseconds after Janus acknowledged it.
LEAVE_WITHIN_S = 3.0
LOOK_AGAIN_S = 0.05


class RoomDesk:
    """Makes its session when it is first needed, and again when Janus ended it."""

    def __init__(self, link: JanusLink, keepalive_seconds: float) -> None:
        """Nothing is asked before the first request."""
        self._link = link
        self._keepalive_seconds = keepalive_seconds
        self._session: JanusSession | None = None
        self._opening = asyncio.Lock()

    async def ask(self, body: dict[str, Any]) -> dict[str, Any]:
        """The plugin's result; raises NoSuchRoom, GatewayRefused, GatewayUnavailable, GatewayTimeout."""
        session = await self._present_session()
        try:
            answer = await session.message(body)
        except HandleGone:
            self.forget(session)
            answer = await (await self._present_session()).message(body)
        return checked_data(answer)

    async def wait_until_empty(self, room_id: str, secret: str) -> None:
        """Return when nobody is in the room any more; who stays although nobody detaches them is put out.

        Raises what `ask` raises.
        """
        end = time.monotonic() + LEAVE_WITHIN_S
        while present := await self._present(room_id, secret):
            if time.monotonic() < end:
                await asyncio.sleep(LOOK_AGAIN_S)
                continue
            for feed_id in present:
                with contextlib.suppress(NoSuchFeed):  # left at last
                    await self.ask(kick(room_id, secret, feed_id))
            return

    async def _present(self, room_id: str, secret: str) -> list[str]:
        return present_feeds(await self.ask(list_participants(room_id, secret)))

    def forget(self, session: JanusSession | None = None) -> None:
        """Leave `session` (or whichever is present) to its time-out."""
        if self._session is not None and session in (None, self._session):
            self._session.release()
            self._session = None

    async def _present_session(self) -> JanusSession:
        async with self._opening:
            if self._session is None:
                self._session = await JanusSession.open(self._link, "rooms")
                self._session.keep(self._keepalive_seconds, self.forget)
            return self._session
