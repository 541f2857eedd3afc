"""A small server that speaks the console's protocol: officers who move, and live sessions with synthetic pictures.

It stands for the whole of the product, so that only the page is measured. Pictures come from the page ``/publisher``,
peer to peer; this server passes offers and answers on. Prints its port, and ends with its standard input.
"""

import asyncio
import contextlib
import functools
import json
import random
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from forces import clock
from tests.bench.console_sessions import live_session, officer_view

WEB = Path(__file__).parents[2] / "web"
BENCH = Path(__file__).parent
FILES = {
    "/publisher": BENCH / "probes/publisher.html",
    "/bare": BENCH / "peers/bare_map.html",
    "/ol.js": WEB / "node_modules/ol/dist/ol.js",
    "/ol.css": WEB / "node_modules/ol/ol.css",
}
TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".html": "text/html",
    ".svg": "image/svg+xml",
    ".json": "application/json",
}
TICK_S = 0.25
EVERY_TICKS = 8
"""Each officer moves once in so many ticks: 0.5 Hz."""
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Sightline</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/assets/console.css"><body class="console-page"><div id="console"></div>
<form id="sign-out-form" hidden></form><script id="page-data" type="application/json">{data}</script>
<script type="module" src="/assets/console.js"></script></body></html>"""

Say = dict[str, Any]


def ago(seconds: float) -> str:
    """Return a moment as the wire has it."""
    moment = clock.now() - timedelta(seconds=seconds)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def move(officers: list[Say], tick: int, chance: random.Random) -> list[Say]:
    """Move whoever is due in this tick, and return what is broadcast of them. This is the feed."""
    moved = []
    for officer in officers[tick % EVERY_TICKS :: EVERY_TICKS]:
        fix = officer["fix"]
        fix["latitude"] += chance.uniform(-2e-4, 2e-4)
        fix["longitude"] += chance.uniform(-3e-4, 3e-4)
        fix["fixed_at"] = fix["received_at"] = ago(0)
        moved.append({"id": officer["id"], "fix": fix})
    return moved


@dataclass
class Feed:
    """Everybody who is connected, and what they are told."""

    officers: list[Say]
    sessions: list[Say]
    is_aged: bool = False
    followers: set[ServerConnection] = field(default_factory=set)
    watchers: dict[str, ServerConnection] = field(default_factory=dict)
    publisher: ServerConnection | None = None
    seq: int = 0

    async def tick(self) -> None:
        """Tell the followers who moved, four times a second."""
        chance = random.Random(1)
        count = 0
        while True:
            await asyncio.sleep(TICK_S)
            count += 1
            moving = self.officers[len(self.officers) // 5 :] if self.is_aged else self.officers
            moved = move(moving, count, chance)
            if not self.followers or not moved:
                continue
            self.seq += 1
            text = json.dumps({"type": "officers.moved", "officers": moved, "topic": "officers", "seq": self.seq})
            await asyncio.gather(*(_tell(one, text) for one in list(self.followers)))

    async def serve_line(self, line: ServerConnection) -> None:
        """Serve one page until it goes."""
        if line.request is not None and line.request.path == "/publisher-line":
            self.publisher = line
            await self._pass_offers(line)
            return
        await _tell(line, json.dumps(self._snapshot()))
        try:
            async for text in line:
                await self._answer(line, json.loads(text))
        except ConnectionClosed:
            pass
        finally:
            self.followers.discard(line)

    async def _pass_offers(self, line: ServerConnection) -> None:
        async for text in line:
            offer = json.loads(text)
            await _tell(
                self.watchers[offer["watch_id"]], json.dumps({"type": "stream.offer", "ice_servers": [], **offer})
            )

    async def _answer(self, line: ServerConnection, said: Say) -> None:
        kind = said["type"]
        if kind == "heartbeat.ping":
            await _tell(line, json.dumps({"type": "heartbeat.pong", "sent_at": said["sent_at"], "now": ago(0)}))
        elif kind == "officers.follow":
            seqs = {"officers": self.seq}
            told = {
                "type": "officers.snapshot",
                "now": ago(0),
                "officers": self.officers,
                "seqs": seqs,
                "ref": said.get("ref"),
            }
            await _tell(line, json.dumps(told))
            self.followers.add(line)
        elif kind == "officers.leave":
            self.followers.discard(line)
        elif kind == "console.snapshot":
            await _tell(line, json.dumps(self._snapshot()))
        elif kind == "stream.watch":
            watch_id = f"w-{said['stream_id']}-{len(self.watchers)}"
            self.watchers[watch_id] = line
            wanted = {"watch_id": watch_id, "stream_id": said["stream_id"], "session_id": said["session_id"]}
            await self._to_publisher({**wanted, "ref": said.get("ref")})
        elif kind in {"watch.answer", "watch.candidate"}:
            await self._to_publisher(said)

    async def _to_publisher(self, said: Say) -> None:
        if self.publisher is not None:
            await _tell(self.publisher, json.dumps(said))

    def _snapshot(self) -> Say:
        me = {"id": "1", "name": "Operator", "role": "operator"}
        told = {"type": "console.snapshot", "now": ago(0), "me": me, "sessions": self.sessions, "seqs": {"console": 1}}
        return {**told, "shared": [], "shared_missing": [], "partners": []}


async def _tell(line: ServerConnection, text: str) -> None:
    with contextlib.suppress(ConnectionClosed):
        await line.send(text)


def answer_http(page: str, connection: ServerConnection, request: Request) -> Response | None:
    """Answer what is no socket: the console's page, its files, empty lists for its doors."""
    path = request.path.split("?")[0]
    if request.headers.get("Upgrade") is not None:
        return None
    if path == "/":
        return _response(page.encode(), "text/html")
    file = FILES.get(path, WEB / "dist" / path.lstrip("/") if path.startswith("/assets/") else None)
    if file is not None and file.is_file():
        return _response(file.read_bytes(), TYPES[file.suffix])
    return _response(b"[]", "application/json")


def _response(body: bytes, kind: str) -> Response:
    headers = Headers(
        {"Content-Type": f"{kind}; charset=utf-8", "Content-Length": str(len(body)), "Connection": "close"}
    )
    return Response(HTTPStatus.OK, "OK", headers, body)


def crowd(count: int, chance: random.Random, *, is_aged: bool) -> list[Say]:
    """Return officers on duty around a few towns; with ``is_aged`` a fifth of them was not heard of for a while."""
    officers = []
    for index in range(count):
        age = chance.choice((50, 400, 2000)) if is_aged and index < count // 5 else 0
        officers.append(officer_view(index, ago(age), chance))
    return officers


async def run(officers: int, videos: int, *, is_aged: bool, ready: Callable[[int], None]) -> None:
    """Serve until cancelled; ``ready`` is told the port."""
    people = crowd(officers, random.Random(7), is_aged=is_aged)
    feed = Feed(people, [live_session(index, ago(0)) for index in range(videos)], is_aged)
    me = {
        "id": "1",
        "name": "Operator",
        "role": "operator",
        "permissions": ["stream.watch", "officer.locate", "session.view"],
    }
    page = PAGE.format(
        data=json.dumps({"map_tiles_url": "", "force": {"name": "Hertfordshire Constabulary"}, "me": me})
    )
    async with serve(
        feed.serve_line,
        "127.0.0.1",
        0,
        process_request=functools.partial(answer_http, page),
        compression=None,
        max_size=None,
    ) as server:
        ready(next(iter(server.sockets)).getsockname()[1])
        await feed.tick()


def main() -> None:
    """Serve until standard input ends. Arguments: how many officers, how many pictures, ``aged`` for some old ones."""
    officers, videos = int(sys.argv[1]), int(sys.argv[2])
    aged = "aged" in sys.argv[3:]
    served = run(officers, videos, is_aged=aged, ready=lambda port: print(port, flush=True))
    threading.Thread(target=lambda: asyncio.run(served), daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main()
