"""What waits for a slow page: moves become one, of whole states the newest stands, and the numbers have no hole."""

from __future__ import annotations

from typing import Any

import pytest

from streams.consumers.merging import merged
from streams.consumers.outbox import Outbox
from streams.wire import FlightsSnapshot, OfficersSnapshot


def moves(seq: int, **latitudes: float) -> dict[str, Any]:
    """A tick in which each officer is at a latitude, at the second of its number."""
    officers = [{"id": name, "fix": {"latitude": value, "fixed_at": _at(seq)}} for name, value in latitudes.items()]
    return {"type": "officers.moved", "topic": "officers", "seq": seq, "officers": officers}


def news(seq: int, type_: str = "officer.off_duty") -> dict[str, Any]:
    return {"type": type_, "topic": "officers", "seq": seq, "id": "a"}


def _at(second: int) -> str:
    return f"2026-11-22T14:{second // 60:02d}:{second % 60:02d}.000Z"


def places(frame: dict[str, Any]) -> dict[str, float]:
    return {moved["id"]: moved["fix"]["latitude"] for moved in frame["officers"]}


async def waiting(*frames: Any, most: int = 256) -> list[Any]:
    """Put frames before a reader who reads nothing yet; return what it is sent then."""
    sent: list[Any] = []

    async def send(frame: Any) -> None:
        sent.append(frame)

    outbox = Outbox(send, lambda: pytest.fail("the console was given up"), most)
    for frame in frames:
        outbox.put(frame)
    await outbox.drain()
    return sent


async def test_slow_console_gets_the_newest_of_each_officer_in_one_frame() -> None:
    (only,) = await waiting(moves(5, a=1, b=1), moves(6, a=2), moves(7, c=3))

    assert places(only) == {"a": 2, "b": 1, "c": 3}
    assert (only["seq_from"], only["seq"]) == (5, 7)


async def test_thousand_ticks_that_wait_take_the_room_of_one() -> None:
    frames = [moves(number, a=number, **{f"o{number % 7}": number}) for number in range(1, 1_001)]
    sent = await waiting(*frames, most=4)

    assert len(sent) == 1
    assert places(sent[0])["a"] == 1_000
    assert len(sent[0]["officers"]) == 8
    assert frames[0]["officers"][0]["fix"]["latitude"] == 1  # what others read is not touched


async def test_frames_between_them_keep_their_place() -> None:
    chat = {"type": "chat.message", "topic": "console", "seq": 40}
    sent = await waiting(moves(5, a=1), chat, moves(6, b=1), news(7), moves(8, b=2), moves(9, c=1))

    assert [frame["seq"] for frame in sent] == [6, 40, 7, 9]
    assert [frame.get("seq_from") for frame in sent] == [5, None, None, 8]


async def test_number_that_was_lost_stays_lost() -> None:
    sent = await waiting(moves(5, a=1), moves(7, b=1))

    assert [frame["seq"] for frame in sent] == [5, 7]


async def test_moves_after_a_snapshot_are_not_put_before_it() -> None:
    snapshot = OfficersSnapshot(now=_at(0), officers=[], seqs={"officers": 5})
    sent = await waiting(moves(5, a=1), snapshot, moves(6, a=2))

    assert [getattr(frame, "seqs", None) or frame["seq"] for frame in sent] == [5, {"officers": 5}, 6]


def test_older_fix_that_comes_later_does_not_move_an_officer_back() -> None:
    late = moves(4, a=1) | {"seq": 6}

    assert places(merged(moves(5, a=2), late)) == {"a": 2}


async def test_slow_page_gets_the_newest_of_each_aircraft_in_one_frame() -> None:
    def flown(seq: int, **latitudes: float) -> dict[str, Any]:
        flights = [{"session_id": name, "latitude": value, "fixed_at": _at(seq)} for name, value in latitudes.items()]
        return {"type": "flights.moved", "topic": "officer.5", "seq": seq, "flights": flights}

    elsewhere = {"type": "flights.moved", "topic": "flights", "seq": 1, "flights": []}
    first, second = await waiting(flown(5, a=1, b=1), elsewhere, flown(6, a=2))

    assert {one["session_id"]: one["latitude"] for one in first["flights"]} == {"a": 2, "b": 1}
    assert (first["seq_from"], first["seq"], second) == (5, 6, elsewhere)


async def test_aircraft_move_before_a_snapshot_and_after_it_stay_apart() -> None:
    def flown(seq: int) -> dict[str, Any]:
        return {"type": "flights.moved", "topic": "flights", "seq": seq, "flights": []}

    snapshot = FlightsSnapshot(now=_at(1), flights=[], seqs={"flights": 5})

    assert await waiting(flown(5), snapshot, flown(6)) == [flown(5), snapshot, flown(6)]


def room(seq: int, revision: int) -> dict[str, Any]:
    return {"type": "room.changed", "topic": "meeting.1", "seq": seq, "revision": revision, "people": []}


async def test_slow_page_gets_the_newest_state_of_a_room_alone() -> None:
    sent = await waiting(*(room(number, number * 10) for number in range(5, 1_005)), most=4)

    assert sent == [{**room(1_004, 10_040), "seq_from": 5}]


async def test_state_of_a_room_is_not_put_before_what_was_said_since() -> None:
    said = {"type": "call.said", "topic": "meeting.1", "seq": 6}
    elsewhere = {"type": "call.said", "topic": "desk.1", "seq": 9}
    sent = await waiting(room(5, 1), said, room(7, 2), elsewhere, room(8, 3), {**room(10, 4)})

    assert [(frame["seq"], frame.get("seq_from")) for frame in sent] == [
        (5, None),
        (6, None),
        (8, 7),
        (9, None),
        (10, None),
    ]


async def test_two_kinds_of_state_of_one_topic_stay_apart() -> None:
    waiting_list = {"type": "waiting.changed", "topic": "desk.1", "seq": 2, "waiting": []}
    seats = {"type": "room.changed", "topic": "desk.1", "seq": 1, "people": []}

    assert await waiting(seats, waiting_list) == [seats, waiting_list]
