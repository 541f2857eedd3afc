"""What waits for a slow reader becomes one frame, without a hole in the numbers.

Of moves the newest of each officer or aircraft stands; of frames that state a whole, the newest frame.
"""

from __future__ import annotations

from collections.abc import MutableSequence
from typing import Any

from streams.wire import ServerFrame

Frame = ServerFrame | dict[str, Any]
# What a frame lists, and what each of these is known by.
MOVES = {"officers.moved": ("officers", "id"), "flights.moved": ("flights", "session_id")}
# Each says all there is to say.
WHOLES = frozenset({"room.changed", "waiting.changed"})


def merge_news(waiting: MutableSequence[Frame], frame: Frame) -> bool:
    """Put a frame into the one that waits last of its topic; False when it has to wait in a place of its own.

    Between the two nothing of the topic may stand: who reads them must be told in the order of the numbers.
    """
    if not isinstance(frame, dict) or (frame.get("type") not in MOVES and frame.get("type") not in WHOLES):
        return False
    for index in range(len(waiting) - 1, -1, -1):
        before = waiting[index]
        if hasattr(before, "seqs"):  # a snapshot, perhaps of this very topic
            return False
        if isinstance(before, dict) and before.get("topic") == frame["topic"]:
            follows: bool = before["type"] == frame["type"] and before["seq"] + 1 == frame["seq"]
            if follows:
                waiting[index] = merged(before, frame)
            return follows
    return False


def merged(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Return one frame that says what both say; it carries the number of the first, too."""
    seq_from = before.get("seq_from", before["seq"])
    if after["type"] in WHOLES:
        return {**after, "seq_from": seq_from}
    listed, name = MOVES[after["type"]]
    newest = {moved[name]: moved for moved in before[listed]}
    for moved in after[listed]:
        known = newest.get(moved[name])
        if known is None or _fixed_at(known) <= _fixed_at(moved):
            newest[moved[name]] = moved
    return {**after, listed: list(newest.values()), "seq_from": seq_from}


def _fixed_at(moved: dict[str, Any]) -> str:
    """Return when it was there: an officer's fix is a part of its move, an aircraft's is the move itself."""
    return str(moved.get("fix", moved)["fixed_at"])
