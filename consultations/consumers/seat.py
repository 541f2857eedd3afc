"""What both sockets of a consultation do with a seat: join, come back, send, leave."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from consultations import wire
from consultations.errors import NotAdmitted, PlaceOver
from consultations.services import feeds
from consultations.services.visit_page import require_servers
from consultations.signalling import seats, sending
from consultations.signalling.people import Person, ice_servers_of
from consultations.signalling.seats import Joined, Seat
from consultations.signs import hear_person
from forces.errors import NotFound
from streams.consumers.socket import WireSocket
from streams.signalling.candidates import candidate_of


class SeatSocket(WireSocket, ABC):
    """The part of a socket that has a place in a room."""

    urgent = wire.SEAT_URGENT
    beside = wire.SEAT_BESIDE
    # A page that pings touches no row; whatever ends a right tells the page itself, and rows are read every 10 s.
    guard_rounds = 1 / 3
    seat: Seat | None = None
    seating: ClassVar[dict[type[wire.ClientFrame], str]] = {
        wire.PlaceJoin: "place_join",
        wire.SeatServers: "seat_servers",
        wire.PlaceResume: "place_resume",
        wire.PlaceLeave: "place_leave",
        wire.FeedOpen: "feed_open",
        wire.FeedRestart: "feed_restart",
        wire.FeedCandidate: "feed_candidate",
        wire.FeedClose: "feed_close",
        wire.CallOwn: "call_own",
    }

    @property
    @abstractmethod
    def person(self) -> Person:
        """Who sits here; raises a `DomainError` when nobody may."""

    def sit(self) -> Seat:
        """Return the socket's seat, for the person that it is of now."""
        person = self.person
        if self.seat is None or self.seat.person.participant_id != person.participant_id:
            self.seat = Seat(person, self.channel_name, self.outbox.put)
        self.seat.person = person
        return self.seat

    async def heard(self) -> None:
        """The page lives."""
        if self.seat is not None:
            await hear_person(self.force, self.seat.person.participant_id)

    async def finish(self) -> None:
        """The socket is gone: its place goes on for whoever comes back to it."""
        if self.seat is not None:
            await seats.drop(self.seat)

    async def wire_message(self, event: dict[str, Any]) -> None:
        """Let the tuner know how the room stands, and pass the broadcast on."""
        message = event["message"]
        if self.seat is not None and message["type"] == "room.changed":
            seats.take_room(self.seat, message)
        elif self.seat is not None and message["type"] == "place.gone":
            await self._lost_place(message["place_id"])
        await super().wire_message({**event, "message": self.completed(message)})

    def completed(self, message: dict[str, Any]) -> dict[str, Any]:
        """Return a broadcast with what only this socket can add."""
        if message["type"] == "talk.began" and self.seat is not None:
            return {**message, "ice_servers": ice_servers_of(self.seat.person.participant_id)}
        return message

    async def seat_taken(self, event: dict[str, Any]) -> None:
        """Another page of the same person has the place now."""
        if self.seat is not None and self.seat.place is not None:
            place_id = str(self.seat.place.place_id)
            await seats.drop(self.seat)
            self.outbox.put(wire.PlaceTaken(place_id=place_id))

    async def place_join(self, frame: wire.PlaceJoin) -> None:
        """Take a place."""

        def answer(joined: Joined) -> None:
            ids = {"place_id": str(joined.place_id), "feed_id": str(joined.feed_id)}
            self.outbox.put(wire.PlaceJoined(**ids, sdp=joined.sdp, room=joined.room, ref=frame.ref))

        await seats.join(self.sit(), frame.sdp, purpose=frame.purpose, talk_id=frame.talk_id, answer_now=answer)

    async def seat_servers(self, frame: wire.SeatServers) -> None:
        """Give ICE servers again to whoever may have a place now."""
        await self.person.act(require_servers)
        self.outbox.put(wire.ServersGiven(ice_servers=ice_servers_of(self.person.participant_id), ref=frame.ref))

    async def place_resume(self, frame: wire.PlaceResume) -> None:
        """Come back to a place."""
        try:
            room = await seats.resume(self.sit(), frame.place_id)
        except (NotFound, PlaceOver, NotAdmitted):
            self.outbox.put(wire.PlaceGone(place_id=str(frame.place_id), reason="over", ref=frame.ref))
            return
        self.outbox.put(wire.PlaceResumed(place_id=str(frame.place_id), room=room, ref=frame.ref))

    async def place_leave(self, frame: wire.PlaceLeave) -> None:
        """Give the place up."""
        await seats.leave_place(self.sit())
        self.outbox.put(wire.PlaceLeft(ref=frame.ref))

    async def feed_open(self, frame: wire.FeedOpen) -> None:
        """Share a screen."""
        feed_id, sdp = await sending.open_screen(self.sit(), frame.sdp)
        self.outbox.put(wire.FeedOpened(feed_id=str(feed_id), sdp=sdp, ref=frame.ref))

    async def feed_restart(self, frame: wire.FeedRestart) -> None:
        """Give a feed new ICE credentials."""
        sdp = await sending.restart_feed(self.sit(), frame.feed_id, frame.sdp)
        self.outbox.put(wire.FeedRestarted(feed_id=str(frame.feed_id), sdp=sdp, ref=frame.ref))

    async def feed_candidate(self, frame: wire.FeedCandidate) -> None:
        """Pass a candidate on."""
        await sending.trickle_feed(self.sit(), frame.feed_id, candidate_of(frame.candidate))

    async def feed_close(self, frame: wire.FeedClose) -> None:
        """Share the screen no longer."""
        await sending.close_feed(self.sit(), frame.feed_id)

    async def call_own(self, frame: wire.CallOwn) -> None:
        """Keep how the own microphone, camera and line stand."""
        how = {"is_muted": frame.is_muted, "camera_off": frame.camera_off, "rung": frame.rung}
        await self.person.act(feeds.report_own, **how)

    async def _lost_place(self, place_id: str) -> None:
        if self.seat is not None and self.seat.place is not None and str(self.seat.place.place_id) == place_id:
            await seats.drop(self.seat)
