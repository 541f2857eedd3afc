"""What keeps one socket within bounds: allowance, outbox, order, and numbers of broadcasts."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from forces.errors import NotFound
from streams.consumers.dispatcher import MOST_WAITING, Dispatcher, error_frame
from streams.consumers.following import Following
from streams.consumers.limits import TokenBucket
from streams.consumers.outbox import Outbox
from streams.wire import ChatSend, ClientFrame, ErrorFrame, HeartbeatPing, PositionFix, decode_caller
from tests.streams.socket_peers import until

CHAT = '{"type": "chat.send", "client_id": "a", "text": "x", "ref": "r"}'
FIX = '{"type": "position.fix", "latitude": 1, "longitude": 1, "accuracy_m": 1, "fixed_at": 1}'


def position(session: str, number: int, type_: str = "position.changed") -> Any:
    return {"type": type_, "session_id": session, "seq": number}


def sent_numbers(sent: Any) -> Any:
    return [frame.get("seq", frame["type"]) for frame in sent]


class Line:
    """An outbox whose reader reads when told."""

    def __init__(self, most: int) -> None:
        self.sent: list[Any] = []
        self.overflows = 0
        self.outbox = Outbox(self._send, self._overflow, most)

    async def _send(self, frame: Any) -> None:
        self.sent.append(frame)

    def _overflow(self) -> None:
        self.overflows += 1


class Acts:
    """A dispatcher that holds each act until told, and keeps what was replied."""

    def __init__(self, rate: tuple[float, int] = (1000.0, 1000), **order: tuple[type[ClientFrame], ...]) -> None:
        self.done: list[str] = []
        self.replies: list[ErrorFrame] = []
        self.gate = asyncio.Event()
        self.dispatcher = Dispatcher(decode=decode_caller, act=self._act, reply=self.replies.append, rate=rate, **order)

    async def _act(self, frame: Any) -> None:
        if not isinstance(frame, HeartbeatPing):
            await self.gate.wait()
        self.done.append(type(frame).__name__)

    @property
    def codes(self) -> Any:
        return [frame.code for frame in self.replies]


def test_bucket_refuses_what_is_over_the_burst_and_fills_again() -> None:
    bucket = TokenBucket(2, 3)

    assert [bucket.take(10.0) for _ in range(4)] == [True, True, True, False]
    assert [bucket.take(10.4), bucket.take(10.5), bucket.take(10.5)] == [False, True, False]
    assert [bucket.take(99.0) for _ in range(4)] == [True, True, True, False]


async def test_slow_reader_loses_the_oldest_position_never_the_newest() -> None:
    line = Line(most=4)
    for number in range(1, 8):
        line.outbox.put(position("a", number))
    line.outbox.put({"type": "chat.message"})

    await line.outbox.drain()

    assert sent_numbers(line.sent) == [5, 6, 7, "chat.message"]
    assert line.overflows == 0


async def test_slow_reader_keeps_the_newest_position_of_each_session() -> None:
    line = Line(most=3)
    for session, number in (("a", 1), ("b", 2), ("b", 3), ("c", 4), ("b", 5)):
        line.outbox.put(position(session, number))

    await line.outbox.drain()

    assert sent_numbers(line.sent) == [1, 4, 5]


async def test_reader_too_slow_for_what_must_be_told_is_given_up_once() -> None:
    line = Line(most=2)
    for _ in range(5):
        line.outbox.put({"type": "chat.message"})

    assert line.overflows == 1
    await line.outbox.drain()
    assert line.sent == []


async def test_outbox_sends_in_order_as_frames_come() -> None:
    line = Line(most=10)
    writer = asyncio.create_task(line.outbox.run())
    for number in (1, 2, 3):
        line.outbox.put(position("a", number, "position.trail"))
        await asyncio.sleep(0)

    await until(lambda: len(line.sent) == 3)
    writer.cancel()
    assert sent_numbers(line.sent) == [1, 2, 3]


async def test_client_who_sends_nothing_but_nonsense_is_answered_within_the_rate() -> None:
    acts = Acts(rate=(0.001, 2))
    for _ in range(50):
        acts.dispatcher.take("nonsense")

    assert acts.codes == ["malformed", "malformed"]
    await acts.dispatcher.stop(0)


async def test_client_over_the_rate_refused_with_its_ref() -> None:
    acts = Acts(rate=(0.001, 2))
    for _ in range(4):
        acts.dispatcher.take(CHAT)

    assert acts.codes == ["rate_limited", "rate_limited"]
    assert acts.replies[0].ref == "r"
    await acts.dispatcher.stop(0)


async def test_caller_over_the_rate_of_positions_may_still_chat() -> None:
    acts = Acts()
    for _ in range(12):
        acts.dispatcher.take(FIX)
    acts.dispatcher.take(CHAT)

    assert acts.codes == ["rate_limited", "rate_limited"]
    await acts.dispatcher.stop(0)


async def test_client_with_too_much_waiting_refused() -> None:
    acts = Acts()
    for _ in range(MOST_WAITING + 3):
        acts.dispatcher.take(CHAT)

    assert acts.codes == ["busy"] * 3
    await acts.dispatcher.stop(0)


@pytest.mark.parametrize("urgent", ['{"type": "heartbeat.ping", "sent_at": 1}'])
async def test_ping_overtakes_an_act_that_hangs(urgent: str) -> None:
    acts = Acts()
    acts.dispatcher.take(CHAT)
    acts.dispatcher.take(urgent)

    await until(lambda: acts.done)
    assert acts.done == ["HeartbeatPing"]
    await acts.dispatcher.stop(0)


async def test_stopped_dispatcher_ends_what_runs_and_drops_what_waits() -> None:
    acts = Acts()
    acts.dispatcher.take(CHAT)
    acts.dispatcher.take(FIX)
    await asyncio.sleep(0.01)

    asyncio.get_running_loop().call_soon(acts.gate.set)
    await acts.dispatcher.stop()

    assert acts.done == ["ChatSend"]


def test_errors_tell_stable_codes_and_nothing_of_the_inside() -> None:
    assert error_frame(NotFound("No such session.", details={"id": 1}), "r").details == {"id": 1}
    assert error_frame(ConnectionError("10.0.0.1:6379 refused")).code == "unavailable"
    inside = error_frame(KeyError("secret"))
    assert (inside.code, "secret" in inside.message) == ("internal", False)


def broadcast(seq: int, topic: str = "console") -> Any:
    return {"topic": topic, "seq": seq}


def test_broadcasts_during_a_snapshot_come_after_it_and_none_twice() -> None:
    passed: list[dict[str, Any]] = []
    following = Following(passed.append)
    following.hold("console")
    for seq in (4, 5, 6, 7):
        following.take(broadcast(seq))
    assert passed == []

    following.release("console", 5)
    following.take(broadcast(8))

    assert [one["seq"] for one in passed] == [6, 7, 8]


def test_broadcast_of_a_topic_not_followed_goes_nowhere() -> None:
    passed: list[dict[str, Any]] = []
    following = Following(passed.append)
    following.hold("console")
    following.release("console", 0)
    following.take(broadcast(1, "session.x"))
    following.drop("console")
    following.take(broadcast(1))

    assert passed == []


def test_broadcast_given_out_but_never_received_is_found_missing() -> None:
    following = Following(lambda one: None)
    following.hold("console")
    following.release("console", 3)

    assert following.is_complete({"console": 5}, ["console"])  # 4 and 5 may still be on their way
    following.take(broadcast(4))
    assert not following.is_complete({"console": 5}, ["console"])


def test_counter_that_went_back_is_found_out() -> None:
    following = Following(lambda one: None)
    following.hold("console")
    following.release("console", 9)

    assert following.is_complete({"console": 9}, ["console"])
    assert not following.is_complete({"console": 0}, ["console"])


async def test_socket_names_what_goes_beside_the_others_and_what_waits_for_nobody() -> None:
    acts = Acts(beside=(ChatSend,), urgent=(PositionFix,))
    for frame in (CHAT, FIX, CHAT):
        acts.dispatcher.take(frame)
    await until(lambda: len(acts.dispatcher._running) == 3)  # none of them waits for another's end
    acts.gate.set()
    await until(lambda: sorted(acts.done) == ["ChatSend", "ChatSend", "PositionFix"])
    await acts.dispatcher.stop(0)


async def test_frames_that_no_socket_names_go_one_after_the_other() -> None:
    acts = Acts(beside=(), urgent=())
    for frame in (CHAT, CHAT):
        acts.dispatcher.take(frame)
    await asyncio.sleep(0.05)
    assert len(acts.dispatcher._running) == 1
    acts.gate.set()
    await until(lambda: acts.done == ["ChatSend", "ChatSend"])
    await acts.dispatcher.stop(0)
