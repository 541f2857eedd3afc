"""One Postgres login per force: what each may touch, and what raw SQL gets on a force's own connection."""

import os
import re
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError, connection

from config.services.stack import Stack
from forces.context import ForceRef, in_force, in_platform
from forces.postgres.logins import login_of

INJECTIONS = (
    "SELECT username FROM beds.accounts_user",
    "SELECT set_config('role', 'force_beds', false)",
    "SET ROLE force_beds",
    "SET SESSION AUTHORIZATION force_beds",
    "SET search_path = beds; SELECT username FROM accounts_user",
    "SELECT query_to_xml('SELECT username FROM beds.accounts_user', true, false, '')",
    "SELECT set_config('search_path', 'beds', false), (SELECT count(*) FROM beds.accounts_user)",
    "RESET ROLE; SELECT username FROM beds.accounts_user",
    "COPY beds.accounts_user TO STDOUT",
    "CREATE TABLE herts.mine (id int)",
    "CREATE TEMP TABLE mine (id int)",
    "TRUNCATE herts.audit_entry",
    "UPDATE herts.audit_entry SET act = ''",
    "DELETE FROM herts.audit_entry",
    "DROP TABLE herts.audit_entry",
    "ALTER TABLE herts.audit_entry DISABLE TRIGGER ALL",
    "SELECT username FROM public.accounts_user",
    "SELECT * FROM public.django_session",
    "SELECT * FROM pg_authid",
    "SELECT pg_read_file('/etc/passwd')",
)


@pytest.mark.parametrize("statement", INJECTIONS)
def test_raw_sql_on_a_forces_connection_is_refused(herts: ForceRef, statement: str) -> None:
    def inject() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    with pytest.raises(ProgrammingError, match=r"permission denied|must be|does not exist|not set"):
        in_force(herts, inject)


def test_raw_sql_reads_its_own_force(herts: ForceRef) -> None:
    def read() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM herts.accounts_user")
            return int(cursor.fetchone()[0])

    assert in_force(herts, read) >= 5


def test_platform_login_reads_no_force() -> None:
    def read() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT username FROM herts.accounts_user")

    with pytest.raises(ProgrammingError, match="permission denied"):
        in_platform(read)


def test_every_grant_on_public_is_known(stack: Stack) -> None:
    listed = stack.run_sql(
        "SELECT table_name || ' ' || string_agg(privilege_type, ',' ORDER BY privilege_type)"
        " FROM information_schema.role_table_grants"
        " WHERE table_schema = 'public' AND grantee = 'force_herts' GROUP BY table_name ORDER BY 1",
        os.environ["SIGHTLINE_DB_NAME"],
    ).splitlines()
    assert listed == ["forces_domain SELECT", "forces_force SELECT", "forces_medianode SELECT"]


def test_no_login_has_rights_in_another_schema(stack: Stack) -> None:
    rows = stack.run_sql(
        "SELECT DISTINCT grantee || ' ' || table_schema FROM information_schema.role_table_grants"
        " WHERE grantee LIKE 'force\\_%' AND table_schema <> 'public' ORDER BY 1",
        os.environ["SIGHTLINE_DB_NAME"],
    ).splitlines()
    assert rows == ["force_beds beds", "force_cambs cambs", "force_herts herts"]


def test_no_login_is_member_of_another_role_or_powerful(stack: Stack) -> None:
    members = stack.run_sql(
        "SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member"
        " WHERE r.rolname LIKE 'force\\_%' OR r.rolname = 'sightline_platform'"
    )
    powers = stack.run_sql(
        "SELECT count(*) FROM pg_roles WHERE (rolname LIKE 'force\\_%' OR rolname = 'sightline_platform')"
        " AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls)"
    )
    assert (members.strip(), powers.strip()) == ("0", "0")


@pytest.mark.parametrize("make_password", [lambda right: "", lambda right: right[::-1]])
def test_login_without_its_password_is_refused(make_password: Callable[[str], str]) -> None:
    """Postgres would let it in with ``trust`` authentication."""
    from django.conf import settings

    from forces.postgres.logins import password_of

    right = password_of(login_of("herts"), settings.DB_LOGIN_KEY)
    where = settings.DATABASES["default"]
    options: dict[str, Any] = {
        "host": where["HOST"],
        "port": where["PORT"],
        "dbname": where["NAME"],
        "user": "force_herts",
    }
    psycopg.connect(**options, password=right).close()
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(**options, password=make_password(right))


def test_cluster_trusts_nobody(stack: Stack) -> None:
    methods = stack.run_sql("SELECT DISTINCT auth_method FROM pg_hba_file_rules").split()
    assert set(methods) <= {"scram-sha-256", "reject", "peer"}


def test_stored_passwords_are_scram(stack: Stack) -> None:
    kept = stack.run_sql("SELECT rolpassword FROM pg_authid WHERE rolname LIKE 'force\\_%'").split()
    assert len(kept) == 3
    assert all(re.match(r"^SCRAM-SHA-256\$", verifier) for verifier in kept)
