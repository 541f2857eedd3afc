"""A reader who is too slow, at a real web process: old positions are lost, never new ones, and nothing piles up."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from config.services.stack import Stack
from forces.context import ForceRef
from forces.dispatch import publish
from streams.broadcasts import CONSOLE, OFFICERS
from streams.consumers.outbox import MOST_WAITING
from tests.streams.line import Line
from tests.streams.web_process import Web, running_web

# More than what the outbox and every buffer of the operating system on the way hold together.
ROUNDS = 2_000
PADDING = "x" * 8_000


@pytest.fixture(scope="module")
def web(stack: Stack, module_db: str) -> Iterator[Web]:
    """Run one web process for these tests."""
    with running_web(stack, module_db) as running:
        yield running


async def _move(force: ForceRef, *sessions: str) -> None:
    """Send positions of these sessions in turn, each with its number."""
    for number in range(ROUNDS):
        frames = [
            {"type": "position.changed", "session_id": session, "fixes": [], "number": number, "padding": PADDING}
            for session in sessions
        ]
        await publish(force, [(CONSOLE, frame) for frame in frames])


async def _read_all(line: Line) -> dict[str, list[int]]:
    """Read up to the last message; return the numbers of each session's positions as they came."""
    await line.expect("chat.message", text="the last one")
    numbers: dict[str, list[int]] = {}
    for frame in line.seen:
        if frame["type"] == "position.changed":
            numbers.setdefault(frame["session_id"], []).append(frame["number"])
    return numbers


async def test_slow_reader_loses_old_positions_and_never_the_newest(web: Web, herts: ForceRef) -> None:
    slow = await web.console(await web.sign_in(), ahead=4096)
    quick = await web.console(await web.sign_in())
    reading = asyncio.create_task(_read_all(quick))

    await publish(herts, [(CONSOLE, {"type": "position.changed", "session_id": "still", "fixes": [], "number": 0})])
    await publish(herts, [(CONSOLE, {"type": "chat.message", "text": "the first one"})])
    await _move(herts, "a", "b")
    await publish(herts, [(CONSOLE, {"type": "chat.message", "text": "the last one"})])

    everything = list(range(ROUNDS))
    assert await reading == {"still": [0], "a": everything, "b": everything}
    kept = await _read_all(slow)
    assert [frame["text"] for frame in slow.seen if frame["type"] == "chat.message"] == [
        "the first one",
        "the last one",
    ]
    assert kept["still"] == [0]
    for session in ("a", "b"):
        assert kept[session] == sorted(set(kept[session]))
        assert kept[session][-1] == ROUNDS - 1
        assert len(kept[session]) < ROUNDS - MOST_WAITING


async def test_reader_too_slow_for_what_must_be_told_is_given_up(web: Web, herts: ForceRef) -> None:
    """Such a page comes back, and takes a snapshot."""
    slow = await web.console(await web.sign_in(), ahead=4096)
    quick = await web.console(await web.sign_in())
    reading = asyncio.create_task(_read_all(quick))
    frame: dict[str, Any] = {"type": "alarm.raised", "session_id": "a", "message": PADDING}
    for _ in range(ROUNDS):
        await publish(herts, [(CONSOLE, frame)])
    await publish(herts, [(CONSOLE, {"type": "chat.message", "text": "the last one"})])

    assert await reading == {}
    assert await slow.close_code() in {4013, 1006}
    assert len(slow.seen) < ROUNDS
    assert await quick.is_alive()


async def test_console_that_was_stopped_has_the_newest_place_of_every_officer(web: Web, herts: ForceRef) -> None:
    """A thousand ticks wait in one frame, and nothing is missing by the numbers."""
    slow = await web.console(await web.sign_in(), ahead=4096)
    await slow.send_json("officers.follow")
    await slow.expect("officers.snapshot")
    for number in range(TICKS):
        await publish(herts, [(OFFICERS, _tick(number))])
    await publish(herts, [(CONSOLE, {"type": "chat.message", "text": "the last one"})])

    await slow.expect("chat.message", text="the last one")
    moves = [frame for frame in slow.seen if frame["type"] == "officers.moved"]
    newest = {moved["id"]: moved["fix"]["number"] for frame in moves for moved in frame["officers"]}
    assert newest == {str(number % OFFICERS_MOVED): number for number in range(TICKS)}
    assert len(moves) < TICKS / 2
    ends = [(frame.get("seq_from", frame["seq"]), frame["seq"]) for frame in moves]
    assert [first for first, _ in ends[1:]] == [last + 1 for _, last in ends[:-1]]


TICKS, OFFICERS_MOVED = 1_000, 20


def _tick(number: int) -> dict[str, Any]:
    """One officer moves; the fix is large, so that what waits fills every buffer on the way."""
    fix = {"fixed_at": f"2026-11-22T14:00:00.{number:03d}Z", "number": number, "padding": PADDING * 2}
    return {"type": "officers.moved", "officers": [{"id": str(number % OFFICERS_MOVED), "fix": fix}]}
