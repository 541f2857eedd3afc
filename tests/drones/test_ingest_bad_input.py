"""What is no picture that passes, in earnest: each is said by its code and stays so, and another aircraft goes on."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from drones.models import Feed
from drones.services.flights import land_flight
from forces import clock
from forces.context import ForceRef, ain_force
from streams.models import Stream
from tests.conftest import wait_until
from tests.drones.ingest_looks import ends, has_stream, stream_of, until_feed, until_live
from tests.drones.ingest_world import Drone, World, pushing, run_ffmpeg
from tests.factories.streams import person
from tests.streams.socket_peers import until_rows

Fly = Callable[..., Awaitable[Drone]]
# Longer than the pause after which what was refused is looked at again.
STANDS_S = 14.0
SOUND = ("-f", "lavfi", "-i", "sine=440", "-c:a", "aac", "-f", "mpegts")
NOISE = ("-f", "lavfi", "-i", "nullsrc=size=320x180:rate=25,geq=random(1)*255:128:128", "-c:v", "rawvideo")


@dataclass
class Neighbour:
    """An aircraft whose picture passes, and must go on."""

    drone: Drone
    stream: Stream
    sender: subprocess.Popen[bytes]
    left_open: tuple[int, int, int]


@pytest.fixture
async def neighbour(fly: Fly, world: World, clips: Path, herts: ForceRef) -> AsyncIterator[Neighbour]:
    """A second aircraft: its picture is the same one after each test, and nothing is left of the other's."""
    drone = await fly("rtmp", "OTHER")
    with pushing(world.clip(clips), "flv", world.rtmp_url(drone.key)) as sender:
        stream = await until_live(herts, drone)
        await until_feed(herts, drone, "passing")
        beside = Neighbour(drone, stream, sender, world.left_open())
        yield beside
        assert sender.poll() is None
        assert (await until_live(herts, drone)).pk == stream.pk


@contextmanager
def generated(*words: str) -> Iterator[subprocess.Popen[bytes]]:
    """Send what ffmpeg makes, in true time."""
    process = run_ffmpeg("-re", *words)
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


async def lands_without_a_trace(herts: ForceRef, world: World, drone: Drone, beside: Neighbour) -> None:
    """No program, pipe or port of its bridge outlives the flight."""
    await ain_force(herts, land_flight, actor=person(), now=clock.now(), session_id=drone.session_id)
    await until_rows(herts, lambda: Feed.objects.get(aircraft_id=drone.aircraft_id).state == "stopped", 10)
    await asyncio.to_thread(wait_until, lambda: world.left_open() == beside.left_open, 10, world.left_open)


async def stands(herts: ForceRef, drone: Drone, state: str, trouble: str) -> None:
    """The row says so, and goes on to while the bridge tries again and again."""
    first = await until_feed(herts, drone, state, trouble)
    await asyncio.sleep(STANDS_S)
    feed = await ain_force(herts, lambda: Feed.objects.get(aircraft_id=drone.aircraft_id))
    assert (feed.state, feed.trouble, feed.changed_at) == (state, trouble, first.changed_at)


def with_codec(source: Path, target: Path, number: int) -> Path:
    """A FLV file whose pictures say that they are of another codec (2 Sorenson H.263, 4 VP6, ...)."""
    data = bytearray(source.read_bytes())
    place = 9 + 4
    while place + 11 <= len(data):
        size = int.from_bytes(data[place + 1 : place + 4], "big")
        if data[place] == 9:
            data[place + 11] = data[place + 11] & 0xF0 | number
        place += 11 + size + 4
    target.write_bytes(data)
    return target


@pytest.mark.parametrize(("number", "trouble"), [(2, "codec"), (4, "no_media")], ids=["sorenson", "vp6 that is none"])
async def test_codec_of_another_age_is_refused_by_its_code(
    fly: Fly, world: World, tmp_path: Path, herts: ForceRef, neighbour: Neighbour, number: int, trouble: str
) -> None:
    plain = tmp_path / "plain.flv"
    source = ("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25", "-t", "4", "-c:v", "flv", "-g", "25")
    assert run_ffmpeg(*source, "-f", "flv", str(plain)).wait(60) == 0
    old = with_codec(plain, tmp_path / "old.flv", number)
    drone = await fly("rtmp")

    with pushing(old, "flv", world.rtmp_url(drone.key), again=True):
        await stands(herts, drone, "refused", trouble)

    assert not await ain_force(herts, has_stream, drone)
    await lands_without_a_trace(herts, world, drone, neighbour)


@pytest.mark.parametrize(
    ("words", "trouble"),
    [(SOUND, "no_picture"), ((*NOISE, "-f", "rawvideo"), "no_media")],
    ids=["sound alone", "noise"],
)
async def test_call_by_srt_that_brings_no_picture_is_said(
    fly: Fly, world: World, herts: ForceRef, neighbour: Neighbour, words: tuple[str, ...], trouble: str
) -> None:
    drone = await fly("srt")
    await until_feed(herts, drone, "waiting")

    with generated(*words, drone.srt_url):
        await until_feed(herts, drone, "paused", trouble)

    assert not await ain_force(herts, has_stream, drone)
    await lands_without_a_trace(herts, world, drone, neighbour)


async def test_garbage_at_the_port_of_an_aircraft_changes_nothing_and_its_own_call_is_live(
    fly: Fly, world: World, clips: Path, herts: ForceRef, neighbour: Neighbour
) -> None:
    drone = await fly("srt")
    feed = await until_feed(herts, drone, "waiting")
    port = drone.simulated.srt_port
    assert port is not None
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        for size in (0, 1, 16, 64, 1316, 1500, 9_000) * 100:
            line.sendto(os.urandom(size), ("127.0.0.1", port))
            await asyncio.sleep(0.001)
        # A handshake of SRT that never goes on.
        for _ in range(200):
            line.sendto(b"\x80\x00" + bytes(14) + b"\x00\x00\x00\x05" + os.urandom(44), ("127.0.0.1", port))

    assert (await until_feed(herts, drone, "waiting")).changed_at == feed.changed_at
    with pushing(world.clip(clips), "mpegts", drone.srt_url, again=True):
        await until_live(herts, drone)
    await lands_without_a_trace(herts, world, drone, neighbour)


async def test_call_by_srt_that_stalls_is_said_and_let_go(
    fly: Fly, world: World, clips: Path, herts: ForceRef, neighbour: Neighbour
) -> None:
    drone = await fly("srt")
    await until_feed(herts, drone, "waiting")
    with pushing(world.clip(clips), "mpegts", drone.srt_url) as sender:
        await until_live(herts, drone)
        os.kill(sender.pid, signal.SIGSTOP)
        feed = await until_feed(herts, drone, "paused")
        stream = await ain_force(herts, stream_of, drone)

    assert feed.trouble in {"silent", "ended"}
    assert stream.state != "live"
    await lands_without_a_trace(herts, world, drone, neighbour)


async def test_picture_that_changes_its_size_on_one_line_goes_on_as_the_same(
    fly: Fly, world: World, clips: Path, tmp_path: Path, herts: ForceRef, neighbour: Neighbour
) -> None:
    both = tmp_path / "both.ts"
    sizes = (world.clip(clips), world.clip(clips, size="640x360"))
    both.write_bytes(b"".join(path.read_bytes() for path in sizes))
    drone = await fly("rtmp")
    with pushing(both, "flv", world.rtmp_url(drone.key)) as sender:
        stream = await until_live(herts, drone)
        await asyncio.sleep(9)  # both sizes, twice

        assert sender.poll() is None
        assert (await until_live(herts, drone)).pk == stream.pk
        assert (await until_feed(herts, drone, "passing")).codec == "h264"
    await lands_without_a_trace(herts, world, drone, neighbour)


async def test_connections_that_say_nothing_or_half_a_message_are_let_go(
    world: World, herts: ForceRef, neighbour: Neighbour
) -> None:
    handshake = b"\x03" + bytes(1536) + bytes(1536)
    # A chunk that announces 16 MB and brings none of it, and one that says that chunks have 2 GB from now on.
    halves = (b"", handshake, handshake + b"\x03\x00\x00\x00\xff\xff\xff\x14\x01\x00\x00\x00" + bytes(60_000))
    lines = [await asyncio.open_connection("127.0.0.1", world.rtmp_port) for _ in range(3 * len(halves))]
    for (_, writer), half in zip(lines, halves * 3, strict=True):
        writer.write(half)

    async with asyncio.timeout(25):
        for reader, _ in lines:
            while True:
                try:
                    if not await reader.read(65_536):
                        break
                except ConnectionError:
                    break
    for _, writer in lines:
        writer.close()


async def test_keys_of_refused_pushes_are_in_no_log(
    fly: Fly, world: World, clips: Path, herts: ForceRef, neighbour: Neighbour
) -> None:
    wrong = f"{neighbour.drone.key[:-4]}zzzz"
    for name in (wrong, neighbour.drone.key):
        with pushing(world.clip(clips), "flv", world.rtmp_url(name)) as refused:
            assert await ends(refused, 10)
            assert refused.returncode != 0

    logs = await asyncio.to_thread(world.logs)
    assert wrong not in logs
    assert neighbour.drone.key not in logs
