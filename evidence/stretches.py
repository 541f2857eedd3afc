"""Who is to be seen from when to when in the film of a call: pure, in frames since the first packet of all.

A part is what was recorded without an end: parts follow one another in the film, with a card between them. A stretch
is a piece of a part in which the same people are there with the same pictures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

FPS = 15
_SHORTEST = FPS
"""A shorter stretch joins its neighbour: people do not see it, and each one costs a program."""
_APART = FPS
_LONG_SILENCE = 30 * FPS
_NEAR = 2 * FPS


@dataclass(frozen=True, slots=True)
class Trace:
    """One track on the line: whose seat, from `first` to `last`, and its `picture`'s number if it can be shown.

    `holes` are the frames in which its picture was off.
    """

    seat: int
    picture: int | None
    first: int
    last: int
    holes: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody in a stretch; without a `picture` there was sound alone, or a camera that was off."""

    seat: int
    picture: int | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `start` to before `end` these are there."""

    start: int
    end: int
    people: tuple[Present, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What was recorded from `start` to before `end`.

    `number` rises with each that is new: recording was off, or was lost, before it.
    """

    number: int
    is_new: bool
    start: int
    end: int
    stretches: tuple[Stretch, ...]


def find_parts(traces: Sequence[Trace], gaps: Sequence[tuple[int, int]]) -> list[Part]:
    """Cut what was recorded into its parts, oldest first; `gaps` are those that are known, from when to when.

    A time without any track ends a part where it is known to be a gap, or is longer than half a minute. What is
    shorter stays in the film: a line that was lost for a moment.
    """
    parts: list[Part] = []
    number = 0
    for start, end, is_new in _spans(traces, gaps):
        number += is_new
        inside = [trace for trace in traces if start <= trace.first < end]
        parts.append(Part(number, is_new, start, end, tuple(_stretches(inside, start, end))))
    return parts


def _spans(traces: Iterable[Trace], gaps: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, bool]]:
    """Yield where each part begins and ends, and whether it has a number of its own."""
    ordered = sorted(traces, key=lambda trace: trace.first)
    start, end, is_new = ordered[0].first, ordered[0].last, True
    for trace in ordered[1:]:
        hole = trace.first - end
        is_known = hole > _APART and any(since - _NEAR < trace.first and until + _NEAR > end for since, until in gaps)
        if is_known or hole > _LONG_SILENCE:
            yield start, end, is_new
            start, end, is_new = trace.first, trace.last, is_known
        end = max(end, trace.last)
    yield start, end, is_new


def _stretches(traces: Sequence[Trace], start: int, end: int) -> Iterator[Stretch]:
    for since, until in pairwise(_cuts(traces, start, end)):
        people = (_present(seat, traces, since, until) for seat in sorted({trace.seat for trace in traces}))
        yield Stretch(since, until, tuple(one for one in people if one is not None))


def _cuts(traces: Iterable[Trace], start: int, end: int) -> list[int]:
    """Return the places at which something changes, none nearer to the one before than a stretch is long."""
    wanted = {edge for trace in traces for pair in ((trace.first, trace.last), *trace.holes) for edge in pair}
    kept = [start]
    for edge in sorted(wanted):
        if edge - kept[-1] >= _SHORTEST and edge < end:
            kept.append(edge)
    if len(kept) > 1 and end - kept[-1] < _SHORTEST:
        kept.pop()
    return [*kept, end]


def _present(seat: int, traces: Iterable[Trace], since: int, until: int) -> Present | None:
    """Return how somebody is there for most of a stretch, or None."""
    mine = [trace for trace in traces if trace.seat == seat]
    if 2 * _covered([(trace.first, trace.last) for trace in mine], since, until) < until - since:
        return None
    shown = {trace.picture: _seen(trace, since, until) for trace in mine if trace.picture is not None}
    best = max(shown, key=lambda picture: shown[picture], default=None)
    return Present(seat, best if best is not None and 2 * shown[best] >= until - since else None)


def _seen(trace: Trace, since: int, until: int) -> int:
    """For how many frames of a stretch the picture of a track was on."""
    off = sum(_overlap(hole, since, until) for hole in trace.holes)
    return _overlap((trace.first, trace.last), since, until) - off


def _covered(spans: Iterable[tuple[int, int]], since: int, until: int) -> int:
    """How many frames of a stretch at least one of the spans covers."""
    covered, reached = 0, since
    for first, last in sorted(spans):
        covered += max(0, min(last, until) - max(first, reached))
        reached = max(reached, min(last, until))
    return covered


def _overlap(span: tuple[int, int], since: int, until: int) -> int:
    return max(0, min(span[1], until) - max(span[0], since))
