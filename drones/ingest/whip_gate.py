"""The one way from ffmpeg to our WHIP door: a port on loopback that opens one publication, and ends it.

Everybody on a machine can read the words of a process, and ffmpeg's WHIP muxer takes its bearer from there alone. So
what ffmpeg is given opens this gate, once, and nothing else; what opens the door is made here anew for every request,
lasts seconds, and is in no words. The gate also names the force's host, which ffmpeg has no word for.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from drones.ingest.commands import Door

ASKING_SECONDS = 15.0
# So often it is asked whether what was opened goes on.
LOOKING_SECONDS = 2.0
_LONGEST_HEAD = 8 * 1024
# What whoever is no ffmpeg may send, or not send.
_BROKEN = (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError, ValueError)
_LONGEST_BODY = 64 * 1024
_REASONS = {200: "OK", 201: "Created", 401: "Unauthorized", 404: "Not Found", 409: "Conflict", 502: "Bad Gateway"}


@dataclass(frozen=True, slots=True)
class WhipTarget:
    """The door behind the gate: where it listens, as which host it is asked, and what makes a bearer for a request."""

    url: str
    host: str
    make_bearer: Callable[[], str]


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: dict[str, str]
    body: bytes = b""


class WhipGate:
    """Answers the ffmpeg of one run: one POST that succeeds, and the DELETE of what it opened."""

    def __init__(self, target: WhipTarget, note_over: Callable[[], None]) -> None:
        """`target` is where requests lead; `note_over` is called when what was opened is over there, and not by us."""
        self._target, self._note_over = target, note_over
        self._word = secrets.token_urlsafe(24)
        self._location = ""
        self._client = httpx.AsyncClient(timeout=ASKING_SECONDS, trust_env=False)
        self._server: asyncio.Server | None = None
        self._opening: asyncio.Task[_Answer] | None = None
        self._looking: asyncio.Task[None] | None = None

    async def open(self) -> Door:
        """Begin to listen; returns what ffmpeg is given."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=_LONGEST_HEAD)
        port = self._server.sockets[0].getsockname()[1]
        return Door(f"http://127.0.0.1:{port}/whip", self._word)

    async def close(self) -> None:
        """Close the port, and end what was opened and not ended: a process that was killed says no goodbye."""
        if self._server is not None:
            self._server.close()
        if self._opening is not None:
            # Asked for by one that is dead: opened yet, it would hold the place that the next one needs.
            await asyncio.wait({self._opening})
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.wait({self._looking})
        if self._location:
            await self._ask("DELETE", self._location)
            self._location = ""
        await self._client.aclose()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request, and close."""
        try:
            with contextlib.suppress(*_BROKEN):
                async with asyncio.timeout(ASKING_SECONDS):
                    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").splitlines()
                    headers = dict(_field(line) for line in head[1:] if line)
                    size = min(int(headers.get("content-length", "0") or "0"), _LONGEST_BODY)
                    body = await reader.readexactly(size)
                writer.write(_written(await self._answer(head[0], headers, body)))
                await writer.drain()
        finally:
            writer.close()

    async def _answer(self, line: str, headers: dict[str, str], body: bytes) -> _Answer:
        method, path = [*line.split(), "", ""][:2]
        shown = headers.get("authorization", "").encode("latin-1")
        if not secrets.compare_digest(shown, f"Bearer {self._word}".encode()):
            return _Answer(401, {})
        if (method, path) == ("POST", "/whip"):
            return await self._publish(body)
        if method == "DELETE" and self._location and path == self._location:
            answer = await self._ask("DELETE", path)
            if answer.status < 500:
                self._location = ""  # else it is tried again when the gate is closed
            return answer
        return _Answer(404, {})

    async def _publish(self, offer: bytes) -> _Answer:
        if self._location or (self._opening is not None and not self._opening.done()):
            return _Answer(409, {})
        self._opening = asyncio.create_task(self._open(offer))
        return await asyncio.shield(self._opening)

    async def _open(self, offer: bytes) -> _Answer:
        answer = await self._ask("POST", "/whip", offer)
        self._location = answer.headers.get("Location", "") if answer.status == 201 else ""
        if self._location:
            self._looking = asyncio.create_task(self._look(self._location))
        return answer

    async def _look(self, location: str) -> None:
        """Find out that it is over: ffmpeg sends on into nothing where a media server that died is not even refused."""
        while location == self._location:
            await asyncio.sleep(LOOKING_SECONDS)
            if (await self._ask("GET", location)).status == 404 and location == self._location:
                self._location = ""
                self._note_over()

    async def _ask(self, method: str, path: str, body: bytes = b"") -> _Answer:
        headers = {"Host": self._target.host, "Authorization": f"Bearer {self._target.make_bearer()}"}
        if body:
            headers["Content-Type"] = "application/sdp"
        try:
            found = await self._client.request(method, f"{self._target.url}{path}", content=body, headers=headers)
        except httpx.HTTPError:
            return _Answer(502, {})
        kept = {name: found.headers[name] for name in ("Location", "Content-Type") if name in found.headers}
        return _Answer(found.status_code, kept, found.content)


@asynccontextmanager
async def open_gate(door: Door | WhipTarget, note_over: Callable[[], None] | None = None) -> AsyncIterator[Door]:
    """Give ffmpeg a door: one that it opens by itself, or a gate before one, closed afterwards.

    `note_over` is called when what was opened through the gate is over, and nobody here ended it.
    """
    if isinstance(door, Door):
        yield door
        return
    gate = WhipGate(door, note_over or _say_nothing)
    try:
        yield await gate.open()
    finally:
        await gate.close()


def _say_nothing() -> None:
    """For who need not know."""


def _field(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.strip().lower(), value.strip()


def _written(answer: _Answer) -> bytes:
    reason = _REASONS.get(answer.status, "Answer")
    headers = {**answer.headers, "Content-Length": str(len(answer.body)), "Connection": "close"}
    lines = [f"HTTP/1.1 {answer.status} {reason}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + answer.body
