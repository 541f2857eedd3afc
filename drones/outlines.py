"""Convex outlines on a plane, cut at a circle: metres east and north of an origin."""

from __future__ import annotations

import math
from collections.abc import Sequence

Spot = tuple[float, float]

_ARC_STEP_RAD = math.radians(5.0)
_TOUCH = 1e-12


def cut_at_circle(outline: Sequence[Spot], reach_m: float) -> list[tuple[Spot, bool]]:
    """Return a clockwise convex outline without what lies further than `reach_m` from the origin.

    True marks the corners that the circle made. Arcs are drawn as chords of five degrees at most.
    """
    edges = list(zip(outline, (*outline[1:], *outline[:1]), strict=True))
    spans = [(edge, span) for edge in edges if (span := _span_within(*edge, reach_m))]
    if not spans:
        return [((0.0, reach_m), True), *_arc(0.0, 2 * math.pi, reach_m)] if edges and _has_middle(edges) else []
    cut: list[tuple[Spot, bool]] = []
    for index, ((start, end), (enters, leaves)) in enumerate(spans):
        first, last = _between(start, end, enters), _between(start, end, leaves)
        if enters > 0:
            (before_start, before_end), (_, left) = spans[index - 1]
            out = _azimuth(_between(before_start, before_end, left))
            cut += _arc(out, (_azimuth(first) - out) % (2 * math.pi), reach_m)
        cut.append((first, enters > 0))
        if leaves < 1:
            cut.append((last, True))
    return cut


def _span_within(start: Spot, end: Spot, reach_m: float) -> Spot | None:
    """Which part of an edge lies within the reach, as shares of its length; None for none."""
    run = (end[0] - start[0], end[1] - start[1])
    square = run[0] ** 2 + run[1] ** 2
    half = start[0] * run[0] + start[1] * run[1]
    root = half**2 - square * (start[0] ** 2 + start[1] ** 2 - reach_m**2)
    if square == 0 or root <= 0:
        return None
    enters, leaves = max(0.0, (-half - math.sqrt(root)) / square), min(1.0, (-half + math.sqrt(root)) / square)
    return (enters, leaves) if leaves - enters > _TOUCH else None


def _arc(out: float, sweep: float, reach_m: float) -> list[tuple[Spot, bool]]:
    """Points of the circle between two azimuths, clockwise, without its ends; radians."""
    steps = max(1, math.ceil(sweep / _ARC_STEP_RAD))
    azimuths = [out + sweep * step / steps for step in range(1, steps)]
    return [((reach_m * math.sin(azimuth), reach_m * math.cos(azimuth)), True) for azimuth in azimuths]


def _has_middle(edges: Sequence[tuple[Spot, Spot]]) -> bool:
    """Whether a clockwise convex outline goes around the origin."""
    return all(end[0] * start[1] - end[1] * start[0] >= 0 for start, end in edges)


def _between(start: Spot, end: Spot, share: float) -> Spot:
    return start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])


def _azimuth(spot: Spot) -> float:
    return math.atan2(spot[0], spot[1])
