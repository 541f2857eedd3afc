"""A database server that asks for no password gets no connection: it would let anybody in as any force."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from config.services.identities import service_user, write_private
from config.services.ports import PortBlock
from config.services.postgres.cluster import DATABASE, Cluster
from config.services.stack import Stack
from forces.context import ForceRef, in_force
from forces.postgres.logins import login_of, password_of

METHODS = ("trust", "password")
Rewrite = Callable[[str], None]


@pytest.fixture(scope="module")
def cluster(stack: Stack) -> Iterator[Cluster]:
    """Run a cluster of our own configuration, with a login of herts."""
    block = PortBlock.take()
    made = Cluster(stack.directory / "postgres-trust", block.ports.postgres, "a-word", "another-word", is_durable=False)
    made.prepare()
    stack.spawn_program(made.program())
    made.establish()
    login = login_of("herts")
    password = password_of(login, settings.DB_LOGIN_KEY)
    made.run_sql(f"DROP ROLE IF EXISTS {login}; CREATE ROLE {login} LOGIN PASSWORD '{password}'")
    yield made
    block.release()


@pytest.fixture
def let_in_by(cluster: Cluster) -> Iterator[Rewrite]:
    """Return ``rewrite(method)``: from then on herts's login is let in by that method."""
    rules = cluster.data / "pg_hba.conf"
    before = rules.read_text()

    def rewrite(method: str) -> None:
        write_private(rules, f"host all {login_of('herts')} 127.0.0.1/32 {method}\n{before}", service_user("postgres"))
        cluster.run_sql("SELECT pg_reload_conf(), pg_sleep(0.3)")

    yield rewrite
    write_private(rules, before, service_user("postgres"))
    cluster.run_sql("SELECT pg_reload_conf(), pg_sleep(0.3)")


def _connect(herts: ForceRef, cluster: Cluster) -> str:
    """Connect as the product does in that force, to that cluster; return who we are there."""
    parameters: dict[str, Any] = in_force(herts, connection.get_connection_params)
    parameters.update(port=cluster.port, dbname=DATABASE)
    with psycopg.connect(**parameters) as opened:
        return str(opened.execute("SELECT session_user").fetchone())


@pytest.mark.parametrize("method", METHODS)
def test_force_connects_to_a_server_that_asks_for_no_proof_refused(
    herts: ForceRef, cluster: Cluster, let_in_by: Rewrite, method: str
) -> None:
    let_in_by(method)
    with pytest.raises(psycopg.OperationalError, match="authentication method requirement"):
        _connect(herts, cluster)


def test_force_connects_to_a_server_that_asks_for_proof(herts: ForceRef, cluster: Cluster, let_in_by: Rewrite) -> None:
    let_in_by("scram-sha-256")
    assert login_of("herts") in _connect(herts, cluster)


def test_own_rules_have_no_other_method(cluster: Cluster) -> None:
    lines = [
        line.split() for line in (cluster.data / "pg_hba.conf").read_text().splitlines() if line[:1] not in {"", "#"}
    ]
    assert {words[-1] for words in lines} == {"scram-sha-256"}
