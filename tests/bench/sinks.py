"""Viewers that cost nearly nothing: their media come to a socket whose filter throws them away in the kernel.

Connections are real, of aiortc, and stay; what was thrown away is counted, so that it is known what came.
"""

from __future__ import annotations

import asyncio
import ctypes
import socket
import struct
from typing import Any

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

from tests.bench.processes import dropped_by_port

CONNECTED_WITHIN_S = 20.0
# Linux's own number; Python has no name for it.
SO_ATTACH_FILTER = 26
# Classic BPF on a datagram behind its UDP header: 128 to 191 in the first byte are RTP and RTCP (RFC 7983).
LOAD_BYTE, IS_AT_LEAST, ANSWER = 0x30, 0x35, 0x06
FILTER = (
    (LOAD_BYTE, 0, 0, 8),
    (IS_AT_LEAST, 0, 2, 128),
    (IS_AT_LEAST, 1, 0, 192),
    (ANSWER, 0, 0, 0),
    (ANSWER, 0, 0, 0xFFFF),
)


class Sink:
    """One viewer of one picture."""

    def __init__(self) -> None:
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._ports: list[int] = []

    async def answer(self, offer: str) -> str:
        """Answer an offer; from now on media are thrown away as they come."""
        await self._connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        await self._connection.setLocalDescription(await self._connection.createAnswer())
        for held in self._sockets():
            throw_media_away(held)
            self._ports.append(held.getsockname()[1])
        return self._connection.localDescription.sdp

    async def connected(self) -> None:
        """Wait until the connection stands."""
        async with asyncio.timeout(CONNECTED_WITHIN_S):
            while self._connection.connectionState != "connected":  # noqa: ASYNC110 - aiortc tells only its own loop
                await asyncio.sleep(0.05)

    def packets(self, dropped: dict[int, int]) -> int:
        """Return how many packets have come, of what `dropped_by_port` said."""
        return sum(dropped.get(port, 0) for port in self._ports)

    async def close(self) -> None:
        """Leave."""
        await self._connection.close()

    def _sockets(self) -> list[Any]:
        # Nothing of aiortc's public side leads to its sockets.
        ice = self._connection.getTransceivers()[0].receiver.transport.transport._connection
        return [protocol.transport.get_extra_info("socket") for protocol in ice._protocols]


def throw_media_away(held: socket.socket) -> None:
    """Let the kernel drop RTP and RTCP at a UDP socket; connectivity checks and DTLS pass."""
    program = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in FILTER))
    held.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("@HL", len(FILTER), ctypes.addressof(program)))


def packets_of(sinks: list[Sink]) -> int:
    """Return how many packets have come to all of them."""
    dropped = dropped_by_port()
    return sum(sink.packets(dropped) for sink in sinks)
