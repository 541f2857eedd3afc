"""Positions of officers on duty: each judged by itself, kept once, audited as one collection, shown to who may see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from forces.accounts.models import OfficerProfile
from forces.actors import Actor
from forces.context import Unit
from forces.errors import NotPermitted
from streams.models import OfficerPosition, Shift
from streams.services.duty_fixes import NotOnDuty, Report, find_duty, judge_fixes, keep_fixes
from streams.services.officer_map import view_officers
from streams.services.positions import NewFix
from streams.services.shift_changes import begin_shift
from streams.services.shifts import set_status
from tests.factories.officers import make_officer, make_officer_live
from tests.factories.streams import NOW, AuditRows, person

SECOND = timedelta(seconds=1)


def fix(**changed: Any) -> NewFix:
    return NewFix(**{"latitude": 51.7957, "longitude": -0.081, "accuracy_m": 12.5, "fixed_at": NOW, **changed})


def report(actor: Actor, shift_id: UUID, *fixes: NewFix) -> Report:
    return Report(actor, shift_id, judge_fixes(fixes or (fix(),), NOW))


def on_duty(name: str = "ashby") -> tuple[Actor, Shift]:
    actor = make_officer(name)
    return actor, begin_shift(actor=actor, now=NOW, status="available")


@pytest.mark.parametrize("role", ["operator", "supervisor", "auditor", "force_admin"])
def test_role_that_is_not_out_is_located_refused(in_herts: Unit, role: str) -> None:
    with pytest.raises(NotPermitted):
        find_duty(actor=person(role))


def test_officer_off_duty_is_located_refused(in_herts: Unit) -> None:
    actor = make_officer()
    with pytest.raises(NotOnDuty):
        find_duty(actor=actor)
    set_status(actor=actor, now=NOW, status="available")
    assert find_duty(actor=actor) == Shift.objects.get().id
    set_status(actor=actor, now=NOW, status="off_duty")
    with pytest.raises(NotOnDuty):
        find_duty(actor=actor)


@pytest.mark.parametrize("role", ["officer", "pcso", "scenes_of_crime", "auditor", "force_admin"])
def test_role_outside_of_the_control_room_looks_where_officers_are_refused(in_herts: Unit, role: str) -> None:
    with pytest.raises(NotPermitted):
        view_officers(actor=person(role))


@pytest.mark.parametrize(
    "changed",
    [
        {"latitude": 91.0},
        {"longitude": -181.0},
        {"accuracy_m": -1.0},
        {"heading_deg": 361.0},
        {"speed_mps": 2_000.0},
        {"fixed_at": NOW + timedelta(seconds=61)},
        {"accuracy_m": 50_000.0},
    ],
)
def test_impossible_fix_is_kept_in_the_history_as_doubtful_and_the_others_are_believed(
    in_herts: Unit, changed: dict[str, Any]
) -> None:
    actor, shift = on_duty()
    keep_fixes(now=NOW, reports=[report(actor, shift.id, fix(fixed_at=NOW - SECOND), fix(**changed))])

    kept = OfficerPosition.objects.order_by("is_doubtful")
    assert [row.is_doubtful for row in kept] == [False, True]
    for name, value in changed.items():
        assert getattr(kept[1], name) == value


def test_believed_position_that_is_not_on_earth_is_refused_by_the_database(in_herts: Unit) -> None:
    _, shift = on_duty()
    told = {"shift": shift, "fixed_at": NOW, "received_at": NOW, "is_late": False, "is_doubtful": False}

    for wrong in ({"latitude": 91.0, "accuracy_m": 9.0}, {"latitude": 51.0, "accuracy_m": -1.0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            OfficerPosition.objects.create(**told, longitude=0.0, **wrong)


def test_fix_that_is_too_old_is_left_out() -> None:
    taken = judge_fixes([fix(), fix(fixed_at=NOW - timedelta(hours=1, seconds=1))], NOW)

    assert [one.fix.fixed_at for one in taken] == [NOW]


@pytest.mark.parametrize(
    ("changed", "is_late", "is_doubtful"),
    [
        ({}, False, False),
        ({"fixed_at": NOW - timedelta(seconds=60)}, False, False),
        ({"fixed_at": NOW - timedelta(seconds=61)}, True, False),
        ({"fixed_at": NOW - timedelta(hours=1)}, True, False),
        ({"fixed_at": NOW + timedelta(seconds=60)}, False, False),
        ({"accuracy_m": 2_000.0}, False, False),
        ({"accuracy_m": 2_001.0}, False, True),
        ({"latitude": -86.0}, False, True),
        ({"fixed_at": NOW + timedelta(seconds=61)}, False, True),
        ({"longitude": 181.0, "fixed_at": NOW - timedelta(minutes=9)}, True, True),
    ],
)
def test_fix_is_flagged_late_or_doubtful(changed: dict[str, Any], is_late: bool, is_doubtful: bool) -> None:
    (taken,) = judge_fixes([fix(**changed)], NOW)

    assert (taken.is_late, taken.is_doubtful) == (is_late, is_doubtful)


def test_fixes_of_several_officers_are_kept_in_one_batch(in_herts: Unit) -> None:
    (first, shift), (second, other) = on_duty("ashby"), on_duty("blake")
    full = fix(heading_deg=359.5, speed_mps=4.25, accuracy_m=3_000.0, fixed_at=NOW - timedelta(minutes=5))

    assert keep_fixes(now=NOW, reports=[report(first, shift.id, full), report(second, other.id)]) == set()

    kept = OfficerPosition.objects.get(shift=shift)
    assert (kept.latitude, kept.longitude, kept.heading_deg, kept.speed_mps) == (51.7957, -0.081, 359.5, 4.25)
    assert (kept.fixed_at, kept.received_at) == (NOW - timedelta(minutes=5), NOW)
    assert (kept.is_late, kept.is_doubtful) == (True, True)
    assert OfficerPosition.objects.get(shift=other).heading_deg is None


def test_fix_that_comes_twice_is_kept_once(in_herts: Unit) -> None:
    actor, shift = on_duty()
    keep_fixes(now=NOW, reports=[report(actor, shift.id), report(actor, shift.id)])
    keep_fixes(now=NOW, reports=[report(actor, shift.id, fix(), fix(fixed_at=NOW - SECOND))])

    assert OfficerPosition.objects.count() == 2


def test_fixes_of_a_shift_that_is_over_are_not_kept_and_the_others_are(in_herts: Unit) -> None:
    (first, over), (second, other) = on_duty("ashby"), on_duty("blake")
    set_status(actor=first, now=NOW, status="off_duty")

    assert keep_fixes(now=NOW, reports=[report(first, over.id), report(second, other.id)]) == {over.id}
    assert [row.shift_id for row in OfficerPosition.objects.all()] == [other.id]


def test_fixes_of_a_shift_that_there_is_not_are_not_kept(in_herts: Unit) -> None:
    keep_fixes(now=NOW, reports=[report(make_officer(), uuid4())])

    assert not OfficerPosition.objects.exists()


def test_collection_of_a_shift_is_audited_once(in_herts: Unit, audit_rows: AuditRows) -> None:
    actor, shift = on_duty()
    for seconds in range(3):
        keep_fixes(now=NOW, reports=[report(actor, shift.id, fix(fixed_at=NOW - seconds * SECOND))])

    rows = [row for row in audit_rows() if row["act"] == "officer_position.collect"]
    assert [(row["operation"], row["actor_id"], row["object_id"]) for row in rows] == [
        ("collection", actor.id, str(shift.id))
    ]
    assert Shift.objects.get().collecting_since == NOW


def test_operator_sees_who_is_on_duty_and_the_look_is_audited(in_herts: Unit, audit_rows: AuditRows) -> None:
    live = make_officer_live(name="ashby")
    other, _ = on_duty("blake")
    gone, _ = on_duty("cole")
    set_status(actor=gone, now=NOW, status="off_duty")

    shown = {view["id"]: view for view in view_officers(actor=person())}

    assert set(shown) == {live.actor.id, other.id}
    ashby = shown[live.actor.id]
    assert (ashby["name"], ashby["number"], ashby["role"]) == ("Tom Ashby", "1234", "officer")
    assert (ashby["team"], ashby["skills"]) == ("Stevenage Response", ["Taser", "First aid"])
    assert (ashby["status"], ashby["session_id"], ashby["fix"]) == ("at_scene", str(live.session.id), None)
    assert shown[other.id]["session_id"] is None
    (row,) = [row for row in audit_rows() if row["act"] == "officer.list"]
    assert (row["operation"], row["detail"]) == ("consultation", {"rows": 2})


def test_consoles_are_told_of_each_change_of_an_officer(in_herts: Unit) -> None:
    def told() -> list[tuple[str, Any]]:
        frames = [frame for topic, frame in in_herts.broadcasts if topic == "officers"]
        in_herts.broadcasts.clear()
        return [(frame["type"], frame.get("officer", {}).get("status")) for frame in frames]

    actor = make_officer()
    told()
    set_status(actor=actor, now=NOW, status="available")
    assert told() == [("officer.on_duty", "available")]
    set_status(actor=actor, now=NOW, status="en_route")
    assert told() == [("officer.on_duty", "en_route")]
    OfficerProfile.objects.get(user_id=int(actor.id)).save()
    assert told() == [("officer.on_duty", "en_route")]
    set_status(actor=actor, now=NOW, status="off_duty")
    assert told() == [("officer.off_duty", None)]


def test_profile_of_somebody_who_never_was_on_duty_is_no_news(in_herts: Unit) -> None:
    make_officer("dale")

    assert [topic for topic, _ in in_herts.broadcasts] == []
