"""Messages to people outside that upper apps send: whose a provider's receipt is, and of which session.

An app registers from its `ready()`. Each is asked inside a unit of work of the force.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

NoteReceipt = Callable[[datetime, UUID, str], bool]
"""(now, message's id, provider's status) -> whether it is a message of that app; repeats change nothing."""
SessionsOf = Callable[[Collection[UUID]], dict[UUID, UUID]]
"""(ids of messages) -> the session of each that is the app's."""
SessionsWith = Callable[[str], set[UUID]]
"""(number in E.164) -> sessions that have somebody with it."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What one app knows of its messages, and of the people they go to."""

    note_receipt: NoteReceipt
    sessions_of: SessionsOf
    sessions_with: SessionsWith


_apps: list[Outgoing] = []


def register_messages(*, note_receipt: NoteReceipt, sessions_of: SessionsOf, sessions_with: SessionsWith) -> None:
    """Let an app's messages be known; called once by each."""
    _apps.append(Outgoing(note_receipt, sessions_of, sessions_with))


def note_receipt(now: datetime, message_id: UUID, status: str) -> bool:
    """Write a provider's receipt of another app's message; returns whether it was one."""
    return any(app.note_receipt(now, message_id, status) for app in _apps)


def sessions_of(message_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return the session of each message that is another app's."""
    found: dict[UUID, UUID] = {}
    for app in _apps:
        found |= app.sessions_of(message_ids)
    return found


def sessions_with(phone_number: str) -> set[UUID]:
    """Return the sessions in which other apps have somebody with a number."""
    return set[UUID]().union(*(app.sessions_with(phone_number) for app in _apps))
