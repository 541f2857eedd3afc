"""Whether what is to be recorded is, and nothing else: only the growth of files proves either."""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import timedelta
from uuid import UUID

from django.conf import settings

from consultations.services import rounds, segments
from consultations.services.segments import OpenTrack
from consultations.signalling.carrying import carry_out, halt
from consultations.signalling.seats import end_feed
from forces import clock
from forces.context import ForceRef, ain_force
from streams.gateway.interface import GatewayError, HandleRef
from streams.signalling.files import is_full
from streams.signalling.gateways import gateway_for
from streams.signalling.upkeep import Upkeep

log = logging.getLogger(__name__)
# While a recording is this young each look asks for a whole picture: the first request may have been dropped.
YOUNG = timedelta(seconds=4)
# A file that was closed is still being renamed, and one that was not is caught a look later.
GOES_ON_AFTER_S = 1.0
_growing: dict[str, dict[UUID, tuple[int, float]]] = {}


async def check_track_recordings(upkeep: Upkeep) -> None:
    """Confirm what grows, raise the alarm for what does not, and stop what grows without anybody's leave."""
    force = upkeep.force
    await asyncio.gather(*(_look(force, track) for track in await ain_force(force, segments.list_open_tracks)))
    for session_id in await ain_force(force, rounds.list_overdue_rounds, now=clock.now()):
        effects = await ain_force(force, rounds.close_overdue_round, now=clock.now(), session_id=session_id)
        await carry_out(force, effects)
    await _stop_what_goes_on(force)


async def _look(force: ForceRef, track: OpenTrack) -> None:
    size = await asyncio.to_thread(track_bytes, force, track.session_id, track.file_base)
    now = clock.now()
    await ain_force(force, segments.note_track_growth, now=now, segment_id=track.segment_id, bytes_seen=size)
    if await asyncio.to_thread(is_full):
        code = "recording_no_space"
        await ain_force(force, segments.raise_track_alarm, now=now, segment_id=track.segment_id, code=code)
    if track.place is not None and now - track.started_at < YOUNG:
        try:
            gateway = await gateway_for(track.place.node)
            await gateway.request_keyframe(HandleRef(track.place.gateway_session, track.place.gateway_handle))
        except GatewayError as error:
            log.info("no whole picture was asked for: %s", error)


async def _stop_what_goes_on(force: ForceRef) -> None:
    """A recording that nobody agreed to, or no longer: better a blink of the picture than one second more of it."""
    quiet = await ain_force(force, segments.list_unrecorded_feeds)
    growing = _growing.setdefault(force.schema, {})
    for session_id, feed_id, held in quiet:
        size = await asyncio.to_thread(track_bytes, force, session_id, str(feed_id))
        before = growing.get(feed_id)
        if size and (before is None or before[0] != size):
            first = before[1] if before is not None and size > before[0] else time.monotonic()
            growing[feed_id] = (size, first)
            await halt(held)
            if before is not None and time.monotonic() - first >= GOES_ON_AFTER_S:
                await ain_force(force, segments.tell_alarm, session_id=session_id, code="recording_goes_on")
                await end_feed(force, feed_id, "recording_goes_on")
        elif not size:
            growing.pop(feed_id, None)
    for feed_id in growing.keys() - {feed_id for _, feed_id, _ in quiet}:
        del growing[feed_id]


def track_bytes(force: ForceRef, session_id: UUID, file_base: str) -> int:
    """Return the size, in bytes, of the files that are being written under a base now; blocks on the disk."""
    directory = settings.RECORDINGS_DIR / force.schema / str(session_id)
    sizes = []
    for path in directory.glob(f"*{file_base}*.mjr.part"):
        try:
            sizes.append(path.stat().st_size)
        except FileNotFoundError:
            continue  # closed and renamed in this moment
    return sum(sizes)
