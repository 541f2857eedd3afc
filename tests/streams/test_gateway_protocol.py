"""The gateway against a Janus that answers late, wrongly, twice or not at all."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextvars import ContextVar
from typing import Any

import pytest

from streams.gateway.backoff import Backoff
from streams.gateway.interface import (
    Answer,
    Candidate,
    CodecRefused,
    ConnectionEvent,
    ConnectionLost,
    ConnectionRestored,
    EventKind,
    GatewayError,
    GatewayRefused,
    GatewayTimeout,
    GatewayUnavailable,
    HandleEvent,
    HandleGone,
    HandleRef,
    MediaGateway,
    Medium,
    NoSuchFeed,
    NoSuchRoom,
    Offer,
    RoomSpec,
)
from streams.gateway.janus.client import JanusGateway
from tests.fakes.janus import API_SECRET, REFUSED_ANSWER, FakeJanus, error, plugin_error, plugin_reply

ROOM = RoomSpec(room_id="herts-1", secret="room-secret", recording_dir="/recordings/herts/1")
PUBLISHER = {"id": "feed-1", "publisher": True}
WATCHER = {"id": "watcher", "publisher": False}
OFFER = Offer("v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n")
ANSWER = Answer("v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n")
QUICK = Backoff(first=0.01, ceiling=0.05)


def nothing(_request: dict[str, Any]) -> list[dict[str, Any]]:
    """Janus hears and says nothing."""
    return []


def make_gateway(fake: FakeJanus, **options: Any) -> JanusGateway:
    """A gateway to the fake; deadlines are short where a test waits for one."""
    return JanusGateway(fake.url, API_SECRET, "admin-key", backoff=QUICK, **options)


@pytest.fixture
async def fake() -> AsyncIterator[FakeJanus]:
    async with FakeJanus() as server:
        yield server


@pytest.fixture
async def gateway(fake: FakeJanus) -> AsyncIterator[JanusGateway]:
    client = make_gateway(fake)
    await client.connect()
    yield client
    await client.close()


@pytest.fixture
async def hasty(fake: FakeJanus) -> AsyncIterator[JanusGateway]:
    """A gateway that waits 0.1 s for an answer."""
    client = make_gateway(fake, request_timeout=0.1)
    await client.connect()
    yield client
    await client.close()


async def publish(gateway: MediaGateway) -> HandleRef:
    handle, _answer = await gateway.publish(room=ROOM, feed_id="feed-1", opaque_id="o-1", offer=OFFER)
    return handle


async def next_event(events: AsyncIterator[ConnectionEvent]) -> ConnectionEvent:
    async with asyncio.timeout(5):
        return await anext(events)


# --- who is refused -------------------------------------------------------------------------------


async def test_gateway_with_a_wrong_secret_is_refused(fake: FakeJanus) -> None:
    gateway = JanusGateway(fake.url, "wrong", "admin-key")
    await gateway.connect()
    with pytest.raises(GatewayRefused) as refusal:
        await publish(gateway)
    assert refusal.value.code == 403
    await gateway.close()


async def test_gateway_without_a_server_is_unavailable(fake: FakeJanus) -> None:
    await fake.stop()
    gateway = make_gateway(fake)
    with pytest.raises(GatewayUnavailable):
        await gateway.connect()
    with pytest.raises(GatewayUnavailable):
        await gateway.info()
    assert not gateway.is_connected


async def test_gateway_is_unavailable_after_close(gateway: JanusGateway) -> None:
    await gateway.close()
    with pytest.raises(GatewayUnavailable):
        await gateway.connect()
    with pytest.raises(GatewayUnavailable):
        await gateway.ensure_room(ROOM)


@pytest.mark.parametrize(
    ("code", "expected"), [(426, NoSuchRoom), (428, NoSuchFeed), (436, GatewayRefused), (432, GatewayRefused)]
)
async def test_viewer_refused_by_the_room_raises_and_leaves_no_session(
    fake: FakeJanus, gateway: JanusGateway, code: int, expected: type[GatewayError]
) -> None:
    fake.reactions["room_join"] = lambda _r: [{"janus": "ack"}, plugin_error(code, "no")]
    with pytest.raises(expected):
        await gateway.subscribe(room=ROOM, feed_id="feed-1", opaque_id="o-1")
    assert fake.sessions == set()


async def test_viewer_with_patience_waits_for_the_feed_on_one_handle(fake: FakeJanus, gateway: JanusGateway) -> None:
    refusals = [plugin_error(426, "no room"), plugin_error(428, "no feed")]

    def react(_request: dict[str, Any]) -> list[dict[str, Any]]:
        if len(refusals) == 1:
            del fake.reactions["room_join"]
        return [refusals.pop(0)]

    fake.reactions["room_join"] = react
    await gateway.subscribe(room=ROOM, feed_id="feed-1", opaque_id="o-1", patience=5)

    handles = [request["handle_id"] for request in fake.asked("room_join")]
    assert (len(handles), len(set(handles))) == (3, 1)


async def test_publisher_whose_codec_is_refused_raises_and_leaves_no_session(
    fake: FakeJanus, gateway: JanusGateway
) -> None:
    jsep = {"type": "answer", "sdp": REFUSED_ANSWER}
    fake.reactions["room_joinandconfigure"] = lambda _r: [plugin_reply({"videoroom": "joined"}, "event", jsep)]
    with pytest.raises(CodecRefused):
        await publish(gateway)
    assert fake.sessions == set()


async def test_viewer_whose_answer_has_no_video_is_refused_before_janus_is_asked(
    fake: FakeJanus, gateway: JanusGateway
) -> None:
    handle, _offer = await gateway.subscribe(room=ROOM, feed_id="feed-1", opaque_id="o-1")
    with pytest.raises(CodecRefused):
        await gateway.start(handle, Answer(REFUSED_ANSWER))
    assert fake.asked("room_start") == []


async def test_start_of_a_strangers_handle_is_refused(gateway: JanusGateway) -> None:
    with pytest.raises(HandleGone):
        await gateway.start(HandleRef(1, 2), ANSWER)


async def test_restart_of_a_strangers_handle_is_refused(fake: FakeJanus, gateway: JanusGateway) -> None:
    with pytest.raises(HandleGone):
        await gateway.restart(HandleRef(1, 2), OFFER)
    assert fake.requests == []


async def test_restart_is_the_publishers_new_offer_and_gives_the_answer(fake: FakeJanus, gateway: JanusGateway) -> None:
    handle = await publish(gateway)
    jsep = {"type": "answer", "sdp": ANSWER.sdp}
    fake.reactions["room_configure"] = lambda _request: [
        {"janus": "ack"},
        plugin_reply({"videoroom": "event", "configured": "ok"}, "event", jsep),
    ]

    assert await gateway.restart(handle, OFFER) == ANSWER

    [asked] = fake.asked("room_configure")
    assert (asked["handle_id"], asked["jsep"]) == (handle.handle_id, {"type": "offer", "sdp": OFFER.sdp})


async def test_publisher_refused_an_attach_leaves_no_session(fake: FakeJanus, gateway: JanusGateway) -> None:
    fake.reactions["attach"] = lambda _r: [error(460, "No such plugin")]
    with pytest.raises(GatewayRefused):
        await publish(gateway)
    assert fake.sessions == set()


# --- answers that come late, wrongly or not -------------------------------------------------------


async def test_silent_janus_meets_the_deadline_and_the_session_is_ended(fake: FakeJanus, hasty: JanusGateway) -> None:
    fake.reactions["room_joinandconfigure"] = lambda _r: [{"janus": "ack"}]
    with pytest.raises(GatewayTimeout):
        await publish(hasty)
    assert fake.sessions == set()
    assert hasty.counts["timeout"] == 1


async def test_late_event_after_a_timeout_is_dropped_and_counted(fake: FakeJanus, hasty: JanusGateway) -> None:
    fake.reactions["room_joinandconfigure"] = nothing
    with pytest.raises(GatewayTimeout):
        await publish(hasty)
    transaction = fake.asked("room_joinandconfigure")[0]["transaction"]
    await fake.push({"janus": "event", "transaction": transaction})
    await hasty.info()  # answered after the event, over the same socket
    assert hasty.counts == {"timeout": 1, "late": 1}


async def test_event_of_a_strange_transaction_is_ignored(fake: FakeJanus, gateway: JanusGateway) -> None:
    fake.reactions["room_joinandconfigure"] = lambda _r: [
        {"janus": "error", "transaction": "someone-else", "error": {"code": 1, "reason": "not yours"}},
        {"janus": "ack"},
        plugin_reply({"videoroom": "joined"}, "event", {"type": "answer", "sdp": ANSWER.sdp}),
    ]
    await publish(gateway)
    assert gateway.counts == {"stray": 1}


async def test_second_answer_to_one_request_is_ignored(fake: FakeJanus, gateway: JanusGateway) -> None:
    fake.reactions["info"] = lambda _r: [
        {"janus": "server_info", "version_string": "1.4.1", "server-name": "first"},
        {"janus": "server_info", "version_string": "0.0.1", "server-name": "second"},
    ]
    assert (await gateway.info()).name == "first"
    assert (await gateway.info()).name == "first"


@pytest.mark.parametrize("text", ["no json", "[]", "3", '{"janus": 7, "session_id": "x"}', "{}"])
async def test_nonsense_from_janus_does_not_end_the_connection(
    fake: FakeJanus, gateway: JanusGateway, text: str
) -> None:
    await publish(gateway)
    await fake.push_text(text)
    assert (await gateway.info()).name == "fake-1"


async def test_ack_alone_is_not_the_answer_to_a_message(fake: FakeJanus, gateway: JanusGateway) -> None:
    fake.reactions["room_joinandconfigure"] = lambda _r: [{"janus": "ack"}]
    publishing = asyncio.create_task(publish(gateway))
    request = (await fake.wait_for("room_joinandconfigure"))[0]
    await gateway.info()
    assert not publishing.done()
    jsep = {"type": "answer", "sdp": ANSWER.sdp}
    event = plugin_reply({"videoroom": "joined"}, "event", jsep)
    await fake.push({**event, "transaction": request["transaction"]})
    assert (await publishing).session_id in fake.sessions


async def test_ack_alone_is_the_answer_to_a_candidate(fake: FakeJanus, gateway: JanusGateway) -> None:
    handle = await publish(gateway)
    await gateway.trickle(handle, Candidate("candidate:1 1 udp 1 127.0.0.2 9 typ host", "0", 0))
    await gateway.trickle(handle, None)
    assert [request["candidate"] for request in fake.asked("trickle")] == [
        {"candidate": "candidate:1 1 udp 1 127.0.0.2 9 typ host", "sdpMid": "0", "sdpMLineIndex": 0},
        {"completed": True},
    ]


async def test_caller_who_leaves_while_publishing_leaves_no_session(fake: FakeJanus, gateway: JanusGateway) -> None:
    fake.reactions["room_joinandconfigure"] = nothing
    publishing = asyncio.create_task(publish(gateway))
    await fake.wait_for("room_joinandconfigure")
    publishing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await publishing
    assert fake.sessions == set()


# --- a socket that drops --------------------------------------------------------------------------


async def test_dropped_socket_fails_every_pending_request(fake: FakeJanus, gateway: JanusGateway) -> None:
    fake.reactions["room_joinandconfigure"] = nothing
    fake.reactions["info"] = nothing
    pending = [asyncio.create_task(publish(gateway)), asyncio.create_task(gateway.info())]
    await fake.wait_for("room_joinandconfigure")
    await fake.wait_for("info")
    fake.drop()
    results = await asyncio.gather(*pending, return_exceptions=True)
    assert [type(result) for result in results] == [GatewayUnavailable, GatewayUnavailable]


async def test_dropped_socket_is_reported_and_sessions_are_claimed_again(
    fake: FakeJanus, gateway: JanusGateway
) -> None:
    kept, gone = await publish(gateway), await publish(gateway)
    fake.sessions.discard(gone.session_id)
    events = gateway.events()
    fake.drop()
    assert isinstance(await next_event(events), ConnectionLost)
    assert await next_event(events) == ConnectionRestored(kept=(kept,), gone=(gone,))
    assert gateway.is_connected
    await gateway.trickle(kept, None)


async def test_restarted_janus_is_found_again_with_backoff(fake: FakeJanus, gateway: JanusGateway) -> None:
    handle = await publish(gateway)
    events = gateway.events()
    await fake.stop()
    assert isinstance(await next_event(events), ConnectionLost)
    with pytest.raises(GatewayUnavailable):
        await gateway.ensure_room(ROOM)
    fake.sessions.clear()
    await fake.listen()
    assert await next_event(events) == ConnectionRestored(kept=(), gone=(handle,))
    await gateway.ensure_room(ROOM)
    assert fake.rooms == {ROOM.room_id}


async def test_socket_dropped_while_claiming_is_tried_again(fake: FakeJanus, gateway: JanusGateway) -> None:
    handle = await publish(gateway)
    events = gateway.events()

    def drop_once(_request: dict[str, Any]) -> list[dict[str, Any]]:
        del fake.reactions["claim"]
        fake.drop()
        return []

    fake.reactions["claim"] = drop_once
    fake.drop()
    seen = [await next_event(events) for _ in range(3)]
    assert [type(event) for event in seen] == [ConnectionLost, ConnectionLost, ConnectionRestored]
    assert seen[-1] == ConnectionRestored(kept=(handle,), gone=())


async def test_closed_gateway_ends_its_events(fake: FakeJanus, gateway: JanusGateway) -> None:
    await publish(gateway)
    await gateway.close()
    assert [event async for event in gateway.events()] == []


# --- keeping sessions alive -----------------------------------------------------------------------


async def test_session_is_kept_alive_over_failing_keepalives(fake: FakeJanus) -> None:
    gateway = make_gateway(fake, request_timeout=0.02, keepalive_seconds=0.01)
    await gateway.connect()
    fake.reactions["keepalive"] = nothing
    handle = await publish(gateway)
    await fake.wait_for("keepalive", 2)
    del fake.reactions["keepalive"]
    sent = await fake.wait_for("keepalive", len(fake.asked("keepalive")) + 2)
    assert {request["session_id"] for request in sent} == {handle.session_id}
    await gateway.close()


async def test_session_lost_to_janus_is_reported_by_its_keepalive(fake: FakeJanus) -> None:
    gateway = make_gateway(fake, keepalive_seconds=0.01)
    await gateway.connect()
    handle = await publish(gateway)
    fake.sessions.clear()
    assert await next_event(gateway.events()) == HandleEvent(EventKind.SESSION_GONE, handle)
    await gateway.close()


async def test_ended_participant_is_not_kept_alive(fake: FakeJanus) -> None:
    gateway = make_gateway(fake, keepalive_seconds=0.01)
    await gateway.connect()
    ended, other = await publish(gateway), await publish(gateway)
    await gateway.detach(ended)
    before = len(fake.asked("keepalive"))
    later = (await fake.wait_for("keepalive", before + 3))[before:]
    assert {request["session_id"] for request in later} == {other.session_id}
    await gateway.close()


# --- rooms ----------------------------------------------------------------------------------------


async def test_room_that_exists_is_success(fake: FakeJanus, gateway: JanusGateway) -> None:
    await gateway.ensure_room(ROOM)
    await gateway.ensure_room(ROOM)
    body = fake.asked("room_create")[0]["body"]
    assert body["room"] == "herts-1"
    assert body["secret"] == "room-secret"
    assert body["admin_key"] == "admin-key"
    assert body["videocodec"] == "vp8,h264"
    assert body["rec_dir"] == "/recordings/herts/1"
    assert (body["record"], body["permanent"], body["notify_joining"]) == (False, False, False)


async def test_room_refused_for_another_reason_raises(fake: FakeJanus, gateway: JanusGateway) -> None:
    fake.reactions["room_create"] = lambda _r: [plugin_error(429, "Missing mandatory element (admin_key)")]
    with pytest.raises(GatewayRefused) as refusal:
        await gateway.ensure_room(ROOM)
    assert refusal.value.code == 429


async def test_absent_room_is_closed_and_can_not_be_recorded(fake: FakeJanus, gateway: JanusGateway) -> None:
    await gateway.close_room("herts-1", "room-secret")
    fake.reactions["room_enable_recording"] = lambda _r: [plugin_error(426, "No such room")]
    with pytest.raises(NoSuchRoom):
        await gateway.set_recording("herts-1", "room-secret", True)


async def test_recording_is_switched_for_the_room(fake: FakeJanus, gateway: JanusGateway) -> None:
    await gateway.set_recording("herts-1", "room-secret", True)
    await gateway.set_recording("herts-1", "room-secret", False)
    assert [request["body"]["record"] for request in fake.asked("room_enable_recording")] == [True, False]


async def test_room_is_ended_only_when_its_last_publisher_is_out(fake: FakeJanus, gateway: JanusGateway) -> None:
    await gateway.ensure_room(ROOM)
    fake.people = [PUBLISHER]
    closing = asyncio.create_task(gateway.close_room(ROOM.room_id, ROOM.secret))
    await fake.wait_for("room_listparticipants", 3)
    assert fake.asked("room_destroy") == []

    fake.people = []
    await closing

    assert fake.rooms == set()
    assert fake.asked("room_kick") == []


async def test_who_stays_in_a_room_that_is_ended_is_put_out_first(
    fake: FakeJanus, gateway: JanusGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.gateway.janus.rooms.LEAVE_WITHIN_S", 0.1)
    await gateway.ensure_room(ROOM)
    fake.people = [PUBLISHER, WATCHER]

    await gateway.close_room(ROOM.room_id, ROOM.secret)

    assert [request["body"]["id"] for request in fake.asked("room_kick")] == ["feed-1", "watcher"]
    assert fake.people == []
    assert fake.rooms == set()


async def test_only_those_who_publish_are_listed(fake: FakeJanus, gateway: JanusGateway) -> None:
    fake.people = [PUBLISHER, WATCHER]
    assert await gateway.list_feeds("herts-1", "room-secret") == ["feed-1"]


async def test_room_requests_survive_the_end_of_their_session(fake: FakeJanus, gateway: JanusGateway) -> None:
    await gateway.ensure_room(ROOM)
    fake.sessions.clear()
    await gateway.close_room(ROOM.room_id, ROOM.secret)
    assert fake.rooms == set()


async def test_concurrent_room_requests_share_one_session(fake: FakeJanus, gateway: JanusGateway) -> None:
    await asyncio.gather(*(gateway.list_feeds("herts-1", "room-secret") for _ in range(5)))
    assert len(fake.asked("create")) == 1


# --- participants ---------------------------------------------------------------------------------


async def test_publisher_joins_with_feed_and_opaque_id(fake: FakeJanus, gateway: JanusGateway) -> None:
    handle, answer = await gateway.publish(room=ROOM, feed_id="feed-1", opaque_id="herts:p:1", offer=OFFER)
    request = fake.asked("room_joinandconfigure")[0]
    assert (request["session_id"], request["handle_id"]) == (handle.session_id, handle.handle_id)
    assert request["jsep"] == {"type": "offer", "sdp": OFFER.sdp}
    assert (request["body"]["id"], request["body"]["room"]) == ("feed-1", "herts-1")
    assert fake.asked("attach")[0]["opaque_id"] == "herts:p:1"
    assert "x-google-start-bitrate" not in answer.sdp


async def test_publisher_is_told_the_start_bitrate(fake: FakeJanus) -> None:
    gateway = make_gateway(fake, start_bitrate_kbit_s=1500)
    await gateway.connect()
    _handle, answer = await gateway.publish(room=ROOM, feed_id="feed-1", opaque_id="o", offer=OFFER)
    assert "a=fmtp:96 x-google-start-bitrate=1500\r\n" in answer.sdp
    await gateway.close()


async def test_viewer_gets_an_offer_and_starts(fake: FakeJanus, gateway: JanusGateway) -> None:
    handle, offer = await gateway.subscribe(room=ROOM, feed_id="feed-1", opaque_id="o-1")
    await gateway.start(handle, ANSWER)
    assert offer.sdp.startswith("v=0")
    assert fake.asked("room_join")[0]["body"]["streams"] == [{"feed": "feed-1"}]
    assert fake.asked("room_start")[0]["jsep"] == {"type": "answer", "sdp": ANSWER.sdp}


async def test_detached_participant_is_gone_and_detaching_again_is_success(
    fake: FakeJanus, gateway: JanusGateway
) -> None:
    handle = await publish(gateway)
    await gateway.detach(handle)
    await gateway.detach(handle)
    assert fake.sessions == set()
    with pytest.raises(HandleGone):
        await gateway.trickle(handle, None)


async def test_another_process_detaches_and_the_owner_is_told_and_ends_the_session(
    fake: FakeJanus, gateway: JanusGateway
) -> None:
    handle = await publish(gateway)
    other = make_gateway(fake)
    await other.connect()
    await other.detach(handle)
    assert fake.asked("detach")[0]["handle_id"] == handle.handle_id
    await other.close()
    await fake.push({"janus": "detached", "session_id": handle.session_id, "sender": handle.handle_id})
    assert await next_event(gateway.events()) == HandleEvent(EventKind.DETACHED, handle)
    await fake.wait_for("destroy")
    assert fake.sessions == set()


async def test_another_process_claims_and_owns_the_session(fake: FakeJanus, gateway: JanusGateway) -> None:
    handle = await publish(gateway)
    heir = make_gateway(fake, keepalive_seconds=0.01)
    await heir.connect()
    await heir.claim(handle)
    await heir.start(handle, ANSWER)
    await fake.wait_for("keepalive")
    await heir.close()
    with pytest.raises(HandleGone):
        await gateway.claim(HandleRef(7, 8))


async def test_event_that_follows_the_answer_to_a_claim_at_once_is_heard(
    fake: FakeJanus, gateway: JanusGateway
) -> None:
    handle = HandleRef(7, 8)
    fake.sessions.add(handle.session_id)
    gone = {"janus": "hangup", "session_id": 7, "sender": 8, "reason": "ICE failed", "transaction": None}
    fake.reactions["claim"] = lambda _request: [{"janus": "success"}, gone]
    await gateway.claim(handle)
    assert await next_event(gateway.events()) == HandleEvent(EventKind.HANGUP, handle, reason="ICE failed")


async def test_refused_claim_owns_nothing(fake: FakeJanus) -> None:
    gateway = make_gateway(fake, keepalive_seconds=0.01)
    await gateway.connect()
    with pytest.raises(HandleGone):
        await gateway.claim(HandleRef(7, 8))
    await asyncio.sleep(0.05)
    assert fake.asked("keepalive") == []
    await gateway.close()


async def test_released_session_is_left_alone(fake: FakeJanus) -> None:
    gateway = make_gateway(fake, keepalive_seconds=0.01)
    await gateway.connect()
    handle = await publish(gateway)
    await fake.wait_for("keepalive")
    gateway.release(handle)
    gateway.release(HandleRef(7, 8))
    sent = len(fake.asked("keepalive"))
    await asyncio.sleep(0.05)
    assert len(fake.asked("keepalive")) <= sent + 1
    assert fake.asked("destroy") == fake.asked("detach") == []
    with pytest.raises(HandleGone):
        await gateway.start(handle, ANSWER)
    await gateway.close()


async def test_restored_connection_does_not_claim_what_was_taken_over_meanwhile(fake: FakeJanus) -> None:
    async def let_go() -> None:
        gateway.release(lost)

    gateway = make_gateway(fake, before_claims=let_go)
    await gateway.connect()
    kept, lost = await publish(gateway), await publish(gateway)
    events = gateway.events()
    fake.drop()
    assert isinstance(await next_event(events), ConnectionLost)
    assert await next_event(events) == ConnectionRestored(kept=(kept,), gone=())
    assert [request["session_id"] for request in fake.asked("claim")] == [kept.session_id]
    await gateway.close()


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        ({"janus": "webrtcup"}, {"kind": EventKind.WEBRTC_UP}),
        (
            {"janus": "media", "type": "video", "receiving": False},
            {"kind": EventKind.MEDIA, "medium": Medium.VIDEO, "receiving": False},
        ),
        ({"janus": "hangup", "reason": "DTLS alert"}, {"kind": EventKind.HANGUP, "reason": "DTLS alert"}),
        ({"janus": "ice-failed"}, {"kind": EventKind.ICE_FAILED}),
        ({"janus": "slowlink", "uplink": True}, {"kind": EventKind.SLOW_LINK}),
        (
            plugin_reply({"videoroom": "updated", "streams": [{"active": False}]}, "event"),
            {"kind": EventKind.UNPUBLISHED},
        ),
    ],
)
async def test_event_about_an_owned_handle_is_passed_on(
    fake: FakeJanus, gateway: JanusGateway, frame: dict[str, Any], expected: dict[str, Any]
) -> None:
    handle = await publish(gateway)
    await fake.push({**frame, "session_id": handle.session_id, "sender": handle.handle_id})
    assert await next_event(gateway.events()) == HandleEvent(handle=handle, **expected)


async def test_events_about_strangers_and_of_no_interest_are_skipped(fake: FakeJanus, gateway: JanusGateway) -> None:
    handle = await publish(gateway)
    ours = {"session_id": handle.session_id, "sender": handle.handle_id}
    await fake.push({"janus": "hangup", "session_id": 1, "sender": 2})
    await fake.push({"janus": "hangup", "session_id": handle.session_id, "sender": 2})
    await fake.push({"janus": "media", "type": "data", "receiving": True, **ours})
    await fake.push({**plugin_reply({"videoroom": "event", "publishers": []}, "event"), **ours})
    await fake.push({"janus": "timeout", "session_id": handle.session_id})
    assert await next_event(gateway.events()) == HandleEvent(EventKind.SESSION_GONE, handle)


# --- what runs ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "is_outdated"),
    [("1.1.2", True), ("1.4.0", True), ("1.4.1", False), ("1.10.0", False), ("2.0.0", False), ("odd", True)],
)
async def test_gateway_tells_an_outdated_janus(
    fake: FakeJanus, gateway: JanusGateway, version: str, is_outdated: bool
) -> None:
    fake.reactions["info"] = lambda _r: [{"janus": "server_info", "version_string": version, "server-name": "media-1"}]
    info = await gateway.info()
    assert (info.version, info.name, info.is_outdated) == (version, "media-1", is_outdated)


# --- whose request it was -------------------------------------------------------------------------


async def test_connection_does_not_log_in_the_name_of_the_request_that_opened_it(fake: FakeJanus) -> None:
    request: ContextVar[str] = ContextVar("request", default="nobody's")
    request.set("somebody's")
    seen: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append(request.get())

    listener, logger = Listener(), logging.getLogger("streams.gateway.janus.link")
    logger.addHandler(listener)
    gateway = make_gateway(fake)
    await gateway.connect()
    fake.drop()
    assert isinstance(await next_event(gateway.events()), ConnectionLost)
    await gateway.close()
    logger.removeHandler(listener)
    assert set(seen) == {"nobody's"}
