"""`/ws/consultation/`: the board and the desk of a signed-in officer."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID

from consultations import wire
from consultations.broadcasts import desk_topic, meeting_topic
from consultations.consumers.desk_recording import RecordingSocket
from consultations.desk_shapes import own_view
from consultations.errors import NotInside
from consultations.services import caution, leading
from consultations.services.visit_page import require_runner
from consultations.signalling import calls, pages, seats
from consultations.signalling.people import Officer, Person, ice_servers_of
from forces import clock
from forces.actors import Actor
from forces.context import ain_force
from forces.errors import NotFound
from streams.consumers.signed_in import SignedIn


class DeskSocket(RecordingSocket):
    """One page of an officer: the board, one desk, and a seat in its call."""

    rate = (20.0, 80)
    most_open = 8
    session_id: UUID | None = None
    participant_id: UUID | None = None
    followed: UUID | None = None
    rights: dict[str, bool] = {"may_take": False, "may_oversee": False}
    handlers = {
        **RecordingSocket.seating,
        **RecordingSocket.receiving,
        **RecordingSocket.private,
        **RecordingSocket.wording,
        **RecordingSocket.boarding,
        **RecordingSocket.people,
        wire.DeskOpen: "desk_open",
        wire.DeskClose: "desk_close",
        wire.ConsultationTake: "consultation_take",
        wire.CallEnd: "call_end",
        **RecordingSocket.recording,
        wire.CautionLift: "caution_lift",
    }

    @property
    def actor(self) -> Actor:
        """The signed-in officer."""
        return self.user.actor

    @property
    def desk_id(self) -> UUID:
        """The consultation that is open here."""
        if self.session_id is None:
            raise NotFound("No consultation is open here.")
        return self.session_id

    @property
    def person(self) -> Person:
        """The officer among the people of the consultation."""
        if self.participant_id is None:
            raise NotInside
        return Officer(self.force, self.actor, self.desk_id, self.participant_id)

    def decode(self, text: str) -> wire.ClientFrame:
        """Read a frame of this socket; raises `WireError`."""
        return wire.decode_desk(text)

    async def begin(self) -> None:
        """Refuse who is not signed in or may not run consultations."""
        self.user = SignedIn(self.door)
        await self.user.review(is_activity=True)
        self.holder = f"consultation:{self.user.session_key}"
        await ain_force(self.force, require_runner, actor=self.actor)

    async def heard(self) -> None:
        """The page lives, and the officer may still be here."""
        await self.user.review_in_turn()
        await super().heard()

    async def check(self) -> None:
        """Whether the officer is still signed in, in the same role."""
        await self.user.review()

    async def wire_message(self, event: dict[str, Any]) -> None:
        """Pass a broadcast on; an officer who was made one of the people meanwhile follows their own topic, too."""
        await super().wire_message(event)
        if self.session_id is not None and self.participant_id not in (None, self.followed):
            await self.desk_open(wire.DeskOpen(session_id=self.session_id))

    def completed(self, message: dict[str, Any]) -> dict[str, Any]:
        """Say how this officer stands, with the news of how the consultation does."""
        if message["type"] != "desk.changed":
            return super().completed(message)
        me = own_view(self.actor, message["consultation"], **self.rights)
        self._sit_as(me["participant_id"])
        servers = {"ice_servers": ice_servers_of(UUID(me["participant_id"]))} if me["state"] == "admitted" else {}
        return {**message, "me": me, **servers}

    async def desk_open(self, frame: wire.DeskOpen) -> None:
        """Send the consultation whole, and follow it."""
        if self.session_id not in (None, frame.session_id):
            await self.desk_close(wire.DeskClose())
        self.rights = await pages.admit_desk(self.force, self.actor, frame.session_id)
        async with AsyncExitStack() as topics:
            seqs = dict(await topics.enter_async_context(self.topics.anew(desk_topic(frame.session_id))))
            page = await pages.open_desk(self.force, self.actor, frame.session_id)
            self.session_id = frame.session_id
            self.followed = page.participant_id
            if page.participant_id is not None:
                seqs |= await topics.enter_async_context(self.topics.anew(meeting_topic(page.participant_id)))
            self._sit_as(page.me["participant_id"])
            self.outbox.put(pages.desk_snapshot(page, seqs, frame.ref))
        if self.participant_id is not None:
            await self.tell_talk(self.person)

    async def desk_close(self, frame: wire.DeskClose) -> None:
        """Follow it no longer; a place in its call goes on until it is left."""
        if self.session_id is not None:
            await self.topics.leave(desk_topic(self.session_id))
        if self.followed is not None:
            await self.topics.leave(meeting_topic(self.followed))
        if self.seat is not None:
            await seats.drop(self.seat)
        self.session_id = self.participant_id = self.followed = self.seat = None

    async def consultation_take(self, frame: wire.ConsultationTake) -> None:
        """Lead it; the answer is the desk anew, which follows the officer's own topic from now on."""
        at: dict[str, Any] = {"actor": self.actor, "now": clock.now(), "session_id": self.desk_id}
        await ain_force(self.force, leading.take_consultation, **at)
        await self.desk_open(wire.DeskOpen(session_id=self.desk_id, ref=frame.ref))

    async def call_end(self, frame: wire.CallEnd) -> None:
        """End it for all."""
        await calls.end_for_all(self.force, self.actor, self.desk_id, frame.reason)

    async def caution_lift(self, frame: wire.CautionLift) -> None:
        """Take a caution off."""
        at: dict[str, Any] = {"actor": self.actor, "now": clock.now(), "session_id": self.desk_id}
        await ain_force(self.force, caution.lift_caution, **at)

    def _sit_as(self, participant_id: str | None) -> None:
        self.participant_id = UUID(participant_id) if participant_id else None
        if self.participant_id is not None:
            self.sit()
