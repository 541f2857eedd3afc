"""What upper apps own of a live session, so that erasure and disclosure reach what evidence does not know.

An app registers one `Part` per model that holds data of a session, from its `ready()`::

    register_part(Part("streams.position", erase=erase_positions, export=export_positions))

- ``kind`` is the model's label (``app.model``, lower case); a test finds models with a session and no Part.
- ``erase(session_id, now)`` removes content in the caller's transaction, keeps the skeleton that the audit
  refers to, and returns the number of rows it cleared. It must be possible to repeat it.
- ``export(session_id)`` returns the rows as JSON-ready dicts, oldest first.

One app also says which sessions there are, by `register_sessions`: evidence knows them by their ids only. What falls
due by itself, with no session, is erased by what `register_rest` was given.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from evidence.models import Item

Erase = Callable[[UUID, datetime], int]
Export = Callable[[UUID], list[dict[str, Any]]]
FindEnded = Callable[[datetime, int], list[UUID]]
"""(before, limit) -> sessions that ended at or before `before` and are not erased yet, oldest first."""
EraseRest = Callable[[datetime, datetime], int]
"""(before, now) -> how many things were erased that were due at or before `before` and belong to no one session."""


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of data of a live session; see the module's text for the three fields."""

    kind: str
    erase: Erase
    export: Export


_parts: dict[str, Part] = {}
_sources: list[FindEnded] = []
_rests: list[EraseRest] = []
_listeners: list[Callable[["Item"], None]] = []


def register_part(part: Part) -> None:
    """Make erasure and export reach `part`; a second registration of the same kind is a mistake."""
    if part.kind in _parts:
        raise ValueError(f"{part.kind} is registered twice")
    _parts[part.kind] = part


def registered_parts() -> tuple[Part, ...]:
    """Return all parts in the order of their registration, which is the order of their erasure."""
    return tuple(_parts.values())


def register_sessions(find_ended: FindEnded) -> None:
    """Let retention find the sessions of an app."""
    _sources.append(find_ended)


def register_rest(erase: EraseRest) -> None:
    """Let retention erase what an app keeps beside its sessions."""
    _rests.append(erase)


def erase_rest(before: datetime, now: datetime) -> int:
    """Have every app erase what it keeps beside its sessions and is due; returns how much that was."""
    return sum(erase(before, now) for erase in _rests)


def register_listener(listener: Callable[["Item"], None]) -> None:
    """Let an app hear, in the same transaction, of an item that was sealed or given up."""
    _listeners.append(listener)


def tell_listeners(item: "Item") -> None:
    """Tell every app that listens how an item stands now."""
    for listener in _listeners:
        listener(item)


def find_ended_sessions(before: datetime, limit: int) -> list[UUID]:
    """Return at most `limit` sessions per app that ended at or before `before` and still hold data."""
    return [session_id for find_ended in _sources for session_id in find_ended(before, limit)]


def export_session(session_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Return all rows of a session by kind."""
    return {part.kind: part.export(session_id) for part in registered_parts()}
