"""Erasing what is due: intent, files, outcome for each item; then the sessions of which nothing is kept."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from evidence import arrivals, gathering, storage
from evidence.errors import HoldInForce, ItemsRemain, NotDue
from evidence.models import Item
from evidence.parts import erase_rest, find_ended_sessions
from evidence.selectors import default_category, find_due_items
from evidence.services import retention
from forces.actors import Actor
from forces.context import ForceRef, in_force

SESSIONS_AT_ONCE = 500
_ACTOR = Actor.system("retention")
log = logging.getLogger(__name__)


def erase_due(force: ForceRef, now: datetime) -> tuple[int, int]:
    """Erase all that is due; returns how many items and sessions. One failure does not stop the rest."""
    items = in_force(force, lambda: find_due_items(now))
    erased = sum(_try_erase(force, item_id, now) for item_id in items)
    sessions = _erase_sessions(force, now)
    in_force(force, _erase_rest, now)
    return erased, sessions


def erase_item(force: ForceRef, item_id: UUID, now: datetime, reason: str = retention.PERIOD_ENDED) -> None:
    """Erase one item in three steps, or go on where that was stopped. Raises HoldInForce, NotDue."""
    begin = retention.begin_erasure
    place = in_force(force, lambda: _place(begin(actor=_ACTOR, now=now, item_id=item_id, reason=reason)))
    directory, stream_ids, pictures = place
    storage.erase_item_files(force.schema, item_id)
    gathering.erase(force.schema, pictures)
    arrivals.discard(force.schema, [item_id])
    if directory and stream_ids:
        storage.erase_sources(directory, stream_ids)
    in_force(force, lambda: retention.finish_erasure(actor=_ACTOR, now=now, item_id=item_id))


def _place(item: Item) -> tuple[str, tuple[UUID, ...], list[UUID]]:
    return item.source_directory, item.stream_ids, list(item.pictures.values_list("id", flat=True))


def _try_erase(force: ForceRef, item_id: UUID, now: datetime) -> bool:
    try:
        erase_item(force, item_id, now)
    except (HoldInForce, NotDue):
        return False
    except OSError:
        log.exception("files could not be erased, the next run goes on", extra={"item": str(item_id)})
        return False
    return True


def _erase_sessions(force: ForceRef, now: datetime) -> int:
    """Erase the data of sessions that ended a default period ago and of which no item is kept."""
    return sum(_try_erase_session(force, session_id, now) for session_id in in_force(force, _due_sessions, now))


def _due_sessions(now: datetime) -> list[UUID]:
    before = _due_before(now)
    return find_ended_sessions(before, SESSIONS_AT_ONCE) if before else []


def _erase_rest(now: datetime) -> None:
    """Erase what belongs to no one session and is as old as a session has to be."""
    if before := _due_before(now):
        erase_rest(before, now)


def _due_before(now: datetime) -> datetime | None:
    category = default_category()
    return now - timedelta(days=category.days) if category else None


def _try_erase_session(force: ForceRef, session_id: UUID, now: datetime) -> bool:
    erase, reason = retention.erase_session_parts, retention.PERIOD_ENDED
    try:
        in_force(force, lambda: erase(actor=_ACTOR, now=now, session_id=session_id, reason=reason))
    except ItemsRemain:
        return False
    return True
