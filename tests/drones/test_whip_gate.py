"""The gate between a bridge's ffmpeg and our door: what passes, with which bearer, and what is ended behind it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import httpx
import pytest

from drones.ingest import whip_gate
from drones.ingest.commands import Door
from drones.ingest.whip_gate import WhipTarget, open_gate

HOST = "herts.localhost:8000"
OFFER = b"v=0\r\n"


@dataclass
class Behind:
    """A door that notes what it is asked."""

    asked: list[tuple[str, str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    status: str = "201 Created"
    ended: str = "200 OK"
    found: str = "200 OK"
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.may_answer.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head.splitlines())}
        self.bodies.append(await reader.readexactly(int(headers.get("content-length", 0))))
        method, path, _ = head.split(maxsplit=2)
        self.asked.append((f"{method} {path}", headers["host"], headers["authorization"]))
        await self.may_answer.wait()
        status = {"POST": self.status, "GET": self.found}.get(method, self.ended)
        location = "Location: /whip/4711\r\n" if method == "POST" else ""
        writer.write(f"HTTP/1.1 {status}\r\n{location}Content-Length: 2\r\nConnection: close\r\n\r\nok".encode())
        await writer.drain()
        writer.close()


@pytest.fixture
async def behind() -> AsyncIterator[tuple[Behind, WhipTarget]]:
    """A door, and how a gate reaches it; each request has a bearer of its own."""
    door, made = Behind(), iter(range(1000))
    server = await asyncio.start_server(door.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    yield door, WhipTarget(f"http://127.0.0.1:{port}", HOST, lambda: f"bearer-{next(made)}")
    server.close()


async def ask(door: Door, method: str, path: str = "/whip", word: str | None = None) -> httpx.Response:
    headers = {"Authorization": f"Bearer {door.bearer if word is None else word}".strip()}
    async with httpx.AsyncClient(trust_env=False) as client:
        content = OFFER if method == "POST" else b""
        return await client.request(method, door.url.removesuffix("/whip") + path, content=content, headers=headers)


async def test_whoever_lacks_the_runs_word_is_refused(behind: tuple[Behind, WhipTarget]) -> None:
    async with open_gate(behind[1]) as door:
        for word in ("", "bearer-0", door.bearer[:-1]):
            assert (await ask(door, "POST", word=word)).status_code == 401

    assert behind[0].asked == []


async def test_publication_passes_with_a_bearer_that_ffmpeg_never_sees(behind: tuple[Behind, WhipTarget]) -> None:
    async with open_gate(behind[1]) as door:
        opened = await ask(door, "POST")
        ended = await ask(door, "DELETE", "/whip/4711")

    assert (opened.status_code, opened.headers["Location"], opened.text) == (201, "/whip/4711", "ok")
    assert ended.status_code == 200
    assert behind[0].bodies[0] == OFFER
    assert behind[0].asked == [
        ("POST /whip", HOST, "Bearer bearer-0"),
        ("DELETE /whip/4711", HOST, "Bearer bearer-1"),
    ]
    assert not door.bearer.startswith("bearer")


async def test_second_publication_and_another_ones_end_do_not_pass(behind: tuple[Behind, WhipTarget]) -> None:
    async with open_gate(behind[1]) as door:
        await ask(door, "POST")
        assert (await ask(door, "POST")).status_code == 409
        assert (await ask(door, "DELETE", "/whip/4712")).status_code == 404
        assert (await ask(door, "PATCH", "/whip/4711")).status_code == 404
        assert (await ask(door, "GET", "/api/v1/me/")).status_code == 404
        assert len(behind[0].asked) == 1


async def test_refusal_passes_and_another_try_may_follow(behind: tuple[Behind, WhipTarget]) -> None:
    behind[0].status = "409 Conflict"
    async with open_gate(behind[1]) as door:
        assert (await ask(door, "POST")).status_code == 409
        behind[0].status = "201 Created"
        assert (await ask(door, "POST")).status_code == 201


async def test_publication_of_a_process_that_was_killed_is_ended(behind: tuple[Behind, WhipTarget]) -> None:
    async with open_gate(behind[1]) as door:
        await ask(door, "POST")

    assert [asked[0] for asked in behind[0].asked] == ["POST /whip", "DELETE /whip/4711"]


async def test_publication_that_opens_while_the_gate_is_closed_is_ended(behind: tuple[Behind, WhipTarget]) -> None:
    door, target = behind
    door.may_answer.clear()
    async with open_gate(target) as given:
        asked = asyncio.create_task(ask(given, "POST"))
        await until(lambda: len(door.asked) == 1)
        asked.cancel()
        asyncio.get_running_loop().call_later(0.2, door.may_answer.set)

    assert [one[0] for one in door.asked] == ["POST /whip", "DELETE /whip/4711"]


async def test_end_that_the_door_could_not_take_is_tried_again(behind: tuple[Behind, WhipTarget]) -> None:
    behind[0].ended = "503 Service Unavailable"
    async with open_gate(behind[1]) as door:
        await ask(door, "POST")
        assert (await ask(door, "DELETE", "/whip/4711")).status_code == 503
        behind[0].ended = "200 OK"

    assert [asked[0] for asked in behind[0].asked] == ["POST /whip", "DELETE /whip/4711", "DELETE /whip/4711"]


async def test_publication_that_is_over_at_the_door_is_said_once(
    behind: tuple[Behind, WhipTarget], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whip_gate, "LOOKING_SECONDS", 0.05)
    said: list[str] = []
    async with open_gate(behind[1], lambda: said.append("over")) as door:
        await ask(door, "POST")
        await until(lambda: len(behind[0].asked) >= 3)
        behind[0].found = "503 Service Unavailable"  # which says nothing
        await asyncio.sleep(0.2)
        assert said == []

        behind[0].found = "404 Not Found"
        await until(lambda: said == ["over"])
        await asyncio.sleep(0.2)
        behind[0].found = "200 OK"
        assert (await ask(door, "POST")).status_code == 201, "another may follow"

    assert said == ["over"]


async def until(is_so: Callable[[], bool]) -> None:
    """Wait for a moment."""
    async with asyncio.timeout(5):
        while not is_so():  # noqa: ASYNC110 (the other end notes it)
            await asyncio.sleep(0.01)


async def test_door_that_is_away_is_said(behind: tuple[Behind, WhipTarget]) -> None:
    target = WhipTarget("http://127.0.0.1:9", HOST, lambda: "bearer")
    async with open_gate(target) as door:
        assert (await ask(door, "POST")).status_code == 502


async def test_gate_is_closed_with_the_run(behind: tuple[Behind, WhipTarget]) -> None:
    async with open_gate(behind[1]) as door:
        pass

    with pytest.raises(httpx.ConnectError):
        await ask(door, "POST")


async def test_garbage_does_no_harm(behind: tuple[Behind, WhipTarget]) -> None:
    async with open_gate(behind[1]) as door:
        port = int(door.url.split(":")[2].split("/")[0])
        for garbage in (
            b"\x00" * 20_000,
            b"POST\r\n\r\n",
            b"\r\n\r\n",
            b"POST /whip HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        ):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(garbage)
            writer.write_eof()
            await reader.read()
            writer.close()
        assert (await ask(door, "POST")).status_code == 201
