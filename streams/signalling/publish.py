"""A phone's picture, a caller's or an officer's: admitted, joined at the media server, kept; undone where one fails."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from forces import clock, dispatch
from forces.actors import Actor
from forces.context import ForceRef, ain_force
from streams.broadcasts import stream_coming
from streams.gateway.interface import Answer, Candidate, GatewayError, HandleGone, HandleRef, Offer
from streams.services import handles, publishing
from streams.services.handles import HeldHandle
from streams.signalling.errors import as_domain_error, end_reason_of
from streams.signalling.gateways import PROCESS, forget, gateway_for, pick_node, remember
from streams.signalling.phones import Phone
from streams.signalling.rooms import Participant, opaque_id, room_spec

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Published:
    """The stream that was opened, its place, and the media server's answer."""

    stream_id: UUID
    sdp: str
    place: HeldHandle


def _say_nothing(published: Published) -> None:
    """For who waits until everything is written down."""


async def publish(
    phone: Phone,
    sdp: str,
    answer_now: Callable[[Published], None] = _say_nothing,
    *,
    is_early: bool = False,
    is_polite: bool = False,
) -> Published:
    """Publish the phone's offer. Raises domain errors; a stream that could not be joined is ended.

    `answer_now` gets the answer before the place is written down: the phone connects meanwhile. `is_early`: the
    camera is not on yet. `is_polite`: a picture of the same session that arrives is not interrupted.
    """
    node = await pick_node()
    how = {"is_early": is_early, "is_polite": is_polite}
    admission = await phone.act(publishing.admit_publisher, node=node, owner=PROCESS, **how)
    await detach_all(phone.force, admission.leftovers)
    coming = stream_coming(admission.session_id, admission.stream_id)
    try:
        (handle, answer), _ = await asyncio.gather(
            _join(phone.force, admission, sdp), dispatch.publish(phone.force, [coming])
        )
    except GatewayError as error:
        await end_stream(phone.force, Actor.system("signalling"), admission.stream_id, end_reason_of(error))
        raise as_domain_error(error) from error
    place = HeldHandle("stream", admission.stream_id, admission.node, handle.session_id, handle.handle_id)
    published = Published(admission.stream_id, answer.sdp, place)
    answer_now(published)
    await _keep(phone.force, place)
    return published


async def trickle_publisher(phone: Phone, candidate: Candidate | None, place: HeldHandle | None = None) -> None:
    """Pass on a candidate of the stream that goes on; without one it came too late, and that is fine.

    `place` is what the same socket published: there are a dozen candidates, and no row need be read for them.
    """
    held = place or await phone.act(publishing.find_publisher_handle)
    if held is None:
        return
    try:
        gateway = await gateway_for(held.node)
        await gateway.trickle(HandleRef(held.gateway_session, held.gateway_handle), candidate)
    except HandleGone:
        return
    except GatewayError as error:
        raise as_domain_error(error) from error


async def stop_stream(phone: Phone) -> None:
    """End the phone's own picture; the session goes on."""
    await detach_all(phone.force, await phone.act(publishing.end_session_streams, reason="stopped"))


async def end_stream(force: ForceRef, actor: Actor, stream_id: UUID, reason: str) -> None:
    """End one stream, whoever wants it to end, and give its places back."""
    left = await ain_force(
        force, publishing.end_stream, actor=actor, now=clock.now(), stream_id=stream_id, reason=reason
    )
    await detach_all(force, left)


async def detach_all(force: ForceRef, held: Iterable[HeldHandle]) -> None:
    """Give places back to the media server; what fails now is found again by the watchdog."""
    gone = [place for place in held if await give_back(place)]
    if gone:
        await ain_force(force, handles.note_detached, handles=gone)


async def give_back(held: HeldHandle) -> bool:
    """Give one place back to the media server, and touch no row; False when that failed."""
    handle = HandleRef(held.gateway_session, held.gateway_handle)
    forget(held.node, handle)
    try:
        gateway = await gateway_for(held.node)
        await gateway.detach(handle)
    except Exception:
        log.warning("a place was not given back yet", exc_info=True, extra={"node": held.node})
        return False
    return True


async def _join(force: ForceRef, admission: publishing.PublisherAdmission, sdp: str) -> tuple[HandleRef, Answer]:
    gateway = await gateway_for(admission.node)
    room = room_spec(force, admission.session_id, admission.room_id)
    await gateway.ensure_room(room)
    if admission.was_recorded:
        # The consent to record, or the wish, may have gone with the stream before; `_went_live` asks anew.
        await gateway.set_recording(room.room_id, room.secret, on=False)
    participant = Participant(force.schema, "p", admission.stream_id)
    handle, answer = await gateway.publish(
        room=room, feed_id=str(admission.stream_id), opaque_id=opaque_id(participant), offer=Offer(sdp)
    )
    remember(force, admission.node, handle, participant)
    return handle, answer


async def _keep(force: ForceRef, place: HeldHandle) -> None:
    """Write the place down. A stream that was ended meanwhile (STOP) must not go on at the media server."""
    try:
        await ain_force(
            force,
            publishing.note_published,
            stream_id=place.id,
            gateway_session=place.gateway_session,
            gateway_handle=place.gateway_handle,
            owner=PROCESS,
        )
    except BaseException:
        await give_back(place)
        raise
