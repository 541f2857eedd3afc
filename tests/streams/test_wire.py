"""Frames: what is refused with which code, and what is read."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.wire import (
    ChatSend,
    ErrorFrame,
    HeartbeatPing,
    PositionFix,
    StreamCandidate,
    WatchCandidate,
    WireError,
    decode_caller,
    decode_console,
    decode_officer,
    encode,
    wire_time,
)

SESSION = "7b7bfa3e-6f7b-4c65-8be4-1d6ef0a7a111"
FIX = {"type": "position.fix", "latitude": 51.9, "longitude": -0.2, "accuracy_m": 8, "fixed_at": 1795356000000}


def refused(text: str, decode: Any = decode_caller) -> str:
    with pytest.raises(WireError) as refusal:
        decode(text)
    return refusal.value.code


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "5", '"x"', "{}", '{"type": 5}', "\ud800", "[" * 50_000])
def test_client_sends_no_frame_malformed(text: Any) -> None:
    assert refused(text) == "malformed"


def test_client_sends_deeply_nested_frame_malformed() -> None:
    assert refused('{"type": "chat.send", "text": ' + "[" * 20_000 + "]" * 20_000 + "}") == "malformed"


@pytest.mark.parametrize("character", ["x", "ä", "😀"])
def test_client_sends_over_64_kib_too_large(character: str) -> None:
    text = json.dumps({"type": "stream.publish", "sdp": character * 65_536}, ensure_ascii=False)

    assert refused(text) == "too_large"


@pytest.mark.parametrize("type_", ["consent.give", "chat.send", "session.end", "session.show", "officer.state"])
def test_officer_sends_frame_of_another_socket_unknown_type(type_: str) -> None:
    assert refused(json.dumps({"type": type_}), decode_officer) == "unknown_type"


@pytest.mark.parametrize("type_", ["session.open", "nope", "", "console.snapshot", "caller.state"])
def test_caller_sends_frame_of_another_socket_unknown_type(type_: str) -> None:
    assert refused(json.dumps({"type": type_})) == "unknown_type"


@pytest.mark.parametrize("type_", ["stream.publish", "position.fix", "session.stop", "consent.give"])
def test_console_sends_frame_of_another_socket_unknown_type(type_: str) -> None:
    assert refused(json.dumps({"type": type_}), decode_console) == "unknown_type"


@pytest.mark.parametrize(
    "changed",
    [
        {"latitude": 90.01},
        {"latitude": "51.9"},
        {"longitude": -180.5},
        {"accuracy_m": -1},
        {"accuracy_m": None},
        {"fixed_at": -5},
        {"fixed_at": 1e300},
        {"heading_deg": 361},
        {"speed_mps": -1},
        {"colour": "red"},
    ],
)
def test_caller_sends_impossible_fix_invalid_field(changed: dict[str, Any]) -> None:
    assert refused(json.dumps({**FIX, **changed})) == "invalid_field"


@pytest.mark.parametrize("text", ["", "x" * 1001, "nul\x00", 5, None])
def test_caller_sends_impossible_text_invalid_field(text: Any) -> None:
    frame = {"type": "chat.send", "client_id": "a", "text": text}

    assert refused(json.dumps(frame)) == "invalid_field"


@pytest.mark.parametrize("scopes", [[], ["audio"], ["location"] * 5, "location"])
def test_caller_sends_impossible_scopes_invalid_field(scopes: Any) -> None:
    frame = {"type": "consent.give", "scopes": scopes, "wording_version": 1, "language": "en"}

    assert refused(json.dumps(frame)) == "invalid_field"


@pytest.mark.parametrize("session_id", ["", "7", SESSION[:-1], None])
def test_console_sends_impossible_id_invalid_field(session_id: Any) -> None:
    assert refused(json.dumps({"type": "session.open", "session_id": session_id}), decode_console) == "invalid_field"


def test_client_error_keeps_the_ref() -> None:
    for text in ('{"type": "nope", "ref": "r7"}', '{"type": "chat.send", "ref": "r7"}'):
        with pytest.raises(WireError) as refusal:
            decode_caller(text)
        assert refusal.value.ref == "r7"


def test_client_sends_ref_of_a_wrong_kind_invalid_field_without_ref() -> None:
    with pytest.raises(WireError) as refusal:
        decode_caller('{"type": "session.stop", "ref": ["r"]}')

    assert (refusal.value.code, refusal.value.ref) == ("invalid_field", None)


@given(st.text() | st.dictionaries(st.text(), st.text() | st.integers() | st.none()).map(json.dumps))
def test_client_sends_anything_only_wire_errors_come_back(text: Any) -> None:
    for decode in (decode_caller, decode_console, decode_officer):
        with pytest.raises(WireError):
            decode(text)


def test_caller_sends_fix_without_the_optional_fields_is_read() -> None:
    fix = decode_caller(json.dumps(FIX))

    assert isinstance(fix, PositionFix)
    assert (fix.latitude, fix.altitude_m, fix.ref) == (51.9, None, None)


def test_caller_sends_longest_text_is_read() -> None:
    frame = decode_caller(json.dumps({"type": "chat.send", "client_id": "a", "text": "é" * 1000, "ref": "r"}))

    assert frame == ChatSend(client_id="a", text="é" * 1000, ref="r")


def test_candidates_are_read_as_browsers_write_them() -> None:
    written = {"candidate": "candidate:1 1 udp 1 192.0.2.1 9 typ host", "sdpMid": "0", "sdpMLineIndex": 0}
    caller = decode_caller(json.dumps({"type": "stream.candidate", "candidate": {**written, "usernameFragment": "u"}}))
    console = decode_console(json.dumps({"type": "watch.candidate", "watch_id": SESSION, "candidate": None}))

    assert isinstance(caller, StreamCandidate)
    assert caller.candidate is not None
    assert (caller.candidate.mid, caller.candidate.index) == ("0", 0)
    assert isinstance(console, WatchCandidate)
    assert console.candidate is None


@pytest.mark.parametrize("sent_at", ["2026-11-22T14:05:27.120Z", 1795356000000, 12.5])
def test_ping_takes_any_clock(sent_at: Any) -> None:
    frame = decode_console(json.dumps({"type": "heartbeat.ping", "sent_at": sent_at}))

    assert frame == HeartbeatPing(sent_at=sent_at)


def test_error_frame_leaves_out_what_it_has_not() -> None:
    assert json.loads(encode(ErrorFrame(code="busy", message="Wait."))) == {
        "type": "error",
        "code": "busy",
        "message": "Wait.",
    }


def test_times_are_utc_with_milliseconds_and_z() -> None:
    summer = datetime(2026, 7, 1, 15, 0, 0, 123_999, tzinfo=timezone(timedelta(hours=1)))

    assert wire_time(summer) == "2026-07-01T14:00:00.123Z"
    assert wire_time(datetime(2026, 11, 22, tzinfo=UTC)) == "2026-11-22T00:00:00.000Z"
