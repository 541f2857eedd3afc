"""Whether everything ended as it began: what comes back to nothing, what may stay, and what may not grow."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from tests.soak.sampling import Sample

# What a session took must be given back to the last piece.
GIVEN_BACK = (
    "janus.rooms",
    "janus.udp",
    "coturn.udp",
    "files.recordings",
    "celery.waiting",
    "rows.streams",
    "rows.watches",
    "rows.sessions",
    "rows.unsealed",
    "rows.undelivered",
)


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How much more a figure may be at the end, the larger of two allowances, and by how much it may still `rise`.

    What is filled by need and kept (a pool, the allocator's arenas, a backend's open files) ends higher than it began;
    it is no leak when it stands still in the second half, under the same load.
    """

    absolute: float
    share: float
    why: str
    rise: float | None = None

    def of(self, value: float) -> float:
        """Return the allowance above `value`."""
        return max(self.absolute, self.share * value)

    def rise_of(self, value: float) -> float:
        """Return by how much it may grow in the second half."""
        return self.of(value) if self.rise is None else self.rise


# Longest name first decides.
TOLERANCES = {
    "postgres.pss": Tolerance(160, 0.1, "128 MB of shared buffers fill as pages are touched"),
    "postgres.fds": Tolerance(160, 0.5, "each connection keeps the files of the tables it met"),
    "redis.memory": Tolerance(4, 0.2, "counters of topics stay for a day"),
    "redis.keys": Tolerance(20, 0, "queues, leases and sets of each force"),
    "redis.expiring": Tolerance(10_000, 0, "two counters for each session, which expire after a day"),
    "redis.clients": Tolerance(32, 0, "a pool keeps as many connections as were needed at once", rise=6),
    "redis.fds": Tolerance(32, 0, "those connections", rise=6),
    "janus.sessions": Tolerance(1, 0, "one desk for rooms per process"),
    "janus.handles": Tolerance(1, 0, "one desk for rooms per process"),
    ".pss": Tolerance(64, 0.15, "the allocator keeps what was needed at once", rise=20),
    ".fds": Tolerance(32, 0.1, "connections that pools keep", rise=12),
    ".threads": Tolerance(16, 0.1, "thread pools are filled by need, up to their bound"),
    "connections.": Tolerance(6, 0, "one pool of six per login and process, emptied after a minute"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table."""

    name: str
    before: float
    most: float
    after: float
    growth: float
    problem: str


def judge(before: Sample, during: Sequence[tuple[float, Sample]], after: Sample) -> list[Line]:
    """Return a line per figure; `during` are (seconds, sample) under load. A line with a problem fails the soak."""
    names = sorted({*before, *after, *(name for _, one in during for name in one)})
    return [_line(name, before.get(name, 0.0), during, after.get(name, 0.0)) for name in names]


def growth(points: Sequence[tuple[float, float]]) -> float:
    """Return by how much the straight line through the second half of `points` rises within it."""
    half = points[len(points) // 2 :]
    if len(half) < 3:
        return 0.0
    slope = statistics.linear_regression([at for at, _ in half], [value for _, value in half]).slope
    return slope * (half[-1][0] - half[0][0])


def _line(name: str, before: float, during: Sequence[tuple[float, Sample]], after: float) -> Line:
    points = [(at, one.get(name, 0.0)) for at, one in during]
    rise = growth(points)
    most = max([before, after, *(value for _, value in points)])
    return Line(name, before, most, after, rise, _problem(name, before, after, rise))


def _problem(name: str, before: float, after: float, rise: float) -> str:
    if name in GIVEN_BACK:
        return f"{after:g} left" if after else ""
    tolerance = _tolerance(name)
    allowed, may_rise = tolerance.of(before), tolerance.rise_of(before)
    if after > before + allowed:
        return f"{after - before:+.1f}, {allowed:.1f} allowed"
    # Figures that follow the load rise and fall with it; what may creep is memory, and what a pool keeps.
    if (name.endswith(".pss") or tolerance.rise is not None) and rise > may_rise:
        return f"grew by {rise:.1f} in the second half, {may_rise:.1f} allowed"
    return ""


def _tolerance(name: str) -> Tolerance:
    fitting = [known for known in TOLERANCES if known in name]
    return TOLERANCES[max(fitting, key=len)] if fitting else Tolerance(0, 0, "nothing is expected to stay")


def table(lines: Sequence[Line]) -> str:
    """Return the lines for people."""
    head = f"{'figure':28} {'before':>9} {'most':>9} {'after':>9} {'growth':>8}  verdict"
    rows = [
        f"{line.name:28} {line.before:9.1f} {line.most:9.1f} {line.after:9.1f} {line.growth:8.1f}"
        f"  {line.problem or 'ok'}"
        for line in lines
    ]
    return "\n".join([head, *rows])
