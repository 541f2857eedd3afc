"""RTMP, SRT, RTSP and WHIP in earnest: real senders, RTMP server, bridges and media server, to a live flight."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings

from drones.services.flights import land_flight
from drones.simulation.sending import Picture, send
from forces import clock
from forces.context import ForceRef, ain_force
from tests.conftest import wait_until
from tests.drones.ingest_looks import (
    BACK_S,
    LIVE_S,
    ends,
    has_stream,
    live_stream,
    revoke_key_of,
    stream_of,
    until_feed,
    until_live,
)
from tests.drones.ingest_world import B_FRAMES, H265, Drone, World, pushing
from tests.factories.streams import person
from tests.streams.socket_peers import until_rows

Fly = Callable[[str], Awaitable[Drone]]
FIRST_FRAME_S = 5.0


# --- each protocol -------------------------------------------------------------------------------------


@pytest.mark.parametrize("protocol", ["rtmp", "srt", "rtsp", "whip"])
async def test_simulated_drone_is_live_by_each_protocol(
    fly: Fly, world: World, clips: Path, herts: ForceRef, protocol: str
) -> None:
    drone = await fly(protocol)
    sending = asyncio.create_task(send(drone.simulated, Picture(settings.FFMPEG, world.clip(clips))))
    try:
        stream = await until_live(herts, drone)
        if protocol != "whip":
            feed = await until_feed(herts, drone, "passing")
            assert (feed.protocol, feed.codec, feed.is_transcoded) == (protocol, "h264", False)
    finally:
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)

    assert stream.session_id == drone.session_id
    await until_rows(herts, lambda: live_stream(drone) is None, LIVE_S)


async def test_first_frame_of_an_rtmp_push_is_there_in_seconds(
    fly: Fly, world: World, clips: Path, herts: ForceRef
) -> None:
    drone = await fly("rtmp")
    await until_feed(herts, drone, "waiting")
    source = world.clip(clips)

    with pushing(source, "flv", world.rtmp_url(drone.key)):
        began_at = asyncio.get_running_loop().time()
        await until_live(herts, drone)

    assert asyncio.get_running_loop().time() - began_at < FIRST_FRAME_S


# --- who is refused ------------------------------------------------------------------------------------


async def test_wrong_key_brings_nothing_by_rtmp_and_srt(fly: Fly, world: World, clips: Path, herts: ForceRef) -> None:
    drone, caller = await fly("rtmp"), await fly("srt")
    await until_feed(herts, caller, "waiting")
    wrong = caller.srt_url.replace("passphrase=", "passphrase=x")

    with (
        pushing(world.clip(clips), "flv", world.rtmp_url(drone.key + "x")) as pushed,
        pushing(world.clip(clips), "mpegts", wrong) as called,
    ):
        assert await ends(pushed, 10)
        assert await ends(called, 10)

    assert (pushed.returncode, called.returncode) != (0, 0)
    assert not await ain_force(herts, has_stream, drone)
    assert not await ain_force(herts, has_stream, caller)


async def test_bridges_name_plays_for_nobody_who_has_the_key_alone(
    fly: Fly, world: World, clips: Path, herts: ForceRef
) -> None:
    drone = await fly("rtmp")
    with pushing(world.clip(clips), "flv", world.rtmp_url(drone.key)):
        await until_live(herts, drone)
        looking = await asyncio.create_subprocess_exec(
            *(settings.FFMPEG, "-v", "error", "-rw_timeout", "3000000", "-i", world.rtmp_url(drone.key)),
            *("-frames:v", "1", "-f", "null", "-"),
            stderr=asyncio.subprocess.DEVNULL,
        )
        with suppress(TimeoutError):
            await asyncio.wait_for(looking.wait(), 6)
        if looking.returncode is None:
            looking.kill()
            await looking.wait()

    assert looking.returncode != 0


@pytest.mark.parametrize(("protocol", "kind"), [("rtmp", "flv"), ("srt", "mpegts")])
async def test_key_that_is_revoked_while_flying_cuts_the_sender(
    fly: Fly, world: World, clips: Path, herts: ForceRef, protocol: str, kind: str
) -> None:
    drone = await fly(protocol)
    await until_feed(herts, drone, "waiting")
    url = world.rtmp_url(drone.key) if protocol == "rtmp" else drone.srt_url

    with pushing(world.clip(clips), kind, url) as sender:
        await until_live(herts, drone)
        await ain_force(herts, revoke_key_of, drone)
        assert await ends(sender, 12)

    stream = await ain_force(herts, stream_of, drone)
    assert (stream.state, stream.end_reason) == ("ended", "key_revoked")
    with pushing(world.clip(clips), kind, url) as again:
        assert await ends(again, 10)
    assert (await ain_force(herts, stream_of, drone)).pk == stream.pk


async def test_second_publisher_on_a_live_key_is_refused_and_the_first_goes_on(
    fly: Fly, world: World, clips: Path, herts: ForceRef
) -> None:
    drone = await fly("rtmp")
    with pushing(world.clip(clips), "flv", world.rtmp_url(drone.key)) as first:
        stream = await until_live(herts, drone)
        with pushing(world.clip(clips), "flv", world.rtmp_url(drone.key)) as second:
            assert await ends(second, 10)
            assert second.returncode != 0
        await asyncio.sleep(3)

        assert first.poll() is None
        assert (await until_live(herts, drone)).pk == stream.pk


# --- what is no picture that passes --------------------------------------------------------------------


async def test_garbage_harms_nobody(fly: Fly, world: World, clips: Path, herts: ForceRef) -> None:
    drone = await fly("rtmp")
    handshake = b"\x03" + bytes(1536) + bytes(1536)
    # A chunk that says it has 16 MB, a chunk size of 2 GB, a message without its beginning.
    huge = handshake + b"\x03\x00\x00\x00\xff\xff\xff\x14\x01\x00\x00\x00" + b"x" * 70_000
    chunk_size = handshake + b"\x02\x00\x00\x00\x00\x00\x04\x01\x00\x00\x00\x00\x7f\xff\xff\xff" + b"y" * 70_000
    with pushing(world.clip(clips), "flv", world.rtmp_url(drone.key)) as first:
        stream = await until_live(herts, drone)
        for garbage in (
            b"",
            b"GET / HTTP/1.1\r\n\r\n",
            os.urandom(100_000),
            huge,
            chunk_size,
            handshake + b"\xc3" * 9000,
        ):
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", world.rtmp_port)
                writer.write(garbage)
                await asyncio.wait_for(writer.drain(), 5)
                writer.close()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            for _ in range(50):
                line.sendto(os.urandom(1200), ("127.0.0.1", world.stack.installation.ports.srt[0]))
        await asyncio.sleep(2)

        assert first.poll() is None
        assert (await until_live(herts, drone)).pk == stream.pk


async def test_b_frames_are_encoded_anew_and_said(fly: Fly, world: World, clips: Path, herts: ForceRef) -> None:
    drone = await fly("rtmp")
    with pushing(world.clip(clips, B_FRAMES), "flv", world.rtmp_url(drone.key)):
        await until_live(herts, drone)
        feed = await until_feed(herts, drone, "passing")

    assert feed.is_transcoded


@pytest.mark.parametrize(
    ("protocol", "kind", "code"), [("rtmp", "flv", "no_media"), ("srt", "mpegts", "codec")], ids=["rtmp", "srt"]
)
async def test_h265_is_refused_by_its_code(
    fly: Fly, world: World, clips: Path, herts: ForceRef, protocol: str, kind: str, code: str
) -> None:
    drone = await fly(protocol)
    await until_feed(herts, drone, "waiting")
    url = world.rtmp_url(drone.key) if protocol == "rtmp" else drone.srt_url
    with pushing(world.clip(clips, H265), kind, url):
        await until_feed(herts, drone, "refused", code)

    assert not await ain_force(herts, has_stream, drone)


async def test_camera_that_is_away_is_said(fly: Fly, herts: ForceRef) -> None:
    drone = await fly("rtsp")

    await until_feed(herts, drone, "paused", "unreachable")


async def test_stream_that_changes_its_size_in_flight_goes_on(
    fly: Fly, world: World, clips: Path, herts: ForceRef
) -> None:
    drone = await fly("rtmp")
    small, large = world.clip(clips), world.clip(clips, size="640x360")
    with pushing(small, "flv", world.rtmp_url(drone.key)):
        before = await until_live(herts, drone)
    with pushing(large, "flv", world.rtmp_url(drone.key), again=True):
        await until_live(herts, drone, other_than=before, seconds=BACK_S)


async def test_landing_ends_the_bridge_and_the_push(fly: Fly, world: World, clips: Path, herts: ForceRef) -> None:
    drone = await fly("rtmp")
    with pushing(world.clip(clips), "flv", world.rtmp_url(drone.key)) as sender:
        await until_live(herts, drone)
        await ain_force(herts, land_flight, actor=person(), now=clock.now(), session_id=drone.session_id)
        assert await ends(sender, 12)
        await asyncio.to_thread(wait_until, lambda: not world.bridges(), 10)


async def test_keys_and_passphrases_are_in_no_log_and_no_words(
    fly: Fly, world: World, clips: Path, herts: ForceRef
) -> None:
    pushed, called = await fly("rtmp"), await fly("srt")
    await until_feed(herts, called, "waiting")
    with (
        pushing(world.clip(clips), "flv", world.rtmp_url(pushed.key)),
        pushing(world.clip(clips), "mpegts", called.srt_url),
    ):
        await until_live(herts, pushed)
        await until_live(herts, called)
        words = await asyncio.to_thread(world.words_of_bridges)
    logs = await asyncio.to_thread(world.logs)

    assert words
    for secret in (pushed.key, called.key, called.simulated.srt_passphrase):
        assert secret not in words
        assert secret not in logs
