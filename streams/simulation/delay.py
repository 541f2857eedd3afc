"""How long a simulated caller's picture takes to the media server, measured on both parts of its way."""

from __future__ import annotations


class LateFrames:
    """How late frames are handed on, as a phone's encoder would hold them: nothing is encoded here, only paced."""

    def __init__(self) -> None:
        """No frame was seen."""
        self._seconds = 0.0
        self._count = 0

    def note(self, seconds: float) -> None:
        """A frame was handed on `seconds` after it was due."""
        self._seconds += max(0.0, seconds)
        self._count += 1

    def take(self) -> float | None:
        """The mean in seconds since the last look; None where there was no frame."""
        mean = self._seconds / self._count if self._count else None
        self._seconds, self._count = 0.0, 0
        return mean


class OneWay:
    """The way in one direction, by round trips: half of the shortest one, and all of what a later one takes longer."""

    def __init__(self) -> None:
        """No round trip was seen."""
        self._least: float | None = None

    def take(self, round_trip: float) -> float:
        """The way in seconds, for a round trip in seconds."""
        round_trip = max(0.0, round_trip)
        self._least = round_trip if self._least is None else min(self._least, round_trip)
        return self._least / 2 + (round_trip - self._least)
