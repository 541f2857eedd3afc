"""Leaving somebody out of a call: who may, what stays, and that the first film goes only when the new one is sealed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from evidence import composing, erasing, sealing, storage
from evidence.errors import AlreadyReplaced, HoldInForce, ItemsRemain
from evidence.models import Hold, Item, Tombstone
from evidence.sandbox import ProgramFailed
from evidence.services import intake, retention
from evidence.services.recomposing import list_leavable, recompose_call
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
    proved,
)
from tests.evidence.films import COLOURS, Frame
from tests.evidence.test_calls import film_of

pytestmark = pytest.mark.usefixtures("in_herts")
Rows = Callable[[], list[dict[str, Any]]]
MakeItem = Callable[..., Item]


def feed_of(item: Item, name: str) -> UUID:
    return UUID(next(row["feed_id"] for row in item.cast if row["name"] == name))


def leave_out(item: Item, clock: MovingClock, *names: str, actor: Actor = SUPERVISOR) -> UUID:
    """Have the named people left out by somebody with a fresh proof."""
    without = [feed_of(item, name) for name in names]
    return recompose_call(
        actor=proved(actor, clock()), now=clock(), item_id=item.id, without=without, reason="asked to be erased"
    )


# Refused callers first.


@pytest.mark.parametrize("actor", [OPERATOR, OFFICER, AUDITOR, SYSTEM, Actor.caller(uuid4())])
def test_others_leave_nobody_out(sealed_call: MakeItem, clock: MovingClock, in_herts: Unit, actor: Actor) -> None:
    item = sealed_call()

    with pytest.raises(NotPermitted):
        leave_out(item, clock, "Ann Ball", actor=actor)
    with pytest.raises(NotPermitted):
        list_leavable(actor=proved(actor, clock()), now=clock(), item_id=item.id)
    assert Item.objects.count() == 1
    assert len(in_herts.refusals) == 2


@pytest.mark.parametrize("actor", [SUPERVISOR, FORCE_ADMIN])
@pytest.mark.parametrize("ago_s", [None, 300])
def test_nobody_is_left_out_without_a_fresh_proof(
    sealed_call: MakeItem, clock: MovingClock, actor: Actor, ago_s: int | None
) -> None:
    item = sealed_call()
    actor = actor if ago_s is None else replace(actor, proved_at=clock() - timedelta(seconds=ago_s))

    with pytest.raises(StepUpRequired):
        recompose_call(actor=actor, now=clock(), item_id=item.id, without=[feed_of(item, "Ann Ball")], reason="x")
    assert Item.objects.count() == 1


def test_call_under_a_hold_is_not_composed_anew(sealed_call: MakeItem, clock: MovingClock, in_herts: Unit) -> None:
    item = sealed_call()
    retention.place_hold(actor=SUPERVISOR, now=clock(), item_id=item.id, reason="trial")

    with pytest.raises(HoldInForce):
        leave_out(item, clock, "Ann Ball")
    assert Item.objects.count() == 1
    assert len(in_herts.refusals) == 1


def test_everybody_nobody_and_strangers_cannot_be_left_out(sealed_call: MakeItem, clock: MovingClock) -> None:
    item = sealed_call()
    mine, everybody = feed_of(item, "Ann Ball"), [feed_of(item, name) for name in ("PC Ade", "Ann Ball")]
    actor = proved(SUPERVISOR, clock())

    for without in ([], everybody, [uuid4()], [mine, uuid4()]):
        with pytest.raises(InvalidInput):
            recompose_call(actor=actor, now=clock(), item_id=item.id, without=without, reason="x")
    for reason in ("", "  ", "x" * 501):
        with pytest.raises(InvalidInput):
            recompose_call(actor=actor, now=clock(), item_id=item.id, without=[mine], reason=reason)
    assert Item.objects.count() == 1


def test_what_is_no_sealed_call_is_not_composed_anew(
    sealed: MakeItem, sealed_call: MakeItem, clock: MovingClock
) -> None:
    recording, call = sealed(), sealed_call()
    actor, mine = proved(SUPERVISOR, clock()), feed_of(call, "Ann Ball")

    with pytest.raises(NotFound):
        recompose_call(actor=actor, now=clock(), item_id=recording.id, without=[mine], reason="x")
    Item.objects.filter(id=call.id).update(state="erasing")
    with pytest.raises(InvalidTransition):
        recompose_call(actor=actor, now=clock(), item_id=call.id, without=[mine], reason="x")


def test_second_film_is_refused_while_one_is_made(sealed_call: MakeItem, clock: MovingClock) -> None:
    item = sealed_call()
    leave_out(item, clock, "Ann Ball")

    with pytest.raises(AlreadyReplaced):
        leave_out(item, clock, "PC Ade")


# What is done.


def test_supervisor_leaves_somebody_out_and_the_first_film_goes_after_the_new_one_is_sealed(
    sealed_call: MakeItem, herts: ForceRef, clock: MovingClock, audit_rows: Rows
) -> None:
    item = sealed_call()
    gone = feed_of(item, "PC Ade")
    made_id = leave_out(item, clock, "PC Ade")
    assert erasing.erase_due(herts, clock()) == (0, 0)
    assert film_of(item).exists()

    sealing.seal(herts, made_id, clock)
    made = Item.objects.get(id=made_id)
    assert (made.state, made.kind, made.replaces, made.source_directory) == ("sealed", "call", item.id, "")
    assert made.cast[0] == {"role": "officer", "source": "camera", "is_left_out": True}
    assert made.cast[1]["name"] == "Ann Ball"
    originals = dict(made.files.filter(role="original").values_list("name", "sha256"))
    kept = item.files.filter(role="original").exclude(name__contains=str(gone))
    assert originals == dict(kept.values_list("name", "sha256"))
    assert len(originals) == 2
    frame = Frame(film_of(made), 1)
    assert frame.shows(COLOURS["blue"], 640, 360)
    assert not frame.has(COLOURS["red"])

    assert erasing.erase_due(herts, clock()) == (1, 0)
    tombstone = Tombstone.objects.get(item_id=item.id)
    assert tombstone.reason == intake.REPLACED
    item.refresh_from_db()
    assert (item.state, item.cast) == ("erased", [])
    assert not storage.item_directory("herts", item.id).exists()
    assert film_of(made).exists()
    rows = {row["act"]: row for row in audit_rows()}
    assert rows["item.recompose"]["detail"] == {
        "new_item_id": str(made_id),
        "left_out": [str(gone)],
        "reason": "asked to be erased",
    }
    assert {"item.replaced", "item.erase"} <= set(rows)
    assert "PC Ade" not in str([row["detail"] for row in audit_rows()])


def test_new_film_is_kept_as_long_as_the_first_would_have_been(
    sealed_call: MakeItem, herts: ForceRef, clock: MovingClock
) -> None:
    item = sealed_call()
    made_id = leave_out(item, clock, "Ann Ball")
    sealing.seal(herts, made_id, clock)

    made = Item.objects.get(id=made_id)
    assert (made.erase_due_at, made.category_id) == (item.erase_due_at, item.category_id)
    assert (made.started_at, made.ended_at, made.session_id) == (item.started_at, item.ended_at, item.session_id)


def test_changed_period_does_not_save_a_film_that_was_replaced(
    sealed_call: MakeItem, herts: ForceRef, clock: MovingClock
) -> None:
    item = sealed_call()
    sealing.seal(herts, leave_out(item, clock, "Ann Ball"), clock)
    retention.change_days(actor=FORCE_ADMIN, now=clock(), category_id=item.category_id, days=400)

    assert erasing.erase_due(herts, clock())[0] == 1
    assert Item.objects.get(id=item.id).state == "erased"


def test_hold_that_is_placed_meanwhile_keeps_the_first_film_until_it_is_released(
    sealed_call: MakeItem, herts: ForceRef, clock: MovingClock
) -> None:
    item = sealed_call()
    made_id = leave_out(item, clock, "Ann Ball")
    retention.place_hold(actor=SUPERVISOR, now=clock(), item_id=item.id, reason="trial")
    sealing.seal(herts, made_id, clock)
    assert erasing.erase_due(herts, clock())[0] == 0
    assert film_of(item).exists()

    retention.release_hold(actor=proved(SUPERVISOR, clock()), now=clock(), item_id=item.id)
    assert erasing.erase_due(herts, clock())[0] == 1
    assert not Hold.objects.filter(released_at__isnull=True).exists()


def test_film_that_cannot_be_made_anew_leaves_the_first_one_and_may_be_tried_again(
    sealed_call: MakeItem, herts: ForceRef, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = sealed_call()
    made_id = leave_out(item, clock, "Ann Ball")

    def fail(*_: object) -> None:
        raise ProgramFailed("no film")

    with monkeypatch.context() as patch:
        patch.setattr(composing, "compose", fail)
        for _ in range(intake.MAX_ATTEMPTS):
            sealing.seal(herts, made_id, clock)
            clock.move(hours=2)

    assert Item.objects.get(id=made_id).state == "failed"
    assert erasing.erase_due(herts, clock())[0] == 0
    assert film_of(item).exists()
    sealing.seal(herts, leave_out(item, clock, "Ann Ball"), clock)
    assert erasing.erase_due(herts, clock())[0] == 1


def test_session_is_kept_while_either_film_is(sealed_call: MakeItem, herts: ForceRef, clock: MovingClock) -> None:
    item = sealed_call()
    sealing.seal(herts, leave_out(item, clock, "Ann Ball"), clock)
    erasing.erase_due(herts, clock())

    with pytest.raises(ItemsRemain):
        retention.erase_session_parts(actor=SYSTEM, now=clock(), session_id=item.session_id, reason="x")


# The force admin's page.


def page(item: Item, **words: Any) -> dict[str, Any]:
    return {"action": "leave_out", "_selected_action": str(item.id), **words}


def test_others_than_force_admins_open_no_page(sealed_call: MakeItem, force_client: Callable[..., Client]) -> None:
    item = sealed_call()

    for role in ("operator", "supervisor", "auditor", "officer"):
        answer = force_client(role).post("/admin/evidence/item/", page(item))
        assert answer.status_code in (302, 403)
        assert b"Ann Ball" not in answer.content
    assert Item.objects.count() == 1


def test_force_admin_chooses_who_is_left_out(
    sealed_call: MakeItem, force_client: Callable[..., Client], clock: MovingClock, audit_rows: Rows
) -> None:
    item = sealed_call()
    client = force_client("force_admin")
    asked = client.post("/admin/evidence/item/", page(item))
    assert asked.status_code == 200
    assert "Ann Ball (Victim)" in asked.content.decode()

    words = {"is_decided": "1", "without": [str(feed_of(item, "Ann Ball"))], "reason": "asked to be erased"}
    answer = client.post("/admin/evidence/item/", page(item, **words))
    assert answer.status_code == 302
    made = Item.objects.get(replaces=item.id)
    assert [row["role"] for row in made.cast if row.get("is_left_out")] == ["victim"]
    assert {"item.read", "item.recompose"} <= {row["act"] for row in audit_rows()}


def test_force_admin_who_says_no_reason_is_asked_again(
    sealed_call: MakeItem, force_client: Callable[..., Client], clock: MovingClock
) -> None:
    item = sealed_call()
    words = {"is_decided": "1", "without": [str(feed_of(item, "Ann Ball"))], "reason": ""}
    answer = force_client("force_admin").post("/admin/evidence/item/", page(item, **words))

    assert answer.status_code == 200
    assert not Item.objects.filter(replaces=item.id).exists()


def test_recording_has_nobody_to_leave_out(
    sealed: MakeItem, force_client: Callable[..., Client], clock: MovingClock
) -> None:
    item = sealed()
    answer = force_client("force_admin").post("/admin/evidence/item/", page(item), follow=True)

    assert "no such thing" in answer.content.decode()
    assert not Item.objects.filter(replaces=item.id).exists()


def test_originals_of_nobody_else_are_taken_along(sealed_call: MakeItem, directories: Path) -> None:
    item = sealed_call()
    kept = storage.kept_tracks("herts", item.id, [feed_of(item, "Ann Ball")])

    assert len(kept) == 2
    assert all(str(feed_of(item, "Ann Ball")) in path.name for path in kept)
    assert storage.kept_tracks("herts", uuid4(), [feed_of(item, "Ann Ball")]) == []
