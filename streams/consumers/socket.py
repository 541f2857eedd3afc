"""What both sockets share: admission, replies in order, broadcasts without holes, and an honest heartbeat."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Coroutine
from typing import Any, ClassVar, cast

from channels.generic.websocket import AsyncWebsocketConsumer

from forces import clock
from forces.context import ForceRef
from forces.dispatch import group_name
from forces.errors import DomainError
from streams.consumers.dispatcher import DEPENDENCY_LOST, Dispatcher, error_frame
from streams.consumers.following import Following
from streams.consumers.outbox import Frame, Outbox
from streams.signalling import presence
from streams.wire import ClientFrame, HeartbeatPing, HeartbeatPong, encode, wire_time

TRY_AGAIN, TOO_SLOW = 1012, 1013


class WireSocket(AsyncWebsocketConsumer):
    """One socket of the wire; subclasses decode, admit, and have a method for each type of frame."""

    handlers: ClassVar[dict[type[ClientFrame], str]]
    rate: ClassVar[tuple[float, int]]
    is_open = True

    @property
    def door(self) -> dict[str, Any]:
        """What the socket middleware found out: force, actor, cookies, request_id."""
        return cast(dict[str, Any], self.scope)

    def decode(self, text: str) -> ClientFrame:
        """Read a frame of this socket; raises `WireError`."""
        raise NotImplementedError

    async def begin(self) -> None:
        """Admit the client and send the first frame; a `DomainError` refuses it."""
        raise NotImplementedError

    async def heard(self) -> None:
        """The client pinged; a `DomainError` means that it may not go on."""

    async def finish(self) -> None:
        """The socket is gone: give back what it held."""

    def close_code(self, error: DomainError) -> int:
        """Return the close code of a refusal."""
        raise NotImplementedError

    async def connect(self) -> None:
        """Accept first, for a browser cannot read the code of a refused handshake; then admit."""
        self.force: ForceRef = self.door["force"]
        self.name = uuid.uuid4().hex
        self.outbox = Outbox(self._transmit, self._overflow)
        self.following = Following(self.outbox.put)
        await self.accept()
        self.writer = asyncio.create_task(self.outbox.run())
        self.dispatcher = Dispatcher(decode=self.decode, act=self._act, reply=self.outbox.put, rate=self.rate)
        await self._or_close(self.begin())

    async def disconnect(self, code: int) -> None:
        """Let the act that goes on end, then give back what the socket holds."""
        self.is_open = False
        self.writer.cancel()
        await self.dispatcher.stop()
        for topic in self.following.topics:
            with contextlib.suppress(*DEPENDENCY_LOST):
                await self.unfollow(topic)
        await self.finish()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Take a frame in; a binary one is read as empty text, which is malformed."""
        if self.is_open:
            self.dispatcher.take(text_data or "")

    async def wire_message(self, event: dict[str, Any]) -> None:
        """A broadcast of a topic that this socket follows."""
        self.following.take(event["message"])

    async def wire_pong(self, event: dict[str, Any]) -> None:
        """The heartbeat came back the way broadcasts come."""
        pong = HeartbeatPong(sent_at=event["sent_at"], now=wire_time(clock.now()), ref=event["ref"])
        self.outbox.put(pong)

    @contextlib.asynccontextmanager
    async def anew(self, topic: str) -> AsyncIterator[dict[str, int]]:
        """Follow a topic from a snapshot on; yields {topic: seq}, and holds broadcasts back meanwhile.

        The body reads the snapshot and sends it. When it fails, a topic that was new is not followed.
        """
        is_new = topic not in self.following.topics
        self.following.hold(topic)
        try:
            await self.channel_layer.group_add(group_name(self.force.schema, topic), self.channel_name)
            seqs = await presence.read_seqs(self.force, [topic])
            yield seqs
        except BaseException:
            if is_new:
                await self.unfollow(topic)
            else:
                self.following.release(topic, 0)
            raise
        self.following.release(topic, seqs[topic])

    async def unfollow(self, topic: str) -> None:
        """Follow a topic no longer."""
        self.following.drop(topic)
        await self.channel_layer.group_discard(group_name(self.force.schema, topic), self.channel_name)

    async def refuse(self, error: DomainError) -> None:
        """Say why, and close for good."""
        self.outbox.put(error_frame(error))
        await self.shut(self.close_code(error))

    async def shut(self, code: int) -> None:
        """Send what waits, then close. Closing twice is fine."""
        if not self.is_open:
            return
        self.is_open = False
        await self.outbox.drain()
        await self.close(code)

    async def _act(self, frame: ClientFrame) -> None:
        if isinstance(frame, HeartbeatPing):
            await self._or_close(self._beat(frame))
        else:
            await getattr(self, self.handlers[type(frame)])(frame)

    async def _beat(self, ping: HeartbeatPing) -> None:
        """Prove the way of the broadcasts: nothing was lost so far, and this comes back through Redis."""
        await self.heard()
        topics = self.following.topics
        if not self.following.is_complete(await presence.read_seqs(self.force, topics), topics):
            await self.shut(TRY_AGAIN)
            return
        beat = {"type": "wire.pong", "sent_at": ping.sent_at, "ref": ping.ref}
        await self.channel_layer.send(self.channel_name, beat)

    async def _or_close(self, step: Coroutine[Any, Any, None]) -> None:
        try:
            await step
        except DomainError as error:
            await self.refuse(error)
        except DEPENDENCY_LOST as error:
            self.outbox.put(error_frame(error))
            await self.shut(TRY_AGAIN)

    async def _transmit(self, frame: Frame) -> None:
        await self.send(text_data=encode(frame))

    def _overflow(self) -> None:
        self.closing = asyncio.create_task(self.shut(TOO_SLOW))
