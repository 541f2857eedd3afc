"""Recordings of one feed, and putting one out, at the real media server with real media."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import pytest

from config.services.stack import Stack
from streams.gateway.interface import RoomSpec
from streams.gateway.janus.client import JanusGateway
from streams.simulation.peer import stay_on_loopback
from tests.streams.media_peers import ManyViewer
from tests.streams.test_gateway_janus import make_gateway, recordings, until
from tests.streams.test_gateway_receptions_janus import Closing, Peer, publish, receive


@pytest.fixture(scope="module")
def media() -> Iterator[Stack]:
    """A media server of this module's own."""
    stay_on_loopback()
    with Stack.start(parts={"janus"}) as running:
        yield running


@pytest.fixture
async def gateway(media: Stack) -> AsyncIterator[JanusGateway]:
    client = make_gateway(media)
    await client.connect()
    yield client
    await client.close()


@pytest.fixture
async def other(media: Stack) -> AsyncIterator[JanusGateway]:
    """The gateway of another process."""
    client = make_gateway(media)
    await client.connect()
    yield client
    await client.close()


@pytest.fixture
async def room(media: Stack, gateway: JanusGateway) -> AsyncIterator[RoomSpec]:
    """A room as a call has it."""
    name = f"herts-{uuid4()}"
    directory = media.installation.directories.recordings / "herts" / name
    spec = RoomSpec(name, "room-secret", str(directory), max_publishers=16, video_codecs="vp8", opus_fec=True)
    await gateway.ensure_room(spec)
    yield spec
    await gateway.close_room(spec.room_id, spec.secret)


@pytest.fixture
async def closing() -> AsyncIterator[Closing]:
    """Closes the peers which it is given, whatever happens."""
    peers: list[Peer] = []
    yield peers.append
    for peer in peers:
        await peer.close()


async def test_one_feed_is_recorded_twice_into_two_files_and_the_other_never(
    gateway: JanusGateway, other: JanusGateway, room: RoomSpec, closing: Closing
) -> None:
    handle = await publish(gateway, room, "a", closing)
    await publish(gateway, room, "b", closing)
    for number, asking in enumerate((gateway, other), start=1):
        await asking.set_feed_recording(handle, f"a-{number}")
        await until(lambda: any(path.stat().st_size > 1000 for path in recordings(room, ".mjr.part")))
        await asking.set_feed_recording(handle, None)
        await until(lambda: recordings(room, ".part") == [])
    assert [path.name for path in recordings(room, "")] == ["a-1-video-0.mjr", "a-2-video-0.mjr"]


async def test_detached_feed_finishes_its_recording(
    gateway: JanusGateway, other: JanusGateway, room: RoomSpec, closing: Closing
) -> None:
    handle = await publish(gateway, room, "a", closing)
    await gateway.set_feed_recording(handle, "a-1")
    await until(lambda: any(path.stat().st_size > 1000 for path in recordings(room, ".mjr.part")))
    await other.detach(handle)
    await until(lambda: [path.name for path in recordings(room, "")] == ["a-1-video-0.mjr"])


async def test_who_is_put_out_is_gone_and_can_not_go_on(
    gateway: JanusGateway, other: JanusGateway, room: RoomSpec, closing: Closing
) -> None:
    await publish(gateway, room, "a", closing)
    await publish(gateway, room, "b", closing)
    viewer = ManyViewer()
    closing(viewer)
    _handle, lines = await receive(gateway, room, ["a", "b"], viewer)
    await viewer.wait_for_frames(lines["a"], 3)
    await other.kick(room.room_id, room.secret, "a")
    await until_listed(gateway, room, ["b"])
    before = viewer.frames[lines["a"]]
    await viewer.wait_for_frames(lines["b"], 5)
    assert viewer.frames[lines["a"]] - before <= 1
    await other.kick(room.room_id, room.secret, "a")


async def until_listed(gateway: JanusGateway, room: RoomSpec, feed_ids: list[str]) -> None:
    async with asyncio.timeout(10):
        while sorted(await gateway.list_feeds(room.room_id, room.secret)) != feed_ids:  # noqa: ASYNC110 - the media server announces nothing of it
            await asyncio.sleep(0.05)
