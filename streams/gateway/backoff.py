"""How long to wait before trying a lost connection again: a pure policy, no clock and no sleep."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Backoff:
    """Exponential delays in seconds with jitter, so that processes do not return in step.

    A media server keeps an orphaned session for 20 s: the first tries must come well within that.
    """

    first: float = 0.1
    factor: float = 2.0
    ceiling: float = 5.0
    jitter: float = 0.5

    def delay(self, attempt: int, chance: float) -> float:
        """Seconds before try number `attempt` (0 is the first); `chance` is a random number in [0, 1).

        The result lies in [d * (1 - jitter), d], where d doubles from `first` up to `ceiling`.
        """
        exponent = min(attempt, 64)  # beyond it the ceiling rules anyway, and floats overflow
        full: float = min(self.ceiling, self.first * self.factor**exponent)
        return full * (1.0 - self.jitter * chance)
