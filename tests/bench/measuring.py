"""Measurements in turn: each has a deadline, and one that fails is repeated, counted and told."""

import os
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from time import monotonic

from playwright.sync_api import Error

from tests.bench.browsers import wait_for_quiet

# Fewer, by BENCH_ROUNDS, only try the measurement out.
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "32"))
MOST_FAILURES = 10
WARM_UP = 2

Measure = Callable[[], float]
Way = Callable[[], AbstractContextManager[Measure]]
"""Prepares one measurement: yields the function that measures, and cleans up."""


def measure_in_turn(ways: Mapping[str, Way], rounds: int) -> dict[str, tuple[float, ...]]:
    """Measure each way once per round and return the values by name; a round counts when all its ways succeed.

    The first rounds warm up and are left out. Raises ``RuntimeError`` when too much fails.
    """
    rows: list[dict[str, float]] = []
    trouble: Counter[str] = Counter()
    begun = monotonic()
    while len(rows) < rounds + WARM_UP:
        try:
            row = {name: _measure(name, ways[name], trouble) for name in _turned(list(ways), len(rows))}
        except (Error, AssertionError) as error:
            _note_failure(error, trouble)
            continue
        rows.append(row)
        _tell(f"{len(rows) - WARM_UP:3}  " + "  ".join(f"{name} {row[name]:6.1f}" for name in ways))
    print(f"{rounds} rounds in {monotonic() - begun:.0f} s, trouble: {dict(trouble) or 'none'}")
    return {name: tuple(row[name] for row in rows[WARM_UP:]) for name in ways}


def _turned(names: list[str], by: int) -> list[str]:
    """Let another way begin each round: what one leaves behind must not fall on the same one always."""
    start = by % len(names)
    return names[start:] + names[:start]


def _measure(name: str, way: Way, trouble: Counter[str]) -> float:
    with way() as measure:
        if not wait_for_quiet():
            trouble[f"{name} began on a busy machine"] += 1
        return measure()


def _note_failure(error: BaseException, trouble: Counter[str]) -> None:
    trouble["failed and repeated"] += 1
    _tell(f"     failed: {' '.join(str(error).split())[:300]}")
    if trouble["failed and repeated"] > MOST_FAILURES:
        raise RuntimeError(f"too much fails: {dict(trouble)}") from error


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
