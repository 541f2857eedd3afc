"""Anything that looks like a frame, sent to the sockets of the whole application: each keeps to the table."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forces.context import ForceRef
from streams.consumers import dispatcher
from streams.consumers.caller import CallerSocket
from streams.consumers.console import ConsoleSocket
from streams.consumers.limits import TokenBucket
from streams.consumers.officer import OfficerSocket
from streams.models import LiveSession
from streams.wire import CallerFrame, ConsoleFrame, OfficerFrame
from tests.conftest import ROOT
from tests.factories.streams import make_opened
from tests.streams.socket_peers import Peer, Peers, make, read

# These end what the next example needs, and have tests of their own.
ENDING = {"consent.withdraw", "session.stop", "session.end", "heartbeat.ping"}
WORDS = ("", "1", "\u0000", "\ud800", "😀" * 40, "x" * 1001, "2026-11-22T14:05:27.120Z")
NUMBERS = (0, -1, 1.5, 1e308, 2**31, 2**63, -(2**64), 10**400, 1795356000000, float("inf"), float("nan"))
leaves = st.none() | st.booleans() | st.sampled_from(NUMBERS) | st.integers() | st.floats()
anything = st.recursive(
    leaves | st.sampled_from(WORDS) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
words = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=40)
# What gets past the reading of a frame, and as far as the services.
FITTING: dict[str, st.SearchStrategy[Any]] = {
    "scopes": st.lists(st.sampled_from(["location", "video", "recording"]), min_size=1, max_size=3),
    "wording_version": st.integers(1, 3),
    "language": st.sampled_from(["en", "cy", "xx"]),
    "sdp": words,
    "early": st.booleans(),
    "on": st.booleans(),
    "text": words,
    "client_id": words,
    "reason": words,
    "status": st.sampled_from(["available", "en_route", "at_scene", "off_duty"]),
    "incident_id": st.none() | st.uuids().map(str),
    "step": st.sampled_from(["page_shown", "camera_failed", "publishing", "page_hidden"]),
    "candidate": st.none() | st.fixed_dictionaries({"candidate": words}, optional={"sdpMid": words}),
    "latitude": st.floats(-90, 90),
    "longitude": st.floats(-180, 180),
    "accuracy_m": st.floats(0, 50_000_000),
    "fixed_at": st.floats(0, 4_102_444_800_000) | st.floats(1.79e12, 1.8e12),
    "altitude_m": st.floats(-20_000, 1_000_000),
    "heading_deg": st.floats(0, 360),
    "speed_mps": st.floats(0, 100_000),
}
by_examples = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))


def codes_of_the_table() -> set[str]:
    """Return every code that PROTOCOL.md names under Errors."""
    text = (ROOT / "streams" / "PROTOCOL.md").read_text(encoding="utf-8")
    section = text.partition("\n## Errors\n")[2].partition("\nLimits per socket")[0]
    return set(re.findall(r"`([a-z_]+)`", section))


def frames(union: Any, ids: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return frames of a union, most of them fitting; others with fields left out, unknown or anything at all."""
    kinds = [kind for kind in union.__args__ if kind.__struct_config__.tag not in ENDING]
    return st.sampled_from(kinds).flatmap(lambda kind: _fitting(kind, ids) | _odd(kind, ids))


def _fields(kind: type[msgspec.Struct], ids: st.SearchStrategy[str]) -> dict[str, st.SearchStrategy[Any]]:
    names = [field.encode_name for field in msgspec.structs.fields(kind) if field.name != "ref"]
    return {name: FITTING.get(name, ids) for name in names}


def _fitting(kind: type[msgspec.Struct], ids: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    tag = st.just(kind.__struct_config__.tag)
    return st.fixed_dictionaries({"type": tag, **_fields(kind, ids)}).map(json.dumps)


def _odd(kind: type[msgspec.Struct], ids: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    tag = st.just(kind.__struct_config__.tag)
    fields = {name: fitting | anything for name, fitting in _fields(kind, ids).items()}
    unknown: st.SearchStrategy[dict[str, Any]] = st.just({}) | st.dictionaries(
        st.text(max_size=8), anything, max_size=2
    )
    known = st.fixed_dictionaries({"type": tag}, optional=fields)
    return st.tuples(unknown, known).map(lambda both: json.dumps({**both[0], **both[1]}))


async def _attack(peer: Peer, texts: st.SearchStrategy[str]) -> None:
    """Send examples to a socket of this loop; they are made up in a thread, for that takes no coroutine."""
    loop = asyncio.get_running_loop()

    @by_examples
    @given(texts)
    def attack(text: str) -> None:
        asyncio.run_coroutine_threadsafe(_send_and_look(peer, text), loop).result(30)

    await asyncio.to_thread(attack)


async def _send_and_look(peer: Peer, text: str) -> None:
    """Send it, then a frame that is answered in any case: whatever came meanwhile has a code of the table."""
    before, marker = len(peer.seen), uuid4().hex
    await peer.send_text(text)
    await peer.send_text(json.dumps({"type": "no.such", "ref": marker}))
    await peer.expect("error", lambda frame: frame.get("ref") == marker)
    codes = {frame["code"] for frame in peer.seen[before:] if frame["type"] == "error"}
    assert codes <= codes_of_the_table() - {"internal"}


def _assert_answers(peer: Peer) -> None:
    """Some examples were not read, others got through to the services, and none hit what is not handled."""
    codes = {frame["code"] for frame in peer.seen if frame["type"] == "error"}
    assert {"malformed", "invalid_field"} <= codes
    assert codes - {"malformed", "invalid_field", "unknown_type", "too_large"}
    assert "internal" not in codes


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let examples come as fast as they can; how many may come is tested elsewhere."""
    for socket in (CallerSocket, ConsoleSocket, OfficerSocket):
        monkeypatch.setattr(socket, "rate", (1e9, 10**9))
    monkeypatch.setattr(dispatcher, "TokenBucket", lambda rate, burst: TokenBucket(1e9, 10**9))


@pytest.mark.usefixtures("unhurried")
async def test_caller_sends_anything_answered_by_the_table(peers: Peers, herts: ForceRef) -> None:
    made: Any = await make(herts, make_opened)
    caller = await peers.caller(herts, made.ticket)
    ids = st.uuids().map(str)

    await _attack(caller, st.one_of(frames(CallerFrame, ids), anything.map(json.dumps), st.text(min_size=1)))
    await caller.round_trip()
    _assert_answers(caller)


@pytest.mark.usefixtures("unhurried")
async def test_console_sends_anything_answered_by_the_table(peers: Peers, herts: ForceRef) -> None:
    made: Any = await make(herts, make_opened)
    console = await peers.console(herts)
    ids = st.just(str(made.session.id)) | st.uuids().map(str)

    await _attack(console, st.one_of(frames(ConsoleFrame, ids), anything.map(json.dumps), st.text(min_size=1)))
    await console.round_trip()
    _assert_answers(console)
    assert (await read(herts, LiveSession.objects.get)).ended_at is None


@pytest.mark.usefixtures("unhurried")
async def test_officer_sends_anything_answered_by_the_table(peers: Peers, herts: ForceRef) -> None:
    officer = await peers.officer(herts)
    ids = st.uuids().map(str)

    await _attack(officer, st.one_of(frames(OfficerFrame, ids), anything.map(json.dumps), st.text(min_size=1)))
    await officer.round_trip()
    _assert_answers(officer)
    assert await read(herts, lambda: LiveSession.objects.filter(ended_at=None, kind="officer").count()) <= 1
