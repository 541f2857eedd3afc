"""What must come true although a process died, a line was cut or nobody pressed a button; one force at a time.

Every step finds what is due in the rows, acts, and may be run again: it holds no truth of its own, only how long
something has been missing.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Collection
from uuid import UUID

import redis

from forces import clock
from forces.actors import Actor
from forces.context import ForceRef, ain_force
from forces.errors import DomainError
from forces.services import sharing
from streams.gateway.interface import GatewayError, NoSuchRoom
from streams.services import (
    arrival,
    attention,
    going_live,
    handles,
    ownership,
    progress,
    recording,
    rooms,
    sessions,
    shares,
    talking,
    view_requests,
    watching,
)
from streams.services.arrival import FlowingStream
from streams.services.recording import OpenSegment
from streams.signalling import agencies, colleagues, leases, presence
from streams.signalling.close import close_session, end_session
from streams.signalling.files import is_full, video_bytes
from streams.signalling.gateways import PROCESS, gateway_for
from streams.signalling.publish import detach_all, end_stream
from streams.signalling.recording import ask_for_whole_picture, start_recording
from streams.signalling.rooms import room_secret
from streams.signalling.takeover import take_over
from streams.signalling.talk import end_talk
from streams.signalling.watch import end_watch

log = logging.getLogger(__name__)

WATCHDOG = Actor.system("watchdog")
# Leases come back within a heartbeat after Redis was lost: only a longer absence counts.
ORPHANED_AFTER_S = 15.0
RETRY_ROOM_AFTER_S = 5.0
# With the second between two looks: a media server that hangs is not shown as live after 5 s.
ANSWERS_WITHIN_S = 1.0
BLIND_AFTER_S = 1.5
# A media server that hung says two seconds after its return of what is silent: only then is silence good news.
SEEN_AFTER_S = 2.5
# While a recording is this young each look asks for a whole picture: the first request may have been dropped.
YOUNG_S = 4.0


class Missing:
    """Since when each thing has been missing, by a steady clock."""

    def __init__(self) -> None:
        """Nothing is missing."""
        self._since: dict[object, float] = {}

    def look(self, missing: Collection[object], longer_than_s: float) -> set[object]:
        """Take in what is missing now; return what has been for longer than `longer_than_s`."""
        now = time.monotonic()
        self._since = {thing: self._since.get(thing, now) for thing in missing}
        return {thing for thing, since in self._since.items() if now - since >= longer_than_s}


class Upkeep:
    """The steps for one force."""

    def __init__(self, force: ForceRef) -> None:
        """Begin without a memory."""
        self.force = force
        self._owners = Missing()
        self._speakers = Missing()
        self._nodes = Missing()
        self._processes = Missing()
        self._seen = Missing()
        self._retry_at: dict[UUID, float] = {}

    async def expire_sessions(self) -> None:
        """Expire unused links and sessions, and end those over the time limit."""
        await ain_force(self.force, sessions.expire_sessions, now=clock.now())

    async def expire_requests(self) -> None:
        """Close what an officer was asked to show and did not answer in time."""
        await ain_force(self.force, view_requests.expire_requests, now=clock.now())

    async def end_left_behind(self) -> None:
        """End what an officer's phone goes on with although the officer is signed in nowhere any more."""
        for session_id in await ain_force(self.force, going_live.list_left_behind, now=clock.now()):
            await end_session(self.force, Actor.system("sign_in"), session_id=session_id, reason="signed_out")

    async def end_stale_streams(self) -> None:
        """End what never became live, and what has been silent for too long."""
        stale = await ain_force(self.force, arrival.list_stale_streams, now=clock.now())
        for stream_id, reason in stale:
            await end_stream(self.force, WATCHDOG, stream_id, reason)

    async def compare_feeds(self) -> None:
        """Compare live streams with what the media server knows: it may have died without a word."""
        flowing = await ain_force(self.force, arrival.list_flowing_streams)
        answers = await asyncio.gather(*(_feeds_of(stream) for stream in flowing))
        unreachable = {stream.node for stream, found in zip(flowing, answers, strict=True) if found is None}
        dark = self._nodes.look(set(unreachable), BLIND_AFTER_S)
        pairs = zip(flowing, answers, strict=True)
        answered: set[object] = {one.stream_id for one, found in pairs if one.is_unseen and isinstance(found, list)}
        seen = self._seen.look(answered, SEEN_AFTER_S)
        for stream, found in zip(flowing, answers, strict=True):
            if found is None:
                await self._go_blind(stream, is_dark=stream.node in dark)
            elif isinstance(found, NoSuchRoom):
                await end_stream(self.force, WATCHDOG, stream.stream_id, "gateway_failed")
            elif str(stream.stream_id) not in found:
                await end_stream(self.force, WATCHDOG, stream.stream_id, "hangup")
            elif stream.stream_id in seen:
                now = clock.now()
                await ain_force(self.force, arrival.mark_seen_again, now=now, stream_id=stream.stream_id)

    async def check_recordings(self) -> None:
        """Look whether the files of each recording grow, and can be entered; one in alarm is started again."""
        segments = await ain_force(self.force, recording.list_open_segments)
        has_room = not segments or not await asyncio.to_thread(is_full)
        if not has_room:
            await self._say_full(segments)
            return
        for segment in segments:
            seen = await asyncio.to_thread(video_bytes, self.force, segment.session_id, segment.stream_id)
            await ain_force(self.force, recording.note_growth, now=clock.now(), segment_id=segment.id, bytes_seen=seen)
            if segment.is_in_alarm:
                await start_recording(self.force, WATCHDOG, segment.stream_id, segment.node, segment.room_id)
            elif (clock.now() - segment.started_at).total_seconds() < YOUNG_S:
                await ask_for_whole_picture(self.force, segment.stream_id)

    async def close_rooms(self) -> None:
        """Close what belongs to sessions that are over, and hand their recordings over."""
        open_rooms = await ain_force(self.force, rooms.list_open_rooms)
        waiting = {room.session_id for room in open_rooms}
        self._retry_at = {key: at for key, at in self._retry_at.items() if key in waiting}
        for room in open_rooms:
            if time.monotonic() < self._retry_at.get(room.session_id, 0.0):
                continue
            try:
                await close_session(self.force, room.session_id)
            except DomainError:
                self._retry_at[room.session_id] = time.monotonic() + RETRY_ROOM_AFTER_S

    async def notice_callers(self) -> None:
        """Show which callers are not heard any more, and which are again."""
        expected = dict(await ain_force(self.force, progress.list_expected_callers))
        unheard = await presence.unheard(self.force, list(expected))
        for session_id, is_known_lost in expected.items():
            if (session_id in unheard) is is_known_lost:
                continue
            note = progress.note_heard if is_known_lost else progress.note_lost
            await ain_force(self.force, note, now=clock.now(), session_id=session_id)

    async def notice_unattended(self) -> None:
        """Say which sessions nobody looks after: no watch, and no console has them open."""
        waiting = await ain_force(self.force, attention.list_waiting)
        if not waiting:
            return
        viewed = await presence.in_view(self.force, clock.now().timestamp())
        attended = {one.session_id for one in waiting if one.is_watched or str(one.session_id) in viewed}
        await ain_force(self.force, attention.note_looks, now=clock.now(), attended=attended)

    async def take_over_places(self) -> None:
        """Take over what processes without a lease held, before the media server ends it; then read its rooms anew.

        What ended while nobody listened is not told again.
        """
        owners = await ain_force(self.force, ownership.list_owners) - {PROCESS}
        try:
            absent = await leases.find_absent(owners)
        except (redis.RedisError, OSError):
            self._processes = Missing()  # nothing is known of anybody: begin to wait anew
            raise
        dead = absent.left | self._processes.look(set(absent.missed), leases.LAPSED_AFTER_S)
        taken = [await take_over(self.force, str(owner)) for owner in sorted(dead, key=str)]
        if any(taken):
            await self.compare_feeds()

    async def end_orphaned_watches(self) -> None:
        """End watches whose console is gone without a goodbye."""
        watches = await ain_force(self.force, watching.list_open_watches)
        lapsed: set[object] = set()
        for schema in {guest or self.force.schema for _, _, guest in watches}:
            sockets = {owner for _, owner, guest in watches if (guest or self.force.schema) == schema}
            lapsed |= await presence.lapsed(ForceRef(schema, ""), sorted(sockets))
        orphaned = self._owners.look(lapsed, ORPHANED_AFTER_S)
        for watch_id, owner, _ in watches:
            if owner in orphaned:
                await end_watch(self.force, watch_id, "disconnected")

    async def end_lost_talks(self) -> None:
        """End talks that never began or in which nobody speaks, and those whose console is gone without a goodbye."""
        for talk_id, reason in await ain_force(self.force, talking.list_stale_talks, now=clock.now()):
            await end_talk(self.force, talk_id, reason)
        talks = await ain_force(self.force, talking.list_open_talks)
        lapsed = await presence.lapsed(self.force, sorted({owner for _, owner in talks}))
        orphaned = self._speakers.look(lapsed, ORPHANED_AFTER_S)
        for talk_id, owner in talks:
            if owner in orphaned:
                await end_talk(self.force, talk_id, "disconnected")

    async def end_overdue_shares(self) -> None:
        """End what is shared with other forces for no longer, and cut its pictures."""
        for share in await ain_force(self.force, sharing.overdue_shares, now=clock.now()):
            try:
                left = await ain_force(self.force, shares.expire_share, now=clock.now(), share_id=share.id)
                await detach_all(self.force, left)
            except Exception:  # one that cannot be ended must not leave the others open
                log.exception("share not ended, it is tried again", extra={"share": str(share.id)})

    async def end_overdue_agencies(self) -> None:
        """End what is shared with outside agencies for no longer, and cut its pictures."""
        await agencies.end_overdue_agencies(self.force)

    async def end_unfounded_watches(self) -> None:
        """Cut what officers on an incident watch and may no longer."""
        await colleagues.end_unfounded_watches(self.force)

    async def take_share_notices(self) -> None:
        """Audit what other forces disclosed to this one, where nobody has yet."""
        await ain_force(self.force, shares.take_notices, now=clock.now())

    async def give_back_handles(self) -> None:
        """Detach what ended without being detached."""
        await detach_all(self.force, await ain_force(self.force, handles.find_leftover_handles))

    async def _say_full(self, segments: list[OpenSegment]) -> None:
        """What is buffered may still be written for a while: the alarm does not wait for that."""
        for segment in segments:
            code = "recording_no_space"
            await ain_force(self.force, recording.raise_alarm, now=clock.now(), segment_id=segment.id, code=code)

    async def _go_blind(self, stream: FlowingStream, *, is_dark: bool) -> None:
        """Nothing is known of this picture: after a while it must not be shown as live."""
        if is_dark and stream.is_live:
            await ain_force(
                self.force, arrival.mark_stalled, now=clock.now(), stream_id=stream.stream_id, is_unseen=True
            )


async def _feeds_of(stream: FlowingStream) -> list[str] | NoSuchRoom | None:
    """Return the feeds of a stream's room, or that it is gone; None when the media server does not answer in time."""
    try:
        async with asyncio.timeout(ANSWERS_WITHIN_S):
            gateway = await gateway_for(stream.node)
            return await gateway.list_feeds(stream.room_id, room_secret(stream.room_id))
    except NoSuchRoom as gone:
        return gone
    except (GatewayError, TimeoutError) as error:
        log.warning("media server: %r", error, extra={"node": stream.node})
        return None
