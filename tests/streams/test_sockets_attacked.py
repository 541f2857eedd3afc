"""Sockets of a real web process under attack: each attack is answered or cut off, and nobody else notices."""

from __future__ import annotations

import contextlib
import json
import zlib
from collections.abc import Iterator
from typing import Any

import pytest

from config.services.stack import Stack
from forces.context import ForceRef
from forces.dispatch import async_redis, seq_key
from streams.broadcasts import CONSOLE
from streams.consumers.refusals import IN_USE, NOT_ADMITTED, NOT_ALLOWED, OVER, TOO_MANY, TOO_SLOW, TRY_AGAIN
from streams.wire import MAX_FRAME_BYTES
from tests.conftest import ROOT
from tests.factories.streams import make_opened
from tests.streams.line import BINARY, COMPRESSED, CONTINUATION, FINAL, TEXT, Line
from tests.streams.socket_peers import make
from tests.streams.web_process import Web, running_web

SESSION = "7b7bfa3e-6f7b-4c65-8be4-1d6ef0a7a111"
# The line ends without a word: whoever breaks the protocol of sockets itself gets no more of our time.
CUT_OFF = 1006
# A frame of a bearable size whose content grows a thousandfold.
BOMB = zlib.compress(b'{"type": "heartbeat.ping", "sent_at": "' + b" " * 50_000_000 + b'"}', 9)[2:-4]


@pytest.fixture(scope="module")
def web(stack: Stack, module_db: str) -> Iterator[Web]:
    """Run one web process for these tests."""
    with running_web(stack, module_db) as running:
        yield running


@pytest.fixture
async def console(web: Web) -> Line:
    """Open a console."""
    return await web.console(await web.sign_in())


@pytest.fixture
async def bystander(web: Web) -> Line:
    """Open another person's console: it must not notice anything."""
    return await web.console(await web.sign_in("supervisor"))


async def _code_of(line: Line, payload: bytes, head: int = FINAL | TEXT) -> str:
    await line.send(payload, head)
    return str((await line.expect("error"))["code"])


def _frame(size: int) -> bytes:
    """Return a frame of exactly that many bytes."""
    text = '{"type": "watch.answer", "watch_id": "%s", "sdp": "%s"}'
    return (text % (SESSION, "v" * (size - len(text % (SESSION, ""))))).encode()


async def test_client_sends_more_than_64_kib_answered(console: Line) -> None:
    assert await _code_of(console, _frame(MAX_FRAME_BYTES + 1)) == "too_large"
    assert await _code_of(console, _frame(MAX_FRAME_BYTES)) == "watch_unknown"
    assert await console.is_alive()


async def test_client_sends_more_than_64_kib_in_pieces_answered(console: Line) -> None:
    payload = _frame(100_000)
    await console.send(payload[:30_000], TEXT)
    await console.send(payload[30_000:60_000], CONTINUATION)
    assert await _code_of(console, payload[60_000:], FINAL | CONTINUATION) == "too_large"
    assert await console.is_alive()


async def test_client_sends_a_bearable_frame_in_pieces_is_read(console: Line) -> None:
    payload = json.dumps({"type": "heartbeat.ping", "sent_at": 7}).encode()
    for byte in payload[:-1]:
        await console.send(bytes([byte]), TEXT if byte == payload[0] and payload.index(byte) == 0 else CONTINUATION)
    await console.send(payload[-1:], FINAL | CONTINUATION)
    assert (await console.expect("heartbeat.pong"))["sent_at"] == 7


async def test_client_sends_what_is_far_too_much_cut_off(console: Line, bystander: Line) -> None:
    await console.send(b"x" * 300_000)
    assert await console.close_code() == CUT_OFF
    assert await bystander.is_alive()


async def test_client_sends_pieces_without_end_cut_off(console: Line, bystander: Line) -> None:
    """What was collected of one message is bounded, not only what one piece holds."""
    await console.send(b'{"type": "', TEXT)
    with contextlib.suppress(ConnectionError):
        for _ in range(20):
            await console.send(b"x" * 60_000, CONTINUATION)
    assert await console.close_code() == CUT_OFF
    assert await bystander.is_alive()


async def test_client_announces_more_than_it_sends_cut_off_at_once(console: Line, bystander: Line) -> None:
    console._writer.write(bytes([FINAL | TEXT, 0x80 | 127]) + (2**40).to_bytes(8, "big") + b"mask")
    assert await console.close_code() == CUT_OFF
    assert await bystander.is_alive()


@pytest.mark.parametrize("payload", [b"", b"\x00\x01", b'{"type": "heartbeat.ping", "sent_at": 1}'])
async def test_client_sends_binary_answered(console: Line, payload: bytes) -> None:
    assert await _code_of(console, payload, FINAL | BINARY) == "malformed"
    assert await console.is_alive()


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b"[" * 60_000, "malformed"),
        (b'{"type":' * 8_000, "malformed"),
        (b'{"type": "session.open", "session_id": ' + b"[" * 30_000 + b"]" * 30_000 + b"}", "malformed"),
        (b'{"type": "heartbeat.ping", "sent_at": ' + b"9" * 60_000 + b"}", "invalid_field"),
        (b'{"type": "heartbeat.ping", "sent_at": 1e999}', "invalid_field"),
        (b'{"type": "heartbeat.ping", "sent_at": -' + b"9" * 400 + b"}", "invalid_field"),
        (b'{"type": "heartbeat.ping", "sent_at": NaN}', "malformed"),
        (b'{"type": "nul\\u0000", "ref": "r"}', "unknown_type"),
        (b'{"type": "session.open\\u0000", "session_id": "x"}', "unknown_type"),
        (b'{"type": "session.open", "session_id": "\\u0000"}', "invalid_field"),
        (b'{"type": "console.snapshot", "ref": "\\u0000"}', "invalid_field"),
        (
            b'{"type": "chat.send", "session_id": "%s", "client_id": "a", "text": "\\u0000"}' % SESSION.encode(),
            "invalid_field",
        ),
        (b'{"type": "session.open", "__proto__": {}, "session_id": "%s"}' % SESSION.encode(), "invalid_field"),
        (b'{"type": "session.open", "type": "nope", "session_id": "x"}', "unknown_type"),
        (b'{"type": "nope", "type": "session.open", "session_id": "x"}', "invalid_field"),
        (b'{"type": "session.open", "session_id": "x", "session_id": "%s"}' % SESSION.encode(), "invalid_field"),
        (b'{"type": "session.open", "session_id": "%s", "session_id": "x"}' % SESSION.encode(), "invalid_field"),
        (b'{"type": "heartbeat.ping", "sent_at": 1} {"type": "heartbeat.ping"}', "malformed"),
        (b"\xef\xbb\xbf{}", "malformed"),
    ],
)
async def test_client_sends_what_parsers_stumble_over_answered(console: Line, payload: bytes, code: str) -> None:
    assert await _code_of(console, payload) == code
    assert await console.is_alive()


async def test_client_sends_text_that_is_none_cut_off(console: Line, bystander: Line) -> None:
    await console.send(b'{"type": "\xff\xfe"}')
    assert await console.close_code() == CUT_OFF
    assert await bystander.is_alive()


@pytest.mark.parametrize(
    "offer", ["permessage-deflate", "permessage-deflate; client_max_window_bits", "permessage-bzip2"]
)
async def test_client_offers_compression_declined(web: Web, offer: str) -> None:
    """Nothing is ever decompressed, so nothing can burst."""
    line = await web.console(await web.sign_in(), headers={"Sec-WebSocket-Extensions": offer})
    assert "sec-websocket-extensions" not in line.response.lower()
    assert await line.is_alive()


async def test_client_sends_a_decompression_bomb_cut_off(web: Web, bystander: Line) -> None:
    line = await web.console(await web.sign_in(), headers={"Sec-WebSocket-Extensions": "permessage-deflate"})
    assert len(BOMB) < MAX_FRAME_BYTES
    await line.send(BOMB, FINAL | COMPRESSED | TEXT)
    assert await line.close_code() == CUT_OFF
    assert await bystander.is_alive()


@pytest.mark.parametrize("path", ["/ws/console/", "/ws/caller/", "/ws/nowhere/", "/ws/", "/"])
@pytest.mark.parametrize(
    "changed", [{"Origin": "http://evil.example"}, {"Host": "nowhere.localhost"}, {"Origin": "null"}]
)
async def test_stranger_shakes_hands_refused(web: Web, path: str, changed: dict[str, str]) -> None:
    line = await Line.open(web.port, path, web.host, "", headers=changed)
    assert line.response.split()[1] in {"403", "404"}


async def test_console_that_missed_a_broadcast_is_told_to_come_back(web: Web, console: Line, herts: ForceRef) -> None:
    """By a close code that the web server really sends."""
    await console.is_alive()
    await async_redis().incr(seq_key(herts.schema, CONSOLE))
    await console.send_json("heartbeat.ping", sent_at=1)
    await console.send_json("heartbeat.ping", sent_at=2)
    assert await console.close_code() == TRY_AGAIN


@pytest.mark.parametrize("code", [TRY_AGAIN, TOO_SLOW, NOT_ADMITTED, NOT_ALLOWED, IN_USE, OVER, TOO_MANY])
def test_close_code_is_one_that_a_server_may_send_and_is_in_the_table(code: int) -> None:
    assert 4000 <= code <= 4999
    assert f"| {code} |" in (ROOT / "streams" / "PROTOCOL.md").read_text()


async def test_stranger_is_told_why_by_the_web_server(web: Web) -> None:
    line = await web.open("/ws/console/", "")
    assert await line.close_code() == NOT_ADMITTED


async def test_caller_is_cut_off_and_comes_back(web: Web, herts: ForceRef, live_db: str) -> None:
    made: Any = await make(herts, make_opened)
    caller = await web.caller(made.ticket)
    await caller.send(b"x" * 300_000)
    assert await caller.close_code() == CUT_OFF
    assert await (await web.caller(made.ticket)).is_alive()
