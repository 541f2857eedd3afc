"""What both sockets share: admission, replies in order, broadcasts without holes, and an honest heartbeat."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import uuid
from collections.abc import Coroutine
from typing import Any, cast

from forces import clock
from forces.accounts.sign_ins import ACCOUNT_CHANGED
from forces.context import ForceRef
from forces.errors import DomainError
from streams.consumers.admission import Admission
from streams.consumers.dispatcher import DEPENDENCY_LOST, Dispatcher, error_frame
from streams.consumers.ending import Ending
from streams.consumers.merging import Frame
from streams.consumers.outbox import Outbox
from streams.consumers.places import Places
from streams.consumers.refusals import TOO_SLOW, TRY_AGAIN, TooManySockets, close_code_of
from streams.consumers.signed_in import listen_for_account
from streams.consumers.topics import Topics
from streams.wire import ClientFrame, HeartbeatPing, HeartbeatPong, encode, wire_time

log = logging.getLogger(__name__)

# A page that keeps silent is looked at, too: whoever may not be here any more would go on listening.
GUARD_SECONDS = 30.0
LAST_WORDS_SECONDS = 2.0


class WireSocket(Admission, Ending):
    """One socket of the wire; subclasses decode, admit, and have a method for each type of frame."""

    @property
    def door(self) -> dict[str, Any]:
        """What the socket middleware found out: force, actor, cookies, request_id."""
        return cast(dict[str, Any], self.scope)

    async def connect(self) -> None:
        """Accept first, for a browser cannot read the code of a refused handshake; then admit."""
        self.force: ForceRef = self.door["force"]
        self.name = uuid.uuid4().hex
        self.outbox = Outbox(self._transmit, self._overflow)
        self.topics = Topics(self.force, self.channel_layer, self.channel_name, self.outbox.put)
        self.places = Places(self.force, self.channel_layer, self.channel_name, self.most_open)
        await self.accept()
        self.writer = asyncio.create_task(self._write())
        order = {"urgent": self.urgent, "beside": self.beside}
        self.dispatcher = Dispatcher(decode=self.decode, act=self._act, reply=self.outbox.put, rate=self.rate, **order)
        await self._or_close(self._enter())
        self.guard = asyncio.create_task(self._guard())

    async def disconnect(self, code: int) -> None:
        """Let the act that goes on end, then give back what the socket holds."""
        self.stop_chores()
        await self.dispatcher.stop()
        await self.topics.leave_all()
        try:
            await self.places.leave()
            await self.finish()
        except DEPENDENCY_LOST:
            log.warning("a socket's places are left to the watchdog", exc_info=True)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Take a frame in; a binary one is read as empty text, which is malformed."""
        if self.is_open:
            self.dispatcher.take(text_data or "")

    async def wire_message(self, event: dict[str, Any]) -> None:
        """A broadcast of a topic that this socket follows; one about the account has it looked at again."""
        if event["message"]["type"] != ACCOUNT_CHANGED:
            self.topics.take(event["message"])
        elif self.is_open:
            await self._or_close(self.check())

    async def wire_pong(self, event: dict[str, Any]) -> None:
        """The heartbeat came back the way broadcasts come."""
        pong = HeartbeatPong(sent_at=event["sent_at"], now=wire_time(clock.now()), ref=event["ref"])
        self.outbox.put(pong)

    async def wire_evicted(self, event: dict[str, Any]) -> None:
        """The holder opened too many; this one gives way."""
        await self.refuse(TooManySockets())

    async def refuse(self, error: DomainError) -> None:
        """Say why, and close for good."""
        self.outbox.put(error_frame(error))
        await self.shut(close_code_of(error))

    async def shut(self, code: int) -> None:
        """Send what waits, unless the reader is too slow for it, then close. Closing twice is fine."""
        if not self.is_open:
            return
        self.is_open = False
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.outbox.drain(), LAST_WORDS_SECONDS)
        await self.close(code)

    async def _act(self, frame: ClientFrame) -> None:
        if isinstance(frame, HeartbeatPing):
            await self._or_close(self._beat(frame))
        else:
            await getattr(self, self.handlers[type(frame)])(frame)

    async def _enter(self) -> None:
        await listen_for_account(self.door, self.topics)  # first: whoever is put out meanwhile is put out
        await self.begin()
        await self.places.take(self.holder)

    async def _beat(self, ping: HeartbeatPing) -> None:
        """Prove the way of the broadcasts: nothing was lost so far, and this comes back through Redis."""
        await self.heard()
        await self.places.take(self.holder)
        if not await self.topics.are_complete():
            await self.shut(TRY_AGAIN)
            return
        beat = {"type": "wire.pong", "sent_at": ping.sent_at, "ref": ping.ref}
        await self.channel_layer.send(self.channel_name, beat)

    async def _guard(self) -> None:
        while self.is_open:
            await asyncio.sleep(GUARD_SECONDS * self.guard_rounds)
            await self._or_close(self.check())

    async def _or_close(self, step: Coroutine[Any, Any, None]) -> None:
        try:
            await step
        except DomainError as error:
            await self.refuse(error)
        except DEPENDENCY_LOST as error:
            self.outbox.put(error_frame(error))
            await self.shut(TRY_AGAIN)

    async def _write(self) -> None:
        """Send what waits; a page that nothing can be sent to any more comes back and takes a snapshot."""
        try:
            await self.outbox.run()
        except Exception:
            log.exception("a socket cannot be written to")
            await self.close(TRY_AGAIN)

    async def _transmit(self, frame: Frame) -> None:
        await self.send(text_data=encode(frame))

    def _overflow(self) -> None:
        self.closing = asyncio.create_task(self.shut(TOO_SLOW))
