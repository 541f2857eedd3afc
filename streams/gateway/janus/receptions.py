"""Receptions: viewers that carry many feeds over one connection, and change what they carry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from streams.gateway.interface import (
    NO_LAYERS,
    HandleGone,
    HandleRef,
    Layer,
    LineWish,
    Offer,
    OfferPending,
    RoomSpec,
    Tuned,
)
from streams.gateway.janus import videoroom
from streams.gateway.janus.link import JanusLink
from streams.gateway.janus.participants import Participants
from streams.gateway.janus.session import JanusSession
from streams.gateway.janus.transactions import Message
from streams.gateway.sdp import without_name


class Receptions:
    """The part of `JanusGateway` that is about receptions."""

    _link: JanusLink
    _participants: Participants

    async def subscribe_many(
        self, *, room: RoomSpec, feed_ids: Sequence[str], opaque_id: str, layers: Mapping[str, Layer] = NO_LAYERS
    ) -> tuple[HandleRef, Tuned]:
        """See MediaGateway."""
        session = await self._participants.open(opaque_id)
        session.carries_many = True
        try:
            reply = await session.message(videoroom.join_subscriber_many(room, feed_ids, layers))
            tuned = _tuned(reply)
        except BaseException:
            await self._participants.end(session)
            raise
        return session.handle, tuned

    async def retune(
        self, handle: HandleRef, add: Sequence[str], drop: Sequence[str], layers: Mapping[str, Layer] = NO_LAYERS
    ) -> Tuned:
        """See MediaGateway. Janus answers "updating" instead of an offer while one is open, and sends that later on."""
        reply = await self._reception(handle).message(videoroom.update(add, drop, layers))
        if videoroom.checked_data(reply).get("videoroom") == "updating":
            raise OfferPending(f"handle {handle.handle_id} has an offer to answer")
        return _tuned(reply)

    async def renew(self, handle: HandleRef) -> Offer:
        """See MediaGateway."""
        reply = await self._reception(handle).message(videoroom.renew_subscriber())
        videoroom.checked_data(reply)
        return _offer(reply)

    async def tune_lines(self, handle: HandleRef, wishes: Sequence[LineWish]) -> None:
        """See MediaGateway."""
        await self._configure(handle, videoroom.tune_lines(wishes))

    async def set_feed_recording(self, handle: HandleRef, file_base: str | None) -> None:
        """See MediaGateway."""
        await self._configure(handle, videoroom.record_feed(file_base))

    async def _configure(self, handle: HandleRef, body: dict[str, object]) -> None:
        """Ask anybody's handle. The plugin's word goes to the owner: where that is not us, the ack has to do."""
        own = self._participants.find(handle)
        if own is not None:
            videoroom.checked_data(await own.message(body))
            return
        request = {"janus": "message", "handle_id": handle.handle_id, "body": body}
        await JanusSession(self._link, handle).ask(request, is_ack_enough=True)

    def _reception(self, handle: HandleRef) -> JanusSession:
        session = self._participants.find(handle)
        if session is None:
            raise HandleGone(f"handle {handle.handle_id} is not this process's")
        session.carries_many = True
        return session


def _tuned(reply: Message) -> Tuned:
    data = videoroom.checked_data(reply)
    return Tuned(_offer(reply), videoroom.lines_of(data)) if "jsep" in reply else Tuned(None, ())


def _offer(reply: Message) -> Offer:
    return Offer(without_name(videoroom.session_description(reply, "offer")))
