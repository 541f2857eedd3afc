"""What a database and Redis hold at one moment, to be put back instead of being built again.

Rows are put back past triggers and foreign keys, with the rights of Postgres's superuser. Sequences go on, and so does
the audit: nobody takes rows out of that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from config.services.stack import Stack

# Copies lie in one schema, and `kept.restore` is one call.
_KEEP = """
DROP SCHEMA IF EXISTS kept CASCADE;
CREATE SCHEMA kept;
DO $keep$
DECLARE
    one record;
    columns text;
    body text := '';
BEGIN
    FOR one IN SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ({schemas})
                  AND tablename NOT LIKE 'audit\\_%' LOOP
        SELECT string_agg(quote_ident(attname), ', ') INTO columns FROM pg_attribute
         WHERE attrelid = format('%I.%I', one.schemaname, one.tablename)::regclass
           AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
        EXECUTE format('CREATE TABLE kept.%I AS SELECT %s FROM %I.%I',
                       one.schemaname || '.' || one.tablename, columns, one.schemaname, one.tablename);
        body := body || format('DELETE FROM %1$I.%2$I; INSERT INTO %1$I.%2$I (%3$s) OVERRIDING SYSTEM VALUE '
                               'SELECT %3$s FROM kept.%4$I; ',
                               one.schemaname, one.tablename, columns, one.schemaname || '.' || one.tablename);
    END LOOP;
    EXECUTE format('CREATE PROCEDURE kept.restore() LANGUAGE plpgsql AS %L', 'BEGIN ' || body || 'END');
END
$keep$
"""
_RESTORE = "SET session_replication_role = replica; CALL kept.restore()"


# How each kind of value is read and written; the web's user may neither dump nor restore.
_READ: dict[bytes, Callable[[Any, bytes], Any]] = {
    b"string": lambda client, key: client.get(key),
    b"hash": lambda client, key: client.hgetall(key),
    b"set": lambda client, key: client.smembers(key),
    b"zset": lambda client, key: dict(client.zrange(key, 0, -1, withscores=True)),
}
_WRITE: dict[bytes, Callable[[Any, bytes, Any], Any]] = {
    b"string": lambda client, key, value: client.set(key, value),
    b"hash": lambda client, key, value: client.hset(key, mapping=value),
    b"set": lambda client, key, value: client.sadd(key, *value),
    b"zset": lambda client, key, value: client.zadd(key, value),
}


@dataclass(frozen=True)
class KeptKey:
    """A key of Redis: its kind, its value, and how long it had to live in milliseconds (0: for ever)."""

    kind: bytes
    value: Any
    ttl_ms: int


@dataclass(frozen=True)
class KeptState:
    """One moment of some schemas of a database, and of all of Redis but its queues."""

    stack: Stack
    database: str
    keys: dict[bytes, KeptKey]

    @classmethod
    def take(cls, stack: Stack, database: str, schemas: tuple[str, ...]) -> KeptState:
        """Keep what these schemas and Redis hold now."""
        from forces.dispatch import redis_client

        quoted = ", ".join(f"'{schema}'" for schema in schemas)
        stack.run_sql(_KEEP.format(schemas=quoted), database)
        client, keys = redis_client(), {}
        for key in client.scan_iter(count=1000):
            kind, ttl_ms = client.type(key), client.pttl(key)
            if kind in _READ:
                keys[key] = KeptKey(kind, _READ[kind](client, key), max(ttl_ms, 0))
        return cls(stack, database, {key: kept for key, kept in keys.items() if kept.value})

    def restore(self) -> None:
        """Put everything back; what came since is gone. Keys in Redis live as long again as they had left."""
        from forces.dispatch import redis_client

        self.stack.run_sql(_RESTORE, self.database)
        client = redis_client()
        for key, kept in self.keys.items():
            client.delete(key)
            _WRITE[kept.kind](client, key, kept.value)
            if kept.ttl_ms:
                client.pexpire(key, kept.ttl_ms)
