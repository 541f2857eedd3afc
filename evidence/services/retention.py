"""Retention: dates by category, holds, and erasure in steps that can be interrupted and repeated.

An erasure writes its intent first (`begin_erasure`), then `evidence.erasing` removes the files, then the
outcome is written (`finish_erasure`): a tombstone with hashes and the reason, and nothing of what was erased.
"""

from datetime import datetime
from uuid import UUID

from evidence.errors import HoldInForce, HoldMissing, ItemsRemain, NotDue
from evidence.models import Hold, Item, ItemState, RetentionCategory, SessionErasure, Tombstone
from evidence.parts import registered_parts
from evidence.selectors import is_session_erased, may_erase_session
from evidence.services.item_acts import record_act
from forces.accounts.permissions import Permission, require
from forces.accounts.step_up import require_fresh_proof
from forces.actors import Actor
from forces.audit.services import Operation, record, record_refusal
from forces.errors import InvalidInput, InvalidTransition, NotFound

PERIOD_ENDED = "The retention period has ended."


def place_hold(*, actor: Actor, now: datetime, item_id: UUID, reason: str) -> UUID:
    """Keep an item past its retention date until the hold is released; returns the hold's id."""
    require(actor, Permission.ITEM_HOLD)
    reason = reason.strip()
    if not reason or len(reason) > 500:
        raise InvalidInput("A hold needs a reason of at most 500 characters.")
    item = _locked(item_id)
    if item.state in (ItemState.ERASING, ItemState.ERASED):
        raise InvalidTransition("This item is erased, or its erasure has begun.")
    if item.holds.filter(released_at__isnull=True).exists():
        raise HoldInForce("A hold is in force on this item already.")
    hold = Hold.objects.create(item=item, reason=reason, placed_by=actor.id, placed_by_name=actor.name, placed_at=now)
    record_act(actor, item, "item.hold", Operation.ALTERATION, {"hold_id": str(hold.id)})
    return hold.id


def release_hold(*, actor: Actor, now: datetime, item_id: UUID) -> None:
    """End the hold in force; from then on the retention date counts again.

    Raises `StepUpRequired` without a fresh proof of who decides.
    """
    require(actor, Permission.ITEM_HOLD)
    require_fresh_proof(actor=actor, now=now, act="item.release")
    item = _locked(item_id)
    hold = item.holds.filter(released_at__isnull=True).first()
    if hold is None:
        raise HoldMissing
    hold.release(now, actor.id, actor.name)
    hold.save()
    record_act(actor, item, "item.release", Operation.ALTERATION, {"hold_id": str(hold.id)})


def change_days(*, actor: Actor, now: datetime, category_id: UUID, days: int) -> None:
    """Set a category's period; the dates of everything still kept in it follow."""
    require(actor, Permission.FORCE_CONFIGURE)
    if not 1 <= days <= 36_500:
        raise InvalidInput("A retention period is between 1 day and 100 years.")
    category = RetentionCategory.objects.select_for_update().get(id=category_id)
    before, category.days = category.days, days
    category.save(update_fields=["days"])
    # What another item stands for goes by no period any more.
    for item in category.items.select_for_update().exclude(state=ItemState.ERASED).filter(erase_reason=""):
        item.erase_due_at = category.due_from(item.ended_at)
        item.save(update_fields=["erase_due_at"])
    record(
        actor=actor,
        act="category.change_days",
        operation=Operation.ALTERATION,
        object_type="category",
        object_id=category.id,
        detail={"code": category.code, "before": before, "after": days},
    )


def begin_erasure(*, actor: Actor, now: datetime, item_id: UUID, reason: str) -> Item:
    """Write the intent to erase an item whose date has come; goes on with one that was begun.

    Raises HoldInForce and NotDue. Returns the locked row as it now is.
    """
    item = _locked(item_id)
    if item.holds.filter(released_at__isnull=True).exists():
        raise _refused(actor, item, HoldInForce())
    if item.state == ItemState.ERASING:
        return item
    is_worked_on = item.state == ItemState.SEALING and item.attempts > 0 and (item.next_attempt_at or now) > now
    if item.erase_due_at > now or is_worked_on:
        raise _refused(actor, item, NotDue())
    item.begin_erasure(now, reason)
    item.save()
    return item


def finish_erasure(*, actor: Actor, now: datetime, item_id: UUID) -> None:
    """The files are gone: leave a tombstone, forget what described them. Repeating it changes nothing."""
    item = _locked(item_id)
    if item.state == ItemState.ERASED:
        return
    hashes = list(item.files.order_by("role", "name").values("role", "sha256", "bytes"))
    item.finish_erasure(now)
    item.save()
    item.files.all().delete()
    item.pictures.all().delete()
    Tombstone.objects.create(
        item_id=item.id,
        category_code=item.category.code,
        reason=item.erase_reason,
        hashes=hashes,
        erased_at=now,
    )
    record_act(actor, item, "item.erase", Operation.ERASURE, {"reason": item.erase_reason, "hashes": hashes})


def erase_session_parts(*, actor: Actor, now: datetime, session_id: UUID, reason: str) -> dict[str, int]:
    """Have every part of a session erased in this one transaction; returns the rows cleared by kind.

    Raises ItemsRemain while an item of the session is kept, held or not.
    """
    if is_session_erased(session_id):
        return {}
    if not may_erase_session(session_id):
        raise ItemsRemain
    counts = {part.kind: part.erase(session_id, now) for part in registered_parts()}
    SessionErasure.objects.create(session_id=session_id, reason=reason, counts=counts, erased_at=now)
    record(
        actor=actor,
        act="session.erase",
        operation=Operation.ERASURE,
        object_type="session",
        object_id=session_id,
        session_id=session_id,
        detail={"reason": reason, "counts": counts},
    )
    return counts


def _locked(item_id: UUID) -> Item:
    item = Item.objects.select_for_update(of=("self",)).select_related("category").filter(id=item_id).first()
    if item is None:
        raise NotFound
    return item


def _refused(actor: Actor, item: Item, error: HoldInForce | NotDue) -> HoldInForce | NotDue:
    record_refusal(
        actor=actor,
        act="item.erase",
        code=error.code,
        operation=Operation.ERASURE,
        object_type="item",
        object_id=item.id,
        session_id=item.session_id,
    )
    return error
