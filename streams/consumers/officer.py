"""`/ws/officer/`: the page of a signed-in officer, PCSO or scenes-of-crime officer, who may go live."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID

from forces import clock
from forces.actors import Actor
from forces.context import ain_force
from forces.errors import DomainError, NotPermitted
from streams import signalling, wire
from streams.broadcasts import caller_topic, officer_topic
from streams.consumers.phone import PhoneSocket
from streams.consumers.refusals import NotSignedIn
from streams.consumers.signed_in import SignedIn
from streams.services.going_live import NotLive, go_live
from streams.services.officer_page import find_live
from streams.services.shifts import set_status

STOPS = (wire.SessionStop, wire.StreamStop)  # said by a phone that does not stream, too


class OfficerSocket(PhoneSocket):
    """One page of an officer."""

    rate = (20.0, 60)
    most_open = 4
    session_id: UUID | None = None
    shares = False  # whether it is this page's phone that streams
    is_publishing = False  # what ends as replaced meanwhile, this phone replaces itself
    gave_way = False  # another phone took the stream over: what is still on its way here starts nothing again
    handlers = {
        **PhoneSocket.sharing,
        wire.OfficerSnapshotAsk: "officer_snapshot",
        wire.StatusSet: "status_set",
        wire.LiveStart: "live_start",
    }

    @property
    def actor(self) -> Actor:
        """The signed-in officer."""
        return self.user.actor

    @property
    def phone(self) -> signalling.Officer:
        """The officer in the session that goes on; raises `NotLive`."""
        if self.session_id is None:
            raise NotLive
        return signalling.Officer(self.force, self.actor, self.session_id)

    def decode(self, text: str) -> wire.OfficerFrame:
        """Read a frame of this socket; raises `WireError`."""
        return wire.decode_officer(text)

    async def begin(self) -> None:
        """Refuse who is not signed in or may not stream; send all that the page needs."""
        self.user = SignedIn(self.door)
        await self.user.review(is_activity=True)
        self.holder = self.user.session_key
        await self.officer_snapshot(wire.OfficerSnapshotAsk())

    async def heard(self) -> None:
        """The page lives, and the officer may still be here; only the page that shares says that its phone lives."""
        await self.user.review(is_activity=True)
        if self.shares and self.session_id is not None:
            await signalling.hear_officer(self.phone)

    async def check(self) -> None:
        """Whether the officer is still signed in, in the same role."""
        await self.user.review()

    async def wire_message(self, event: dict[str, Any]) -> None:
        """Pass a broadcast on; after the end of the session the page goes on without one."""
        await super().wire_message(event)
        message = event["message"]
        # News of the session before may come late: they say nothing of this one.
        if self.session_id is None or message.get("topic") != caller_topic(self.session_id):
            return
        if message["type"] == "session.ended":
            await self._follow(None)
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

    async def officer_snapshot(self, frame: wire.OfficerSnapshotAsk) -> None:
        """Send the page's state; follow the officer's own topic, and the session's while there is one."""
        await self._follow(await ain_force(self.force, find_live, actor=self.actor))
        async with AsyncExitStack() as topics:
            seqs = dict(await topics.enter_async_context(self.topics.anew(officer_topic(self.actor.id))))
            if self.session_id is not None:
                seqs |= await topics.enter_async_context(self.topics.anew(caller_topic(self.session_id)))
            page = await signalling.read_page(self.force, self.actor)
            self.outbox.put(signalling.officer_state(page, seqs, frame.ref))

    async def status_set(self, frame: wire.StatusSet) -> None:
        """Keep what the officer is doing."""
        await ain_force(self.force, set_status, actor=self.actor, now=clock.now(), status=frame.status)

    async def live_start(self, frame: wire.LiveStart) -> None:
        """Go live; the answer is the page's state."""
        await ain_force(self.force, go_live, actor=self.actor, now=clock.now(), incident_id=frame.incident_id)
        await self.officer_snapshot(wire.OfficerSnapshotAsk(ref=frame.ref))
        await signalling.hear_officer(self.phone)

    async def stream_publish(self, frame: wire.StreamPublish) -> None:
        """Publish the picture, in the place of any other of the officer's."""
        self.is_publishing = True
        try:
            await super().stream_publish(frame)
        finally:
            self.is_publishing = False

    async def _follow(self, session_id: UUID | None) -> None:
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
