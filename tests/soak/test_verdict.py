"""The arithmetic of the soak's verdict: it fails for what is left and for what creeps, and for nothing else."""

import pytest

from tests.soak.verdict import growth, judge


def flat(value: float, **others: float) -> dict[str, float]:
    return {"daphne.pss": value, "janus.rooms": 0.0, **others}


def problems(before: dict[str, float], during: list[dict[str, float]], after: dict[str, float]) -> list[str]:
    timed = [(30.0 * number, sample) for number, sample in enumerate(during)]
    return [line.name for line in judge(before, timed, after) if line.problem]


@pytest.mark.parametrize("name", ["janus.rooms", "rows.watches", "files.recordings", "celery.waiting", "janus.udp"])
def test_one_thing_that_is_left_fails(name: str) -> None:
    assert problems(flat(100), [flat(100)] * 20, flat(100, **{name: 1.0})) == [name]


def test_memory_that_creeps_in_the_second_half_fails() -> None:
    during = [flat(100 + max(0, number - 20) * 3) for number in range(40)]
    assert problems(flat(100), during, flat(100)) == ["daphne.pss"]


def test_memory_that_was_taken_once_does_not_fail() -> None:
    during = [flat(100 + min(number, 10)) for number in range(40)]
    assert problems(flat(100), during, flat(110)) == []


def test_figure_that_nobody_expected_fails() -> None:
    assert problems(flat(100), [], flat(100, **{"something.new": 1.0})) == ["something.new"]


def test_growth_is_that_of_the_second_half() -> None:
    points = [(float(at), 50.0 - at if at < 20 else 30.0 + (at - 20)) for at in range(40)]
    assert growth(points) == pytest.approx(19.0)
    assert growth(points[:4]) == 0.0


def test_pool_that_was_filled_once_does_not_fail_and_one_that_creeps_does() -> None:
    filled = [flat(100, **{"redis.clients": min(32.0 + number, 50.0)}) for number in range(60)]
    before, after = flat(100, **{"redis.clients": 32.0}), flat(100, **{"redis.clients": 50.0})
    assert problems(before, filled, after) == []

    creeping = [flat(100, **{"redis.clients": 32.0 + number / 3}) for number in range(60)]
    assert problems(before, creeping, after) == ["redis.clients"]


def test_keys_of_sessions_that_never_expire_fail() -> None:
    before, after = flat(100, **{"redis.keys": 5.0}), flat(100, **{"redis.keys": 700.0})
    assert problems(before, [], after) == ["redis.keys"]
