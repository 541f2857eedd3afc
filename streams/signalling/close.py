"""The end of a session: the row first, so that it holds whatever fails; then media, room and evidence."""

from __future__ import annotations

import logging
from uuid import UUID

from forces import clock
from forces.actors import Actor
from forces.context import ForceRef, ain_force
from streams.gateway.interface import GatewayError, MediaGateway, NoSuchRoom
from streams.services import handles, rooms, sessions
from streams.services.rooms import OpenRoom
from streams.signalling.errors import as_domain_error
from streams.signalling.gateways import gateway_for
from streams.signalling.phones import Phone
from streams.signalling.publish import detach_all
from streams.signalling.rooms import room_secret

log = logging.getLogger(__name__)


async def stop_session(phone: Phone) -> None:
    """STOP on the phone that shares: everything ends now."""
    await phone.act(sessions.end_session, reason=phone.stop_reason)
    await _close_or_leave(phone.force, phone.session_id)


async def end_session(force: ForceRef, actor: Actor, *, session_id: UUID, reason: str) -> None:
    """End a session for an operator or the system. Raises `NotPermitted` or `NotFound`."""
    await ain_force(force, sessions.end_session, actor=actor, now=clock.now(), session_id=session_id, reason=reason)
    await _close_or_leave(force, session_id)


async def close_session(force: ForceRef, session_id: UUID) -> None:
    """Close the room of a session that is over and hand its recordings over. Again and again is fine.

    Raises a domain error when the media server does not answer; the watchdog then comes back.
    """
    room = await ain_force(force, rooms.find_open_room, session_id=session_id)
    if room is None:
        return
    if room.room_id:
        await _close_room(force, room)
    await ain_force(
        force,
        rooms.note_room_closed,
        actor=Actor.system("signalling"),
        now=clock.now(),
        session_id=session_id,
    )


async def _close_or_leave(force: ForceRef, session_id: UUID) -> None:
    """The session is over either way: a room that cannot be closed now is the watchdog's."""
    try:
        await close_session(force, session_id)
    except Exception:
        log.warning("room not closed yet", exc_info=True, extra={"force": force.schema})


async def _close_room(force: ForceRef, room: OpenRoom) -> None:
    """Recording, places, room, in this order: a room goes when nobody is in it."""
    try:
        gateway = await gateway_for(room.node)
        await _stop_recording(gateway, room.room_id)
        await detach_all(force, await ain_force(force, handles.find_session_handles, session_id=room.session_id))
        await gateway.close_room(room.room_id, room_secret(room.room_id))
        for other in room.other_rooms:
            await gateway.close_room(other, room_secret(other))
    except GatewayError as error:
        raise as_domain_error(error) from error


async def _stop_recording(gateway: MediaGateway, room_id: str) -> None:
    """Stop first: that is answered when the files are closed, while a closed room may still be writing."""
    try:
        await gateway.set_recording(room_id, room_secret(room_id), on=False)
    except NoSuchRoom:
        return
