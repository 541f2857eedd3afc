"""Recording a room at the media server, on and off; whether it really happens is seen by the watchdog."""

from __future__ import annotations

from uuid import UUID

from forces import clock
from forces.actors import Actor
from forces.context import ForceRef, ain_force
from streams.gateway.interface import GatewayError, HandleRef
from streams.services import recording
from streams.services.handles import publisher_handle
from streams.signalling.errors import as_domain_error
from streams.signalling.gateways import gateway_for
from streams.signalling.rooms import room_secret


async def set_recording(force: ForceRef, actor: Actor, *, session_id: UUID, on: bool) -> None:
    """Carry out what an operator wants; without a live stream the wish is kept for the next one."""
    plan = await ain_force(force, recording.want_recording, actor=actor, now=clock.now(), session_id=session_id, on=on)
    if plan.stream_id is None:
        return
    if on:
        await start_recording(force, actor, plan.stream_id, plan.node, plan.room_id)
        return
    try:
        await _switch(plan.node, plan.room_id, on=False)
    except GatewayError as error:
        raise as_domain_error(error) from error
    await ain_force(force, recording.note_stopped, actor=actor, now=clock.now(), stream_id=plan.stream_id)


async def start_recording(force: ForceRef, actor: Actor, stream_id: UUID, node: str, room_id: str) -> None:
    """Record a room; when the media server refuses, the alarm is raised at once and no error."""
    segment_id = await ain_force(force, recording.note_started, actor=actor, now=clock.now(), stream_id=stream_id)
    if segment_id is None:
        return
    try:
        await _switch(node, room_id, on=True)
    except GatewayError as error:
        as_domain_error(error)
        await ain_force(force, recording.raise_alarm, now=clock.now(), segment_id=segment_id, code="recording_refused")
        return
    await ask_for_whole_picture(force, stream_id)


async def ask_for_whole_picture(force: ForceRef, stream_id: UUID) -> None:
    """Ask the phone for a key frame: what is recorded before one cannot be decoded, and phones send few unasked.

    The media server drops a request that follows another one within a second: ask again later.
    """
    held = await ain_force(force, publisher_handle, stream_id=stream_id)
    if held is None:
        return
    try:
        gateway = await gateway_for(held.node)
        await gateway.request_keyframe(HandleRef(held.gateway_session, held.gateway_handle))
    except GatewayError as error:
        as_domain_error(error)


async def _switch(node: str, room_id: str, *, on: bool) -> None:
    gateway = await gateway_for(node)
    await gateway.set_recording(room_id, room_secret(room_id), on)
