"""Intake: one row per recording, claims, outcomes that count, and states that cannot be."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from evidence.models import Item
from evidence.sandbox import ProgramFailed
from evidence.services import intake
from forces.context import ForceRef, Unit
from forces.errors import InvalidTransition
from tests.evidence.conftest import ENDED, STARTED, SYSTEM, MovingClock, Recording

pytestmark = pytest.mark.usefixtures("in_herts")


def test_streams_registers_a_recording_once(in_herts: Unit) -> None:
    recording = Recording()
    first = recording.register()
    second = recording.register(now=ENDED + timedelta(hours=1))

    assert first == second
    item = Item.objects.get(id=first)
    assert (item.state, item.next_attempt_at) == ("sealing", ENDED)
    assert item.erase_due_at == ENDED + timedelta(days=31)
    assert len(in_herts.after_commit) == 1  # one task, sent when the row is committed


def test_recording_of_an_unknown_category_is_kept_in_the_default_one() -> None:
    item = Item.objects.get(id=Recording().register(category_code="no-such"))

    assert item.category.code == "incident"


def test_recording_that_ends_before_it_starts_lasts_no_time() -> None:
    item = Item.objects.get(id=Recording().register(ended_at=STARTED - timedelta(seconds=1)))

    assert item.ended_at == item.started_at


def test_second_worker_leaves_a_claimed_item_alone(herts: ForceRef, clock: MovingClock) -> None:
    item_id = Recording().register()

    assert intake.claim_item(actor=SYSTEM, now=clock(), item_id=item_id) is not None
    assert intake.claim_item(actor=SYSTEM, now=clock(), item_id=item_id) is None


def test_outcome_of_an_overtaken_worker_is_dropped(clock: MovingClock) -> None:
    item_id = Recording().register()
    late = intake.claim_item(actor=SYSTEM, now=clock(), item_id=item_id)
    clock.move(hours=1)
    assert intake.claim_item(actor=SYSTEM, now=clock(), item_id=item_id) is not None
    assert late is not None

    outcome = {"files": [], "duration_ms": 1, "segments": []}
    assert intake.note_sealed(actor=SYSTEM, now=clock(), job=late, **outcome) is False  # type: ignore[arg-type]
    intake.note_failed(actor=SYSTEM, now=clock(), job=late, error=ProgramFailed("late"))
    assert Item.objects.get(id=item_id).failure_reason == ""


@pytest.mark.parametrize(
    "change",
    [
        {"state": "sealed"},
        {"state": "lost"},
        {"state": "erased"},
        {"next_attempt_at": None},
        {"ended_at": STARTED - timedelta(days=1)},
    ],
    ids=["sealed without an outcome", "unknown state", "erased at no time", "never tried", "ends before start"],
)
def test_database_refuses_an_impossible_item(change: dict[str, Any]) -> None:
    item_id = Recording().register()

    with pytest.raises(IntegrityError), transaction.atomic():
        Item.objects.filter(id=item_id).update(**change)


def test_item_refuses_transitions_out_of_order() -> None:
    item = Item.objects.get(id=Recording().register())

    with pytest.raises(InvalidTransition):
        item.finish_erasure(ENDED)
    item.fail("broken")
    for act in (lambda: item.seal(ENDED, 1, []), lambda: item.claim(ENDED, timedelta(1)), lambda: item.fail("x")):
        with pytest.raises(InvalidTransition):
            act()
