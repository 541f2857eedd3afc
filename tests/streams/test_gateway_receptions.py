"""Receptions of many feeds: the words to and from the media server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from streams.gateway.interface import (
    Answer,
    CodecRefused,
    GatewayError,
    GatewayRefused,
    HandleGone,
    HandleRef,
    Layer,
    Line,
    LineWish,
    Medium,
    NoSuchFeed,
    NoSuchRoom,
    Offer,
    OfferPending,
    RoomSpec,
    Tuned,
)
from streams.gateway.janus.client import JanusGateway
from tests.fakes.janus import API_SECRET, REFUSED_ANSWER, FakeJanus, plugin_error, plugin_reply

ROOM = RoomSpec(room_id="herts-1", secret="room-secret", recording_dir="/recordings/herts/1")
SDP = "v=0\r\ns=VideoRoom herts-1\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n"
NAMELESS = SDP.replace("VideoRoom herts-1", "-")
ANSWER = Answer("v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n")
STRANGE = HandleRef(1, 2)

Frame = dict[str, Any]


def line(mid: str, feed: str | None, medium: str = "video") -> Frame:
    """A line as the media server describes it; without a feed nobody sends on it."""
    stream: Frame = {"mid": mid, "type": medium, "active": feed is not None}
    return stream if feed is None else {**stream, "feed_id": feed, "feed_mid": "1"}


def replying(word: str, *streams: Frame, sdp: str = SDP) -> list[Frame]:
    """An offer of the media server, with the lines it stands for."""
    jsep = {"type": "offer", "sdp": sdp}
    return [{"janus": "ack"}, plugin_reply({"videoroom": word, "streams": list(streams)}, "event", jsep)]


@pytest.fixture
async def fake() -> AsyncIterator[FakeJanus]:
    async with FakeJanus() as server:
        server.reactions["room_join"] = lambda _r: replying("attached", line("0", "a", "audio"), line("1", "a"))
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


async def receive(gateway: JanusGateway) -> HandleRef:
    """A reception of the feed "a", answered."""
    handle, _tuned = await gateway.subscribe_many(room=ROOM, feed_ids=["a"], opaque_id="o-1")
    await gateway.start(handle, ANSWER)
    return handle


async def publish(gateway: JanusGateway) -> HandleRef:
    handle, _answer = await gateway.publish(room=ROOM, feed_id="a", opaque_id="o-1", offer=Offer(SDP))
    return handle


# --- who is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "expected"), [(426, NoSuchRoom), (428, NoSuchFeed), (432, GatewayRefused)])
async def test_reception_refused_by_the_room_raises_and_leaves_no_session(
    fake: FakeJanus, gateway: JanusGateway, code: int, expected: type[GatewayError]
) -> None:
    fake.reactions["room_join"] = lambda _r: [{"janus": "ack"}, plugin_error(code, "no")]
    with pytest.raises(expected):
        await gateway.subscribe_many(room=ROOM, feed_ids=["a", "b"], opaque_id="o-1")
    assert fake.sessions == set()


async def test_reception_without_an_offer_of_the_right_kind_raises_and_leaves_no_session(
    fake: FakeJanus, gateway: JanusGateway
) -> None:
    jsep = {"type": "answer", "sdp": SDP}
    fake.reactions["room_join"] = lambda _r: [plugin_reply({"videoroom": "attached"}, "event", jsep)]
    with pytest.raises(GatewayError):
        await gateway.subscribe_many(room=ROOM, feed_ids=["a"], opaque_id="o-1")
    assert fake.sessions == set()


async def test_another_process_can_not_change_what_a_reception_carries(
    fake: FakeJanus, gateway: JanusGateway, other: JanusGateway
) -> None:
    handle = await receive(gateway)
    with pytest.raises(HandleGone):
        await other.retune(handle, ["b"], [])
    with pytest.raises(HandleGone):
        await other.renew(handle)
    assert fake.asked("room_update") == fake.asked("room_configure") == []


async def test_change_that_names_an_absent_feed_raises_and_the_reception_stays(
    fake: FakeJanus, gateway: JanusGateway
) -> None:
    handle = await receive(gateway)
    fake.reactions["room_update"] = lambda _r: [{"janus": "ack"}, plugin_error(428, "No such feed (b)")]
    with pytest.raises(NoSuchFeed):
        await gateway.retune(handle, ["b"], [])
    fake.reactions["room_update"] = lambda _r: replying("updated", line("0", "a", "audio"), line("1", "a"))
    assert (await gateway.retune(handle, ["c"], [])).offer is not None


async def test_change_while_an_offer_is_open_is_refused(fake: FakeJanus, gateway: JanusGateway) -> None:
    handle = await receive(gateway)
    fake.reactions["room_update"] = lambda _r: [{"janus": "ack"}, plugin_reply({"videoroom": "updating"}, "event")]
    with pytest.raises(OfferPending):
        await gateway.retune(handle, ["b"], [])


async def test_layer_for_a_line_that_is_not_there_is_refused(fake: FakeJanus, gateway: JanusGateway) -> None:
    handle = await receive(gateway)
    fake.reactions["room_configure"] = lambda _r: [{"janus": "ack"}, plugin_error(428, "No such mid '9'")]
    with pytest.raises(NoSuchFeed):
        await gateway.tune_lines(handle, [LineWish("9", Layer.LOW)])


async def test_strangers_handle_is_not_tuned(gateway: JanusGateway) -> None:
    with pytest.raises(HandleGone):
        await gateway.tune_lines(STRANGE, [LineWish("1", Layer.LOW)])


# --- what is asked and what comes back ------------------------------------------------------------


async def test_reception_asks_for_each_feed_in_its_layer_and_for_no_offers_of_the_media_servers_own(
    fake: FakeJanus, gateway: JanusGateway
) -> None:
    await gateway.subscribe_many(room=ROOM, feed_ids=["a", "b"], opaque_id="herts:r:1", layers={"b": Layer.MIDDLE})
    [join] = fake.asked("room_join")
    assert join["body"]["streams"] == [{"feed": "a"}, {"feed": "b", "substream": 1}]
    assert join["body"]["autoupdate"] is False
    assert (join["body"]["ptype"], join["body"]["room"]) == ("subscriber", "herts-1")
    assert fake.asked("attach")[0]["opaque_id"] == "herts:r:1"


async def test_reception_gets_its_lines_and_an_offer_without_the_rooms_name(gateway: JanusGateway) -> None:
    _handle, tuned = await gateway.subscribe_many(room=ROOM, feed_ids=["a"], opaque_id="o-1")
    assert tuned == Tuned(Offer(NAMELESS), (Line("0", "a", Medium.AUDIO), Line("1", "a", Medium.VIDEO)))


async def test_changed_reception_names_who_comes_and_goes_and_leaves_empty_lines_out(
    fake: FakeJanus, gateway: JanusGateway
) -> None:
    handle = await receive(gateway)
    streams = [line("0", None, "audio"), line("1", "b"), {**line("2", "b"), "type": "data"}]
    fake.reactions["room_update"] = lambda _r: replying("updated", *streams)
    tuned = await gateway.retune(handle, ["b"], ["a"], {"b": Layer.LOW})
    assert tuned == Tuned(Offer(NAMELESS), (Line("1", "b", Medium.VIDEO),))
    [update] = fake.asked("room_update")
    assert update["handle_id"] == handle.handle_id
    assert update["body"] == {
        "request": "update",
        "subscribe": [{"feed": "b", "substream": 0}],
        "unsubscribe": [{"feed": "a"}],
    }


async def test_change_in_one_direction_sends_no_empty_list(fake: FakeJanus, gateway: JanusGateway) -> None:
    handle = await receive(gateway)
    fake.reactions["room_update"] = lambda _r: replying("updated", line("1", "b"))
    await gateway.retune(handle, ["b"], [])
    await gateway.retune(handle, [], ["a"])
    assert [set(asked["body"]) for asked in fake.asked("room_update")] == [
        {"request", "subscribe"},
        {"request", "unsubscribe"},
    ]


async def test_change_that_changes_nothing_has_no_offer(fake: FakeJanus, gateway: JanusGateway) -> None:
    handle = await receive(gateway)
    fake.reactions["room_update"] = lambda _r: [{"janus": "ack"}, plugin_reply({"videoroom": "updated"}, "event")]
    assert await gateway.retune(handle, [], ["gone"]) == Tuned(None, ())


async def test_renewed_reception_gets_an_offer(fake: FakeJanus, gateway: JanusGateway) -> None:
    handle = await receive(gateway)
    jsep = {"type": "offer", "sdp": SDP}
    answered = plugin_reply({"videoroom": "event", "configured": "ok"}, "event", jsep)
    fake.reactions["room_configure"] = lambda _r: [{"janus": "ack"}, answered]
    assert await gateway.renew(handle) == Offer(NAMELESS)
    assert fake.asked("room_configure")[0]["body"] == {"request": "configure", "restart": True}


async def test_heir_of_a_reception_changes_and_starts_it(
    fake: FakeJanus, gateway: JanusGateway, other: JanusGateway
) -> None:
    handle = await receive(gateway)
    gateway.release(handle)
    await other.claim(handle)
    fake.reactions["room_update"] = lambda _r: replying("updated", line("0", None, "audio"), line("1", None))
    tuned = await other.retune(handle, [], ["a"])
    assert tuned.lines == ()
    await other.start(handle, Answer(REFUSED_ANSWER))
    assert len(fake.asked("room_start")) == 2


async def test_reception_whose_pictures_have_all_ended_is_no_refusal_and_a_viewers_is(
    fake: FakeJanus, gateway: JanusGateway
) -> None:
    handle, _tuned = await gateway.subscribe_many(room=ROOM, feed_ids=["a"], opaque_id="o-1")
    await gateway.start(handle, Answer(REFUSED_ANSWER))
    assert fake.asked("room_start")[0]["jsep"]["sdp"] == REFUSED_ANSWER
    viewer, _offer = await gateway.subscribe(room=ROOM, feed_id="a", opaque_id="o-2")
    with pytest.raises(CodecRefused):
        await gateway.start(viewer, Answer(REFUSED_ANSWER))


@pytest.mark.parametrize("is_own", [True, False])
async def test_lines_are_tuned_in_one_request_by_any_process(
    fake: FakeJanus, gateway: JanusGateway, other: JanusGateway, is_own: bool
) -> None:
    handle = await receive(gateway)
    fake.reactions["room_configure"] = lambda _r: [{"janus": "ack"}]  # what another process hears
    if is_own:
        del fake.reactions["room_configure"]
    wishes = [LineWish("1", Layer.HIGH), LineWish("3", Layer.LOW), LineWish("5", None)]
    await (gateway if is_own else other).tune_lines(handle, wishes)
    [asked] = fake.asked("room_configure")
    assert asked["session_id"] == handle.session_id
    assert asked["body"]["streams"] == [
        {"mid": "1", "send": True, "substream": 2},
        {"mid": "3", "send": True, "substream": 0},
        {"mid": "5", "send": False},
    ]
