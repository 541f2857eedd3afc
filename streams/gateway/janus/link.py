"""The way to one Janus that outlives its sockets: reconnects by itself, translates refusals."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from typing import Any

from streams.gateway.backoff import Backoff
from streams.gateway.interface import GatewayError, GatewayRefused, GatewayUnavailable, HandleGone
from streams.gateway.janus.connection import JanusConnection
from streams.gateway.janus.tasks import start_detached
from streams.gateway.janus.transactions import Message, Transactions

logger = logging.getLogger(__name__)

# Janus's own codes (apierror.h): no such session, no such handle.
GONE_CODES = frozenset({458, 459})


class JanusLink:
    """At most one open socket at a time; the table of transactions is kept over reconnects."""

    def __init__(
        self,
        url: str,
        api_secret: str,
        *,
        seconds: float,
        backoff: Backoff,
        on_event: Callable[[Message], None],
        on_lost: Callable[[str], None],
        on_restored: Callable[[], Awaitable[None]],
    ) -> None:
        """`seconds` is the deadline of each request; `on_restored` runs after each reconnect."""
        self.transactions = Transactions()
        self._url = url
        self._api_secret = api_secret
        self._seconds = seconds
        self._backoff = backoff
        self._on_event = on_event
        self._on_lost = on_lost
        self._on_restored = on_restored
        self._connection: JanusConnection | None = None
        self._opening = asyncio.Lock()
        self._returning: asyncio.Task[None] | None = None
        self._is_closed = False

    @property
    def is_open(self) -> bool:
        """Whether requests can be sent now."""
        return self._connection is not None and self._connection.is_open

    async def open(self) -> None:
        """Connect once, without retries; raises GatewayUnavailable. A no-op when open."""
        async with self._opening:
            if self._is_closed:
                raise GatewayUnavailable("closed")
            if self.is_open:
                return
            connection = JanusConnection(
                self._url,
                self._api_secret,
                self.transactions,
                on_event=self._on_event,
                on_lost=self._lost,
            )
            await connection.open(self._seconds)
            self._connection = connection

    async def close(self) -> None:
        """Stop for good."""
        self._is_closed = True
        if self._returning is not None:
            self._returning.cancel()
            await asyncio.gather(self._returning, return_exceptions=True)
        async with self._opening:
            if self._connection is not None:
                await self._connection.close()

    async def ask(self, body: dict[str, Any], owner: str, *, is_ack_enough: bool = False) -> Message:
        """Send `body`; the answer, or HandleGone, GatewayRefused, GatewayUnavailable, GatewayTimeout."""
        if self._connection is None:
            raise GatewayUnavailable(f"{owner}: not connected")
        answer = await self._connection.request(body, owner=owner, seconds=self._seconds, is_ack_enough=is_ack_enough)
        if answer.get("janus") == "error":
            raise _refusal(answer, owner)
        return answer

    def _lost(self, reason: str) -> None:
        logger.warning("connection to janus lost: %s", reason)
        self._on_lost(reason)
        if not self._is_closed and (self._returning is None or self._returning.done()):
            self._returning = start_detached(self._return(), "janus-reconnect")

    async def _return(self) -> None:
        """Try until connected and restored; a socket lost while restoring counts as one more try."""
        attempt = 0
        while not self._is_closed:
            await asyncio.sleep(self._backoff.delay(attempt, random.random()))  # noqa: S311 - jitter
            attempt += 1
            try:
                await self.open()
                await self._on_restored()
            except GatewayError as error:
                logger.info("janus is not back yet (try %d): %s", attempt, error)
            except Exception:
                logger.exception("reconnecting to janus broke and goes on (try %d)", attempt)
            else:
                logger.info("connection to janus restored (try %d)", attempt)
                return


def _refusal(answer: Message, owner: str) -> GatewayError:
    error = answer.get("error")
    details = error if isinstance(error, dict) else {}
    code, reason = int(details.get("code", 0)), str(details.get("reason", ""))
    if code in GONE_CODES:
        return HandleGone(f"{owner}: {reason}")
    return GatewayRefused(code, f"{owner}: {reason}")
