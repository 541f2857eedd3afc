"""The topics that one socket follows: their numbers, and frames held back while a snapshot is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

Broadcast = dict[str, Any]


class Following:
    """Finds out whether broadcasts were lost on the way to this process, and keeps snapshots free of holes."""

    def __init__(self, forward: Callable[[Broadcast], None]) -> None:
        """`forward` passes a broadcast on to the socket."""
        self._forward = forward
        self._last: dict[str, int] = {}
        self._expected: dict[str, int] = {}
        self._held: dict[str, list[Broadcast]] = {}

    @property
    def topics(self) -> list[str]:
        """The topics that are followed."""
        return list(self._last)

    def hold(self, topic: str) -> None:
        """Begin to follow a topic, or to read it anew: keep its broadcasts until `release`."""
        self._last.setdefault(topic, 0)
        self._held.setdefault(topic, [])

    def release(self, topic: str, seq: int) -> None:
        """The snapshot that contains everything up to `seq` is sent: pass on what came after it."""
        self._last[topic] = max(self._last.get(topic, 0), seq)
        for broadcast in self._held.pop(topic, []):
            if broadcast["seq"] > seq:
                self._forward(broadcast)

    def drop(self, topic: str) -> None:
        """Follow a topic no longer."""
        for numbers in (self._last, self._expected, self._held):
            numbers.pop(topic, None)

    def take(self, broadcast: Broadcast) -> None:
        """Take in a broadcast of the channel layer; one of a topic that was dropped meanwhile goes nowhere."""
        topic, seq = broadcast["topic"], broadcast["seq"]
        if topic not in self._last:
            return
        self._last[topic] = max(self._last[topic], seq)
        if topic in self._held:
            self._held[topic].append(broadcast)
        else:
            self._forward(broadcast)

    def is_complete(self, seqs: dict[str, int], topics: Iterable[str]) -> bool:
        """Compare with the numbers given out, read now; False when a broadcast was lost.

        What was given out at the last comparison must have arrived by now: numbers are given out a moment
        before the message is sent. A number that went back means that the counter's store was lost.
        """
        complete = True
        for topic in topics:
            last = self._last.get(topic, 0)
            if last < self._expected.get(topic, 0) or seqs.get(topic, 0) < last:
                complete = False
            self._expected[topic] = seqs.get(topic, 0)
        return complete
