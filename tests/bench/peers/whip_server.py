"""A WHIP endpoint before a bare Janus: what is offered at `/whip/ROOM` is published there. Imports nothing of ours.

Arguments: the address of Janus's WebSocket, and the options of every room as JSON. Prints its port, and ends with its
standard input.
"""

import asyncio
import contextlib
import json
import sys
from http import HTTPStatus

from tests.bench.peers.janus_api import Janus, JanusError

Answer = tuple[HTTPStatus, dict[str, str], bytes]
NOTHING: Answer = (HTTPStatus.NOT_FOUND, {}, b"")


class Endpoint:
    """Answers one request for each connection."""

    def __init__(self, janus: Janus, options: dict[str, object]) -> None:
        self._janus, self._options = janus, options

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read a request, answer it, and close."""
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            method, path, _ = first.split(" ")
            status, more, answer = await self._answer(method, path, body.decode())
            head = {**more, "Content-Length": str(len(answer)), "Connection": "close"}
            told = "".join(f"{name}: {value}\r\n" for name, value in head.items())
            writer.write(f"HTTP/1.1 {status.value} {status.phrase}\r\n{told}\r\n".encode() + answer)
            await writer.drain()
        writer.close()

    async def _answer(self, method: str, path: str, offer: str) -> Answer:
        name = path.rpartition("/")[2]
        try:
            if method == "POST":
                return await self._publish(name, offer)
            if method == "DELETE":
                await self._janus.detach(int(name))
                return HTTPStatus.OK, {}, b""
        except JanusError as error:
            return HTTPStatus.BAD_GATEWAY, {}, str(error).encode()
        return NOTHING

    async def _publish(self, room: str, offer: str) -> Answer:
        handle = await self._janus.attach()
        await self._janus.make_room(handle, room, self._options)
        body = {"request": "joinandconfigure", "ptype": "publisher", "room": room}
        said = await self._janus.message(handle, body, {"type": "offer", "sdp": offer})
        headers = {"Location": f"/whip/{handle}", "Content-Type": "application/sdp"}
        return HTTPStatus.CREATED, headers, said["jsep"]["sdp"].encode()


async def main() -> None:
    """Serve until standard input ends."""
    janus = await Janus.open(sys.argv[1])
    endpoint = Endpoint(janus, json.loads(sys.argv[2]))
    server = await asyncio.start_server(endpoint.serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()
    await janus.close()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main())
