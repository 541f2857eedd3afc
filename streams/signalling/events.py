"""What the media server reports, from its own connection or through the events door, as states of the rows."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db import InterfaceError, OperationalError
from psycopg_pool import PoolTimeout

from forces import clock
from forces.actors import Actor
from forces.context import ForceRef, ain_force
from forces.errors import InvalidInput, NotFound
from forces.selectors import find_force
from streams.gateway.interface import (
    ConnectionEvent,
    ConnectionRestored,
    EventKind,
    GatewayEvent,
    HandleEvent,
    Medium,
)
from streams.gateway.janus.events import MalformedEvents, parse_event_batch
from streams.services import arrival
from streams.services.arrival import WentLive
from streams.signalling.gateways import forget, reach
from streams.signalling.kinds import KindOfPlace, kind_of, register_kind
from streams.signalling.lanes import Lanes
from streams.signalling.publish import end_stream
from streams.signalling.recording import start_recording
from streams.signalling.rooms import Participant, read_opaque_id
from streams.signalling.talk import end_listening, end_talk
from streams.signalling.traffic import compare, count_of
from streams.signalling.watch import end_watch

log = logging.getLogger(__name__)

GONE = (EventKind.HANGUP, EventKind.DETACHED, EventKind.SESSION_GONE)
MEDIA_SERVER = Actor.system("media")
# A database that is started again is back within these; after them only the watchdog can find out.
RETRY_AFTER_S = (0.5, 1.0, 2.0, 4.0, 8.0)


@dataclass(frozen=True, slots=True)
class Taken:
    """How many events of a batch were about participants of ours, and how many were not."""

    known: int
    unknown: int


async def take_batch(body: bytes) -> Taken:
    """Handle what the media server posted. Raises `InvalidInput` when it is unreadable.

    One event that fails is logged and does not stop the rest: posting them all again would not help.
    """
    try:
        events = parse_event_batch(body)
    except MalformedEvents as error:
        raise InvalidInput("These are no events.") from error
    lanes, found = Lanes(), list[GatewayEvent]()
    for event in events:
        if event.kind is not EventKind.TRAFFIC:
            lanes.put(event.opaque_id, partial(_take, event, found))
    await lanes.finish()
    known = len(found) + await _take_traffic([event for event in events if event.kind is EventKind.TRAFFIC])
    return Taken(known, len(events) - known)


async def own_event(node: str, event: ConnectionEvent) -> None:
    """Handle an event of this process's own connection to a node."""
    if isinstance(event, HandleEvent):
        participant = reach().participants.get((node, event.handle))
        if event.kind in (EventKind.DETACHED, EventKind.SESSION_GONE):
            forget(node, event.handle)
        if participant is not None:
            await _keep_at_it(participant, event)
    elif isinstance(event, ConnectionRestored):
        for handle in event.gone:
            gone = HandleEvent(EventKind.SESSION_GONE, handle, reason="connection lost")
            await own_event(node, gone)
    else:
        log.warning("media node lost: %s", event.reason, extra={"node": node})


async def media_event(participant: Participant, event: GatewayEvent | HandleEvent) -> bool:
    """Turn one event into a state; returns whether its force is known."""
    return await _media_event(participant, event)


async def _keep_at_it(participant: Participant, event: HandleEvent) -> None:
    """Handle an event again while the database is away: the media server says once that pictures ceased to arrive.

    What comes after it waits, so that nothing is handled out of turn.
    """
    for wait_s in RETRY_AFTER_S:
        try:
            await _media_event(participant, event)
        except (OperationalError, InterfaceError, PoolTimeout):
            await asyncio.sleep(wait_s)
        else:
            return
    await _media_event(participant, event)


async def _take(event: GatewayEvent, found: list[GatewayEvent]) -> None:
    participant = read_opaque_id(event.opaque_id) if event.opaque_id else None
    if participant is None:
        return
    try:
        is_known = await _media_event(participant, event)
    except Exception:
        log.exception("media event not handled", extra={"kind": event.kind})
        is_known = True
    if is_known:
        found.append(event)


async def _take_traffic(events: Sequence[GatewayEvent]) -> int:
    """Compare with the rows what the events count; after all others, for it is no news. Returns how many were ours."""
    ours = [(participant, event) for event in events if (participant := read_opaque_id(event.opaque_id))]
    for schema in {participant.schema for participant, _ in ours}:
        publishers = [(one, event) for one, event in ours if one.kind == "p" and one.schema == schema]
        try:
            force = await _force_of(schema)
            if force is not None and publishers:
                counts = [count_of(participant, event) for participant, event in publishers]
                for live in await compare(force, counts):
                    await _record(force, live)
        except Exception:
            log.exception("what arrives was not compared with the rows", extra={"force": schema})
    return len(ours)


async def _media_event(participant: Participant, event: GatewayEvent | HandleEvent) -> bool:
    force = await _force_of(participant.schema)
    if force is None:
        return False
    try:
        await kind_of(participant.kind).on_event(force, participant, event)
    except NotFound:
        return False
    return True


async def _stream_event(force: ForceRef, participant: Participant, event: GatewayEvent | HandleEvent) -> None:
    if event.kind in GONE:
        # A session goes before its peer connection only where the media server itself was lost.
        reason = "gateway_failed" if event.kind is EventKind.SESSION_GONE else "hangup"
        await end_stream(force, MEDIA_SERVER, participant.id, reason)
    elif event.kind is EventKind.MEDIA and event.medium is Medium.VIDEO:
        if event.receiving:
            await _went_live(force, participant, event.layer)
        else:
            layer = event.layer
            await ain_force(force, arrival.mark_stalled, now=clock.now(), stream_id=participant.id, layer=layer)


async def _went_live(force: ForceRef, participant: Participant, layer: int) -> None:
    """Live means that video arrives; only then is there something to record."""
    live = await ain_force(force, arrival.mark_live, now=clock.now(), stream_id=participant.id, layer=layer)
    if live is not None:
        await _record(force, live)


async def _record(force: ForceRef, live: WentLive) -> None:
    if live.wants_recording:
        await start_recording(force, MEDIA_SERVER, live.stream_id, live.node, live.room_id)


async def _watch_event(force: ForceRef, participant: Participant, event: GatewayEvent | HandleEvent) -> None:
    if event.kind in GONE:
        await end_watch(force, participant.id, "media_lost")


async def _talk_event(force: ForceRef, participant: Participant, event: GatewayEvent | HandleEvent) -> None:
    """A browser sends silence while the button is let go: of whom nothing arrives, the line is lost."""
    is_silent = event.kind is EventKind.MEDIA and event.medium is Medium.AUDIO and not event.receiving
    if event.kind in GONE or is_silent:
        await end_talk(force, participant.id, "media_lost")


async def _listener_event(force: ForceRef, participant: Participant, event: GatewayEvent | HandleEvent) -> None:
    if event.kind in GONE:
        await end_listening(force, participant.id)


async def _force_of(schema: str) -> ForceRef | None:
    if schema in reach().forces:  # no look-up stands between a phone that connects and those who wait for it
        return reach().forces[schema]
    try:
        return await sync_to_async(find_force, thread_sensitive=False)(schema)
    except NotFound:
        return None


async def _end_stream(force: ForceRef, stream_id: UUID, reason: str) -> None:
    await end_stream(force, Actor.system("watchdog"), stream_id, reason)


async def _end_listening(force: ForceRef, listener_id: UUID, _reason: str) -> None:
    await end_listening(force, listener_id)


register_kind(KindOfPlace("p", "stream", _stream_event, _end_stream))
register_kind(KindOfPlace("w", "watch", _watch_event, end_watch))
# A talk ends with its process: its console went with it, and asks anew.
register_kind(KindOfPlace("t", "talk", _talk_event, end_talk, is_inherited=False))
register_kind(KindOfPlace("l", "listener", _listener_event, _end_listening, is_inherited=False))
