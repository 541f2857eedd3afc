"""What is kept of duty goes when its time is over, and shifts that nobody ended end."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from forces.accounts.models import SignIn, User
from forces.actors import Actor
from forces.context import Unit
from streams.models import DutyPolicy, OfficerPosition, Shift
from streams.services import duty_retention
from streams.services.duty_fixes import Report, judge_fixes, keep_fixes
from streams.services.duty_retention import erase_positions, erase_shifts
from streams.services.forgotten_shifts import SIGNED_OUT_FOR, end_abandoned_shifts, end_forgotten_shifts
from streams.services.going_live import go_live
from streams.services.positions import NewFix
from streams.services.shift_changes import begin_shift
from streams.services.shifts import set_status
from streams.tasks import erase_duty
from tests.factories.officers import make_officer, make_officer_live
from tests.factories.streams import NOW, AuditRows

SWEEP = Actor.system("retention")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def on_duty(name: str = "ashby", *, began: datetime = NOW) -> tuple[Actor, Shift]:
    actor = make_officer(name)
    return actor, begin_shift(actor=actor, now=began, status="available")


def move(actor: Actor, shift: Shift, at: datetime) -> None:
    fix = NewFix(latitude=51.8, longitude=-0.08, accuracy_m=9.0, fixed_at=at)
    keep_fixes(now=at, reports=[Report(actor, shift.id, judge_fixes([fix], at))])


def test_positions_go_after_the_forces_days_and_no_sooner(in_herts: Unit, audit_rows: AuditRows) -> None:
    actor, shift = on_duty()
    for days in (40, 32, 30, 0):
        move(actor, shift, NOW - days * DAY)

    assert erase_positions(actor=SWEEP, now=NOW) is False

    left = [(NOW - row.fixed_at).days for row in OfficerPosition.objects.all()]
    assert sorted(left) == [0, 30]
    (row,) = [row for row in audit_rows() if row["act"] == "officer_position.erase"]
    assert (row["operation"], row["detail"]["rows"]) == ("erasure", 2)
    assert erase_positions(actor=SWEEP, now=NOW) is False
    assert len([row for row in audit_rows() if row["act"] == "officer_position.erase"]) == 1


def test_positions_go_in_batches(in_herts: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duty_retention, "POSITIONS_AT_ONCE", 2)
    DutyPolicy.objects.update(keep_positions_days=2)
    actor, shift = on_duty()
    for seconds in range(5):
        move(actor, shift, NOW - 3 * DAY + timedelta(seconds=seconds))

    assert [erase_positions(actor=SWEEP, now=NOW) for _ in range(3)] == [True, True, False]
    assert not OfficerPosition.objects.exists()


def test_shifts_go_after_a_year_and_one_that_goes_on_stays(in_herts: Unit, audit_rows: AuditRows) -> None:
    old, _ = on_duty("ashby", began=NOW - 400 * DAY)
    set_status(actor=old, now=NOW - 366 * DAY, status="off_duty")
    late, kept = on_duty("blake", began=NOW - 400 * DAY)
    set_status(actor=late, now=NOW - 364 * DAY, status="off_duty")
    _, going_on = on_duty("cole", began=NOW - 400 * DAY)

    assert erase_shifts(actor=SWEEP, now=NOW) is False

    assert {row.id for row in Shift.objects.all()} == {kept.id, going_on.id}
    (row,) = [row for row in audit_rows() if row["act"] == "shift.erase"]
    assert row["detail"]["rows"] == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"keep_positions_days": 0},
        {"keep_positions_days": 367, "keep_shifts_days": 400},
        {"keep_positions_days": 60, "keep_shifts_days": 59},
        {"keep_shifts_days": 3661},
        {"end_shift_after_h": 1},
        {"end_shift_after_h": 73},
    ],
)
def test_admin_sets_a_period_out_of_range_refused(in_herts: Unit, changed: dict[str, int]) -> None:
    policy = DutyPolicy.objects.get()
    for name, value in changed.items():
        setattr(policy, name, value)

    with pytest.raises(ValidationError):
        policy.full_clean()


def test_task_erases_all_that_is_due(in_herts: Unit) -> None:
    actor, shift = on_duty(began=NOW - 400 * DAY)
    move(actor, shift, NOW - 399 * DAY)
    set_status(actor=actor, now=NOW - 399 * DAY, status="off_duty")

    erase_duty.apply(kwargs={"force": "herts"}, headers={"force": "herts"}, throw=True)

    assert not OfficerPosition.objects.exists()
    assert not Shift.objects.exists()


def test_shift_that_nobody_ended_ends_by_itself(in_herts: Unit, audit_rows: AuditRows) -> None:
    _, forgotten = on_duty("ashby", began=NOW - 14 * HOUR - timedelta(minutes=1))
    _, fresh = on_duty("blake", began=NOW - 13 * HOUR)

    assert end_forgotten_shifts(actor=SWEEP, now=NOW) == 1

    forgotten.refresh_from_db()
    fresh.refresh_from_db()
    assert (forgotten.ended_at, fresh.ended_at) == (NOW, None)
    (row,) = [row for row in audit_rows() if row["act"] == "shift.end"]
    assert (row["actor_kind"], row["detail"]["reason"]) == ("system", "forgotten")


def test_shift_with_a_sign_of_life_goes_on(in_herts: Unit) -> None:
    began, lately = NOW - 20 * HOUR, NOW - HOUR
    moved, shift = on_duty("ashby", began=began)
    move(moved, shift, lately)
    seen, _ = on_duty("blake", began=began)
    times = {"started_at": began, "seen_at": lately, "proved_at": began}
    SignIn.objects.create(user_id=int(seen.id), has_second_factor=False, **times)
    changed, _ = on_duty("cole", began=began)
    set_status(actor=changed, now=lately, status="en_route")
    make_officer_live(name="dale", now=began)

    assert end_forgotten_shifts(actor=SWEEP, now=NOW) == 0
    assert Shift.objects.filter(ended_at__isnull=True).count() == 4


def signed_in_until(actor: Actor, ended_at: datetime | None, reason: str = "signed_out") -> None:
    """Let an officer have been signed in until a time; None: still."""
    times = {"started_at": NOW - 5 * HOUR, "seen_at": ended_at or NOW, "proved_at": NOW - 5 * HOUR}
    end_reason = reason if ended_at else ""
    SignIn.objects.create(
        user_id=int(actor.id), has_second_factor=False, ended_at=ended_at, end_reason=end_reason, **times
    )


def test_officer_who_is_signed_in_somewhere_or_only_idle_or_signed_out_just_now_stays_on_duty(in_herts: Unit) -> None:
    began, just_now = NOW - 5 * HOUR, NOW - SIGNED_OUT_FOR + timedelta(seconds=1)
    elsewhere, idle, changing, live = (on_duty(name, began=began)[0] for name in ("ashby", "blake", "cole", "dale"))
    signed_in_until(elsewhere, NOW - HOUR)
    signed_in_until(elsewhere, None)
    signed_in_until(idle, NOW - HOUR, "idle")
    signed_in_until(changing, just_now)
    signed_in_until(live, NOW - HOUR)
    go_live(actor=live, now=NOW)
    on_duty("evans", began=began)

    assert end_abandoned_shifts(actor=SWEEP, now=NOW) == 0
    assert Shift.objects.filter(ended_at__isnull=True).count() == 5


def test_officer_who_signed_out_everywhere_is_off_duty_after_a_quarter_of_an_hour(
    in_herts: Unit, audit_rows: AuditRows
) -> None:
    actor, shift = on_duty("ashby", began=NOW - 5 * HOUR)
    signed_in_until(actor, NOW - 2 * HOUR, "idle")
    signed_in_until(actor, NOW - SIGNED_OUT_FOR)

    assert end_abandoned_shifts(actor=SWEEP, now=NOW) == 1
    assert end_abandoned_shifts(actor=SWEEP, now=NOW) == 0

    shift.refresh_from_db()
    assert shift.ended_at == NOW
    (row,) = [row for row in audit_rows() if row["act"] == "shift.end"]
    assert (row["actor_kind"], row["detail"]["reason"]) == ("system", "signed_out")


def test_officer_whose_account_is_closed_is_off_duty_at_once(in_herts: Unit, audit_rows: AuditRows) -> None:
    actor, _ = on_duty("ashby", began=NOW - HOUR)
    signed_in_until(actor, None)
    User.objects.filter(pk=int(actor.id)).update(is_active=False)

    assert end_abandoned_shifts(actor=SWEEP, now=NOW) == 1

    assert not Shift.objects.filter(ended_at__isnull=True).exists()
    (row,) = [row for row in audit_rows() if row["act"] == "shift.end"]
    assert row["detail"]["reason"] == "account_closed"
