"""Recordings of one feed, putting one out, rooms of a call: the words to and from the media server."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from streams.gateway.interface import GatewayRefused, HandleGone, RoomSpec
from streams.gateway.janus.client import JanusGateway
from tests.fakes.janus import API_SECRET, FakeJanus, plugin_error
from tests.streams.test_gateway_receptions import ROOM, STRANGE, publish


@pytest.fixture
async def fake() -> AsyncIterator[FakeJanus]:
    async with FakeJanus() as server:
        yield server


@pytest.fixture
async def gateway(fake: FakeJanus) -> AsyncIterator[JanusGateway]:
    client = JanusGateway(fake.url, API_SECRET, "admin-key")
    await client.connect()
    yield client
    await client.close()


@pytest.fixture
async def other(fake: FakeJanus) -> AsyncIterator[JanusGateway]:
    """The gateway of another process."""
    client = JanusGateway(fake.url, API_SECRET, "admin-key")
    await client.connect()
    yield client
    await client.close()


async def test_strangers_feed_is_not_recorded(gateway: JanusGateway) -> None:
    with pytest.raises(HandleGone):
        await gateway.set_feed_recording(STRANGE, "feed-1")


@pytest.mark.parametrize("is_own", [True, False])
async def test_feed_is_recorded_under_its_own_name_and_stopped(
    fake: FakeJanus, gateway: JanusGateway, other: JanusGateway, is_own: bool
) -> None:
    handle = await publish(gateway)
    fake.reactions["room_configure"] = lambda _r: [{"janus": "ack"}]
    if is_own:
        del fake.reactions["room_configure"]
    asking = gateway if is_own else other
    await asking.set_feed_recording(handle, "feed-segment")
    await asking.set_feed_recording(handle, None)
    assert [asked["body"] for asked in fake.asked("room_configure")] == [
        {"request": "configure", "record": True, "filename": "feed-segment"},
        {"request": "configure", "record": False},
    ]


async def test_refused_recording_of_a_feed_raises(fake: FakeJanus, gateway: JanusGateway) -> None:
    handle = await publish(gateway)
    fake.reactions["room_configure"] = lambda _r: [{"janus": "ack"}, plugin_error(433, "Unauthorized")]
    with pytest.raises(GatewayRefused):
        await gateway.set_feed_recording(handle, "feed-segment")


async def test_publisher_is_put_out(fake: FakeJanus, gateway: JanusGateway) -> None:
    fake.people = [{"id": "a", "publisher": True}, {"id": "b", "publisher": True}]
    await gateway.kick("herts-1", "room-secret", "a")
    assert fake.asked("room_kick")[0]["body"]["secret"] == "room-secret"
    assert [one["id"] for one in fake.people] == ["b"]


@pytest.mark.parametrize("code", [426, 428])
async def test_putting_out_who_is_gone_is_success(fake: FakeJanus, gateway: JanusGateway, code: int) -> None:
    fake.reactions["room_kick"] = lambda _r: [plugin_error(code, "gone")]
    await gateway.kick("herts-1", "room-secret", "a")
    assert len(fake.asked("room_kick")) == 1


async def test_putting_out_with_a_wrong_secret_is_refused(fake: FakeJanus, gateway: JanusGateway) -> None:
    fake.reactions["room_kick"] = lambda _r: [plugin_error(433, "Unauthorized (wrong secret)")]
    with pytest.raises(GatewayRefused):
        await gateway.kick("herts-1", "wrong", "a")


async def test_room_takes_the_codecs_it_is_made_with(fake: FakeJanus, gateway: JanusGateway) -> None:
    await gateway.ensure_room(ROOM)
    await gateway.ensure_room(RoomSpec("herts-2", "s", "/r", video_codecs="vp8", opus_fec=True))
    usual, call = (asked["body"] for asked in fake.asked("room_create"))
    assert (usual["videocodec"], call["videocodec"]) == ("vp8,h264", "vp8")
    assert ("opus_fec" in usual, call["opus_fec"]) == (False, True)
