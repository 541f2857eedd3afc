"""Places at the media server that change hands: of processes that died, and of ours when we were thought dead."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from uuid import UUID

from forces.context import ForceRef, ain_force
from streams.gateway.interface import GatewayError, GatewayUnavailable, HandleGone, HandleRef
from streams.services import ownership
from streams.services.handles import HeldHandle
from streams.services.ownership import Owned
from streams.services.watching import StreamOver
from streams.signalling import presence
from streams.signalling.gateways import PROCESS, forget, gateway_for, reach, remember
from streams.signalling.kinds import kind_of, kind_of_holder
from streams.signalling.rooms import Participant

log = logging.getLogger(__name__)

# A process may have died with hundreds of places: enough at once, without starving the force of its connections.
MOST_AT_ONCE = 4


async def take_over(force: ForceRef, dead: str) -> int:
    """Take over what `dead` answered for; returns how many places are ours now.

    What the media server does not know any more is ended. Where it does not answer, the row goes back to `dead`, so
    that somebody comes again. A place in hand is brought to its end also when the caller is cancelled: a row that is
    ours without the place would never be looked at again.
    """
    owned = await ain_force(force, ownership.list_owned, owner=dead)
    at_once = asyncio.Semaphore(MOST_AT_ONCE)
    work = asyncio.gather(*(_take_one(at_once, force, dead, one) for one in owned))
    taken = sum(await asyncio.shield(work))
    for schema, socket in {(one.guest or force.schema, one.socket) for one in owned if one.socket}:
        await presence.drop_lease(ForceRef(schema, ""), socket)  # it died with its process: its console asks anew
    if taken:
        log.warning("places of a lost process taken over", extra={"owner": dead, "places": taken})
    return taken


async def take_stream(force: ForceRef, stream_id: UUID) -> HeldHandle:
    """Answer for a stream's place from now on, where another process did: it lives, and finds out from the rows.

    The media server gives some answers to the place's owner alone. Raises `StreamOver`, or a `GatewayError`: then the
    row is as it was. To be brought to its end once begun, as `take_over` is.
    """
    found = await ain_force(force, ownership.find_stream_owner, stream_id=stream_id)
    place = found[0].place if found else None
    if found is None or place is None:
        raise StreamOver
    owned, owner = found
    await take_place(force, owned, place, owner)
    return place


async def take_place(force: ForceRef, owned: Owned, place: HeldHandle, before: str) -> None:
    """Answer for what `before` did, which may be living, and finds out from the rows; a no-op where it is this process.

    Raises a `GatewayError`: then the row is as it was. To be brought to its end once begun, as `take_over` is.
    """
    if before == PROCESS:
        return
    if not await ain_force(force, ownership.change_owner, owned=owned, before=before, after=PROCESS):
        raise GatewayUnavailable("the place changes hands")
    try:
        gateway = await gateway_for(place.node)
        # Where this process had it before, and has not found out yet that it was taken over.
        gateway.release(HandleRef(place.gateway_session, place.gateway_handle))
        await _claim(force, owned, place)
    except GatewayError:
        await ain_force(force, ownership.change_owner, owned=owned, before=PROCESS, after=before)
        raise


async def let_go_of_lost() -> None:
    """Let go of what the rows say another process took over; its media go on there."""
    held = reach()
    for force in list(held.forces.values()):
        mine = {key: who for key, who in held.participants.items() if who.schema == force.schema}
        lost = await _find_lost(force, mine.values())
        for (node, handle), participant in mine.items():
            if participant.id in lost:
                log.warning("a place was taken over by another process", extra={"node": node})
                forget(node, handle)
                held.gateways[node].release(handle)


async def _find_lost(force: ForceRef, participants: Iterable[Participant]) -> set[UUID]:
    """A talk is not among them: nobody takes one over."""
    ids: dict[str, list[UUID]] = {}
    for participant in participants:
        if kind_of(participant.kind).is_inherited:
            ids.setdefault(participant.kind, []).append(participant.id)
    return await ain_force(force, ownership.find_lost, owner=PROCESS, ids=ids) if ids else set()


async def _take_one(at_once: asyncio.Semaphore, force: ForceRef, dead: str, owned: Owned) -> bool:
    async with at_once:
        if not kind_of_holder(owned.holder).is_inherited:
            await _end(force, owned)
            return False
        if not await ain_force(force, ownership.change_owner, owned=owned, before=dead, after=PROCESS):
            return False
        if owned.place is None:  # the process died between the media server's answer and its row
            await _end(force, owned)
            return False
        try:
            await _claim(force, owned, owned.place)
        except HandleGone:
            await _end(force, owned)
            return False
        except GatewayError as error:
            log.warning("media server: %s", error, extra={"node": owned.place.node})
            await ain_force(force, ownership.change_owner, owned=owned, before=PROCESS, after=dead)
            return False
        return True


async def _claim(force: ForceRef, owned: Owned, place: HeldHandle) -> None:
    """Remember whose it is before its events can come."""
    handle = HandleRef(place.gateway_session, place.gateway_handle)
    gateway = await gateway_for(place.node)
    participant = Participant(force.schema, kind_of_holder(owned.holder).kind, owned.id)
    remember(force, place.node, handle, participant)
    try:
        await gateway.claim(handle)
    except GatewayError:
        forget(place.node, handle)
        raise


async def _end(force: ForceRef, owned: Owned) -> None:
    await kind_of_holder(owned.holder).end(force, owned.id, "media_lost")
