"""Leaving somebody out of a call: a new item of the others' tracks, and then the end of the one with all of them.

A sealed file cannot lose a face. The film is composed anew without the feeds that are to go; once that is sealed, the
first item is due, and the ordinary erasure takes it, its originals too. A hold stands before all of this.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from evidence.errors import AlreadyReplaced, HoldInForce
from evidence.models import Item, ItemKind, ItemState
from evidence.services.item_acts import record_act
from evidence.services.reading import note_reading
from forces.accounts.permissions import Permission, may, require
from forces.accounts.step_up import require_fresh_proof
from forces.actors import Actor
from forces.audit.services import Operation, record_refusal
from forces.dispatch import enqueue_on_commit
from forces.errors import InvalidInput, InvalidTransition, NotFound

_ACT = "item.recompose"
_ANEW = "anew"
"""Stands in `source_directory` until what attempts left behind is tidied up; there is no such directory."""


@dataclass(frozen=True, slots=True)
class Leavable:
    """A feed that can be left out of a call's film, with whose it is."""

    feed_id: str
    name: str
    role: str
    source: str


def list_leavable(*, actor: Actor, now: datetime, item_id: UUID) -> list[Leavable]:
    """Return the feeds of a call that can be composed anew; that `actor` read whose they are is audited.

    Raises as `recompose_call`.
    """
    item = _admitted(actor, now, item_id)
    note_reading(actor=actor, act="item.read", item_id=item.id, session_id=item.session_id)
    return [Leavable(row["feed_id"], row["name"], row["role"], row["source"]) for row in _feeds(item)]


def recompose_call(*, actor: Actor, now: datetime, item_id: UUID, without: Collection[UUID], reason: str) -> UUID:
    """Have a call's film made anew `without` these feeds; returns the new item's id.

    Whoever may hold items may do so, and who decides over retention, each with a fresh proof. Raises NotPermitted,
    StepUpRequired, NotFound, InvalidTransition (no sealed call), HoldInForce, AlreadyReplaced, InvalidInput.
    """
    item = _admitted(actor, now, item_id)
    gone = {str(feed_id) for feed_id in without}
    reason = reason.strip()
    if not reason or len(reason) > 500:
        raise InvalidInput("Say in at most 500 characters why somebody is left out.")
    feeds = _feeds(item)
    if not gone or not gone < {row["feed_id"] for row in feeds}:
        raise InvalidInput("Choose at least one of the call's pictures, and leave at least one.")
    first, *later = (str(stream_id) for stream_id in item.stream_ids if str(stream_id) not in gone)
    made = Item.objects.create(
        session_id=item.session_id,
        stream_id=first,
        later_stream_ids=later,
        cast=[_without(row) if row.get("feed_id") in gone else row for row in item.cast],
        replaces=item.id,
        source_directory=f"{_ANEW}/{item.id}",
        incident_reference=item.incident_reference,
        kind=ItemKind.CALL,
        category=item.category,
        started_at=item.started_at,
        ended_at=item.ended_at,
        registered_at=now,
        is_complete=item.is_complete,
        gaps=item.gaps,
        erase_due_at=item.erase_due_at,
        next_attempt_at=now,
    )
    detail = {"new_item_id": str(made.id), "left_out": sorted(gone), "reason": reason}
    record_act(actor, item, _ACT, Operation.ALTERATION, detail)
    enqueue_on_commit("evidence.tasks.seal_recording", {"item_id": str(made.id)})
    return made.id


def _admitted(actor: Actor, now: datetime, item_id: UUID) -> Item:
    """Lock a sealed call that may be composed anew by `actor`."""
    if not may(actor, Permission.FORCE_CONFIGURE):
        require(actor, Permission.ITEM_HOLD)
    require_fresh_proof(actor=actor, now=now, act=_ACT)
    rows = Item.objects.select_for_update(of=("self",)).select_related("category")
    item = rows.filter(id=item_id, kind=ItemKind.CALL).first()
    if item is None:
        raise NotFound
    if item.state != ItemState.SEALED:
        raise InvalidTransition("This film is not sealed, or is gone.")
    if item.holds.filter(released_at__isnull=True).exists():
        raise _refused(actor, item, HoldInForce())
    if Item.objects.filter(replaces=item.id).exclude(state=ItemState.FAILED).exists():
        raise _refused(actor, item, AlreadyReplaced())
    return item


def _feeds(item: Item) -> list[dict[str, Any]]:
    return [row for row in item.cast if row.get("feed_id")]


def _without(row: dict[str, Any]) -> dict[str, Any]:
    """Return what the new item says of somebody who is left out: in which role they were there."""
    return {"role": row["role"], "source": row["source"], "is_left_out": True}


def _refused(actor: Actor, item: Item, error: HoldInForce | AlreadyReplaced) -> HoldInForce | AlreadyReplaced:
    record_refusal(
        actor=actor,
        act=_ACT,
        code=error.code,
        operation=Operation.ALTERATION,
        object_type="item",
        object_id=item.id,
        session_id=item.session_id,
    )
    return error
