"""Officers' moves that wait for a slow console become one: the newest fix of each, and no hole in the numbers."""

from __future__ import annotations

from collections.abc import MutableSequence
from typing import Any

from streams.broadcasts import OFFICERS
from streams.wire import OfficersSnapshot, ServerFrame

Frame = ServerFrame | dict[str, Any]
MOVED = "officers.moved"


def merge_moves(waiting: MutableSequence[Frame], frame: Frame) -> bool:
    """Put moves into those that wait last of their topic; False when they have to wait in a place of their own.

    Between the two nothing of the topic may stand: who reads them must be told in the order of the numbers.
    """
    if not isinstance(frame, dict) or frame.get("type") != MOVED:
        return False
    for index in range(len(waiting) - 1, -1, -1):
        before = waiting[index]
        if isinstance(before, OfficersSnapshot):
            return False
        if isinstance(before, dict) and before.get("topic") == OFFICERS:
            follows: bool = before["type"] == MOVED and before["seq"] + 1 == frame["seq"]
            if follows:
                waiting[index] = merged(before, frame)
            return follows
    return False


def merged(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Return one frame that says what both say; it carries the number of the first, too."""
    newest = {moved["id"]: moved for moved in before["officers"]}
    for moved in after["officers"]:
        known = newest.get(moved["id"])
        if known is None or known["fix"]["fixed_at"] <= moved["fix"]["fixed_at"]:
            newest[moved["id"]] = moved
    return {**after, "officers": list(newest.values()), "seq_from": before.get("seq_from", before["seq"])}
