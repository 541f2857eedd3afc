"""Receptions of many feeds at the real media server with real media."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from uuid import uuid4

import pytest

from config.services.stack import Stack
from streams.gateway.interface import (
    Answer,
    CodecRefused,
    EventKind,
    HandleEvent,
    HandleRef,
    Layer,
    LineWish,
    NoSuchFeed,
    Offer,
    OfferPending,
    RoomSpec,
    Tuned,
)
from streams.gateway.janus.client import JanusGateway
from streams.simulation.peer import stay_on_loopback
from tests.streams.media_peers import ManyViewer, Publisher, SlowPicture
from tests.streams.test_gateway_janus import make_gateway

Peer = Publisher | ManyViewer
Closing = Callable[[Peer], None]


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


async def publish(gateway: JanusGateway, room: RoomSpec, feed_id: str, closing: Closing) -> HandleRef:
    """Publish a small picture, and wait until the media server knows the feed."""
    peer = Publisher("VP8", SlowPicture())
    closing(peer)
    offer = Offer(await peer.offer())
    handle, answer = await gateway.publish(room=room, feed_id=feed_id, opaque_id=f"c:{feed_id}", offer=offer)
    await peer.accept(answer.sdp)
    await appear(gateway, room, [feed_id])
    return handle


async def publish_two(gateway: JanusGateway, room: RoomSpec, closing: Closing) -> HandleRef:
    """Publish "b" and "a"; returns the place of "a"."""
    await publish(gateway, room, "b", closing)
    return await publish(gateway, room, "a", closing)


async def appear(gateway: JanusGateway, room: RoomSpec, feed_ids: Sequence[str]) -> None:
    """Wait until these can be subscribed to, which is when their connections are up."""
    async with asyncio.timeout(20):
        while True:
            try:
                handle, _tuned = await gateway.subscribe_many(room=room, feed_ids=feed_ids, opaque_id="look")
            except NoSuchFeed:
                await asyncio.sleep(0.05)
            else:
                await gateway.detach(handle)
                return


async def receive(
    gateway: JanusGateway, room: RoomSpec, feed_ids: Sequence[str], viewer: ManyViewer
) -> tuple[HandleRef, dict[str, str]]:
    """Subscribe and answer; returns the place, and each feed's line."""
    handle, tuned = await gateway.subscribe_many(room=room, feed_ids=feed_ids, opaque_id="r:1")
    return handle, await answered(gateway, handle, tuned, viewer)


async def answered(gateway: JanusGateway, handle: HandleRef, tuned: Tuned, viewer: ManyViewer) -> dict[str, str]:
    """Answer an offer; returns each feed's line."""
    assert tuned.offer is not None
    await gateway.start(handle, Answer(await viewer.answer(tuned.offer.sdp)))
    return {line.feed_id: line.mid for line in tuned.lines}


def ufrag(sdp: str) -> str:
    return str(re.findall(r"a=ice-ufrag:(\S+)", sdp)[0])


# --- who is refused -------------------------------------------------------------------------------


async def test_reception_that_names_an_absent_feed_gets_nothing(
    gateway: JanusGateway, room: RoomSpec, closing: Closing
) -> None:
    await publish(gateway, room, "a", closing)
    with pytest.raises(NoSuchFeed):
        await gateway.subscribe_many(room=room, feed_ids=["a", "absent"], opaque_id="r:1")


async def test_room_of_a_call_refuses_another_codec(gateway: JanusGateway, room: RoomSpec, closing: Closing) -> None:
    peer = Publisher("H264", SlowPicture())
    closing(peer)
    with pytest.raises(CodecRefused):
        await gateway.publish(room=room, feed_id="a", opaque_id="c:a", offer=Offer(await peer.offer()))


async def test_second_change_before_the_answer_is_refused(
    gateway: JanusGateway, room: RoomSpec, closing: Closing
) -> None:
    await publish_two(gateway, room, closing)
    handle, _tuned = await gateway.subscribe_many(room=room, feed_ids=["a"], opaque_id="r:1")
    with pytest.raises(OfferPending):
        await gateway.retune(handle, ["b"], [])


async def test_change_that_names_an_absent_feed_changes_nothing(
    gateway: JanusGateway, room: RoomSpec, closing: Closing
) -> None:
    await publish_two(gateway, room, closing)
    viewer = ManyViewer()
    closing(viewer)
    handle, lines = await receive(gateway, room, ["a"], viewer)
    with pytest.raises(NoSuchFeed):
        await gateway.retune(handle, ["b", "absent"], ["a"])
    await viewer.wait_for_frames(lines["a"], 3)
    both = await answered(gateway, handle, await gateway.retune(handle, ["b"], []), viewer)
    assert set(both) == {"a", "b"}


async def test_layer_for_a_line_that_is_not_there_changes_nothing(
    gateway: JanusGateway, room: RoomSpec, closing: Closing
) -> None:
    await publish(gateway, room, "a", closing)
    viewer = ManyViewer()
    closing(viewer)
    handle, lines = await receive(gateway, room, ["a"], viewer)
    with pytest.raises(NoSuchFeed):
        await gateway.tune_lines(handle, [LineWish(lines["a"], None), LineWish("99", Layer.LOW)])
    await viewer.wait_for_frames(lines["a"], 5)


# --- media ----------------------------------------------------------------------------------------


async def test_reception_carries_each_feed_on_its_own_line(
    gateway: JanusGateway, room: RoomSpec, closing: Closing
) -> None:
    await publish_two(gateway, room, closing)
    viewer = ManyViewer()
    closing(viewer)
    _handle, lines = await receive(gateway, room, ["a", "b"], viewer)
    await viewer.wait_for_frames(lines["a"], 5)
    await viewer.wait_for_frames(lines["b"], 5)


async def test_line_of_who_left_is_used_again_and_no_offer_comes_unasked(
    gateway: JanusGateway, room: RoomSpec, closing: Closing
) -> None:
    left = await publish_two(gateway, room, closing)
    viewer = ManyViewer()
    closing(viewer)
    handle, lines = await receive(gateway, room, ["a", "b"], viewer)
    await viewer.wait_for_frames(lines["a"], 3)
    heard: list[object] = []

    async def listen() -> None:
        async for event in gateway.events():
            heard.append(event)

    listening = asyncio.create_task(listen())
    await gateway.detach(left)
    await publish(gateway, room, "c", closing)
    await asyncio.sleep(1)
    listening.cancel()
    mine = [one for one in heard if isinstance(one, HandleEvent) and one.handle == handle]
    assert EventKind.UNPUBLISHED not in [one.kind for one in mine]
    again = await answered(gateway, handle, await gateway.retune(handle, ["c"], ["a"]), viewer)
    assert again == {"b": lines["b"], "c": lines["a"]}
    await viewer.wait_for_frames(again["c"], 3)
    await viewer.wait_for_frames(again["b"], 3)


async def test_reception_of_which_everybody_left_is_answered_and_filled_again(
    gateway: JanusGateway, room: RoomSpec, closing: Closing
) -> None:
    left = await publish(gateway, room, "a", closing)
    viewer = ManyViewer()
    closing(viewer)
    handle, lines = await receive(gateway, room, ["a"], viewer)
    await viewer.wait_for_frames(lines["a"], 3)
    await gateway.detach(left)
    await asyncio.sleep(0.5)
    assert await answered(gateway, handle, await gateway.retune(handle, [], ["a"]), viewer) == {}
    await publish(gateway, room, "b", closing)
    again = await answered(gateway, handle, await gateway.retune(handle, ["b"], []), viewer)
    assert again == {"b": lines["a"]}
    await viewer.wait_for_frames(again["b"], 3)


async def test_sixteen_feeds_are_one_reception(gateway: JanusGateway, room: RoomSpec, closing: Closing) -> None:
    feeds = [f"feed-{number}" for number in range(16)]
    for feed_id in feeds:
        await publish(gateway, room, feed_id, closing)
    viewer = ManyViewer()
    closing(viewer)
    handle, lines = await receive(gateway, room, feeds[:8], viewer)
    lines = await answered(gateway, handle, await gateway.retune(handle, feeds[8:], []), viewer)
    assert sorted(lines) == sorted(feeds)
    assert len(set(lines.values())) == 16
    await viewer.wait_for_frames(lines[feeds[0]], 2)
    await viewer.wait_for_frames(lines[feeds[15]], 2)


async def test_line_is_not_sent_until_it_is_wanted_again_whoever_asks(
    gateway: JanusGateway, other: JanusGateway, room: RoomSpec, closing: Closing
) -> None:
    await publish_two(gateway, room, closing)
    viewer = ManyViewer()
    closing(viewer)
    handle, lines = await receive(gateway, room, ["a", "b"], viewer)
    await viewer.wait_for_frames(lines["a"], 3)
    await other.tune_lines(handle, [LineWish(lines["a"], None)])
    await asyncio.sleep(0.5)
    before = viewer.frames[lines["a"]]
    await viewer.wait_for_frames(lines["b"], 5)
    assert viewer.frames[lines["a"]] == before
    await gateway.tune_lines(handle, [LineWish(lines["a"], Layer.HIGH), LineWish(lines["b"], Layer.LOW)])
    await viewer.wait_for_frames(lines["a"], 3)


async def test_renewed_reception_is_offered_new_credentials(
    gateway: JanusGateway, room: RoomSpec, closing: Closing
) -> None:
    await publish(gateway, room, "a", closing)
    viewer = ManyViewer()
    closing(viewer)
    handle, tuned = await gateway.subscribe_many(room=room, feed_ids=["a"], opaque_id="r:1")
    assert tuned.offer is not None
    lines = await answered(gateway, handle, tuned, viewer)
    await viewer.wait_for_frames(lines["a"], 3)
    renewed = await gateway.renew(handle)
    assert room.room_id not in renewed.sdp
    assert ufrag(renewed.sdp) != ufrag(tuned.offer.sdp)


async def test_heir_changes_a_reception_whose_lines_it_was_told(
    media: Stack, gateway: JanusGateway, room: RoomSpec, closing: Closing
) -> None:
    dying, viewer = make_gateway(media), ManyViewer()
    closing(viewer)
    await dying.connect()
    await publish_two(gateway, room, closing)
    handle, lines = await receive(dying, room, ["a"], viewer)
    await viewer.wait_for_frames(lines["a"], 3)
    await dying.close()
    await gateway.claim(handle)
    both = await answered(gateway, handle, await gateway.retune(handle, ["b"], []), viewer)
    assert both["a"] == lines["a"]
    await viewer.wait_for_frames(both["b"], 3)
