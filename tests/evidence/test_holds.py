"""Holds: who may place and release them, and that they stop erasure."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from evidence import erasing, storage
from evidence.errors import HoldInForce, HoldMissing
from evidence.models import Hold, Item
from evidence.services import retention
from forces.accounts.step_up import StepUpRequired
from forces.actors import Actor
from forces.context import ForceRef, Unit
from forces.errors import InvalidInput, InvalidTransition, NotFound, NotPermitted
from tests.evidence.conftest import (
    AUDITOR,
    FORCE_ADMIN,
    OFFICER,
    OPERATOR,
    SUPERVISOR,
    SYSTEM,
    MovingClock,
    Recording,
    proved,
)

pytestmark = pytest.mark.usefixtures("in_herts")
Rows = Callable[[], list[dict[str, Any]]]


@pytest.mark.parametrize("actor", [OPERATOR, OFFICER, AUDITOR, FORCE_ADMIN, Actor.caller(uuid4())])
def test_others_than_supervisors_neither_hold_nor_release(actor: Actor, clock: MovingClock, in_herts: Unit) -> None:
    item_id = Recording().register()

    with pytest.raises(NotPermitted):
        retention.place_hold(actor=actor, now=clock(), item_id=item_id, reason="trial")
    with pytest.raises(NotPermitted):
        retention.release_hold(actor=actor, now=clock(), item_id=item_id)
    assert not Hold.objects.exists()
    assert len(in_herts.refusals) == 2


def test_hold_needs_a_reason_and_an_item(clock: MovingClock) -> None:
    item_id = Recording().register()

    for reason in ("", "   ", "x" * 501):
        with pytest.raises(InvalidInput):
            retention.place_hold(actor=SUPERVISOR, now=clock(), item_id=item_id, reason=reason)
    with pytest.raises(NotFound):
        retention.place_hold(actor=SUPERVISOR, now=clock(), item_id=uuid4(), reason="trial")


@pytest.mark.parametrize("ago_s", [None, 300, 86_400])
def test_supervisor_without_a_fresh_proof_releases_nothing(
    clock: MovingClock, in_herts: Unit, ago_s: int | None
) -> None:
    item_id = Recording().register()
    retention.place_hold(actor=SUPERVISOR, now=clock(), item_id=item_id, reason="trial")
    actor = SUPERVISOR if ago_s is None else proved(SUPERVISOR, clock() - timedelta(seconds=ago_s))

    with pytest.raises(StepUpRequired):
        retention.release_hold(actor=actor, now=clock(), item_id=item_id)
    assert Hold.objects.get().released_at is None
    assert len(in_herts.refusals) == 1


def test_second_hold_and_second_release_are_refused(clock: MovingClock) -> None:
    item_id = Recording().register()
    retention.place_hold(actor=SUPERVISOR, now=clock(), item_id=item_id, reason="trial")

    with pytest.raises(HoldInForce):
        retention.place_hold(actor=SUPERVISOR, now=clock(), item_id=item_id, reason="again")
    retention.release_hold(actor=proved(SUPERVISOR, clock()), now=clock(), item_id=item_id)
    with pytest.raises(HoldMissing):
        retention.release_hold(actor=proved(SUPERVISOR, clock()), now=clock(), item_id=item_id)
    with pytest.raises(InvalidTransition):
        Hold.objects.get(item_id=item_id).release(clock(), "7", "Priya Nair")


def test_database_refuses_two_holds_in_force(clock: MovingClock) -> None:
    item = Item.objects.get(id=Recording().register())
    values = {"item": item, "reason": "x", "placed_by": "7", "placed_by_name": "P", "placed_at": clock()}
    Hold.objects.create(**values)

    with pytest.raises(IntegrityError), transaction.atomic():
        Hold.objects.create(**values)


def test_hold_stops_erasure_until_it_is_released(
    sealed: Callable[..., Item], herts: ForceRef, clock: MovingClock, in_herts: Unit
) -> None:
    item = sealed()
    retention.place_hold(actor=SUPERVISOR, now=clock(), item_id=item.id, reason="trial")
    clock.move(days=400)

    assert erasing.erase_due(herts, clock())[0] == 0
    with pytest.raises(HoldInForce):
        erasing.erase_item(herts, item.id, clock())
    assert storage.item_directory("herts", item.id).exists()
    assert len(in_herts.refusals) == 1

    retention.release_hold(actor=proved(SUPERVISOR, clock()), now=clock(), item_id=item.id)
    assert erasing.erase_due(herts, clock())[0] == 1


def test_hold_cannot_be_placed_once_erasure_has_begun(sealed: Callable[..., Item], clock: MovingClock) -> None:
    item = sealed()
    clock.move(days=31)
    retention.begin_erasure(actor=SYSTEM, now=clock(), item_id=item.id, reason="x")

    with pytest.raises(InvalidTransition):
        retention.place_hold(actor=SUPERVISOR, now=clock(), item_id=item.id, reason="too late")
