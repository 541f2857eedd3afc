"""Serves the peers' call pages, and passes on what one page of a line says to the other. Imports nothing of ours.

Prints its port, and ends with its standard input.
"""

import asyncio
import contextlib
import mimetypes
import sys
from collections import defaultdict
from http import HTTPStatus
from pathlib import Path

from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

PAGES = Path(__file__).parent / "call"
lines: defaultdict[str, set[ServerConnection]] = defaultdict(set)


def answer_page(connection: ServerConnection, request: Request) -> Response | None:
    """Answer a request for a page; None lets a WebSocket through."""
    if "Upgrade" in request.headers:
        return None
    file = PAGES / Path(request.path.partition("?")[0]).name
    if not file.is_file():
        return connection.respond(HTTPStatus.NOT_FOUND, "There is no such page.")
    kind = mimetypes.guess_type(file.name)[0] or "text/plain"
    body = file.read_bytes()
    headers = Headers({"Content-Type": kind, "Content-Length": str(len(body)), "Connection": "close"})
    return Response(HTTPStatus.OK, "OK", headers, body)


async def join_line(connection: ServerConnection) -> None:
    """Be on the line that the path names, and say good-bye at the end."""
    assert connection.request is not None
    line = lines[connection.request.path]
    line.add(connection)
    try:
        async for text in connection:
            broadcast(line - {connection}, text)
    finally:
        line.discard(connection)
        broadcast(line, '{"bye": true}')


async def main() -> None:
    """Serve until standard input ends."""
    async with serve(join_line, "127.0.0.1", 0, process_request=answer_page, compression=None) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main())
