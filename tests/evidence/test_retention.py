"""Retention: what is due goes, what is held stays, and what is gone leaves hashes and nothing else."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command

from evidence import erasing, parts, storage
from evidence.errors import ItemsRemain, NotDue
from evidence.models import Item, ItemFile, RetentionCategory, SessionErasure, Tombstone
from evidence.parts import Part
from evidence.services import intake, retention
from evidence.services.defaults import seed_defaults
from forces.context import ForceRef
from forces.errors import InvalidInput, NotPermitted
from tests.evidence.conftest import (
    AUDITOR,
    ENDED,
    FORCE_ADMIN,
    OPERATOR,
    SUPERVISOR,
    SYSTEM,
    MovingClock,
    Recording,
    proved,
)

pytestmark = pytest.mark.usefixtures("in_herts")
Rows = Callable[[], list[dict[str, Any]]]


class Killed(BaseException):
    """Stands for a worker that ends on the spot."""


def kill(*_: object, **__: object) -> None:
    raise Killed


def test_nothing_is_erased_before_its_date(sealed: Callable[..., Item], herts: ForceRef, clock: MovingClock) -> None:
    item = sealed()
    clock.move(days=31, seconds=-1)

    assert erasing.erase_due(herts, clock())[0] == 0
    with pytest.raises(NotDue):
        erasing.erase_item(herts, item.id, clock())
    assert storage.item_directory("herts", item.id).exists()


def test_moved_clock_erases_and_leaves_a_tombstone(
    sealed: Callable[..., Item], herts: ForceRef, clock: MovingClock, audit_rows: Rows
) -> None:
    item = sealed(gaps=[{"from": "a", "to": "b"}])
    hashes = set(item.files.values_list("sha256", flat=True))
    names = list(item.files.values_list("name", flat=True))
    clock.move(days=31)
    erasing.erase_due(herts, clock())

    tombstone = Tombstone.objects.get(item_id=item.id)
    assert {row["sha256"] for row in tombstone.hashes} == hashes
    assert (tombstone.reason, tombstone.erased_at) == (retention.PERIOD_ENDED, clock())
    item.refresh_from_db()
    assert (item.state, item.gaps, item.segments) == ("erased", [], [])
    assert not ItemFile.objects.filter(item=item).exists()
    assert not storage.item_directory("herts", item.id).exists()
    row = next(row for row in audit_rows() if row["act"] == "item.erase")
    assert (row["operation"], row["outcome"]) == ("erasure", "done")
    said = json.dumps([row["detail"], tombstone.hashes], default=str)
    assert not [name for name in names if name in said]


def test_erased_item_has_no_file_left_anywhere(
    sealed: Callable[..., Item], herts: ForceRef, clock: MovingClock, tmp_path: Path
) -> None:
    recording = Recording()
    item = sealed(recording)
    recording.write(5)  # a copy that came late
    Item.objects.filter(id=item.id).update(source_directory=recording.directory)
    clock.move(days=31)
    erasing.erase_due(herts, clock())

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("module", "step"),
    [(storage, "erase_item_files"), (storage, "erase_sources"), (retention, "finish_erasure")],
    ids=["before the files", "before the sources", "before the outcome"],
)
def test_interrupted_erasure_goes_on(
    sealed: Callable[..., Item],
    herts: ForceRef,
    clock: MovingClock,
    monkeypatch: pytest.MonkeyPatch,
    module: Any,
    step: str,
) -> None:
    recording = Recording()
    item = sealed(recording)
    Item.objects.filter(id=item.id).update(source_directory=recording.directory)
    clock.move(days=31)
    with monkeypatch.context() as patch:
        patch.setattr(module, step, kill)
        with pytest.raises(Killed):
            erasing.erase_due(herts, clock())
    item.refresh_from_db()
    assert (item.state, item.erased_at) == ("erasing", None)
    began = clock()

    clock.move(days=1)
    assert erasing.erase_due(herts, clock())[0] == 1
    item.refresh_from_db()
    assert (item.state, item.erasing_at) == ("erased", began)
    assert Tombstone.objects.get(item_id=item.id).hashes


def test_erasing_twice_changes_nothing(sealed: Callable[..., Item], herts: ForceRef, clock: MovingClock) -> None:
    item = sealed()
    clock.move(days=31)
    erasing.erase_due(herts, clock())
    first = Tombstone.objects.get(item_id=item.id)
    clock.move(days=1)
    erasing.erase_due(herts, clock())
    retention.finish_erasure(actor=SYSTEM, now=clock(), item_id=item.id)

    assert Tombstone.objects.get(item_id=item.id).erased_at == first.erased_at


def test_disk_that_refuses_does_not_stop_the_other_items(
    sealed: Callable[..., Item], herts: ForceRef, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, fine = sealed(), sealed()
    erase = storage.erase_item_files

    def refuse(schema: str, item_id: Any) -> None:
        if item_id == stuck.id:
            raise PermissionError(13, "Permission denied")
        erase(schema, item_id)

    monkeypatch.setattr(storage, "erase_item_files", refuse)
    clock.move(days=31)

    assert erasing.erase_due(herts, clock())[0] == 1
    assert Item.objects.get(id=fine.id).state == "erased"
    assert Item.objects.get(id=stuck.id).state == "erasing"


def test_item_that_is_being_sealed_is_not_erased_under_the_worker(clock: MovingClock) -> None:
    item_id = Recording().register()
    clock.move(days=31)
    intake.claim_item(actor=SYSTEM, now=clock(), item_id=item_id)

    with pytest.raises(NotDue):
        retention.begin_erasure(actor=SYSTEM, now=clock(), item_id=item_id, reason="x")


def test_failed_item_is_erased_with_its_sources(herts: ForceRef, clock: MovingClock) -> None:
    recording = Recording()
    source = recording.write()
    item = Item.objects.get(id=recording.register())
    item.fail("broken")
    item.save()
    clock.move(days=31)
    erasing.erase_due(herts, clock())

    assert not source.exists()
    assert Tombstone.objects.get(item_id=item.id).hashes == []


def test_command_erases_by_the_moved_clock(sealed: Callable[..., Item], clock: MovingClock) -> None:
    sealed()
    clock.move(days=31)
    said = StringIO()
    call_command("erase_due", force="herts", stdout=said, skip_checks=True)

    assert "herts: 1 items" in said.getvalue()


def test_others_than_force_admins_change_no_period(clock: MovingClock) -> None:
    category = RetentionCategory.objects.get(code="incident")

    for actor in (SUPERVISOR, OPERATOR, AUDITOR):
        with pytest.raises(NotPermitted):
            retention.change_days(actor=actor, now=clock(), category_id=category.id, days=1)


def test_changed_period_moves_the_dates_of_what_is_kept(clock: MovingClock, audit_rows: Rows) -> None:
    item = Item.objects.get(id=Recording().register())
    retention.change_days(actor=FORCE_ADMIN, now=clock(), category_id=item.category_id, days=7)

    item.refresh_from_db()
    assert item.erase_due_at == ENDED + timedelta(days=7)
    detail = next(row["detail"] for row in audit_rows() if row["act"] == "category.change_days")
    assert detail == {"code": "incident", "before": 31, "after": 7}
    with pytest.raises(InvalidInput):
        retention.change_days(actor=FORCE_ADMIN, now=clock(), category_id=item.category_id, days=0)


def test_seeding_again_keeps_what_the_force_changed() -> None:
    RetentionCategory.objects.filter(code="incident").update(days=90)
    seed_defaults(ENDED)

    assert RetentionCategory.objects.get(code="incident").days == 90
    assert RetentionCategory.objects.filter(code__in=("incident", "evidential")).count() == 2


def test_session_is_erased_only_when_no_item_of_it_is_kept(
    sealed: Callable[..., Item],
    herts: ForceRef,
    clock: MovingClock,
    monkeypatch: pytest.MonkeyPatch,
    audit_rows: Rows,
) -> None:
    item = sealed()
    erased: list[Any] = []

    def erase(session_id: UUID, now: datetime) -> int:
        erased.append(session_id)
        return 3

    part = Part("app.thing", erase=erase, export=lambda _: [])
    monkeypatch.setattr(parts, "_parts", {part.kind: part})
    monkeypatch.setattr(parts, "_sources", [lambda before, limit: [item.session_id] if before >= ENDED else []])
    retention.place_hold(actor=SUPERVISOR, now=clock(), item_id=item.id, reason="trial")
    clock.move(days=31)

    with pytest.raises(ItemsRemain):
        retention.erase_session_parts(actor=SYSTEM, now=clock(), session_id=item.session_id, reason="x")
    assert erasing.erase_due(herts, clock()) == (0, 0)
    assert erased == []

    retention.release_hold(actor=proved(SUPERVISOR, clock()), now=clock(), item_id=item.id)
    assert erasing.erase_due(herts, clock()) == (1, 1)
    assert erased == [item.session_id]
    assert SessionErasure.objects.get(session_id=item.session_id).counts == {"app.thing": 3}
    row = next(row for row in audit_rows() if row["act"] == "session.erase")
    assert (row["operation"], row["detail"]["counts"]) == ("erasure", {"app.thing": 3})

    again = retention.erase_session_parts(actor=SYSTEM, now=clock(), session_id=item.session_id, reason="x")
    assert again == {}
    assert len(erased) == 1


def test_session_without_items_is_erased_after_the_default_period(
    herts: ForceRef, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    session_id, asked = uuid4(), []

    def find(before: Any, limit: int) -> list[Any]:
        asked.append(before)
        return [session_id]

    monkeypatch.setattr(parts, "_parts", {})
    monkeypatch.setattr(parts, "_sources", [find])
    clock.move(days=100)

    assert erasing.erase_due(herts, clock()) == (0, 1)
    assert asked == [clock() - timedelta(days=31)]
