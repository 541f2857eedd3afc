"""Record acts and refusals, and walk the chain.

Rows are buffered in the unit of work and written last before COMMIT, in the act's own transaction. Refusals are
written in a transaction of their own, so that they stay although the refused act rolls back.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from forces.actors import Actor
from forces.audit.models import Operation, Outcome
from forces.context import required_unit

__all__ = ["ChainResult", "Operation", "record", "record_refusal", "verify_chain"]

GENESIS = hashlib.sha256(b"genesis").digest()
WALK_ROWS = 5_000

_INSERT = """
INSERT INTO audit_entry (seq, at, actor_kind, actor_id, actor_name, actor_role, act, operation, outcome, code,
    object_type, object_id, session_id, request_id, detail, prev, hash)
VALUES (0, now(), %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, '', '')
"""
_WALK = """
SELECT seq, prev, hash, convert_to(audit_canonical(e)::text, 'UTF8')
FROM audit_entry e WHERE seq > %s ORDER BY seq LIMIT %s
"""

Row = tuple[str, str, str, str, str, str, str, str, str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class ChainResult:
    """The outcome of a walk: rows seen, the first broken row and why, and the head hash (hex)."""

    ok: bool
    rows: int
    first_broken_seq: int | None
    reason: str
    head: str


def record(
    *,
    actor: Actor,
    act: str,
    operation: Operation,
    object_type: str = "",
    object_id: object = "",
    session_id: object = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """Add an act to the open unit of work's audit rows. ``detail`` holds no personal data and no content."""
    row = _row(actor, act, operation, Outcome.DONE, "", object_type, object_id, session_id, detail)
    required_unit().entries.append(row)


def record_refusal(
    *,
    actor: Actor,
    act: str,
    code: str,
    operation: Operation = Operation.ACCESS,
    object_type: str = "",
    object_id: object = "",
    session_id: object = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """Add a refused act; it is kept although the caller raises and the unit rolls back."""
    row = _row(actor, act, operation, Outcome.REFUSED, code, object_type, object_id, session_id, detail)
    required_unit().refusals.append(row)


def flush(rows: list[Row]) -> None:
    """Write and clear buffered rows; called by ``forces.context`` only."""
    if not rows:
        return
    with connection.cursor() as cursor:
        for row in rows:  # one statement each: the chain's trigger must see the row before it
            cursor.execute(_INSERT, row)
    rows.clear()


def verify_chain() -> ChainResult:
    """Re-walk the active force's chain outside the database's own hashing; names the first broken row."""
    previous, seq, rows = GENESIS, 0, 0
    for found_seq, prev, digest, canonical in _walk():
        reason = _fault(seq + 1, previous, found_seq, prev, digest, canonical)
        if reason:
            return ChainResult(False, rows, seq + 1 if reason == "missing" else found_seq, reason, "")
        previous, seq, rows = digest, found_seq, rows + 1
    return ChainResult(True, rows, None, "", previous.hex())


def _row(
    actor: Actor,
    act: str,
    operation: Operation,
    outcome: Outcome,
    code: str,
    object_type: str,
    object_id: object,
    session_id: object,
    detail: dict[str, Any] | None,
) -> Row:
    return (
        actor.kind,
        actor.id,
        actor.name[:150],
        actor.role,
        act,
        operation.value,
        outcome.value,
        code,
        object_type,
        str(object_id or ""),
        str(session_id or ""),
        actor.request_id,
        json.dumps(detail or {}, default=str),
    )


def _walk() -> Iterator[tuple[int, bytes, bytes, bytes]]:
    """Yield ``(seq, prev, hash, canonical)`` by keyset, so that a long chain needs no long memory."""
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_WALK, [last, WALK_ROWS])
            rows = cursor.fetchall()
        for seq, prev, digest, canonical in rows:
            yield seq, bytes(prev), bytes(digest), bytes(canonical)
        if len(rows) < WALK_ROWS:
            return
        last = rows[-1][0]


def _fault(expected: int, previous: bytes, seq: int, prev: bytes, digest: bytes, canonical: bytes) -> str | None:
    if seq != expected:
        return "missing"
    if prev != previous:
        return "prev"
    if hashlib.sha256(prev + canonical).digest() != digest:
        return "hash"
    return None
