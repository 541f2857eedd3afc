"""Receptions at the media server: a place in a room that receives several feeds by one connection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from consultations.services import receptions
from consultations.services.feeds import RoomFeed
from consultations.services.keeping import RECEPTION, RECEPTION_KIND
from consultations.signalling.carrying import call_spec
from forces import clock
from forces.context import ForceRef, ain_force
from streams.gateway.interface import HandleRef, Layer, Tuned
from streams.services.handles import HeldHandle
from streams.signalling.gateways import PROCESS, gateway_for, remember
from streams.signalling.publish import give_back
from streams.signalling.rooms import Participant, opaque_id

FEW_OTHERS = 2


@dataclass(frozen=True, slots=True)
class TunedPlace:
    """Whose reception it is, by which page's socket, and in which room."""

    place_id: UUID
    socket: str
    session_id: UUID
    participant_id: UUID
    purpose: str
    node: str
    room_id: str


@dataclass(frozen=True, slots=True)
class Received:
    """A reception at the media server, and what it was offered last."""

    reception_id: UUID
    handle: HandleRef
    tuned: Tuned


async def receive(
    force: ForceRef,
    place: TunedPlace,
    reception_id: UUID,
    feeds: Sequence[RoomFeed],
    layers: Mapping[str, Layer | None],
) -> Received:
    """Take a place that receives these feeds, and write it down. Raises `GatewayError`, or `PlaceOver`."""
    participant = Participant(force.schema, RECEPTION_KIND, reception_id)
    gateway = await gateway_for(place.node)
    handle, tuned = await gateway.subscribe_many(
        room=call_spec(force, place.session_id, place.room_id),
        feed_ids=[feed.feed_id for feed in feeds],
        opaque_id=opaque_id(participant),
        layers=first_layers(feeds, len(feeds), layers),
    )
    remember(force, place.node, handle, participant)
    try:
        await ain_force(
            force,
            receptions.note_reception_placed,
            now=clock.now(),
            reception_id=reception_id,
            gateway_session=handle.session_id,
            gateway_handle=handle.handle_id,
            process=PROCESS,
        )
    except BaseException:
        await give_back(HeldHandle(RECEPTION, reception_id, place.node, handle.session_id, handle.handle_id))
        raise
    return Received(reception_id, handle, tuned)


def first_layers(feeds: Sequence[RoomFeed], others: int, asked: Mapping[str, Layer | None]) -> dict[str, Layer]:
    """Return the layer of each new line: without one the media server sends everybody the largest of all."""
    most = Layer.HIGH if others <= FEW_OTHERS else Layer.MIDDLE
    return {
        feed.feed_id: asked.get(feed.feed_id) or (Layer.HIGH if feed.source == "screen" else most) for feed in feeds
    }
