"""A bad line between an encoder and the server: a UDP relay that loses some packets and holds all of them back."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import cast

Address = tuple[str, int]


@dataclass(frozen=True)
class Line:
    """How bad: the share that is lost, and the seconds that each packet is held back."""

    lost: float
    delay_s: float


class _Relay(asyncio.DatagramProtocol):
    """One end; what comes to it goes out of the other."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.other: _Relay | None = None
        self.peer: Address | None = None
        self.passed = self.dropped = 0
        self._transport: asyncio.DatagramTransport | None = None
        # The same packets are lost in every run.
        self._chance = random.Random(4711)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: Address) -> None:
        self.peer = self.peer or addr
        if self._chance.random() < self.line.lost:
            self.dropped += 1
            return
        self.passed += 1
        assert self.other is not None
        asyncio.get_running_loop().call_later(self.line.delay_s, self.other.send, data)

    def send(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing() and self.peer is not None:
            self._transport.sendto(data, self.peer)

    @property
    def port(self) -> int:
        assert self._transport is not None
        return int(self._transport.get_extra_info("sockname")[1])

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


@asynccontextmanager
async def bad_line(port: int, line: Line) -> AsyncIterator[_Relay]:
    """Relay to a port of loopback; yields the end to which an encoder sends, which counts what it lost."""
    loop = asyncio.get_running_loop()
    near, far = _Relay(line), _Relay(line)
    near.other, far.other, far.peer = far, near, ("127.0.0.1", port)
    for end in (near, far):
        await loop.create_datagram_endpoint(lambda end=end: end, local_addr=("127.0.0.1", 0))  # type: ignore[misc]
    try:
        yield near
    finally:
        near.close()
        far.close()
