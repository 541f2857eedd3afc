"""What an act that was written down means at the media server: halt recordings, begin others, give places back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from uuid import UUID

from consultations.services import segments
from consultations.services.effects import Effects, TrackPlan
from forces import clock
from forces.context import ForceRef, ain_force
from streams.gateway.interface import GatewayError, HandleGone, HandleRef, RoomSpec
from streams.services.handles import HeldHandle
from streams.signalling.errors import MediaUnavailable, as_domain_error
from streams.signalling.gateways import gateway_for
from streams.signalling.publish import detach_all, give_back
from streams.signalling.rooms import room_spec

log = logging.getLogger(__name__)

# VP8 alone: every browser speaks it, and the media server uses a line again for the same codec only.
MEDIA = {"video_codecs": "vp8", "max_publishers": 16, "bitrate": 1_500_000, "opus_fec": True}


def call_spec(force: ForceRef, session_id: UUID, room_id: str) -> RoomSpec:
    """Return a room of a consultation: the call, a private talk, or a line check."""
    return room_spec(force, session_id, room_id, **MEDIA)


async def carry_out(force: ForceRef, effects: Effects) -> None:
    """Do what is to be done; what fails is found again by the watchdog. Recordings halt first."""
    await asyncio.gather(*(halt(held) for held in effects.halt))
    await detach_all(force, effects.detach)
    await asyncio.gather(*(record_track(force, plan) for plan in effects.record))


async def leave_surely(force: ForceRef, held: Iterable[HeldHandle]) -> None:
    """Give places back, and go on only when each was answered: nobody may be heard there any more.

    Raises `MediaUnavailable`.
    """
    places = list(held)
    answers = await asyncio.gather(*(give_back(place) for place in places))
    gone = [place for place, is_gone in zip(places, answers, strict=True) if is_gone]
    await detach_all(force, gone)
    if len(gone) < len(places):
        raise MediaUnavailable


async def halt(held: HeldHandle) -> None:
    """Stop recording one feed; one whose place is gone is closed already."""
    try:
        gateway = await gateway_for(held.node)
        await gateway.set_feed_recording(HandleRef(held.gateway_session, held.gateway_handle), None)
    except HandleGone:
        return
    except GatewayError as error:
        as_domain_error(error)


async def record_track(force: ForceRef, plan: TrackPlan) -> None:
    """Record one feed; when the media server refuses, the alarm is raised at once and no error."""
    held = plan.place
    if held is None:
        return
    handle = HandleRef(held.gateway_session, held.gateway_handle)
    try:
        gateway = await gateway_for(held.node)
        await gateway.set_feed_recording(handle, plan.file_base)
        await gateway.request_keyframe(handle)
    except GatewayError as error:
        as_domain_error(error)
        code = "recording_refused"
        await ain_force(force, segments.raise_track_alarm, now=clock.now(), segment_id=plan.segment_id, code=code)
