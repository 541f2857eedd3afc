"""Fixtures: real Postgres, Redis and media parts; databases copied from one template; nothing assumes one schema.

``in_herts`` holds one transaction in herts and rolls it back. Whatever crosses threads, processes or forces takes
``copy_db``. ``force_client`` signs a person of a role in.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from config.services.stack import Stack
from tests.units import rolled_back

if TYPE_CHECKING:
    from django.test import Client

    from forces.context import ForceRef, Unit

_stack: Stack | None = None
_run_database = ""
# A dozen processes and a browser beside others' work: a deadline missed once is shown, missed twice it is a fault.
TRIED_AGAIN = frozenset({"flows", "faults"})
FORBIDDEN_FIXTURES = frozenset({"db", "transactional_db", "live_server", "django_db_setup"})


def pytest_configure(config: pytest.Config) -> None:
    """Start the daemons, build the template, and load Django with the web's rights."""
    global _stack, _run_database
    # Where several processes share the tests, this one only hands them out.
    hands_out = bool(config.getoption("numprocesses", None)) and not hasattr(config, "workerinput")
    if config.option.collectonly or hands_out:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    else:
        _stack = Stack.start()
        os.environ.pop("DB_ROLE", None)
        os.environ.update(_stack.environment)
        from tests.databases import copy_database, ensure_template

        ensure_template(_stack)
        _run_database = copy_database(_stack)
        os.environ["SIGHTLINE_DB_NAME"] = _run_database
    import django

    django.setup()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Drop this run's database and end the daemons this run started."""
    global _stack
    if _stack is None:
        return
    from tests.databases import drop_database

    _close_pools()
    if _run_database:
        drop_database(_stack, _run_database)
    _stack.stop()
    _stack = None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse fixtures that assume one schema; let what runs whole systems be tried three times."""
    for item in items:
        wrong = FORBIDDEN_FIXTURES & set(getattr(item, "fixturenames", ()))
        if wrong:
            raise pytest.UsageError(f"{item.nodeid} uses {', '.join(sorted(wrong))}: use in_herts or copy_db")
        if item.path.parent.name in TRIED_AGAIN:
            item.add_marker(pytest.mark.flaky(reruns=2))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show why a try failed, although a later one did not."""
    for report in terminalreporter.stats.get("rerun", []):
        terminalreporter.section(f"a try failed: {report.nodeid} ({report.when})", sep="_")
        terminalreporter.line(report.longreprtext)


@pytest.fixture(scope="session")
def stack() -> Stack:
    """Return the running daemons."""
    assert _stack is not None
    return _stack


@pytest.fixture(scope="session")
def herts() -> "ForceRef":
    """Return Hertfordshire."""
    return _ref("herts", "Hertfordshire Constabulary")


@pytest.fixture(scope="session")
def beds() -> "ForceRef":
    """Return Bedfordshire."""
    return _ref("beds", "Bedfordshire Police")


@pytest.fixture(scope="session")
def cambs() -> "ForceRef":
    """Return Cambridgeshire."""
    return _ref("cambs", "Cambridgeshire Constabulary")


@pytest.fixture(autouse=True)
def known_hosts(herts: "ForceRef", beds: "ForceRef", cambs: "ForceRef") -> Iterator[None]:
    """Keep the three hosts in the look-up's cache, so that an open unit of work needs no other one."""
    from forces import selectors

    selectors.clear_cache()
    for force in (herts, beds, cambs):
        selectors._remember("host", f"{force.schema}.localhost", force)
        selectors._remember("schema", force.schema, force)
    selectors._remember("nodes", "", [selectors.NodeRef("media-1", os.environ["SIGHTLINE_JANUS_URL"], "active")])
    yield
    selectors.clear_cache()


@pytest.fixture(autouse=True)
def clean_redis() -> Iterator[None]:
    """Start each test with an empty Redis."""
    yield
    from forces.dispatch import redis_client

    for key in redis_client().scan_iter(count=1000):
        redis_client().delete(key)


@pytest.fixture
def in_herts(herts: "ForceRef") -> Iterator["Unit"]:
    """Hold one unit of work in herts for the whole test, and roll it back."""
    with rolled_back(herts) as unit:
        yield unit


@pytest.fixture
def copy_db(stack: Stack) -> Iterator[str]:
    """Give the test a database of its own, for all threads; yields its name."""
    with own_database(stack) as name:
        yield name


@pytest.fixture(scope="module")
def module_db(stack: Stack) -> Iterator[str]:
    """Give a module of tests one database of its own, for all threads; yields its name."""
    with own_database(stack) as name:
        yield name


@contextmanager
def own_database(stack: Stack) -> Iterator[str]:
    """Use a fresh copy of the template meanwhile, in every thread."""
    from django.db import connections

    from tests.databases import copy_database, drop_database

    name = copy_database(stack)
    settings_dict = connections["default"].settings_dict
    before = settings_dict["NAME"]
    settings_dict["NAME"] = os.environ["SIGHTLINE_DB_NAME"] = name
    try:
        yield name
    finally:
        _close_pools()
        settings_dict["NAME"] = os.environ["SIGHTLINE_DB_NAME"] = before
        drop_database(stack, name)


@pytest.fixture
def force_client() -> Callable[..., "Client"]:
    """Return ``make(role, schema="herts")``: a test client of that host, signed in unless the role is empty."""
    from django.test import Client

    from tests.people import sign_in_client

    def make(role: str = "", schema: str = "herts", **options: Any) -> Client:
        client = Client(headers={"host": f"{schema}.localhost"}, **options)
        if role:
            sign_in_client(client, role, schema)
        return client

    return make


@pytest.fixture
def audit_rows(in_herts: "Unit") -> Callable[[], list[dict[str, Any]]]:
    """Return a function that lists the acts and refusals of this test so far as dictionaries."""
    from forces.audit.models import AuditEntry
    from forces.audit.services import flush

    # Other tests sign people in for good; their rows are not this test's.
    before = AuditEntry.objects.count()

    def rows() -> list[dict[str, Any]]:
        flush(in_herts.entries)
        flush(in_herts.refusals)
        return [dict(row) for row in AuditEntry.objects.values()[before:]]

    return rows


@pytest.fixture(scope="session")
def janus_env(stack: Stack) -> dict[str, str]:
    """Return the environment of the running Janus."""
    return stack.environment


def wait_until(condition: Callable[[], Any], deadline_s: float = 10.0, why: Callable[[], object] = str) -> Any:
    """Return the condition's first true value; fails after ``deadline_s`` seconds with what ``why`` says."""
    end = time.monotonic() + deadline_s
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(0.05)
    pytest.fail(f"not within {deadline_s} s: {condition} {why()}")


def _ref(schema: str, name: str) -> "ForceRef":
    from forces.context import ForceRef

    return ForceRef(schema=schema, name=name)


def _close_pools() -> None:
    from django.apps import apps

    if not apps.ready:
        return
    from forces.postgres.base import DatabaseWrapper

    DatabaseWrapper.close_all_pools()


ROOT = Path(__file__).resolve().parents[1]
