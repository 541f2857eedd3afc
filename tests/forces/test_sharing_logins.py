"""The door between two forces in the database: what each login gets by it, and that there is no way round it."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection

from config.services.stack import Stack
from forces.actors import Actor
from forces.context import ForceRef, in_force, in_platform
from forces.services import sharing
from forces.services.provisioning import SHARED_FUNCTIONS
from tests.databases import ROOT
from tests.factories.shares import grant

STATEMENTS = (
    "SELECT * FROM public.forces_sharegrant",
    "INSERT INTO public.forces_sharenotice (kind) VALUES ('opened')",
    "UPDATE public.forces_sharegrant SET guest = 'cambs'",
    "DELETE FROM public.forces_sharenotice",
    "SELECT public.share_me()",
)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_no_login_touches_the_tables_themselves(now: datetime, herts: ForceRef, statement: str) -> None:
    def act() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    with pytest.raises(ProgrammingError, match="permission denied"):
        in_force(herts, act)
    with pytest.raises(ProgrammingError, match="permission denied"):
        in_platform(act)


def test_login_speaks_for_itself_alone(now: datetime, herts: ForceRef, beds: ForceRef) -> None:
    """Raw SQL of a guest reaches what it was given and nothing more, whatever it says it is."""
    share = grant(herts, now)

    def ask(statement: str, *given: Any) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(statement, given)
            return list(cursor.fetchall())

    assert in_force(beds, ask, "SELECT id FROM public.share_given_one(%s::uuid)", share.id) == []
    assert in_force(beds, ask, "SELECT id FROM public.share_received()") == [(share.id,)]
    assert in_force(herts, ask, "SELECT id FROM public.share_received()") == []
    with pytest.raises(ProgrammingError, match="nobody's"):
        in_force(beds, ask, "SELECT public.share_notify(%s::uuid, 'opened', %s::uuid, now(), '{}')", share.id, uuid4())
    with pytest.raises(ProgrammingError, match="permission denied"):
        in_force(beds, ask, "SELECT set_config('role', 'force_herts', false), public.share_me()")


def test_force_that_is_in_use_no_longer_grants_nothing_and_still_ends_what_it_granted(
    now: datetime, stack: Stack, copy_db: str, herts: ForceRef, beds: ForceRef
) -> None:
    """A caller's STOP must not fail because somebody suspended the force meanwhile."""
    share = grant(herts, now)
    stack.run_sql("UPDATE forces_force SET state = 'suspended' WHERE schema_name = 'herts'", copy_db)

    with pytest.raises(ProgrammingError, match="two active forces"):
        grant(herts, now, session_id=uuid4())
    system, over = Actor.system("signalling"), sharing.End.SESSION_OVER
    ended = in_force(herts, lambda: sharing.end_share(actor=system, now=now, share_id=share.id, reason=over))

    assert ended is not None
    assert in_force(beds, sharing.received_shares) == []


def migrate(stack: Stack, database: str, *words: str) -> None:
    """Migrate what forces share, with the owner's rights."""
    environment = {**os.environ, **stack.owner_environment, "SIGHTLINE_DB_NAME": database}
    command = [sys.executable, "manage.py", "migrate_schemas", "--shared", "-v", "0", *words]
    subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True, timeout=120)


def test_recording_of_shares_can_be_undone_and_done_anew(
    now: datetime, stack: Stack, copy_db: str, herts: ForceRef
) -> None:
    given = grant(herts, now)
    about = "FROM pg_proc p WHERE p.proname = 'share_grant'"
    rights = [f"has_function_privilege('{login}', p.oid, 'EXECUTE')" for login in ("force_herts", "sightline_platform")]
    look = f"SELECT p.pronargs, {', '.join(rights)}, p.prosecdef, p.proconfig {about}"

    migrate(stack, copy_db, "forces", "0002")
    before = stack.run_sql(look, copy_db).strip()
    columns = "SELECT count(*) FROM information_schema.columns WHERE column_name = 'has_recording'"
    assert stack.run_sql(columns, copy_db).strip() == "0"
    migrate(stack, copy_db, "forces")
    after = stack.run_sql(look, copy_db).strip()

    assert before.startswith("10|t|f|t|{")
    assert after == f"11{before.removeprefix('10')}"
    assert in_force(herts, sharing.find_given, given.id) == given
    assert grant(herts, now, guest="cambs", has_recording=True).has_recording


def test_upgrade_opens_the_door_to_forces_that_exist(now: datetime, stack: Stack, copy_db: str, beds: ForceRef) -> None:
    stack.run_sql("REVOKE EXECUTE ON FUNCTION public.share_received FROM force_beds", copy_db)
    with pytest.raises(ProgrammingError, match="permission denied"):
        in_force(beds, sharing.received_shares)

    migrate(stack, copy_db)

    assert in_force(beds, sharing.received_shares) == []


def test_every_login_has_the_functions_of_the_list_and_no_other(stack: Stack) -> None:
    listed = stack.run_sql(
        "SELECT p.proname || ' ' || r.rolname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " CROSS JOIN pg_roles r WHERE n.nspname = 'public' AND p.prosecdef AND p.prorettype <> 'trigger'::regtype"
        " AND (r.rolname LIKE 'force\\_%' OR r.rolname = 'sightline_platform')"
        " AND has_function_privilege(r.oid, p.oid, 'EXECUTE')",
        os.environ["SIGHTLINE_DB_NAME"],
    ).splitlines()
    logins = ("force_beds", "force_cambs", "force_herts")
    assert sorted(listed) == sorted(f"{name} {login}" for name in SHARED_FUNCTIONS for login in logins)
