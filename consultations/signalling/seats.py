"""A page's seat: its place in a room, what it sends, what it receives; joined, taken up again, given up.

Three steps, always: rows, media server, rows. Whoever comes from another room has left that one at the media server
before the next one opens.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from channels.layers import get_channel_layer

from consultations.errors import PlaceOver
from consultations.services import admission as admitting
from consultations.services import feeds, leading, places
from consultations.services.admission import PlaceAdmission
from consultations.services.feeds import RoomFeed
from consultations.services.keeping import FEED, FEED_KIND, RECEPTION
from consultations.signalling.carrying import call_spec, carry_out, leave_surely
from consultations.signalling.people import Person
from consultations.signalling.receiving import Received, TunedPlace, receive
from consultations.signalling.tuner import Tuner, tuner_of
from forces import clock
from forces.context import ForceRef, ain_force
from forces.errors import DomainError
from streams.gateway.interface import Answer, GatewayError, HandleRef, Offer
from streams.services.handles import HeldHandle
from streams.services.ownership import Owned
from streams.shapes import Plain
from streams.signalling.errors import as_domain_error
from streams.signalling.gateways import PROCESS, gateway_for, pick_node, remember
from streams.signalling.publish import detach_all, give_back
from streams.signalling.rooms import Participant, opaque_id
from streams.signalling.takeover import take_place

log = logging.getLogger(__name__)
Say = Callable[[Any], None]


@dataclass
class Seat:
    """What a page's socket holds of a place: its feeds' handles, its reception's tuner, the room as told last."""

    person: Person
    socket: str
    say: Say
    place: TunedPlace | None = None
    handles: dict[UUID, HeldHandle] = field(default_factory=dict)
    tuner: Tuner | None = None
    news: Mapping[str, Any] | None = None

    @property
    def force(self) -> ForceRef:
        """The force of the consultation."""
        return self.person.force


@dataclass(frozen=True, slots=True)
class Joined:
    """A place that was taken, and the media server's answer to the camera's offer."""

    place_id: UUID
    feed_id: UUID
    sdp: str
    room: Plain


async def join(
    seat: Seat, sdp: str, *, purpose: str, talk_id: UUID | None, answer_now: Callable[[Joined], None]
) -> None:
    """Take a place with the page's offer. Raises domain errors; a place that could not be joined is ended.

    `answer_now` gets the answer as soon as the media server has given it: the page connects while the rest is written.
    Camera and reception are asked for at once, which is what makes it quick.
    """
    await drop(seat)
    node = await pick_node()
    how = {"purpose": purpose, "node": node, "socket": seat.socket, "talk_id": talk_id}
    admission = await seat.person.act(admitting.admit_place, **how)
    await _tell_taken(admission)
    place = TunedPlace(
        admission.place_id,
        seat.socket,
        admission.session_id,
        admission.participant_id,
        admission.purpose,
        admission.node,
        admission.room_id,
    )
    try:
        if admission.is_other_room:
            await leave_surely(seat.force, admission.leftovers)
        else:
            await detach_all(seat.force, admission.leftovers)
        await (await gateway_for(place.node)).ensure_room(call_spec(seat.force, place.session_id, place.room_id))
        await _enter(seat, place, admission, sdp, answer_now)
    except GatewayError as error:
        await _give_up(seat, admission.place_id, "gateway_failed")
        raise as_domain_error(error) from error
    except BaseException:
        await _give_up(seat, admission.place_id, "gateway_failed")
        raise


async def resume(seat: Seat, place_id: UUID) -> Plain:
    """Take a place up again whose page lost its line, from whatever process; returns how the room stands.

    Raises `PlaceOver` or `NotFound` where there is none any more: the page then joins anew.
    """
    if seat.place is None or seat.place.place_id != place_id:
        await drop(seat)
    held = await seat.person.act(places.find_place, place_id=place_id, socket=seat.socket)
    place = TunedPlace(
        held.place_id, seat.socket, held.session_id, held.participant_id, held.purpose, held.node, held.room_id
    )
    try:
        for handle, process, _ in held.feeds:
            await take_place(seat.force, Owned(FEED, handle.id, place.session_id, "", "", handle), handle, process)
    except GatewayError as error:
        await _give_up(seat, place_id, "media_lost")
        raise PlaceOver from error
    if not held.feeds:
        await _give_up(seat, place_id, "media_lost")
        raise PlaceOver
    await _stop_tuner(seat)
    seat.place, seat.handles = place, {handle.id: handle for handle, _, _ in held.feeds}
    _tune(seat, place, held.others, held=await _take_reception(seat, held))
    return held.room


async def leave_place(seat: Seat) -> None:
    """Give the own place up; out of the call that is leaving it."""
    await drop(seat)
    await carry_out(seat.force, await seat.person.act(leading.leave_call))


async def end_feed(force: ForceRef, feed_id: UUID, reason: str) -> None:
    """End a feed, whoever found that it is over; with the camera's its place. One that is over is fine."""
    left = await ain_force(force, places.end_feed, now=clock.now(), feed_id=feed_id, reason=reason)
    await detach_all(force, left)


async def end_place(force: ForceRef, place_id: UUID, reason: str) -> None:
    """End a place, whoever found that it is over."""
    left = await ain_force(force, places.end_place_of, now=clock.now(), place_id=place_id, reason=reason)
    await detach_all(force, left)


async def drop(seat: Seat) -> None:
    """The page's hold of a place ends here: the socket is gone, or takes another place. The place itself goes on."""
    await _stop_tuner(seat)
    seat.place, seat.handles = None, {}


def take_room(seat: Seat, frame: Mapping[str, Any]) -> None:
    """Take in the newest state of the room that the seat's place is in, or soon will be."""
    seat.news = frame
    if seat.tuner is None or seat.place is None or frame.get("place_id") != str(seat.place.place_id):
        return
    seat.tuner.wish(
        [
            RoomFeed(feed["id"], person["id"], feed["source"])
            for person in frame["people"]
            for feed in person["feeds"]
            if feed["is_up"]
        ]
    )


async def _enter(
    seat: Seat, place: TunedPlace, admission: PlaceAdmission, sdp: str, answer_now: Callable[[Joined], None]
) -> None:
    sending = asyncio.create_task(publish_feed(seat, place, admission.feed_id, sdp))
    receiving = asyncio.create_task(_receive(seat.force, place, admission))
    try:
        held, answer = await sending
    except BaseException:
        receiving.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await _give_reception_back(place, await receiving)
        raise
    answer_now(Joined(place.place_id, admission.feed_id, answer.sdp, admission.room))
    seat.place, seat.handles = place, {held.id: held}
    try:
        await keep_feed(seat, held)
    except BaseException:
        await _give_reception_back(place, await receiving)
        raise
    _tune(seat, place, admission.feeds, first=await receiving)


def _tune(seat: Seat, place: TunedPlace, others: Sequence[RoomFeed], **begun: Any) -> None:
    """Begin to receive; who came while the place was being taken is received, too."""
    seat.tuner = Tuner(seat.force, place, seat.say)
    seat.tuner.start(others, **begun)
    if seat.news is not None:
        take_room(seat, seat.news)


async def _receive(force: ForceRef, place: TunedPlace, admission: PlaceAdmission) -> Received | None:
    """Receive what is there at once; where that fails the tuner begins anew."""
    if admission.reception_id is None:
        return None
    try:
        return await receive(force, place, admission.reception_id, admission.feeds, {})
    except (GatewayError, DomainError) as error:
        log.info("nothing is received at once: %r", error)
        return None


async def publish_feed(seat: Seat, place: TunedPlace, feed_id: UUID, sdp: str) -> tuple[HeldHandle, Answer]:
    participant = Participant(seat.force.schema, FEED_KIND, feed_id)
    gateway = await gateway_for(place.node)
    handle, answer = await gateway.publish(
        room=call_spec(seat.force, place.session_id, place.room_id),
        feed_id=str(feed_id),
        opaque_id=opaque_id(participant),
        offer=Offer(sdp),
    )
    remember(seat.force, place.node, handle, participant)
    return HeldHandle(FEED, feed_id, place.node, handle.session_id, handle.handle_id), answer


async def keep_feed(seat: Seat, held: HeldHandle) -> None:
    """Write the place down. A feed that was ended meanwhile must not go on at the media server."""
    try:
        await ain_force(
            seat.force,
            feeds.note_feed_placed,
            now=clock.now(),
            feed_id=held.id,
            gateway_session=held.gateway_session,
            gateway_handle=held.gateway_handle,
            process=PROCESS,
        )
    except BaseException:
        seat.handles.pop(held.id, None)
        await give_back(held)
        raise
    seat.handles[held.id] = held


async def _take_reception(
    seat: Seat, held: places.HeldPlace
) -> tuple[UUID, HandleRef, Mapping[str, tuple[str, str]]] | None:
    """Bring the reception along; one that is gone is begun anew by the tuner."""
    if held.reception is None:
        return None
    handle, process = held.reception
    former = tuner_of(handle.id)
    if former is not None:
        await former.stop()
    owned = Owned(RECEPTION, handle.id, held.session_id, "", "", handle)
    try:
        await take_place(seat.force, owned, handle, process)
    except GatewayError:
        return None
    return handle.id, handle_ref(handle), held.lines


async def _give_up(seat: Seat, place_id: UUID, reason: str) -> None:
    await drop(seat)
    try:
        await end_place(seat.force, place_id, reason)
    except Exception:
        log.warning("the end of a place was not written down", exc_info=True, extra={"place_id": str(place_id)})


async def _give_reception_back(place: TunedPlace, received: Received | None) -> None:
    if received is not None:
        handle = received.handle
        await give_back(HeldHandle(RECEPTION, received.reception_id, place.node, handle.session_id, handle.handle_id))


async def _stop_tuner(seat: Seat) -> None:
    if seat.tuner is not None:
        tuner, seat.tuner = seat.tuner, None
        await tuner.stop()


def handle_ref(held: HeldHandle) -> HandleRef:
    """Return a held place as the gateway names it."""
    return HandleRef(held.gateway_session, held.gateway_handle)


async def _tell_taken(admission: PlaceAdmission) -> None:
    """The page that had the place until now is told alone: what all of the person's pages hear has a number."""
    if admission.replaced_socket:
        layer: Any = get_channel_layer()
        with contextlib.suppress(OSError):
            await layer.send(admission.replaced_socket, {"type": "seat.taken"})
