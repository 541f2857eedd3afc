"""What must come true of places and media although a page, a process or the media server died without a word.

Every step finds what is due in the rows, acts, and may be run again.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from uuid import UUID

from consultations.limits import CHECK_LASTS, PLACE_GIVEN_UP_AFTER
from consultations.services import feeds, places, recording, talks
from consultations.services.feeds import FlowingFeed
from consultations.signalling.seats import end_feed, end_place
from consultations.signalling.talks import end as end_talk
from consultations.signs import unheard_people
from forces import clock
from forces.context import ForceRef, ain_force
from streams.gateway.interface import GatewayError, NoSuchRoom
from streams.signalling.gateways import gateway_for
from streams.signalling.rooms import room_secret
from streams.signalling.upkeep import Upkeep

log = logging.getLogger(__name__)
ANSWERS_WITHIN_S = 1.0
BLIND_AFTER_S = 1.5
# A feed that was just admitted is not known at the media server yet, and one that just ended is still.
MISSING_AFTER_S = 1.0
_dark_since: dict[tuple[str, str], float] = {}
_missing_since: dict[UUID, float] = {}
_blind: dict[str, set[UUID]] = {}


async def end_lost_places(upkeep: Upkeep) -> None:
    """Show which places are lost: their page is not heard, or nothing of their media arrives; give up the oldest."""
    force = upkeep.force
    opened = await ain_force(force, places.list_open_places)
    unheard = await unheard_people(force, [place.participant_id for place in opened])
    gone = {place.place_id for place in opened if place.participant_id in unheard or place.is_stalled}
    gone |= _blind.get(force.schema, set())
    lost = [place.place_id for place in opened if place.place_id in gone and place.lost_at is None]
    back = [place.place_id for place in opened if place.place_id not in gone and place.lost_at is not None]
    now = clock.now()
    if lost or back:
        await ain_force(force, places.note_lost, now=now, place_ids=lost, is_lost=True)
        await ain_force(force, places.note_lost, now=now, place_ids=back, is_lost=False)
    given_up = now - PLACE_GIVEN_UP_AFTER
    for place in opened:
        is_old = place.lost_at is not None and place.lost_at <= given_up
        if is_old and place.participant_id in unheard and not place.is_live:
            await end_place(force, place.place_id, "silent")
    for place_id in await ain_force(force, places.list_old_checks, before=clock.now() - CHECK_LASTS):
        await end_place(force, place_id, "check_over")


async def compare_call_feeds(upkeep: Upkeep) -> None:
    """Compare what should flow with what the media server knows: it may have died, and come back with nothing."""
    force = upkeep.force
    flowing = await ain_force(force, feeds.list_flowing)
    rooms = {(feed.node, feed.room_id) for feed in flowing}
    answers = dict(zip(rooms, await asyncio.gather(*(_feeds_of(*room) for room in rooms)), strict=True))
    lost: set[UUID] = set()
    missing: dict[UUID, float] = {}
    for feed in flowing:
        found = answers[feed.node, feed.room_id]
        if isinstance(found, NoSuchRoom):
            lost.add(feed.session_id)
            await end_feed(force, feed.feed_id, "media_lost")
        elif found is not None and str(feed.feed_id) not in found:
            missing[feed.feed_id] = _missing_since.get(feed.feed_id, time.monotonic())
    await _go_blind(force, flowing, {room for room, found in answers.items() if found is None})
    for session_id in lost:
        await ain_force(force, recording.note_media_server_lost, now=clock.now(), session_id=session_id)
    for feed_id, since in missing.items():
        if time.monotonic() - since >= MISSING_AFTER_S:
            await end_feed(force, feed_id, "media_lost")
    ours = {feed.feed_id for feed in flowing}
    for feed_id in [one for one in _missing_since if one in ours and one not in missing]:
        del _missing_since[feed_id]
    _missing_since.update(missing)


async def end_stale_feeds(upkeep: Upkeep) -> None:
    """End what was admitted and never was connected."""
    for feed_id in await ain_force(upkeep.force, places.list_stale_feeds, now=clock.now()):
        await end_feed(upkeep.force, feed_id, "never_live")


async def end_stale_talks(upkeep: Upkeep) -> None:
    """End private talks that nobody accepted, or that one of the two is gone from."""
    await ain_force(upkeep.force, talks.note_who_is_there, now=clock.now())
    for talk_id, reason in await ain_force(upkeep.force, talks.list_stale_talks, now=clock.now()):
        await end_talk(upkeep.force, talk_id, reason)


async def close_side_rooms(upkeep: Upkeep) -> None:
    """Close the rooms of private talks and line checks that are over."""
    for room in await ain_force(upkeep.force, places.list_side_rooms):
        try:
            gateway = await gateway_for(room.node)
            await gateway.close_room(room.room_id, room_secret(room.room_id))
        except GatewayError as error:
            log.warning("media server: %s", error, extra={"node": room.node})
            continue
        await ain_force(upkeep.force, places.note_side_room_closed, now=clock.now(), room=room)


async def _feeds_of(node: str, room_id: str) -> list[str] | NoSuchRoom | None:
    """Return the feeds of a room, or that it is gone; None when the media server does not answer in time."""
    try:
        async with asyncio.timeout(ANSWERS_WITHIN_S):
            return await (await gateway_for(node)).list_feeds(room_id, room_secret(room_id))
    except NoSuchRoom as gone:
        return gone
    except (GatewayError, TimeoutError) as error:
        log.warning("media server: %r", error, extra={"node": node})
        return None


async def _go_blind(force: ForceRef, flowing: Sequence[FlowingFeed], dark: set[tuple[str, str]]) -> None:
    """Of these rooms nothing is known: after a while their places are shown as lost, and nothing is ended."""
    now = time.monotonic()
    for room in {(feed.node, feed.room_id) for feed in flowing}:
        if room in dark:
            _dark_since.setdefault(room, now)
        else:
            _dark_since.pop(room, None)
    blind = {room for room in dark if now - _dark_since[room] >= BLIND_AFTER_S}
    ids = {feed.place_id for feed in flowing if (feed.node, feed.room_id) in blind}
    _blind[force.schema] = ids
    if ids:
        await ain_force(force, places.note_lost, now=clock.now(), place_ids=ids, is_lost=True)
