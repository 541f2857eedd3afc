"""The part of an officer's socket that shares: in which session, and whether it is this page's phone that streams."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any
from uuid import UUID

from forces.actors import Actor
from forces.errors import DomainError, NotPermitted, NotSignedIn
from streams import signalling, wire
from streams.broadcasts import caller_topic
from streams.consumers.phone import PhoneSocket
from streams.services.going_live import NotLive

STOPS = (wire.SessionStop, wire.StreamStop)  # said by a phone that does not stream, too


class OwnSession(PhoneSocket, ABC):
    """The officer's own session that goes on, if there is one, as one of the officer's pages sees it."""

    session_id: UUID | None = None
    shares = False  # whether it is this page's phone that streams
    is_publishing = False  # what ends as replaced meanwhile, this phone replaces itself
    gave_way = False  # another phone took the stream over: what is still on its way here starts nothing again

    @property
    @abstractmethod
    def actor(self) -> Actor:
        """The signed-in officer."""

    @property
    def phone(self) -> signalling.Officer:
        """The officer in the session that goes on; raises `NotLive`."""
        if self.session_id is None:
            raise NotLive
        return signalling.Officer(self.force, self.actor, self.session_id)

    async def wire_message(self, event: dict[str, Any]) -> None:
        """Pass a broadcast on; after the end of the session the page goes on without one."""
        await super().wire_message(event)
        message = event["message"]
        # News of the session before may come late: they say nothing of this one.
        if self.session_id is None or message.get("topic") != caller_topic(self.session_id):
            return
        if message["type"] == "session.ended":
            await self.follow_session(None)
        elif message["type"] == "stream.changed":
            self._note_stream(message["stream"])

    async def refuse(self, error: DomainError) -> None:
        """Say why, and close: who may not be here any more streams no more either, from a phone that was lost, say."""
        try:
            if self.shares and self.session_id is not None and isinstance(error, NotSignedIn | NotPermitted):
                system, session_id = Actor.system("sign_in"), self.session_id
                await signalling.end_session(self.force, system, session_id=session_id, reason="signed_out")
        finally:
            await super().refuse(error)

    async def stream_publish(self, frame: wire.StreamPublish) -> None:
        """Publish the picture, in the place of any other of the officer's."""
        self.is_publishing = True
        try:
            await super().stream_publish(frame)
        finally:
            self.is_publishing = False

    async def follow_session(self, session_id: UUID | None) -> None:
        """Share in this session from now on, and no longer in the one before."""
        if (before := self.session_id) == session_id:
            return
        self.session_id, self.shares, self.gave_way, self.place = session_id, False, False, None
        if before is not None:
            await self.topics.leave(caller_topic(before))

    def _meant(self, session_id: UUID | None) -> signalling.Phone:
        """An officer says in which session to stop: there may be a new one by the time it is heard."""
        if session_id is None:
            raise NotLive
        return super()._meant(session_id)

    def _note_stream(self, stream: dict[str, Any]) -> None:
        """Another phone took this one's stream over: from now on that one shares."""
        is_own = self.place is None or stream["id"] == str(self.place.id)  # None: published over an earlier line
        if self.shares and is_own and not self.is_publishing and stream["end_reason"] == "replaced":
            self.shares, self.gave_way = False, True

    async def _act(self, frame: wire.ClientFrame) -> None:
        if isinstance(frame, wire.StreamPublish):
            self.gave_way = False
        shares = type(frame) in self.sharing and not isinstance(frame, STOPS) and not self.gave_way
        if shares and not self.shares and self.session_id is not None:
            self.shares = True
            await signalling.note_back(self.phone)
        await super()._act(frame)
