"""The tenancy law of units of work: fail closed, one force at a time, audit last, refusals kept."""

import pytest
from django.db import connection

from forces.accounts.models import User
from forces.actors import Actor
from forces.audit.models import AuditEntry
from forces.audit.services import Operation, record, record_refusal
from forces.context import ForceMismatch, ForceRef, current_force, in_force, mark_rollback
from forces.errors import NotPermitted
from forces.postgres.base import ForceChangedInTransaction, NoForceActive

SYSTEM = Actor.system("tests")


def test_query_without_a_force_raises() -> None:
    with pytest.raises(NoForceActive):
        User.objects.count()


def test_query_after_a_unit_raises(herts: ForceRef) -> None:
    assert in_force(herts, User.objects.count) > 0
    with pytest.raises(NoForceActive):
        User.objects.count()


def test_connection_parameters_without_a_force_raise() -> None:
    with pytest.raises(NoForceActive):
        connection.get_connection_params()


def test_entering_another_force_inside_a_unit_raises(herts: ForceRef, beds: ForceRef) -> None:
    with pytest.raises(ForceMismatch):
        in_force(herts, in_force, beds, User.objects.count)


def test_setting_another_force_inside_a_transaction_raises(in_herts: object, beds: ForceRef) -> None:
    User.objects.count()
    with pytest.raises(ForceChangedInTransaction):
        connection.set_tenant(beds)  # type: ignore[attr-defined]
    assert current_force().schema == "herts"


def test_entering_the_same_force_joins_the_open_unit(herts: ForceRef) -> None:
    def outer() -> int:
        User.objects.create(username="joined")
        return in_force(herts, User.objects.filter(username="joined").count)

    def rolled_back() -> int:
        mark_rollback()
        return outer()

    assert in_force(herts, rolled_back) == 1
    assert in_force(herts, User.objects.filter(username="joined").count) == 0


def test_each_force_connects_as_its_own_login(herts: ForceRef, beds: ForceRef) -> None:
    def whoami() -> tuple[str, str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT session_user, current_schema()")
            row: tuple[str, str] = cursor.fetchone()
            return row

    assert in_force(herts, whoami) == ("force_herts", "herts")
    assert in_force(beds, whoami) == ("force_beds", "beds")


def test_audit_row_is_lost_with_its_act_and_refusal_is_kept(copy_db: str, herts: ForceRef) -> None:
    def act() -> None:
        record(actor=SYSTEM, act="test.act", operation=Operation.ALTERATION)
        record_refusal(actor=SYSTEM, act="test.refused", code="not_permitted")
        raise NotPermitted

    with pytest.raises(NotPermitted):
        in_force(herts, act)
    acts = in_force(herts, lambda: set(AuditEntry.objects.values_list("act", "outcome")))
    assert ("test.refused", "refused") in acts
    assert ("test.act", "done") not in acts


def test_audit_row_is_written_with_its_act(copy_db: str, herts: ForceRef) -> None:
    in_force(herts, lambda: record(actor=SYSTEM, act="test.act", operation=Operation.ALTERATION))
    assert in_force(herts, AuditEntry.objects.filter(act="test.act").count) == 1
