"""What upper apps do when a live session is over: in the same transaction, whoever or whatever ended it.

An app registers a listener from its `ready()`. The session's row is locked, and states the end already.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from streams.models import LiveSession

Listener = Callable[[LiveSession, datetime], None]
_listeners: list[Listener] = []


def register_ending(listener: Listener) -> None:
    """Let an app hear of every session that ends or expires."""
    _listeners.append(listener)


def tell_ended(session: LiveSession, now: datetime) -> None:
    """Tell every app that a session is over."""
    for listener in _listeners:
        listener(session, now)
