"""Build a force: schema, login, rights, tables, defaults. Killed half-way, it goes on from where it was.

Runs with the owner's role only (``DB_ROLE=owner``).
"""

import logging
from collections.abc import Callable
from importlib import import_module

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection, transaction
from psycopg import sql

from forces import clock
from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.context import in_force, in_platform
from forces.models import Domain, Force
from forces.models.force import RESERVED_SCHEMAS, SCHEMA_RULE
from forces.postgres.logins import PLATFORM_LOGIN, login_of, password_of

log = logging.getLogger(__name__)

# What a force's login may read of the platform's tables.
SHARED_TABLES = ("forces_force", "forces_domain", "forces_medianode")
# The one door between two forces: each acts for the force that is connected, and for no other.
SHARED_FUNCTIONS = (
    "share_grant",
    "share_end",
    "share_given",
    "share_given_one",
    "share_overdue",
    "share_received",
    "share_received_one",
    "share_erase",
    "share_notify",
    "share_take_notices",
)
# Nobody's but those functions': the platform sees no force's data.
SEALED_TABLES = ("forces_sharegrant", "forces_sharenotice")
# Each app's defaults for a new force: ``seed_defaults(now)``, safe to call again.
SEEDS = ("evidence.services.defaults", "streams.services.defaults")
LIMITS = {
    "statement_timeout": "15s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "60s",
}


def request_force(*, actor: Actor, schema: str, name: str, domain: str) -> None:
    """Write the requested row and its host name; the provisioning worker builds it. Runs in the platform."""
    SCHEMA_RULE(schema)
    if schema in RESERVED_SCHEMAS:
        raise ImproperlyConfigured(f"{schema} is a reserved name")
    force, made = Force.objects.get_or_create(schema_name=schema, defaults={"name": name})
    Domain.objects.get_or_create(domain=domain.lower(), defaults={"tenant": force, "is_primary": True})
    if made:
        record(
            actor=actor,
            act="force.request",
            operation=Operation.COLLECTION,
            object_type="force",
            object_id=schema,
        )


def unfinished() -> list[str]:
    """Return the schemas of requested and half-built forces."""
    states = (Force.State.REQUESTED, Force.State.PROVISIONING)
    return in_platform(lambda: list(Force.objects.filter(state__in=states).values_list("schema_name", flat=True)))


def provision(schema: str) -> None:
    """Build or go on building the force of ``schema``; an active force is left as it is."""
    _require_owner()
    if not in_platform(_claim, schema):
        return
    _as_owner(lambda: prepare_login(schema))
    call_command("migrate_schemas", schema_name=schema, interactive=False, verbosity=0)
    _as_owner(lambda: grant_all(schema))
    ref = in_platform(lambda: Force.objects.get(schema_name=schema).as_ref())
    in_force(ref, seed)
    in_platform(_activate, schema)
    log.info("force is active", extra={"schema": schema})


def seed() -> None:
    """Give the active force every app's defaults."""
    for module in SEEDS:
        seed_defaults: Callable[..., None] = import_module(module).seed_defaults
        seed_defaults(clock.now())


def prepare_login(schema: str) -> None:
    """Make schema and login with the rights future tables get; safe to repeat."""
    login = login_of(schema)
    _execute("CREATE SCHEMA IF NOT EXISTS {schema}", schema=schema)
    if not _has_role(login):
        _execute("CREATE ROLE {login} LOGIN NOINHERIT", login=login)
    _set_password(login)
    _execute("GRANT CONNECT ON DATABASE {database} TO {login}", database=_database(), login=login)
    _execute("GRANT USAGE ON SCHEMA {schema} TO {login}", schema=schema, login=login)
    _execute(
        "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {login}",
        schema=schema,
        login=login,
    )
    _execute(
        "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE, SELECT ON SEQUENCES TO {login}",
        schema=schema,
        login=login,
    )
    for name, value in LIMITS.items():
        _execute("ALTER ROLE {login} SET {name} = " + f"'{value}'", login=login, name=name)


def grant_all(schema: str) -> None:
    """Grant what the login needs on tables that exist, and take what it must not have."""
    login = login_of(schema)
    names = {"schema": schema, "login": login}
    _execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {login}", **names)
    _execute("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {login}", **names)
    _execute("REVOKE UPDATE, DELETE, TRUNCATE ON {schema}.audit_entry FROM {login}", **names)
    _execute("REVOKE INSERT, UPDATE, DELETE ON {schema}.django_migrations FROM {login}", **names)
    if login == PLATFORM_LOGIN:
        for table in SEALED_TABLES:
            _execute("REVOKE ALL ON public.{table} FROM {login}", table=table, login=login)
    else:
        _grant_shared(login)


def grant_shared() -> None:
    """Grant every force that is built what it shares with others; for what a migration of `public` added."""
    for schema in _built_schemas():
        if _has_role(login_of(schema)):
            _grant_shared(login_of(schema))


def grant_database() -> None:
    """Re-apply the rights that belong to the database itself; a copy made from a template has none of them."""
    _execute("REVOKE ALL ON DATABASE {database} FROM PUBLIC", database=_database())
    _execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    for login in (PLATFORM_LOGIN, *(login_of(schema) for schema in _built_schemas())):
        if _has_role(login):
            _execute("GRANT CONNECT ON DATABASE {database} TO {login}", database=_database(), login=login)


def prepare_platform() -> None:
    """Make the platform's login before ``public`` is migrated."""
    _require_owner()
    _execute("REVOKE ALL ON DATABASE {database} FROM PUBLIC", database=_database())
    _execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    prepare_login("public")


def _require_owner() -> None:
    if settings.DB_ROLE != "owner":
        raise ImproperlyConfigured("building a force needs DB_ROLE=owner")


def _claim(schema: str) -> bool:
    force = Force.objects.select_for_update().get(schema_name=schema)
    if force.state not in {Force.State.REQUESTED, Force.State.PROVISIONING}:
        return False
    force.state = Force.State.PROVISIONING
    force.save(update_fields=["state"])
    return True


def _activate(schema: str) -> None:
    Force.objects.filter(schema_name=schema).update(state=Force.State.ACTIVE)
    record(
        actor=Actor.system("provisioning"),
        act="force.activate",
        operation=Operation.ALTERATION,
        object_type="force",
        object_id=schema,
    )


def _grant_shared(login: str) -> None:
    _execute("GRANT USAGE ON SCHEMA public TO {login}", login=login)
    for table in SHARED_TABLES:
        _execute("GRANT SELECT ON public.{table} TO {login}", table=table, login=login)
    for name in SHARED_FUNCTIONS:
        _execute("GRANT EXECUTE ON FUNCTION public.{name} TO {login}", name=name, login=login)


def _as_owner(act: Callable[[], None]) -> None:
    """Run DDL in one transaction in ``public``'s search path."""

    def run() -> None:
        with transaction.atomic():
            act()

    in_platform(run)


def _execute(statement: str, **names: str) -> None:
    identifiers = {key: sql.Identifier(value) for key, value in names.items()}
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(**identifiers))


def _has_role(login: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [login])
        return cursor.fetchone() is not None


def _set_password(login: str) -> None:
    """Set the derived password as a SCRAM verifier, so that no log of statements holds it."""
    connection.ensure_connection()
    password = password_of(login, settings.DB_LOGIN_KEY).encode()
    verifier = connection.connection.pgconn.encrypt_password(password, login.encode(), b"scram-sha-256").decode()
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(login), sql.Literal(verifier)))


def _database() -> str:
    return str(settings.DATABASES["default"]["NAME"])


def _built_schemas() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT schema_name FROM public.forces_force")
        return [row[0] for row in cursor.fetchall()]
