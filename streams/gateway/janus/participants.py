"""The sessions which this process owns: one per participant, kept alive, claimed again after a loss."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from streams.gateway.interface import (
    ConnectionRestored,
    EventKind,
    HandleEvent,
    HandleGone,
    HandleRef,
)
from streams.gateway.janus.event_queue import EventQueue
from streams.gateway.janus.link import JanusLink
from streams.gateway.janus.session import JanusSession
from streams.gateway.janus.signals import handle_event
from streams.gateway.janus.tasks import start_detached
from streams.gateway.janus.transactions import Message

logger = logging.getLogger(__name__)


class Participants:
    """Owned sessions by id; turns Janus's events about them into events for the reader."""

    def __init__(self, link: JanusLink, events: EventQueue, keepalive_seconds: float) -> None:
        """`events` receives what happens to the owned handles."""
        self._link = link
        self._events = events
        self._keepalive_seconds = keepalive_seconds
        self._owned: dict[int, JanusSession] = {}
        self._chores: set[asyncio.Task[None]] = set()

    async def open(self, opaque_id: str) -> JanusSession:
        """A new session with a handle, owned and kept alive from now on."""
        session = await JanusSession.open(self._link, opaque_id)
        self._own(session)
        return session

    async def claim(self, handle: HandleRef) -> None:
        """Own a session that another process made; raises HandleGone.

        It is ours from the request on: an event may follow the answer at once.
        """
        if handle.session_id in self._owned:
            return
        session = JanusSession(self._link, handle)
        self._own(session)
        try:
            await session.claim()
        except BaseException:
            self._disown(handle.session_id)
            raise

    def release(self, handle: HandleRef) -> None:
        """Disown a session without a word to Janus: it is another process's."""
        if self.find(handle) is not None:
            self._disown(handle.session_id)

    async def claim_all(self) -> ConnectionRestored:
        """Bring every owned session to the present socket; those which Janus ended are disowned.

        Raises GatewayError when the socket drops again meanwhile: the sessions stay owned.
        """
        sessions = list(self._owned.values())
        results = await asyncio.gather(*(session.claim() for session in sessions), return_exceptions=True)
        kept, gone = [], []
        for session, result in zip(sessions, results, strict=True):
            if isinstance(result, HandleGone):
                self._disown(session.handle.session_id)
                gone.append(session.handle)
            elif isinstance(result, BaseException):
                raise result
            else:
                kept.append(session.handle)
        return ConnectionRestored(kept=tuple(kept), gone=tuple(gone))

    def find(self, handle: HandleRef) -> JanusSession | None:
        """The owned session of `handle`, None when another process owns it."""
        session = self._owned.get(handle.session_id)
        return session if session is not None and session.handle == handle else None

    async def end(self, session: JanusSession) -> None:
        """Disown and destroy a session; goes on to the end even when the caller is cancelled."""
        self._disown(session.handle.session_id)
        await asyncio.shield(self._chore(session.destroy()))

    def deliver(self, message: Message) -> None:
        """Pass an event of Janus on, when it concerns an owned handle."""
        session_id, sender = message.get("session_id"), message.get("sender")
        session = self._owned.get(session_id) if isinstance(session_id, int) else None
        if session is None or sender not in (None, session.handle.handle_id):
            return
        event = handle_event(message, session.handle)
        if event is None:
            return
        if event.kind in (EventKind.DETACHED, EventKind.SESSION_GONE):
            self._disown(session.handle.session_id)
        if event.kind is EventKind.DETACHED:
            self._chore(session.destroy())  # another process detached the handle: end its empty session
        self._events.put(event)

    async def close(self) -> None:
        """Stop keeping sessions alive, without ending them."""
        for session in self._owned.values():
            session.release()
        await asyncio.gather(*self._chores, return_exceptions=True)

    def _own(self, session: JanusSession) -> None:
        self._owned[session.handle.session_id] = session
        session.keep(self._keepalive_seconds, self._gone)

    def _disown(self, session_id: int) -> None:
        session = self._owned.pop(session_id, None)
        if session is not None:
            session.release()

    def _gone(self, session: JanusSession) -> None:
        """A keepalive was told that the session does not exist."""
        if self._owned.get(session.handle.session_id) is session:
            self._disown(session.handle.session_id)
            self._events.put(HandleEvent(EventKind.SESSION_GONE, session.handle))

    def _chore(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = start_detached(work, "janus-chore")
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)
        return task
