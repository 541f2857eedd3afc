"""Database wrapper that fails closed and connects as the active force's own login.

The session user itself is the force, so there is no role to reset to: even SQL injected into a query reads
nothing of another force (measured; see DECISIONS.md).
"""

import os
import threading
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django_tenants.postgresql_backend.base import DatabaseWrapper as SearchPathWrapper
from psycopg_pool import ConnectionPool

from forces.postgres.answering import AnsweringConnection
from forces.postgres.logins import login_of, password_of

Key = tuple[str, str, str]


class NoForceActive(ImproperlyConfigured):
    """A query was tried while no force was active."""


class ForceChangedInTransaction(ImproperlyConfigured):
    """A force was entered while a transaction of another one was open."""


class DatabaseWrapper(SearchPathWrapper):
    """One login and one small pool per force; raises ``NoForceActive`` when none is active."""

    schema_name: str | None
    _pools: ClassVar[dict[Key, ConnectionPool[Any]]] = {}
    _pools_guard: ClassVar[threading.Lock] = threading.Lock()

    def set_schema_to_public(self) -> None:
        """Deactivate: there is no silent fall-back to ``public``."""
        self.deactivate()

    def set_tenant(self, tenant: Any, include_public: bool = True) -> None:
        """Activate ``tenant`` (anything with ``schema_name``); the ContentType cache is keyed, never cleared."""
        changed = tenant.schema_name != self.schema_name
        if changed and self.connection is not None:
            if self.in_atomic_block:
                raise ForceChangedInTransaction("the force never changes inside a transaction")
            self.close()
        self.tenant = tenant
        self.schema_name = tenant.schema_name
        self.include_public_schema = include_public
        self.search_path_set_schemas = None

    def deactivate(self) -> None:
        """Give the connection back and forget the force, so that the next query raises."""
        if self.connection is not None:
            self.close()
        self.tenant = None
        self.schema_name = None
        self.search_path_set_schemas = None

    def get_connection_params(self) -> dict[str, Any]:
        """Return libpq parameters with the force's login and search path; raises ``NoForceActive``."""
        if not self.schema_name:
            raise NoForceActive("no force is active: enter one with forces.context.in_force")
        params: dict[str, Any] = super().get_connection_params()
        login = login_of(self.schema_name)
        path = ",".join(f'"{schema}"' for schema in self._get_cursor_search_paths())
        params["user"] = login
        params["password"] = password_of(login, settings.DB_LOGIN_KEY)
        params["options"] = f"-c search_path={path}"
        return params

    @property
    def pool(self) -> ConnectionPool[Any] | None:
        """The active login's pool (at most ``DB_POOL_SIZE`` connections, none kept when idle)."""
        if not self.settings_dict["OPTIONS"].get("pool"):
            return None
        if not self.schema_name:
            raise NoForceActive("no force is active: there is no pool to take a connection from")
        key = (self.alias, str(self.settings_dict["NAME"]), self.schema_name)
        with self._pools_guard:
            if key not in self._pools:
                self._pools[key] = self._new_pool(key)
            return self._pools[key]

    def _new_pool(self, key: Key) -> ConnectionPool[Any]:
        def configure(connection: AnsweringConnection) -> None:
            connection.on_silence = lambda: self._forget_pool(key)
            self._configure_connection(connection)

        return ConnectionPool(
            kwargs={**self.get_connection_params(), "autocommit": True},
            connection_class=AnsweringConnection,
            open=False,  # opened by its first use, hence after a fork
            configure=configure,
            check=ConnectionPool.check_connection if self.settings_dict["CONN_HEALTH_CHECKS"] else None,
            min_size=0,
            max_size=settings.DB_POOL_SIZE,
            max_idle=60,
            timeout=5,
            # Whoever comes next tries anew: pauses that grow would outlast the server's return.
            reconnect_timeout=1,
            num_workers=1,
            name=f"sightline-{self.schema_name}",
        )

    def close_pool(self) -> None:
        """Close the active login's pool, if there is one."""
        if not self.schema_name:
            return
        self._forget_pool((self.alias, str(self.settings_dict["NAME"]), self.schema_name), seconds=5.0)

    @classmethod
    def _forget_pool(cls, key: Key, *, seconds: float = 0.0) -> None:
        """Close a pool, waiting so long for its threads: the next use makes another, of connections that are new."""
        with cls._pools_guard:
            pool = cls._pools.pop(key, None)
        if pool is not None:
            pool.close(seconds)

    @classmethod
    def close_all_pools(cls) -> None:
        """Close every pool of this process: used when a database is dropped or the process ends."""
        with cls._pools_guard:
            pools = list(cls._pools.values())
            cls._pools.clear()
        for pool in pools:
            pool.close()

    def _handle_search_path(self, cursor: Any = None) -> None:
        # The path came with the login's connection; only the guard is left to do here.
        if not self.schema_name:
            raise NoForceActive("no force is active: enter one with forces.context.in_force")


def _forget_pools_after_fork() -> None:
    # A child must not share its parent's sockets, and must not close them either.
    DatabaseWrapper._pools.clear()
    DatabaseWrapper._pools_guard = threading.Lock()


os.register_at_fork(after_in_child=_forget_pools_after_fork)
