"""What is handed over as evidence when the room of a session is closed, for kinds of sessions that upper apps keep."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from streams.models import LiveSession

HandOver = Callable[[LiveSession, datetime], list[UUID]]
"""(session, now) -> ids of the items. The session is locked, its room closed, its files complete; called once."""
_handers: dict[str, HandOver] = {}


def register_handing_over(kind: str, hand_over: HandOver) -> None:
    """Let an app hand over what was recorded in its kind of session; a second one of the same kind is a mistake."""
    if kind in _handers:
        raise ValueError(f"{kind} is registered twice")
    _handers[kind] = hand_over


def hand_over_of(kind: str) -> HandOver | None:
    """Return how a kind is handed over by its app; None where it is streams' own."""
    return _handers.get(kind)
