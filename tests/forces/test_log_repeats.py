"""Equal warnings are counted instead of written; nothing else is held back."""

import logging

import pytest

from forces.log_repeats import FREELY, MOST_KINDS, WINDOW_S, Repeats


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def repeats(clock: Clock) -> Repeats:
    return Repeats(clock)


def line(message: str = "media server: %r", level: int = logging.WARNING, **extra: str) -> logging.LogRecord:
    record = logging.makeLogRecord({"name": "streams", "levelno": level, "msg": message, "args": ("x",), **extra})
    return record


def test_equal_warnings_are_held_back_after_the_first(repeats: Repeats) -> None:
    written = [repeats.filter(line()) for _ in range(FREELY + 20)]
    assert written == [True] * FREELY + [False] * 20


def test_after_a_minute_the_next_one_tells_how_many_were_held_back(repeats: Repeats, clock: Clock) -> None:
    for _ in range(FREELY + 20):
        repeats.filter(line())
    clock.now += WINDOW_S

    told, next_one = line(), line()

    assert repeats.filter(told)
    assert vars(told)["held_back"] == 20
    assert repeats.filter(next_one)
    assert not hasattr(next_one, "held_back")


def test_another_node_another_message_and_an_error_are_kinds_of_their_own(repeats: Repeats) -> None:
    for _ in range(FREELY + 1):
        repeats.filter(line(node="media-1"))

    assert not repeats.filter(line(node="media-1"))
    assert repeats.filter(line(node="media-2"))
    assert repeats.filter(line("room not closed yet", node="media-1"))
    assert repeats.filter(line(level=logging.ERROR, node="media-1"))


def test_what_was_done_is_always_written(repeats: Repeats) -> None:
    assert all(repeats.filter(line(level=logging.INFO)) for _ in range(10 * FREELY))


def test_messages_without_a_template_do_not_grow_the_memory(repeats: Repeats) -> None:
    for number in range(3 * MOST_KINDS):
        assert repeats.filter(line(f"number {number}"))
    assert len(repeats._windows) <= MOST_KINDS
