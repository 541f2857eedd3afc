"""What is read from and written into an SDP, TURN credentials, events of the door, backoff: pure parts."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.gateway.backoff import Backoff
from streams.gateway.interface import EventKind, GatewayEvent, LayerTraffic, Medium
from streams.gateway.janus.events import MalformedEvents, parse_event_batch
from streams.gateway.sdp import is_video_refused, with_start_bitrate, without_name
from streams.gateway.turn import ice_servers

NOW = datetime(2026, 11, 22, 14, 5, 27, tzinfo=UTC)
AUDIO = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=sendrecv\r\n"
VIDEO = "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=recvonly\r\n"


@pytest.mark.parametrize(
    ("sdp", "is_refused"),
    [
        ("v=0\r\nm=video 0 UDP/TLS/RTP/SAVPF 96\r\n", True),
        ("v=0\nm=video 0 UDP/TLS/RTP/SAVPF 96\n", True),
        ("v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 0\r\na=inactive\r\n", True),
        (f"v=0\r\n{AUDIO}m=video 0 UDP/TLS/RTP/SAVPF 96\r\n", True),
        (f"v=0\r\n{VIDEO}", False),
        (f"v=0\r\n{VIDEO}m=video 0 UDP/TLS/RTP/SAVPF 96\r\n", False),
        (f"v=0\r\nm=audio 0 UDP/TLS/RTP/SAVPF 111\r\na=inactive\r\n{VIDEO}", False),
        (f"v=0\r\na=inactive\r\n{VIDEO}", False),
        (f"v=0\r\n{AUDIO}", False),
        ("", False),
        ("m=video ", False),
    ],
)
def test_refused_video_is_seen(sdp: str, is_refused: bool) -> None:
    assert is_video_refused(sdp) is is_refused


def test_start_bitrate_is_added_after_vp8_only() -> None:
    sdp = f"v=0\r\n{VIDEO}a=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\na=rtpmap:99 H264/90000\r\n"
    expected = sdp.replace("VP8/90000\r\n", "VP8/90000\r\na=fmtp:96 x-google-start-bitrate=1500\r\n")
    assert with_start_bitrate(sdp, 1500) == expected


def test_start_bitrate_joins_parameters_that_are_there() -> None:
    sdp = f"v=0\r\n{VIDEO}a=rtpmap:96 VP8/90000\r\na=fmtp:96 max-fr=30\r\n"
    assert "a=fmtp:96 max-fr=30;x-google-start-bitrate=900\r\n" in with_start_bitrate(sdp, 900)


def test_start_bitrate_leaves_an_answer_without_vp8_alone() -> None:
    sdp = f"v=0\r\n{VIDEO}a=rtpmap:96 H264/90000\r\n"
    assert with_start_bitrate(sdp, 1500) == sdp


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_offer_names_no_room(end: str) -> None:
    lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s={}", "t=0 0", "m=video 9 UDP/TLS/RTP/SAVPF 96", "a=ssrc:1 s=x", ""]
    sdp = end.join(lines)
    assert without_name(sdp.format("VideoRoom herts-1")) == sdp.format("-")


def test_turn_credentials_are_what_coturn_computes() -> None:
    (server,) = ice_servers(["turn:media.example:3478"], "secret", "watch-1", NOW, timedelta(minutes=10))
    expiry = int((NOW + timedelta(minutes=10)).timestamp())
    digest = hmac.new(b"secret", f"{expiry}:watch-1".encode(), hashlib.sha1).digest()
    assert server.urls == ("turn:media.example:3478",)
    assert server.username == f"{expiry}:watch-1"
    assert server.credential == base64.b64encode(digest).decode()


def test_turn_without_urls_gives_no_server() -> None:
    assert ice_servers([], "", "watch-1", NOW, timedelta(minutes=10)) == ()


def test_turn_without_a_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="secret"):
        ice_servers(["turn:media.example"], "", "watch-1", NOW, timedelta(minutes=10))


@given(attempt=st.integers(0, 10_000), chance=st.floats(0, 1, exclude_max=True))
def test_backoff_stays_between_its_jitter_and_its_ceiling(attempt: int, chance: float) -> None:
    policy = Backoff(first=0.1, factor=2, ceiling=5, jitter=0.5)
    full = min(5.0, 0.1 * 2 ** min(attempt, 64))
    assert full * 0.5 <= policy.delay(attempt, chance) <= full


def test_backoff_tries_often_within_the_time_janus_waits() -> None:
    policy = Backoff()
    assert sum(policy.delay(attempt, 0.0) for attempt in range(6)) < 10
    assert policy.delay(1, 0.3) > policy.delay(0, 0.3)


def posted(entry: dict[str, Any]) -> dict[str, Any]:
    """An event of a handle as Janus posts it."""
    ours = {"session_id": 7, "handle_id": 8, "opaque_id": "herts:p:1"}
    return {"emitter": "media-1", "timestamp": 1_795_356_834_931_355, **ours, **entry}


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"type": 16, "subtype": 6, "event": {"connection": "webrtcup"}}, {"kind": EventKind.WEBRTC_UP}),
        (
            {"type": 16, "subtype": 6, "event": {"connection": "hangup", "reason": "DTLS alert"}},
            {"kind": EventKind.HANGUP, "reason": "DTLS alert"},
        ),
        (
            {"type": 16, "subtype": 1, "event": {"ice": "failed", "stream_id": 1, "component_id": 1}},
            {"kind": EventKind.ICE_FAILED},
        ),
        (
            {"type": 32, "subtype": 1, "event": {"media": "video", "mid": "0", "receiving": True}},
            {"kind": EventKind.MEDIA, "medium": Medium.VIDEO, "receiving": True},
        ),
        (
            {"type": 32, "event": {"media": "audio", "mid": "1", "receiving": False, "seconds": 2}},
            {"kind": EventKind.MEDIA, "medium": Medium.AUDIO, "receiving": False},
        ),
        (
            {"type": 32, "subtype": 2, "event": {"media": "video", "slow_link": "uplink"}},
            {"kind": EventKind.SLOW_LINK, "medium": Medium.VIDEO, "reason": "uplink"},
        ),
        ({"type": 2, "event": {"name": "detached"}}, {"kind": EventKind.DETACHED}),
        ({"type": 1, "event": {"name": "timeout"}}, {"kind": EventKind.SESSION_GONE, "reason": "timeout"}),
        (
            {"type": 64, "event": {"data": {"event": "published", "room": "herts-1", "id": "feed"}}},
            {"kind": EventKind.PUBLISHED, "room_id": "herts-1", "feed_id": "feed"},
        ),
        (
            {"type": 64, "event": {"data": {"event": "unpublished", "room": "herts-1", "id": "feed"}}},
            {"kind": EventKind.UNPUBLISHED, "room_id": "herts-1", "feed_id": "feed"},
        ),
        ({"type": 256, "event": {"status": "started"}}, {"kind": EventKind.RESTARTED}),
        ({"type": 256, "event": {"status": "shutdown"}}, {"kind": EventKind.STOPPED}),
    ],
)
def test_posted_event_is_read(entry: dict[str, Any], expected: dict[str, Any]) -> None:
    (event,) = parse_event_batch(json.dumps(posted(entry)).encode())
    at = datetime(2026, 11, 22, 14, 13, 54, 931355, tzinfo=UTC)
    ours: dict[str, Any] = {"session_id": 7, "handle_id": 8, "opaque_id": "herts:p:1"}
    assert event == GatewayEvent(at=at, **ours, **expected)


@pytest.mark.parametrize(
    "entry",
    [
        {"type": 1, "event": {"name": "created", "transport": {"id": "1"}}},
        {"type": 2, "event": {"name": "attached", "plugin": "janus.plugin.videoroom"}},
        {"type": 8, "event": {"owner": "local", "jsep": {"type": "answer", "sdp": "v=0"}}},
        {"type": 16, "subtype": 4, "event": {"selected-pair": "a <-> b"}},
        {"type": 16, "subtype": 1, "event": {"ice": "connected"}},
        {"type": 32, "subtype": 3, "event": [{"media": "video", "receiving": True}]},
        {"type": 32, "subtype": 3, "event": {"media": "video", "rtt": 3, "lost": 0}},
        {"type": 32, "subtype": 1, "event": {"media": "data", "receiving": True}},
        {"type": 64, "event": {"data": {"event": "subscribed", "room": 0}}},
        {"type": 64, "event": {"data": "text"}},
        {"type": 256, "event": {"status": "update", "info": {"sessions": 3}}},
        {"type": 128, "event": {}},
        {"type": 4096, "event": {"name": "of a later version"}},
        {"type": 2},
        {},
    ],
)
def test_posted_event_of_no_interest_is_skipped(entry: dict[str, Any]) -> None:
    assert parse_event_batch(json.dumps([posted(entry)]).encode()) == []


def test_posted_statistics_tell_what_came_of_each_layer() -> None:
    tracks = [
        {"media": "audio", "bytes-received": 9, "bytes-received-lastsec": 9},
        {"media": "video", "bytes-received": 700, "bytes-received-lastsec": 80},
        {"media": "video-sim2", "bytes-received": 0, "bytes-received-lastsec": 0},
        {"media": "video-sim1", "bytes-received": "many", "bytes-received-lastsec": 0},
        {"media": ["video"], "bytes-received": 1, "bytes-received-lastsec": 0},
        None,
    ]
    (event,) = parse_event_batch(json.dumps(posted({"type": 32, "subtype": 3, "event": tracks})).encode())
    assert event.kind == EventKind.TRAFFIC
    assert event.traffic == (LayerTraffic(0, 700, True), LayerTraffic(2, 0, False))


def test_posted_batch_keeps_its_order() -> None:
    up = posted({"type": 16, "event": {"connection": "webrtcup"}})
    stats = posted({"type": 32, "subtype": 3, "event": [{"media": "video"}]})
    gone = posted({"type": 2, "event": {"name": "detached"}})
    events = parse_event_batch(json.dumps([up, stats, gone]).encode())
    assert [event.kind for event in events] == [EventKind.WEBRTC_UP, EventKind.DETACHED]
    assert parse_event_batch(b"[]") == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no json",
        b"\xff\xfe",
        b"3",
        b'"text"',
        b"null",
        b"[[]]",
        b"[null]",
        b'[{"type": "two"}]',
        b'[{"type": true}]',
        b'{"type": 2, "event": {"name": "detached"}}',
        b'{"type": 2, "timestamp": "now", "event": {"name": "detached"}}',
        b'{"type": 2, "timestamp": 99999999999999999999, "event": {"name": "detached"}}',
        b'{"type": 2, "timestamp": 1, "session_id": "x", "event": {"name": "detached"}}',
        b"[" * 200_000,
    ],
)
def test_malformed_post_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedEvents):
        parse_event_batch(body)
