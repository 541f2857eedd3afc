"""Building a force: by command, by request, and after being killed half-way."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.forms import modelform_factory

from config.services.stack import Stack
from forces import selectors
from forces.actors import Actor
from forces.audit.services import verify_chain
from forces.context import in_force, in_platform
from forces.models import Force
from forces.services import provisioning

ROOT = Path(__file__).resolve().parents[2]


def _manage(stack: Stack, database: str, *words: str, role: str = "owner") -> subprocess.CompletedProcess[str]:
    settings = stack.owner_environment if role == "owner" else stack.environment
    environment = {**os.environ, **settings, "SIGHTLINE_DB_NAME": database, "DB_ROLE": role}
    command = [sys.executable, str(ROOT / "manage.py"), *words]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def test_web_role_may_not_build(copy_db: str, stack: Stack) -> None:
    done = _manage(stack, copy_db, "create_force", "essex", "Essex Police", "essex.localhost", role="web")
    assert done.returncode != 0
    assert "DB_ROLE=owner" in done.stderr


@pytest.mark.parametrize("schema", ["public", "pg_evil", "Herts", 'x"; DROP', "machine", "a"])
def test_bad_schema_name_changes_nothing(schema: str) -> None:
    before = in_platform(Force.objects.count)
    names = {"schema": schema, "name": "Name", "domain": "name.localhost"}
    with pytest.raises((ValidationError, ImproperlyConfigured)):
        in_platform(lambda: provisioning.request_force(actor=Actor.system("tests"), **names))
    assert in_platform(Force.objects.count) == before


def test_command_builds_a_force_that_works(copy_db: str, stack: Stack) -> None:
    try:
        done = _manage(stack, copy_db, "create_force", "essex", "Essex Police", "essex.localhost")
        assert done.returncode == 0, done.stderr
        force = selectors.force_by_host("essex.localhost")
        assert force is not None
        assert in_force(force, verify_chain).ok
        again = _manage(stack, copy_db, "create_force", "essex", "Essex Police", "essex.localhost")
        assert again.returncode == 0, again.stderr
    finally:
        _drop_login(stack, copy_db, "essex")


def test_half_built_force_does_not_resolve_and_is_finished(copy_db: str, stack: Stack) -> None:
    actor = Actor.system("tests")
    in_platform(lambda: provisioning.request_force(actor=actor, schema="kent", name="Kent", domain="kent.localhost"))
    stack.run_sql("CREATE SCHEMA kent AUTHORIZATION sightline_owner", copy_db)
    in_platform(lambda: Force.objects.filter(schema_name="kent").update(state=Force.State.PROVISIONING))
    assert selectors.force_by_host("kent.localhost") is None
    try:
        done = _manage(stack, copy_db, "create_force", "kent", "Kent", "kent.localhost")
        assert done.returncode == 0, done.stderr
        assert selectors.force_by_host("kent.localhost") is not None
    finally:
        _drop_login(stack, copy_db, "kent")


def _drop_login(stack: Stack, database: str, schema: str) -> None:
    """Logins belong to the cluster, not to the copy."""
    stack.run_sql(f"DROP OWNED BY force_{schema}; DROP ROLE force_{schema}", database)


@pytest.mark.parametrize("schema", ["public", "information_schema", "platform"])
def test_form_of_the_platform_refuses_reserved_schema(schema: str) -> None:
    form = modelform_factory(Force, fields=("schema_name", "name"))

    assert not in_platform(lambda: form({"schema_name": schema, "name": "Name"}).is_valid())
    assert in_platform(lambda: form({"schema_name": "norfolk", "name": "Norfolk"}).is_valid())
