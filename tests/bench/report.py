"""What every benchmark prints: a table for people and, last, one line of JSON.

A ratio is the median of paired ratios with a bootstrap interval; one whose interval straddles the goal is undecided.
"""

import json
import random
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

RESAMPLES = 2_000
SEED = 20_261_122


@dataclass(frozen=True, slots=True)
class Figure:
    """One comparison: paired measurements of ours and of a peer in ``unit``, and the ratio to reach at most."""

    name: str
    unit: str
    peer: str
    goal: float
    ours: tuple[float, ...]
    theirs: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """The median of the paired ratios."""
        return statistics.median(_ratios(self))

    def interval(self) -> tuple[float, float]:
        """Return the 95 % bootstrap interval of the median ratio."""
        source, ratios = random.Random(SEED), _ratios(self)
        medians = sorted(statistics.median(source.choices(ratios, k=len(ratios))) for _ in range(RESAMPLES))
        return medians[int(RESAMPLES * 0.025)], medians[int(RESAMPLES * 0.975)]

    def verdict(self) -> str:
        """Return ``met``, ``missed`` or ``undecided``."""
        low, high = self.interval()
        if high <= self.goal:
            return "met"
        return "missed" if low > self.goal else "undecided"

    def as_dict(self) -> dict[str, object]:
        """Return the figure's part of the JSON line."""
        low, high = self.interval()
        return {
            "value": round(statistics.median(self.ours), 3),
            "unit": self.unit,
            "peer": self.peer,
            "peer_value": round(statistics.median(self.theirs), 3),
            "ratio": round(self.ratio, 3),
            "interval": [round(low, 3), round(high, 3)],
            "pairs": len(self.ours),
            "goal": self.goal,
            "verdict": self.verdict(),
            "ok": self.verdict() == "met",
        }


@dataclass(frozen=True, slots=True)
class Amount:
    """A size with a goal of its own: the most of what was seen, in ``unit``; a peer's, where there is one, is told."""

    name: str
    unit: str
    goal: float
    seen: tuple[float, ...]
    peer: str = ""
    theirs: tuple[float, ...] = ()

    @property
    def is_met(self) -> bool:
        """Whether even the largest stays within the goal."""
        return max(self.seen) <= self.goal

    def as_dict(self) -> dict[str, object]:
        """Return the amount's part of the JSON line."""
        verdict = "met" if self.is_met else "missed"
        value = round(max(self.seen), 3)
        told = {"value": value, "unit": self.unit, "goal": self.goal, "verdict": verdict, "ok": self.is_met}
        return {**told, **self._peers()} if self.theirs else told

    def _peers(self) -> dict[str, object]:
        """Return what is told of the peer: its name, its most, and the ratio."""
        theirs = max(self.theirs)
        return {"peer": self.peer, "peer_value": round(theirs, 3), "ratio": round(max(self.seen) / theirs, 3)}


def report(bench: str, figures: list[Figure], amounts: Sequence[Amount] = ()) -> None:
    """Print table and JSON line. ``ok`` says that every figure was measured, each ``verdict`` whether it was met."""
    print(f"{'figure':16} {'ours':>10} {'peer':>10}  {'ratio':>7} {'95 % interval':>16} {'goal':>6}  verdict  (peer)")
    for figure in figures:
        low, high = figure.interval()
        ours, theirs = statistics.median(figure.ours), statistics.median(figure.theirs)
        print(
            f"{figure.name:16} {ours:8.2f} {figure.unit:2}{theirs:8.2f} {figure.unit:2} {figure.ratio:7.3f}"
            f"   {low:6.3f} - {high:6.3f} {figure.goal:6.2f}  {figure.verdict():9} ({figure.peer})"
        )
    for amount in amounts:
        verdict = "met" if amount.is_met else "missed"
        peer = f"{max(amount.theirs):8.2f} {amount.unit:2}  ({amount.peer})" if amount.theirs else ""
        print(f"{amount.name:16} {max(amount.seen):8.2f} {amount.unit:2} {peer:46} {amount.goal:6.2f}  {verdict}")
    measured = all(len(figure.ours) >= 30 for figure in figures)
    told = {figure.name: figure.as_dict() for figure in figures} | {amount.name: amount.as_dict() for amount in amounts}
    print(json.dumps({"bench": bench, "ok": measured, "figures": told}))


def _ratios(figure: Figure) -> list[float]:
    return [mine / peers for mine, peers in zip(figure.ours, figure.theirs, strict=True)]
