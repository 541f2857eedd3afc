"""WebSockets of thousands of officers in one process: as little as a client can do, for the servers are measured."""

from __future__ import annotations

import asyncio
import base64
import os
import struct
from collections.abc import Callable
from typing import Self

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA
NO_MASK = b"\0\0\0\0"  # masks nothing, and is a mask all the same


class LightSocket(asyncio.Protocol):
    """One connection; `heard` is called with the bytes of each text frame."""

    def __init__(self, request: bytes, heard: Callable[[bytes], None]) -> None:
        self._request, self.heard = request, heard
        self._buffer = bytearray()
        self._is_open = False
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.is_lost = False

    @classmethod
    async def open(cls, port: int, path: str, host: str, cookie: str, heard: Callable[[bytes], None]) -> Self:
        """Shake hands with a server on loopback."""
        key = base64.b64encode(os.urandom(16)).decode()
        lines = (
            f"GET {path} HTTP/1.1",
            f"Host: {host}",
            f"Origin: http://{host}",
            f"Cookie: {cookie}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {key}",
        )
        request = "\r\n".join((*lines, "\r\n")).encode()
        loop = asyncio.get_running_loop()
        _, socket = await loop.create_connection(lambda: cls(request, heard), "127.0.0.1", port)
        await asyncio.wait_for(socket.opened, 60)
        return socket

    def send(self, text: bytes, opcode: int = TEXT) -> None:
        """Send one frame."""
        length = len(text)
        size = bytes([0x80 | length]) if length < 126 else struct.pack("!BH", 0x80 | 126, length)
        self._transport.write(bytes([0x80 | opcode]) + size + NO_MASK + text)

    def close(self) -> None:
        """Hang up."""
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the socket."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(self._request)

    def connection_lost(self, exc: Exception | None) -> None:
        """The server, or we, hung up."""
        self.is_lost = True
        if not self.opened.done():
            self.opened.set_exception(ConnectionError("the handshake failed"))

    def data_received(self, data: bytes) -> None:
        """Take whole frames out of what came."""
        self._buffer += data
        if not self._is_open and not self._shake_hands():
            return
        while (frame := self._take()) is not None:
            opcode, payload = frame
            if opcode == TEXT:
                self.heard(payload)
            elif opcode == PING:
                self.send(payload, PONG)

    def _shake_hands(self) -> bool:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        self._is_open = self._buffer.startswith(b"HTTP/1.1 101")
        del self._buffer[: end + 4]
        if self._is_open:
            self.opened.set_result(None)
        else:
            self._transport.abort()
        return self._is_open

    def _take(self) -> tuple[int, bytes] | None:
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        head, length, start = buffer[0], buffer[1] & 0x7F, 2
        if length >= 126:
            start = 4 if length == 126 else 10
            if len(buffer) < start:
                return None
            length = int.from_bytes(buffer[2:start], "big")
        if len(buffer) < start + length:
            return None
        payload = bytes(buffer[start : start + length])
        del buffer[: start + length]
        return head & 0x0F, payload
