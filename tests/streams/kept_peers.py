"""Places that an app in memory holds at the media server in memory, for tests of what looks after them."""

from __future__ import annotations

from uuid import UUID, uuid4

from forces import clock
from forces.context import ForceRef
from streams.gateway.interface import EventKind, GatewayEvent, HandleEvent, Offer
from streams.models import LiveSession
from streams.services.handles import HeldHandle
from streams.signalling.gateways import ONLY_NODE, PROCESS, remember
from streams.signalling.kinds import KindOfPlace
from streams.signalling.rooms import Participant, opaque_id, room_spec
from tests.factories.bare_calls import MemoryApp, Row, make_bare_call
from tests.fakes.gateway import FakeGateway
from tests.streams.socket_peers import read

OTHER = "0ther0ther00"


class Kept:
    """What became of the kind "c"."""

    def __init__(self) -> None:
        self.events: list[tuple[UUID, EventKind]] = []
        self.ended: list[tuple[UUID, str]] = []

    async def on_event(self, force: ForceRef, participant: Participant, event: GatewayEvent | HandleEvent) -> None:
        assert force.schema == "herts"
        self.events.append((participant.id, event.kind))

    async def end(self, force: ForceRef, feed_id: UUID, reason: str) -> None:
        self.ended.append((feed_id, reason))

    @property
    def kind(self) -> KindOfPlace:
        return KindOfPlace("c", "feed", self.on_event, self.end)


async def published(herts: ForceRef, gateway: FakeGateway, app: MemoryApp, process: str = OTHER) -> Row:
    """Let a feed of a consultation be at the media server, held by a process."""
    session: LiveSession = await read(herts, lambda: make_bare_call(now=clock.now()))
    feed_id, room = uuid4(), room_spec(herts, session.id, f"herts-{session.id}")
    await read(
        herts, lambda: LiveSession.objects.filter(pk=session.id).update(room_id=room.room_id, media_node="default")
    )
    await gateway.ensure_room(room)
    participant = Participant("herts", "c", feed_id)
    handle, _ = await gateway.publish(
        room=room, feed_id=str(feed_id), opaque_id=opaque_id(participant), offer=Offer("v=0")
    )
    place = HeldHandle("feed", feed_id, ONLY_NODE, handle.session_id, handle.handle_id)
    app.rows.append(Row(feed_id, session.id, process, place))
    if process == PROCESS:
        remember(herts, ONLY_NODE, handle, participant)
    return app.rows[-1]
