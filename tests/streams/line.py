"""The client's end of a WebSocket, byte by byte: it can do what no browser and no library would."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import struct
from collections.abc import Mapping
from typing import Any

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
FINAL, COMPRESSED = 0x80, 0x40
DEADLINE_S = 10.0


class Line:
    """One connection to a web process after its handshake."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, response: str) -> None:
        self._reader, self._writer = reader, writer
        self.response = response
        self.seen: list[dict[str, Any]] = []

    @classmethod
    async def open(
        cls,
        port: int,
        path: str,
        host: str,
        cookie: str,
        *,
        ahead: int = 2**20,
        headers: Mapping[str, str] | None = None,
    ) -> Line:
        """Shake hands; at most twice ``ahead`` bytes are read before anybody asks for them.

        The operating system's own buffers stay as they are: a small receive window makes the sender wait for its
        timer at every segment, after the reader woke as before (RFC 9293, section 3.8.6.2.1).
        """
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=ahead)
        given = {
            "Host": host,
            "Origin": f"http://{host}",
            "Cookie": cookie,
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
            **(headers or {}),
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
        writer.write(f"GET {path} HTTP/1.1\r\n{lines}\r\n".encode())
        async with asyncio.timeout(DEADLINE_S):
            response = (await reader.readuntil(b"\r\n\r\n")).decode("latin1")
        return cls(reader, writer, response)

    @property
    def is_accepted(self) -> bool:
        """Whether the handshake succeeded."""
        return self.response.startswith("HTTP/1.1 101")

    async def send(self, payload: bytes, head: int = FINAL | TEXT) -> None:
        """Send one masked frame; ``head`` is its first byte."""
        key = os.urandom(4)
        length = len(payload)
        if length < 126:
            size = struct.pack("!B", 0x80 | length)
        elif length < 65_536:
            size = struct.pack("!BH", 0x80 | 126, length)
        else:
            size = struct.pack("!BQ", 0x80 | 127, length)
        masked = bytes(byte ^ key[index % 4] for index, byte in enumerate(payload))
        self._writer.write(bytes([head]) + size + key + masked)
        await self._writer.drain()

    async def send_json(self, type_: str, **fields: Any) -> None:
        await self.send(json.dumps({"type": type_, **fields}).encode())

    async def receive(self) -> tuple[int, bytes]:
        """Return the next frame as (opcode, payload); raises IncompleteReadError at the end of the line."""
        async with asyncio.timeout(DEADLINE_S):
            head, size = await self._reader.readexactly(2)
            if size == 126:
                (size,) = struct.unpack("!H", await self._reader.readexactly(2))
            elif size == 127:
                (size,) = struct.unpack("!Q", await self._reader.readexactly(8))
            return head & 0x0F, await self._reader.readexactly(size)

    async def expect(self, type_: str, **fields: Any) -> dict[str, Any]:
        """Return the next message of that type with these fields; those before it are kept in `seen`."""
        while True:
            opcode, payload = await self.receive()
            if opcode != TEXT:
                continue
            message: dict[str, Any] = json.loads(payload)
            self.seen.append(message)
            if message["type"] == type_ and all(message.get(name) == value for name, value in fields.items()):
                return message

    async def close_code(self) -> int:
        """Read on to the server's close frame, and return its code; 1006 when the line just ends."""
        try:
            while True:
                opcode, payload = await self.receive()
                if opcode == CLOSE:
                    return int(struct.unpack("!H", payload[:2])[0])
        except (asyncio.IncompleteReadError, ConnectionError):
            return 1006

    async def is_alive(self) -> bool:
        """Whether a heartbeat comes back."""
        await self.send_json("heartbeat.ping", sent_at=1, ref="alive?")
        return bool(await self.expect("heartbeat.pong", ref="alive?"))

    def close(self) -> None:
        """Hang up, as a phone without a network does."""
        self._writer.close()
