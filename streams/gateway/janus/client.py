"""`MediaGateway` on Janus: one socket per process and node, one session per participant."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from streams.gateway.backoff import Backoff
from streams.gateway.interface import (
    Answer,
    Candidate,
    CodecRefused,
    ConnectionEvent,
    ConnectionLost,
    GatewayInfo,
    GatewayRefused,
    HandleGone,
    HandleRef,
    Layer,
    NoSuchFeed,
    NoSuchRoom,
    Offer,
    RoomSpec,
)
from streams.gateway.janus import videoroom
from streams.gateway.janus.event_queue import EventQueue
from streams.gateway.janus.link import JanusLink
from streams.gateway.janus.participants import Participants
from streams.gateway.janus.receptions import Receptions
from streams.gateway.janus.rooms import RoomDesk
from streams.gateway.janus.session import JanusSession
from streams.gateway.janus.transactions import Message
from streams.gateway.janus.version import read_info
from streams.gateway.sdp import is_video_refused, with_start_bitrate, without_name

# Janus drops a session that is silent for 60 s; one whose socket is gone, 20 s after its last request, not after the
# loss: whoever is to claim it has what the time since the last keepalive leaves.
KEEPALIVE_SECONDS = 5.0
# A viewer waits for a publisher to connect. Publishers of this process wake it; others are found by asking.
ASK_AGAIN_SECONDS = 0.05


class JanusGateway(Receptions):
    """Fulfils `streams.gateway.interface.MediaGateway`; belongs to one event loop."""

    def __init__(
        self,
        url: str,
        api_secret: str,
        admin_key: str,
        *,
        request_timeout: float = 5.0,
        keepalive_seconds: float = KEEPALIVE_SECONDS,
        backoff: Backoff | None = None,
        start_bitrate_kbit_s: int | None = None,
        before_claims: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """`url` is ws://host:port; `admin_key` the VideoRoom's, for creating rooms.

        `start_bitrate_kbit_s` is written into answers to publishers who send VP8. `before_claims` is awaited
        before a restored connection claims its sessions again, to `release` what others took over meanwhile.
        """
        self._events = EventQueue()
        self._link = JanusLink(
            url,
            api_secret,
            seconds=request_timeout,
            backoff=backoff or Backoff(),
            on_event=self._deliver,
            on_lost=self._lost,
            on_restored=self._restored,
        )
        self._participants = Participants(self._link, self._events, keepalive_seconds)
        self._rooms = RoomDesk(self._link, keepalive_seconds)
        self._somebody_up = asyncio.Event()
        self._admin_key = admin_key
        self._start_bitrate_kbit_s = start_bitrate_kbit_s
        self._before_claims = before_claims

    @property
    def is_connected(self) -> bool:
        """Whether requests can be sent now."""
        return self._link.is_open

    @property
    def counts(self) -> Counter[str]:
        """Answers `late` and `stray`, requests that met their `timeout`, since the start; for metrics."""
        return self._link.transactions.counts

    async def connect(self) -> None:
        """See MediaGateway."""
        await self._link.open()

    async def close(self) -> None:
        """See MediaGateway."""
        await self._participants.close()
        self._rooms.forget()
        await self._link.close()
        self._events.put(None)

    async def info(self) -> GatewayInfo:
        """See MediaGateway."""
        return read_info(await self._link.ask({"janus": "info"}, "info"))

    async def ensure_room(self, room: RoomSpec) -> None:
        """See MediaGateway. Janus keeps API-made rooms over our restarts, so that 427 is usual."""
        try:
            await self._rooms.ask(videoroom.create_room(room, self._admin_key))
        except GatewayRefused as refusal:
            if refusal.code != videoroom.ROOM_EXISTS:
                raise

    async def close_room(self, room_id: str, secret: str) -> None:
        """See MediaGateway.

        Janus 1.1.2 dies when a room is destroyed while one of its publishers is being detached: it closes the
        connection of a session that it freed (measured: once in 20 to 1,145 rooms). So the room is empty first.
        """
        with contextlib.suppress(NoSuchRoom):
            await self._rooms.wait_until_empty(room_id, secret)
            await self._rooms.ask(videoroom.destroy_room(room_id, secret))

    async def set_recording(self, room_id: str, secret: str, on: bool) -> None:
        """See MediaGateway."""
        await self._rooms.ask(videoroom.enable_recording(room_id, secret, on))

    async def kick(self, room_id: str, secret: str, feed_id: str) -> None:
        """See MediaGateway."""
        with contextlib.suppress(NoSuchRoom, NoSuchFeed):
            await self._rooms.ask(videoroom.kick(room_id, secret, feed_id))

    async def list_feeds(self, room_id: str, secret: str) -> list[str]:
        """See MediaGateway."""
        data = await self._rooms.ask(videoroom.list_participants(room_id, secret))
        return videoroom.publishing_feeds(data)

    async def publish(self, *, room: RoomSpec, feed_id: str, opaque_id: str, offer: Offer) -> tuple[HandleRef, Answer]:
        """See MediaGateway."""
        session = await self._participants.open(opaque_id)
        try:
            answer = await self._join_publisher(session, room, feed_id, offer)
        except BaseException:
            await self._participants.end(session)
            raise
        return session.handle, answer

    async def subscribe(
        self, *, room: RoomSpec, feed_id: str, opaque_id: str, patience: float = 0.0
    ) -> tuple[HandleRef, Offer]:
        """See MediaGateway."""
        session = await self._participants.open(opaque_id)
        try:
            offer = await self._join_subscriber(session, room, feed_id, patience)
        except BaseException:
            await self._participants.end(session)
            raise
        return session.handle, offer

    async def start(self, handle: HandleRef, answer: Answer) -> None:
        """See MediaGateway. In a reception pictures may all have ended: there no line in use is no refusal."""
        session = self._participants.find(handle)
        if is_video_refused(answer.sdp) and not (session and session.carries_many):
            raise CodecRefused("the viewer has no codec for this picture")
        if session is None:
            raise HandleGone(f"handle {handle.handle_id} is not this process's")
        jsep = {"type": "answer", "sdp": answer.sdp}
        videoroom.checked_data(await session.message(videoroom.start_subscriber(), jsep))

    async def trickle(self, handle: HandleRef, candidate: Candidate | None) -> None:
        """See MediaGateway."""
        session = self._participants.find(handle) or JanusSession(self._link, handle)
        body = {"janus": "trickle", "handle_id": handle.handle_id}
        await session.ask({**body, "candidate": videoroom.candidate_body(candidate)}, is_ack_enough=True)

    async def restart(self, handle: HandleRef, offer: Offer) -> Answer:
        """See MediaGateway."""
        session = self._participants.find(handle)
        if session is None:
            raise HandleGone(f"handle {handle.handle_id} is not this process's")
        reply = await session.message(videoroom.renegotiate(), {"type": "offer", "sdp": offer.sdp})
        videoroom.checked_data(reply)
        return Answer(videoroom.session_description(reply, "answer"))

    async def choose_layer(self, handle: HandleRef, layer: Layer) -> None:
        """See MediaGateway."""
        await self._tell(handle, videoroom.choose_layer(layer))

    async def request_keyframe(self, handle: HandleRef) -> None:
        """See MediaGateway."""
        await self._tell(handle, videoroom.ask_for_keyframe())

    async def detach(self, handle: HandleRef) -> None:
        """See MediaGateway. A strange session is only detached: its owner is told so and ends it."""
        own = self._participants.find(handle)
        if own is not None:
            await self._participants.end(own)
            return
        try:
            await JanusSession(self._link, handle).ask({"janus": "detach", "handle_id": handle.handle_id})
        except HandleGone:
            return

    async def claim(self, handle: HandleRef) -> None:
        """See MediaGateway."""
        await self._participants.claim(handle)

    def release(self, handle: HandleRef) -> None:
        """See MediaGateway."""
        self._participants.release(handle)

    def events(self) -> AsyncIterator[ConnectionEvent]:
        """See MediaGateway."""
        return self._events.read()

    async def _join_publisher(self, session: JanusSession, room: RoomSpec, feed_id: str, offer: Offer) -> Answer:
        jsep = {"type": "offer", "sdp": offer.sdp}
        reply = await session.message(videoroom.join_publisher(room, feed_id), jsep)
        videoroom.checked_data(reply)
        sdp = videoroom.session_description(reply, "answer")
        if is_video_refused(sdp):
            raise CodecRefused("the media server takes none of the publisher's codecs")
        if self._start_bitrate_kbit_s is not None:
            sdp = with_start_bitrate(sdp, self._start_bitrate_kbit_s)
        return Answer(sdp)

    async def _join_subscriber(self, session: JanusSession, room: RoomSpec, feed_id: str, patience: float) -> Offer:
        """Ask again while there is patience: Janus knows a feed only once its publisher's WebRTC is up."""
        end = time.monotonic() + patience
        while True:
            somebody_up = self._somebody_up
            reply = await session.message(videoroom.join_subscriber(room, feed_id))
            try:
                videoroom.checked_data(reply)
            except (NoSuchRoom, NoSuchFeed):
                if time.monotonic() >= end:
                    raise
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(somebody_up.wait(), ASK_AGAIN_SECONDS)
            else:
                return Offer(without_name(videoroom.session_description(reply, "offer")))

    async def _tell(self, handle: HandleRef, request: dict[str, Any]) -> None:
        """Ask something of anybody's handle. The event that follows goes to the owner, so the ack has to do."""
        session = self._participants.find(handle) or JanusSession(self._link, handle)
        body = {"janus": "message", "handle_id": handle.handle_id, "body": request}
        await session.ask(body, is_ack_enough=True)

    def _deliver(self, message: Message) -> None:
        if message.get("janus") == "webrtcup":
            self._somebody_up.set()
            self._somebody_up = asyncio.Event()
        self._participants.deliver(message)

    def _lost(self, reason: str) -> None:
        self._rooms.forget()
        self._events.put(ConnectionLost(reason))

    async def _restored(self) -> None:
        if self._before_claims is not None:
            await self._before_claims()
        self._events.put(await self._participants.claim_all())
