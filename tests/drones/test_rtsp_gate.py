"""The way to a camera: what leads where, what is cut, and that nothing stays open. Cameras are sockets of the test."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest

from drones.ingest import rtsp_gate
from drones.ingest.addresses import PullAddress, PullTarget
from drones.ingest.rtsp_gate import RtspGate

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
PLAY = b"PLAY rtsp://x RTSP/1.0\r\n\r\n"
# Kept, for one test lets the gate's own hang.
open_connection = asyncio.open_connection


@asynccontextmanager
async def gate_to(talk: Talk) -> AsyncIterator[tuple[RtspGate, str]]:
    """A gate to a camera that talks so, and the address for ffmpeg."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            await talk(reader, writer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    gate = gate_at(port)
    try:
        yield gate, await gate.open()
    finally:
        await gate.close()
        server.close()


def gate_at(port: int) -> RtspGate:
    source = PullAddress("camera.example", port, "/live?channel=1", "pilot", "p@ss/")
    return RtspGate(PullTarget(ipaddress.ip_address("127.0.0.1"), source))


async def connect(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await open_connection("127.0.0.1", urlsplit(url).port)


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()


async def redirect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"RTSP/1.0 301 Moved\r\nLocation: rtsp://127.0.0.1:6379/\r\n\r\n")
    await writer.drain()
    await reader.read()


async def ended(reader: asyncio.StreamReader) -> bytes:
    """What still comes before the connection is cut."""
    with contextlib.suppress(ConnectionError):
        return await asyncio.wait_for(reader.read(), 5)
    return b""


async def test_ffmpeg_is_given_a_port_of_loopback_and_who_asks() -> None:
    async with gate_to(echo) as (_, url):
        parts = urlsplit(url)

    assert (parts.hostname, parts.path, parts.query) == ("127.0.0.1", "/live", "channel=1")
    assert (parts.username, parts.password) == ("pilot", "p%40ss%2F")


async def test_what_is_said_passes_both_ways() -> None:
    async with gate_to(echo) as (gate, url):
        reader, writer = await connect(url)
        # A megabyte of what might be anything, as pictures are.
        picture = bytes(range(256)) * 4_096
        writer.write(PLAY + picture)

        assert await asyncio.wait_for(reader.readexactly(len(PLAY) + len(picture)), 5) == PLAY + picture
        assert gate.refusal == ""
        writer.close()


async def test_redirect_is_cut_and_said() -> None:
    async with gate_to(redirect) as (gate, url):
        reader, writer = await connect(url)
        writer.write(b"DESCRIBE rtsp://x RTSP/1.0\r\n\r\n")

        assert await ended(reader) == b""
        assert gate.refusal == "redirected"


async def test_camera_that_is_not_there_is_said() -> None:
    unused = await asyncio.start_server(echo, "127.0.0.1", 0)
    port = unused.sockets[0].getsockname()[1]
    unused.close()
    await unused.wait_closed()
    gate = gate_at(port)
    reader, _ = await connect(await gate.open())

    assert await ended(reader) == b""
    assert gate.refusal == "unreachable"
    await gate.close()


async def test_camera_that_does_not_answer_is_waited_for_no_longer_than_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def never(host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        await asyncio.sleep(60)
        raise AssertionError

    monkeypatch.setattr(rtsp_gate, "CONNECTING_SECONDS", 0.05)
    monkeypatch.setattr(asyncio, "open_connection", never)
    async with gate_to(echo) as (gate, url):
        reader, _ = await connect(url)

        assert await ended(reader) == b""
        assert gate.refusal == "unreachable"


async def test_second_connection_at_the_same_time_is_cut_and_the_first_goes_on() -> None:
    async with gate_to(echo) as (_, url):
        first_reader, first = await connect(url)
        first.write(b"OPTIONS")
        assert await asyncio.wait_for(first_reader.readexactly(7), 5) == b"OPTIONS"

        second_reader, _ = await connect(url)

        assert await ended(second_reader) == b""
        first.write(b" rtsp")
        assert await asyncio.wait_for(first_reader.readexactly(5), 5) == b" rtsp"


async def test_ffmpeg_that_comes_again_is_let_through_again() -> None:
    async with gate_to(echo) as (_, url):
        for _ in range(3):
            # The connection before may take a moment to be over.
            answers = [await is_echoed(url)]
            while not answers[-1] and len(answers) < 500:
                await asyncio.sleep(0.01)
                answers.append(await is_echoed(url))
            assert answers[-1]


async def is_echoed(url: str) -> bool:
    reader, writer = await connect(url)
    writer.write(b"OPTIONS")
    try:
        return await reader.read(7) == b"OPTIONS"
    except ConnectionError:
        return False
    finally:
        writer.close()


async def test_closed_gate_cuts_what_passes_and_lets_nobody_in() -> None:
    async with gate_to(echo) as (gate, url):
        reader, writer = await connect(url)
        writer.write(b"OPTIONS")
        await reader.readexactly(7)

        await gate.close()

        assert await ended(reader) == b""
        with pytest.raises(ConnectionError):
            await connect(url)


async def test_connection_that_the_camera_ends_is_ended_for_ffmpeg() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")

    async with gate_to(hang_up) as (gate, url):
        reader, writer = await connect(url)
        writer.write(b"OPTIONS rtsp://x RTSP/1.0\r\n\r\n")

        assert await ended(reader) == b""
        assert gate.refusal == ""
