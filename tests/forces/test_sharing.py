"""The door between two forces: what each side's login gets, what each side's audit holds, and that nothing is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import ProgrammingError, connection

from config.services.stack import Stack
from forces import clock
from forces.actors import Actor
from forces.audit.models import AuditEntry
from forces.audit.services import verify_chain
from forces.context import ForceRef, in_force, in_platform
from forces.errors import InvalidInput, InvalidTransition, NotPermitted
from forces.services import sharing
from forces.services.provisioning import SHARED_FUNCTIONS
from forces.services.sharing import End, Share, ShareOver, ShareUnknown
from tests.databases import ROOT
from tests.factories.streams import person

SESSION = UUID("0d3a0d5e-0000-4000-8000-000000000001")


@pytest.fixture
def now(copy_db: str) -> datetime:
    """Give the test a database of its own, and the present time."""
    return clock.now()


def grant(force: ForceRef, now: datetime, guest: str = "beds", **changed: Any) -> Share:
    given: dict[str, Any] = {
        "actor": person(),
        "now": now,
        "guest": guest,
        "session_id": SESSION,
        "reference": "INC-7",
        "purpose": "Pursuit into Bedfordshire",
        "ends_at": now + timedelta(hours=1),
        "has_chat": False,
        **changed,
    }
    return in_force(force, lambda: sharing.grant_share(**given))


def open_it(owner: ForceRef, guest: ForceRef, share: Share, now: datetime) -> UUID:
    """Let an operator of the guest look, as the owner's side does it."""
    disclosure_id = uuid4()
    actor = sharing.stranger(guest, person(key="12"))

    def act() -> None:
        found = sharing.admit_stranger(actor=actor, now=now, guest=guest.schema, share_id=share.id)
        sharing.keep_disclosure(actor=actor, now=now, share=found, disclosure_id=disclosure_id, what="picture")

    in_force(owner, act)
    return disclosure_id


def audited(force: ForceRef, prefix: str = "share.") -> list[dict[str, Any]]:
    return in_force(force, lambda: [dict(row) for row in AuditEntry.objects.filter(act__startswith=prefix).values()])


def admit(force: ForceRef, share_id: UUID, now: datetime, role: str = "operator") -> Share:
    return in_force(force, lambda: sharing.admit_guest(actor=person(role), now=now, share_id=share_id))


def end(force: ForceRef, share: Share, now: datetime) -> Share | None:
    return in_force(force, lambda: sharing.end_share(actor=person(), now=now, share_id=share.id, reason=End.REVOKED))


def test_operator_shares_and_the_guest_is_admitted(now: datetime, herts: ForceRef, beds: ForceRef) -> None:
    share = grant(herts, now)

    assert admit(beds, share.id, now) == share
    assert (share.owner, share.guest, share.stands(now)) == ("herts", "beds", True)
    assert in_force(beds, sharing.received_shares) == [share]
    assert in_force(herts, sharing.standing_shares, SESSION) == [share]


def test_third_force_is_told_of_nothing(now: datetime, herts: ForceRef, beds: ForceRef, cambs: ForceRef) -> None:
    share = grant(herts, now)

    with pytest.raises(ShareUnknown):
        admit(cambs, share.id, now)
    assert in_force(cambs, sharing.received_shares) == []
    assert in_force(beds, sharing.standing_shares, SESSION) == []
    row = audited(cambs)[-1]
    assert (row["act"], row["outcome"], row["code"]) == ("share.opened", "refused", "not_found")


def test_owner_refuses_a_guest_that_is_another(now: datetime, herts: ForceRef, cambs: ForceRef) -> None:
    share = grant(herts, now)
    with pytest.raises(ShareUnknown):
        open_it(herts, cambs, share, now)
    assert (audited(herts)[-1]["outcome"], audited(herts)[-1]["actor_id"]) == ("refused", "cambs:12")


def test_guest_guesses_an_id_refused(now: datetime, herts: ForceRef, beds: ForceRef) -> None:
    grant(herts, now)
    with pytest.raises(ShareUnknown):
        admit(beds, uuid4(), now)


@pytest.mark.parametrize("role", ["officer", "auditor", "force_admin", ""])
def test_guests_person_without_the_role_refused(now: datetime, herts: ForceRef, beds: ForceRef, role: str) -> None:
    share = grant(herts, now)
    with pytest.raises(NotPermitted):
        admit(beds, share.id, now, role)


@pytest.mark.parametrize("role", ["officer", "auditor", "force_admin", ""])
def test_owners_person_without_the_role_shares_nothing(now: datetime, herts: ForceRef, role: str) -> None:
    with pytest.raises(NotPermitted):
        grant(herts, now, actor=person(role))
    assert in_force(herts, sharing.standing_shares, SESSION) == []


def test_guest_opens_after_the_revocation_refused(now: datetime, herts: ForceRef, beds: ForceRef) -> None:
    share = grant(herts, now)
    admit(beds, share.id, now)

    ended = end(herts, share, now)

    assert ended is not None
    assert ended.end_reason == "revoked"
    assert end(herts, share, now) is None
    with pytest.raises(ShareOver):
        admit(beds, share.id, now)
    with pytest.raises(ShareOver):
        open_it(herts, beds, share, now)


def test_guest_opens_after_the_time_refused_swept_or_not(now: datetime, herts: ForceRef, beds: ForceRef) -> None:
    share = grant(herts, now)
    late = now + timedelta(hours=1)
    admit(beds, share.id, late - timedelta(seconds=1))

    with pytest.raises(ShareOver):
        admit(beds, share.id, late)
    with pytest.raises(ShareOver):
        open_it(herts, beds, share, late)
    assert in_force(herts, lambda: sharing.overdue_shares(now=late)) == [share]
    assert in_force(beds, lambda: sharing.overdue_shares(now=late)) == []


def test_guest_cannot_end_what_it_was_given(now: datetime, herts: ForceRef, beds: ForceRef) -> None:
    share = grant(herts, now)
    assert end(beds, share, now) is None
    assert admit(beds, share.id, now).ended_at is None


@pytest.mark.parametrize(
    "changed",
    [
        {"guest": "herts"},
        {"guest": "kent"},
        {"purpose": "  x  "},
        {"purpose": "x" * 301},
        {"ends_at": timedelta(0)},
        {"ends_at": timedelta(hours=12, seconds=1)},
    ],
)
def test_operator_shares_without_sense_refused(now: datetime, herts: ForceRef, changed: dict[str, Any]) -> None:
    if "ends_at" in changed:
        changed = {"ends_at": now + changed["ends_at"]}
    with pytest.raises(InvalidInput):
        grant(herts, now, **changed)


def test_operator_shares_twice_with_one_force_refused(now: datetime, herts: ForceRef) -> None:
    share = grant(herts, now)
    with pytest.raises(InvalidTransition):
        grant(herts, now)
    grant(herts, now, guest="cambs")
    end(herts, share, now)
    grant(herts, now)


def test_opening_is_in_both_audits_by_one_id(now: datetime, herts: ForceRef, beds: ForceRef) -> None:
    share = grant(herts, now)
    disclosure_id = open_it(herts, beds, share, now)

    notices = in_force(beds, lambda: sharing.take_notices(now=now))

    assert [(notice.kind, notice.owner) for notice in notices] == [("granted", "herts"), ("opened", "herts")]
    given, taken = audited(herts)[-1], audited(beds)[-1]
    for row in (given, taken):
        assert (row["act"], row["operation"], row["object_id"]) == ("share.opened", "disclosure", str(share.id))
        assert row["detail"]["disclosure_id"] == str(disclosure_id)
    assert (given["actor_id"], given["actor_role"], taken["actor_id"]) == ("beds:12", "guest", "12")
    assert given["session_id"] == str(SESSION)
    assert taken["session_id"] == ""


def test_sweep_audits_what_a_killed_process_left_and_only_once(
    now: datetime, herts: ForceRef, beds: ForceRef, cambs: ForceRef
) -> None:
    """The owner's side has committed, and whoever was to tell the guest's side is gone."""
    share = grant(herts, now)
    disclosure_id = open_it(herts, beds, share, now)

    def fail() -> None:
        assert len(sharing.take_notices(now=now)) == 2
        raise RuntimeError("killed before the commit")

    with pytest.raises(RuntimeError):
        in_force(beds, fail)
    assert audited(beds) == []
    assert in_force(cambs, lambda: sharing.take_notices(now=now)) == []

    assert len(in_force(beds, lambda: sharing.take_notices(now=now))) == 2
    assert in_force(beds, lambda: sharing.take_notices(now=now)) == []
    assert [row["detail"]["disclosure_id"] for row in audited(beds)] == [str(share.id), str(disclosure_id)]
    assert in_force(beds, verify_chain).ok
    assert in_force(herts, verify_chain).ok


def test_closing_is_noticed_with_its_seconds(now: datetime, herts: ForceRef, beds: ForceRef) -> None:
    share = grant(herts, now)
    disclosure_id = open_it(herts, beds, share, now)
    actor = sharing.stranger(beds, person(key="12"))
    in_force(
        herts,
        lambda: sharing.keep_closing(
            actor=actor, now=now, share_id=share.id, disclosure_id=disclosure_id, detail={"seconds": 9}
        ),
    )

    in_force(beds, lambda: sharing.take_notices(now=now))

    closed = audited(beds)[-1]
    assert (closed["act"], closed["actor_id"], closed["detail"]["seconds"]) == ("share.closed", "12", 9)
    assert closed["detail"]["disclosure_id"] == str(disclosure_id)


def test_erasure_forgets_what_it_was_for_at_the_owners_word_alone(
    now: datetime, herts: ForceRef, beds: ForceRef
) -> None:
    grant(herts, now)
    assert in_force(beds, sharing.erase_shares, SESSION, "[erased]") == 0
    assert in_force(herts, sharing.erase_shares, SESSION, "[erased]") == 1
    assert [share.purpose for share in in_force(herts, sharing.all_shares, SESSION)] == ["[erased]"]


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


def test_upgrade_opens_the_door_to_forces_that_exist(now: datetime, stack: Stack, copy_db: str, beds: ForceRef) -> None:
    stack.run_sql("REVOKE EXECUTE ON FUNCTION public.share_received FROM force_beds", copy_db)
    with pytest.raises(ProgrammingError, match="permission denied"):
        in_force(beds, sharing.received_shares)

    environment = {**os.environ, **stack.owner_environment, "SIGHTLINE_DB_NAME": copy_db}
    words = [sys.executable, "manage.py", "migrate_schemas", "--shared", "-v", "0"]
    subprocess.run(words, env=environment, cwd=ROOT, check=True, capture_output=True, timeout=120)

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


def test_stranger_is_known_by_force_id_and_name(beds: ForceRef) -> None:
    actor = sharing.stranger(beds, Actor("user", "12", "Sam Okafor", "operator", "req"))
    assert (actor.id, actor.name, actor.role) == ("beds:12", "Sam Okafor (Bedfordshire Police)", "guest")
