"""What is done to an item, as the audit has it."""

from __future__ import annotations

from typing import Any

from evidence.models import Item
from forces.actors import Actor
from forces.audit.services import Operation, record


def record_act(actor: Actor, item: Item, act: str, operation: Operation, detail: dict[str, Any]) -> None:
    """Audit an act upon an item in the transaction that does it."""
    record(
        actor=actor,
        act=act,
        operation=operation,
        object_type="item",
        object_id=item.id,
        session_id=item.session_id,
        detail=detail,
    )
