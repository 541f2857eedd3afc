"""One WebSocket to one Janus: requests out, answers and events in."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Any

import websockets
from websockets.asyncio.client import ClientConnection

from streams.gateway.interface import GatewayUnavailable
from streams.gateway.janus.tasks import start_detached
from streams.gateway.janus.transactions import Message, Transactions

logger = logging.getLogger(__name__)

MAX_MESSAGE_BYTES = 4 * 2**20


class JanusConnection:
    """A socket that lives once: after a loss, make another one."""

    def __init__(
        self,
        url: str,
        api_secret: str,
        transactions: Transactions,
        *,
        on_event: Callable[[Message], None],
        on_lost: Callable[[str], None],
    ) -> None:
        """`on_event` gets what answers no request, `on_lost` the reason, once, unless `close` was called."""
        self._transactions = transactions
        self._url = url
        self._api_secret = api_secret
        self._on_event = on_event
        self._on_lost = on_lost
        self._socket: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None

    @property
    def is_open(self) -> bool:
        """Whether requests can be sent."""
        return self._socket is not None

    async def open(self, seconds: float) -> None:
        """Connect within `seconds`; raises GatewayUnavailable."""
        try:
            self._socket = await websockets.connect(
                self._url,
                subprotocols=[websockets.Subprotocol("janus-protocol")],
                max_size=MAX_MESSAGE_BYTES,
                open_timeout=seconds,
                close_timeout=1.0,
                ping_interval=10.0,
                ping_timeout=10.0,
                proxy=None,
            )
        except (OSError, TimeoutError, websockets.InvalidURI, websockets.InvalidHandshake) as error:
            raise GatewayUnavailable(f"no connection to {self._url}: {error}") from error
        self._reader = start_detached(self._read(self._socket), "janus-reader")

    async def close(self) -> None:
        """Close the socket and fail what is open; safe to call twice."""
        socket, self._socket = self._socket, None
        if socket is not None:
            await socket.close()
        if self._reader is not None and self._reader is not asyncio.current_task():
            await asyncio.gather(self._reader, return_exceptions=True)
        self._transactions.fail_all(GatewayUnavailable("connection closed"))

    async def request(
        self, body: dict[str, Any], *, owner: str, seconds: float, is_ack_enough: bool = False
    ) -> Message:
        """Send `body` and return the answer as it came, error answers too.

        `owner` names the request in errors and logs. Raises GatewayUnavailable, GatewayTimeout.
        """
        socket = self._socket
        if socket is None:
            raise GatewayUnavailable(f"{owner}: not connected")
        secret = {"apisecret": self._api_secret}

        async def send(transaction_id: str) -> None:
            frame = json.dumps({**body, **secret, "transaction": transaction_id})
            try:
                await socket.send(frame)
            except websockets.ConnectionClosed as error:
                raise GatewayUnavailable(f"{owner}: connection dropped: {error}") from error

        return await self._transactions.ask(send, owner=owner, seconds=seconds, is_ack_enough=is_ack_enough)

    async def _read(self, socket: ClientConnection) -> None:
        """Deliver messages until the socket ends, then say so once."""
        reason = "closed by the media server"
        try:
            async for frame in socket:
                self._deliver(frame)
        except websockets.ConnectionClosed as error:
            reason = str(error)
        if self._socket is None:
            return  # `close` was called: no loss
        self._socket = None
        self._transactions.fail_all(GatewayUnavailable(f"connection dropped: {reason}"))
        self._on_lost(reason)

    def _deliver(self, frame: str | bytes) -> None:
        """Hand one frame on; whatever is wrong with it must not end the reader."""
        try:
            message = json.loads(frame)
        except (ValueError, RecursionError):
            message = None
        if not isinstance(message, dict):
            logger.warning("janus sent a frame that is no JSON object (%d bytes)", len(frame))
        elif not self._transactions.settle(message):
            self._on_event(message)
