"""How much one socket may send: a token bucket, without a clock of its own."""

from __future__ import annotations


class TokenBucket:
    """Lets `rate` things a second through, and up to `burst` at once."""

    def __init__(self, rate: float, burst: int) -> None:
        """Begin full."""
        self._rate = rate
        self._burst = float(burst)
        self._tokens = float(burst)
        self._at: float | None = None

    def take(self, at: float) -> bool:
        """Take one token at the time `at` (seconds of any steady clock); False when there is none."""
        if self._at is not None:
            self._tokens = min(self._burst, self._tokens + (at - self._at) * self._rate)
        self._at = at
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True
