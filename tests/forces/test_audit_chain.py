"""The audit's chain: concurrent writers, forged numbers, guards against the owner's mistakes, broken rows found."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection

from config.services.stack import Stack
from forces.actors import Actor
from forces.audit.models import AuditEntry
from forces.audit.services import Operation, record, verify_chain
from forces.context import ForceRef, in_force

SYSTEM = Actor.system("tests")


def _act(number: int) -> None:
    record(
        actor=SYSTEM,
        act="test.act",
        operation=Operation.ALTERATION,
        object_id=number,
        detail={"number": number, "text": 'ü " \\ 🙂', "float": 1.5, "none": None},
    )


def _grow(force: ForceRef, rows: int) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: in_force(force, _act, number), range(rows)))


def _as_superuser(stack: Stack, statement: str) -> str:
    """Do what only somebody who owns the machine can do: switch the guards off first."""
    disarm = "ALTER TABLE herts.audit_entry DISABLE TRIGGER USER;"
    return stack.run_sql(disarm + statement, os.environ["SIGHTLINE_DB_NAME"])


def test_chain_of_concurrent_writers_is_unbroken(copy_db: str, herts: ForceRef) -> None:
    before = in_force(herts, AuditEntry.objects.count)
    _grow(herts, 100)
    result = in_force(herts, verify_chain)
    assert (result.ok, result.rows) == (True, before + 100)


def test_forged_number_time_and_hash_are_overwritten(copy_db: str, herts: ForceRef) -> None:
    def forge() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO audit_entry (seq, at, actor_kind, actor_id, actor_name, actor_role, act, operation,"
                " outcome, code, object_type, object_id, session_id, request_id, detail, prev, hash)"
                " VALUES (999, '2001-01-01', 'user', '1', '', '', 'forged', 'access', 'done', '', '', '', '', '',"
                " '{}', 'x', 'y')"
            )

    _grow(herts, 2)
    in_force(herts, forge)
    row = in_force(herts, lambda: AuditEntry.objects.get(act="forged"))
    assert row.seq < 999
    assert row.at.year > 2001
    assert in_force(herts, verify_chain).ok


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        ("UPDATE herts.audit_entry SET act = 'other' WHERE seq = 5", "hash"),
        ("UPDATE herts.audit_entry SET detail = '{}' WHERE seq = 5", "hash"),
        ("DELETE FROM herts.audit_entry WHERE seq = 5", "missing"),
        ("UPDATE herts.audit_entry SET prev = hash WHERE seq = 5", "prev"),
    ],
)
def test_damaged_row_is_named(copy_db: str, stack: Stack, herts: ForceRef, damage: str, reason: str) -> None:
    _grow(herts, 10)
    _as_superuser(stack, damage)
    result = in_force(herts, verify_chain)
    assert (result.ok, result.first_broken_seq, result.reason) == (False, 5, reason)
    with pytest.raises(CommandError):
        call_command("verify_audit", schema="herts")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE herts.audit_entry SET act = ''",
        "DELETE FROM herts.audit_entry",
        "TRUNCATE herts.audit_entry",
        "SET session_replication_role = replica; DELETE FROM herts.audit_entry",
    ],
)
def test_guards_refuse_even_the_superuser(copy_db: str, stack: Stack, herts: ForceRef, statement: str) -> None:
    from config.services.programs import ServiceError

    _grow(herts, 1)
    with pytest.raises(ServiceError, match="append-only"):
        stack.run_sql(statement, os.environ["SIGHTLINE_DB_NAME"])


def test_force_cannot_change_its_audit(in_herts: object) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_entry SET act = ''")


def test_verify_audit_command_walks_every_force(copy_db: str, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("verify_audit")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines] == ["public", "beds", "cambs", "herts"]
    assert all("unbroken" in line for line in lines)
