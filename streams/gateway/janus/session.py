"""One Janus session with one VideoRoom handle: what a participant (or the room requests) owns."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from streams.gateway.interface import GatewayError, GatewayUnavailable, HandleGone, HandleRef
from streams.gateway.janus.link import JanusLink
from streams.gateway.janus.tasks import start_detached
from streams.gateway.janus.transactions import Message

logger = logging.getLogger(__name__)

PLUGIN = "janus.plugin.videoroom"


class JanusSession:
    """Kept alive by a task of its own from `keep` until `release`."""

    def __init__(self, link: JanusLink, handle: HandleRef) -> None:
        """Wrap a session and handle which exist; use `open` to make them."""
        self.handle = handle
        # Whether it is a reception of many feeds, of which any may have no picture.
        self.carries_many = False
        self._link = link
        self._keeper: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, link: JanusLink, opaque_id: str) -> JanusSession:
        """Create a session and attach a handle; nothing is left behind when attaching fails."""
        created = await link.ask({"janus": "create"}, "create session")
        session = cls(link, HandleRef(session_id=_new_id(created), handle_id=0))
        try:
            attached = await session.ask({"janus": "attach", "plugin": PLUGIN, "opaque_id": opaque_id})
            session.handle = HandleRef(session.handle.session_id, _new_id(attached))
        except BaseException:
            await session.destroy()
            raise
        return session

    def keep(self, every: float, on_gone: Callable[[JanusSession], None]) -> None:
        """Send a keepalive each `every` seconds; `on_gone` is told when Janus knows the session no more."""
        self._keeper = start_detached(self._keep_alive(every, on_gone), f"janus-keepalive-{self.handle.session_id}")

    def release(self) -> None:
        """Stop keeping it alive."""
        if self._keeper is not None and self._keeper is not asyncio.current_task():
            self._keeper.cancel()

    async def ask(self, body: dict[str, Any], *, is_ack_enough: bool = False) -> Message:
        """A request of this session; raises as `JanusLink.ask`."""
        owner = f"session {self.handle.session_id} {body['janus']}"
        addressed = {**body, "session_id": self.handle.session_id}
        return await self._link.ask(addressed, owner, is_ack_enough=is_ack_enough)

    async def message(self, body: dict[str, Any], jsep: dict[str, str] | None = None) -> Message:
        """A request to the plugin; answers with the plugin's event, whatever it says."""
        request: dict[str, Any] = {"janus": "message", "handle_id": self.handle.handle_id, "body": body}
        if jsep is not None:
            request["jsep"] = jsep
        return await self.ask(request)

    async def claim(self) -> None:
        """Bring the session's events to the present socket; raises HandleGone."""
        await self.ask({"janus": "claim"})

    async def destroy(self) -> None:
        """End the session with its handle; one that is gone, or out of reach, is left to its time-out."""
        self.release()
        try:
            await self.ask({"janus": "destroy"})
        except (HandleGone, GatewayUnavailable):
            pass
        except GatewayError as error:
            logger.warning("session %d could not be destroyed: %s", self.handle.session_id, error)

    async def _keep_alive(self, every: float, on_gone: Callable[[JanusSession], None]) -> None:
        """Go on whatever happens: a silent end here would end the picture a minute later."""
        while True:
            await asyncio.sleep(every)
            try:
                await self.ask({"janus": "keepalive"}, is_ack_enough=True)
            except HandleGone:
                on_gone(self)
                return
            except GatewayError as error:
                logger.warning("keepalive of session %d failed: %s", self.handle.session_id, error)
            except Exception:
                logger.exception("keepalive of session %d broke and goes on", self.handle.session_id)


def _new_id(answer: Message) -> int:
    data = answer.get("data")
    value = data.get("id") if isinstance(data, dict) else None
    if not isinstance(value, int):
        raise GatewayError("janus answered without an id")
    return value
