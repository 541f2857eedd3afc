"""How long a sign-in lasts over HTTP, by the server's clock, and what ends it before."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from forces import clock
from forces.accounts.limits import IDLE, LONGEST
from forces.accounts.models import SecondFactorRule, SignIn, User
from forces.accounts.sign_ins import end_sign_in, end_sign_ins_of, end_sign_ins_without_factor
from forces.actors import Actor
from forces.context import ForceRef, Unit, in_force

MakeClient = Callable[..., Client]
AuditRows = Callable[[], list[dict[str, Any]]]
SYSTEM = Actor.system("tests")
ME = "/api/v1/me/"


class Clock:
    """The only clock, which stands still until it is moved."""

    def __init__(self) -> None:
        self.time: datetime = clock.now()

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> Clock:
    standing = Clock()
    monkeypatch.setattr(clock, "now", standing)
    return standing


@pytest.mark.parametrize("path", [ME, "/api/v1/sessions/"])
def test_operator_who_was_idle_is_refused(in_herts: Unit, force_client: MakeClient, moved: Clock, path: str) -> None:
    client = force_client("operator")
    moved.time += IDLE - timedelta(seconds=1)
    assert client.get(path).status_code == 200
    moved.time += IDLE
    assert client.get(path).status_code == 401


def test_idle_operator_is_led_to_the_sign_in_and_a_second_look_changes_nothing(
    in_herts: Unit, force_client: MakeClient, moved: Clock
) -> None:
    client = force_client("operator")
    moved.time += IDLE
    for _ in range(2):
        assert client.get("/")["Location"] == "/sign-in/?next=/"
        moved.time -= timedelta(minutes=10)


def test_busy_operator_goes_on_for_twelve_hours_and_no_longer(
    in_herts: Unit, force_client: MakeClient, moved: Clock
) -> None:
    client, began = force_client("operator"), moved.time
    while moved.time + timedelta(minutes=29) < began + LONGEST:
        moved.time += timedelta(minutes=29)
        assert client.get(ME).status_code == 200
    moved.time = began + LONGEST - timedelta(seconds=1)
    assert client.get(ME).status_code == 200
    moved.time = began + LONGEST
    assert client.get(ME).status_code == 401


def test_force_admin_who_was_idle_is_refused_the_admin(in_herts: Unit, force_client: MakeClient, moved: Clock) -> None:
    client = force_client("force_admin")
    moved.time += IDLE
    assert client.get("/admin/accounts/user/").status_code == 302


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"role": "supervisor"}, {"password": "x"}, {"role": "auditor"}]
)
def test_person_who_was_changed_is_signed_out(
    in_herts: Unit, force_client: MakeClient, audit_rows: AuditRows, change: dict[str, Any]
) -> None:
    client = force_client("operator")
    user = User.objects.get(username="operator")
    for name, value in change.items():
        setattr(user, name, value)
    user.save()
    assert client.get(ME).status_code == 401
    # Other tests leave sign-ins of the same person open; they end as well.
    ended = {row["detail"]["reason"] for row in audit_rows() if row["act"] == "account.session_end"}
    assert ended == {f"{next(iter(change))}_changed"}


def test_change_of_the_name_alone_signs_nobody_out(in_herts: Unit, force_client: MakeClient) -> None:
    client = force_client("operator")
    user = User.objects.get(username="operator")
    user.first_name = "Sam"
    user.save()
    assert client.get(ME).status_code == 200


def test_one_browser_is_signed_out_and_the_other_goes_on(in_herts: Unit, force_client: MakeClient) -> None:
    first, second = force_client("operator"), force_client("operator")
    newest = SignIn.objects.filter(user__username="operator").latest("started_at")
    end_sign_in(actor=SYSTEM, now=clock.now(), sign_in_id=newest.pk, reason="by_admin")
    assert second.get(ME).status_code == 401
    assert first.get(ME).status_code == 200


def test_rule_for_operators_signs_out_those_without_a_second_factor(in_herts: Unit, force_client: MakeClient) -> None:
    operator, admin = force_client("operator"), force_client("force_admin")
    page = admin.post("/admin/accounts/secondfactorrule/add/", {"role": "supervisor"})
    assert (page.status_code, SecondFactorRule.objects.count()) == (200, 0)
    assert admin.post("/admin/accounts/secondfactorrule/add/", {"role": "operator"}).status_code == 302
    assert operator.get(ME).status_code == 401
    assert admin.get("/admin/").status_code == 200
    assert end_sign_ins_without_factor(actor=SYSTEM, now=clock.now(), role="operator") == 0


def test_sign_in_of_another_user_or_of_nonsense_admits_nobody(in_herts: Unit, force_client: MakeClient) -> None:
    client, supervisor = force_client("operator"), force_client("supervisor")
    for forged in (supervisor.session["sl_sign_in"], "nonsense", None):
        session = client.session
        session["sl_sign_in"] = forged
        session.save()
        assert client.get(ME).status_code == 401
        client = force_client("operator")


def test_end_of_all_sign_ins_of_one_force_leaves_the_other(
    copy_db: str, herts: ForceRef, beds: ForceRef, force_client: MakeClient
) -> None:
    here, there = force_client("operator"), force_client("operator", "beds")
    user_id = in_force(herts, lambda: User.objects.get(username="operator").pk)
    ended = in_force(herts, lambda: end_sign_ins_of(actor=SYSTEM, now=clock.now(), user_id=user_id, reason="by_admin"))
    assert ended == 1
    assert here.get(ME).status_code == 401
    assert there.get(ME).status_code == 200
