"""The caller's picture: published, kept going, and published again when it ends without the session."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from typing import Any, Protocol

from streams.simulation.clip import Clip, ClipTrack
from streams.simulation.peer import SendingPeer

logger = logging.getLogger(__name__)

RETRY_SECONDS = (1.0, 2.0, 4.0, 8.0, 15.0)
GOING_ON = ("admitted", "connecting", "live", "stalled")


class Send(Protocol):
    """Sends a frame of the caller's socket."""

    def __call__(self, kind: str, **fields: Any) -> Awaitable[None]:
        """`kind` is the frame's type."""


class Broadcast:
    """At most one peer connection at a time."""

    REF = "publish"

    def __init__(self, clip: Clip, send: Send) -> None:
        """Nothing is published before `start`."""
        self._clip = clip
        self._send = send
        self._peer: SendingPeer | None = None
        self._stream_id = ""
        self._failures = 0
        self._retrying: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Offer the picture; the answer comes to `accept`, a refusal to `retry`."""
        await self._drop_peer()
        self._peer = SendingPeer(ClipTrack(self._clip))
        await self._send("stream.publish", sdp=await self._peer.offer(), ref=self.REF)

    async def accept(self, stream_id: str, sdp: str) -> None:
        """Begin to send on the answer."""
        self._stream_id = stream_id
        if self._peer is not None:
            await self._peer.accept(sdp)

    async def ensure(self, stream: dict[str, Any] | None) -> None:
        """After a reconnect: leave the picture alone if it goes on, publish it again if not."""
        goes_on = stream is not None and stream["id"] == self._stream_id and stream["state"] in GOING_ON
        if self._peer is None or not goes_on:
            await self.start()

    async def note(self, stream: dict[str, Any]) -> None:
        """Hear what became of a stream; our own, ended while the session goes on, is published again."""
        if stream["id"] != self._stream_id:
            return
        if stream["state"] == "live":
            self._failures = 0
        if stream["state"] == "ended":
            await self.retry()

    async def retry(self) -> None:
        """Publish again after a pause that grows; one retry at a time."""
        await self._drop_peer()
        if self._retrying is None or self._retrying.done():
            self._retrying = asyncio.create_task(self._start_later())

    async def sending_ms(self) -> int | None:
        """How long the picture takes to the media server; None where nothing measured it."""
        return None if self._peer is None else await self._peer.sending_ms()

    async def close(self) -> None:
        """Stop for good."""
        if self._retrying is not None:
            self._retrying.cancel()
            await asyncio.gather(self._retrying, return_exceptions=True)
        await self._drop_peer()

    async def _start_later(self) -> None:
        pause = RETRY_SECONDS[min(self._failures, len(RETRY_SECONDS) - 1)]
        self._failures += 1
        logger.info("publishing again in %g s", pause)
        await asyncio.sleep(pause)
        await self.start()

    async def _drop_peer(self) -> None:
        peer, self._peer = self._peer, None
        if peer is not None:
            await peer.close()
