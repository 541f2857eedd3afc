"""The media server in memory keeps the rules of the real one for receptions, or it would prove nothing."""

from __future__ import annotations

import pytest

from streams.gateway.interface import (
    Answer,
    HandleRef,
    Layer,
    Line,
    LineWish,
    Medium,
    NoSuchFeed,
    Offer,
    OfferPending,
    RoomSpec,
)
from tests.fakes.gateway import FakeGateway

ROOM = RoomSpec(room_id="herts-1", secret="s", recording_dir="/r")
ANSWER = Answer("v=0 answer")


async def room_of(*feed_ids: str) -> FakeGateway:
    """A room in which these publish."""
    gateway = FakeGateway()
    await gateway.ensure_room(ROOM)
    for feed_id in feed_ids:
        await gateway.publish(room=ROOM, feed_id=feed_id, opaque_id=f"c:{feed_id}", offer=Offer("v=0"))
    return gateway


async def receive(gateway: FakeGateway, *feed_ids: str) -> HandleRef:
    handle, _tuned = await gateway.subscribe_many(room=ROOM, feed_ids=feed_ids, opaque_id="r:1")
    await gateway.start(handle, ANSWER)
    return handle


async def test_reception_of_an_absent_feed_is_refused_as_a_whole() -> None:
    gateway = await room_of("a")
    with pytest.raises(NoSuchFeed):
        await gateway.subscribe_many(room=ROOM, feed_ids=["a", "b"], opaque_id="r:1")
    assert gateway.viewers == []


async def test_second_change_before_the_answer_is_refused_and_noted() -> None:
    gateway = await room_of("a", "b")
    handle, _tuned = await gateway.subscribe_many(room=ROOM, feed_ids=["a"], opaque_id="r:1")
    with pytest.raises(OfferPending):
        await gateway.retune(handle, ["b"], [])
    assert len(gateway.broken_rules) == 1
    await gateway.start(handle, ANSWER)
    assert len((await gateway.retune(handle, ["b"], [])).lines) == 4


async def test_line_of_who_left_is_used_again_by_one_of_its_kind() -> None:
    gateway = await room_of("a", "b")
    gateway.media_of["screen"] = (Medium.VIDEO,)
    handle = await receive(gateway, "a", "b")
    await gateway.detach(gateway.publisher("a"))
    await gateway.publish(room=ROOM, feed_id="screen", opaque_id="c:s", offer=Offer("v=0"))
    tuned = await gateway.retune(handle, ["screen"], ["a"])
    assert tuned.lines == (
        Line("1", "screen", Medium.VIDEO),
        Line("2", "b", Medium.AUDIO),
        Line("3", "b", Medium.VIDEO),
    )


async def test_only_lines_of_the_last_answered_offer_are_tuned() -> None:
    gateway = await room_of("a", "b")
    handle = await receive(gateway, "a")
    await gateway.retune(handle, ["b"], [], {"b": Layer.MIDDLE})
    with pytest.raises(NoSuchFeed):
        await gateway.tune_lines(handle, [LineWish("3", Layer.LOW)])
    await gateway.start(handle, ANSWER)
    assert gateway.seats[handle].wishes["3"] is Layer.MIDDLE
    await gateway.tune_lines(handle, [LineWish("3", None)])
    assert gateway.seats[handle].wishes["3"] is None


async def test_recording_of_a_feed_goes_on_under_a_new_name() -> None:
    gateway = await room_of("a")
    handle = gateway.publisher("a")
    await gateway.set_feed_recording(handle, "a-1")
    await gateway.set_feed_recording(handle, None)
    assert not gateway.seats[handle].is_recorded
    with pytest.raises(AssertionError):
        await gateway.set_feed_recording(handle, "a-1")
    await gateway.set_feed_recording(handle, "a-2")
    assert gateway.seats[handle].file_bases == ["a-1", "a-2"]


async def test_who_is_put_out_publishes_no_more() -> None:
    gateway = await room_of("a", "b")
    await gateway.kick(ROOM.room_id, ROOM.secret, "a")
    assert await gateway.list_feeds(ROOM.room_id, ROOM.secret) == ["b"]
    assert gateway.kicked == ["a"]
