"""The only way into a force: one call is one transaction under that force's own Postgres login.

The order at the end of a unit of work is fixed: audit rows last before COMMIT (the chain's lock is held to
COMMIT), refusals in a transaction of their own after ROLLBACK, then tasks and messages, then nothing is active.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import BoundedSemaphore
from typing import Any, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, OperationalError, connection, transaction

from forces.refs import PLATFORM, ForceRef

__all__ = [
    "PLATFORM",
    "CommitUncertain",
    "ForceMismatch",
    "ForceRef",
    "NoTurn",
    "ain_force",
    "ain_force_aside",
    "ain_platform",
    "current_force",
    "in_force",
    "in_platform",
    "mark_rollback",
    "request_turn",
]

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)


class ForceMismatch(ImproperlyConfigured):
    """A unit of work of one force tried to enter another."""


class CommitUncertain(OperationalError):
    """The database was lost while it committed a unit of work: it may have, or not."""


@dataclass
class Unit:
    """One open unit of work of this thread: what it will write and send when it ends."""

    force: ForceRef
    entries: list[Any] = field(default_factory=list)
    refusals: list[Any] = field(default_factory=list)
    after_commit: list[Callable[[], None]] = field(default_factory=list)
    broadcasts: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    # What goes to the sockets of another force, by its schema; only ``forces.services.sharing`` puts it here.
    abroad: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    must_roll_back: bool = False
    is_committing: bool = False

    def messages(self) -> list[tuple[ForceRef, list[tuple[str, dict[str, Any]]]]]:
        """Return (force, [(topic, message)]): its own first, then what goes abroad."""
        others = {schema: ForceRef(schema, "") for schema, _, _ in self.abroad}
        told = [
            (force, [(topic, message) for to, topic, message in self.abroad if to == schema])
            for schema, force in others.items()
        ]
        return [(self.force, self.broadcasts), *told]


class NoTurn(Exception):
    """Too many requests of the force are being answered: this one was not begun."""


REQUEST_WAIT_SECONDS = 5.0

_local = threading.local()
_pool = ThreadPoolExecutor(settings.DB_THREADS, thread_name_prefix="force")
_request_turns: dict[str, BoundedSemaphore] = {}
_request_turns_guard = threading.Lock()
_aside_pool = ThreadPoolExecutor(4, thread_name_prefix="aside")
_slots: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, asyncio.Semaphore]] = WeakKeyDictionary()
_begun: set[asyncio.Task[Any]] = set()


def open_unit() -> Unit | None:
    """Return this thread's open unit of work, or None."""
    return getattr(_local, "unit", None)


def required_unit() -> Unit:
    """Return this thread's open unit of work; raises ``ForceMismatch`` outside of one."""
    unit = open_unit()
    if unit is None:
        raise ForceMismatch("no force is active in this thread")
    return unit


def current_force() -> ForceRef:
    """Return the active force; raises ``ForceMismatch`` when none is active."""
    return required_unit().force


def mark_rollback() -> None:
    """Make the open unit of work end in ROLLBACK although no exception leaves it (mapped errors)."""
    unit = open_unit()
    if unit is not None:
        unit.must_roll_back = True


def in_force(force: ForceRef, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run ``fn`` as one transaction of ``force`` and return its plain result.

    Joins the open unit when ``force`` is already active. Raises ``ForceMismatch`` when another force is, and
    ``CommitUncertain`` when the database was lost while it committed.
    """
    unit = open_unit()
    if unit is not None:
        _check_same(unit.force, force)
        return fn(*args, **kwargs)
    result, unit = _run(force, fn, *args, **kwargs)
    from forces.dispatch import publish_now

    for told, broadcasts in unit.messages():
        publish_now(told, broadcasts)
    return result


async def ain_force(force: ForceRef, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run ``in_force`` on the own thread pool, at most ``DB_SLOTS_PER_FORCE`` at once for each force.

    A thread cannot be cancelled: a unit that has begun ends, its messages leave and its slot is given back then,
    although its caller is cancelled.
    """
    return await _ain(_slot(force.schema, settings.DB_SLOTS_PER_FORCE), _pool, force, fn, *args, **kwargs)


async def ain_force_aside(force: ForceRef, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """``ain_force`` beside all others, one at a time: for what is short and must not stand behind a force's rush."""
    return await _ain(_slot(f"{force.schema}/aside", 1), _aside_pool, force, fn, *args, **kwargs)


@contextmanager
def request_turn(force: ForceRef) -> Iterator[None]:
    """One of a force's ``DB_REQUESTS_PER_FORCE`` requests in this process; raises ``NoTurn`` after 5 s without.

    More at once would be served no sooner: they would wait for connections, and keep the loop from its turns.
    """
    with _request_turns_guard:
        turns = _request_turns.setdefault(force.schema, BoundedSemaphore(settings.DB_REQUESTS_PER_FORCE))
    if not turns.acquire(timeout=REQUEST_WAIT_SECONDS):
        raise NoTurn
    try:
        yield
    finally:
        turns.release()


def in_platform(fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run ``fn`` as one transaction in ``public`` under the platform's own login (sees no force's data)."""
    return in_force(PLATFORM, fn, *args, **kwargs)


async def ain_platform(fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Asynchronous ``in_platform``."""
    return await ain_force(PLATFORM, fn, *args, **kwargs)


def _check_same(active: ForceRef, wanted: ForceRef) -> None:
    if active.schema != wanted.schema:
        raise ForceMismatch(f"{active.schema} is active, {wanted.schema} was entered")


def _slot(name: str, size: int) -> asyncio.Semaphore:
    """Return this loop's semaphore of a force, so that no force takes every thread."""
    slots = _slots.setdefault(asyncio.get_running_loop(), {})
    return slots.setdefault(name, asyncio.Semaphore(size))


async def _ain(
    slot: asyncio.Semaphore,
    pool: ThreadPoolExecutor,
    force: ForceRef,
    fn: Callable[P, T],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    await slot.acquire()
    task = asyncio.create_task(_to_the_end(slot, pool, force, fn, *args, **kwargs))
    _begun.add(task)
    task.add_done_callback(_begun.discard)
    return await asyncio.shield(task)


async def _to_the_end(
    slot: asyncio.Semaphore,
    pool: ThreadPoolExecutor,
    force: ForceRef,
    fn: Callable[P, T],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    from forces.dispatch import publish

    try:
        result, unit = await sync_to_async(_run, thread_sensitive=False, executor=pool)(force, fn, *args, **kwargs)
    finally:
        slot.release()
    for told, broadcasts in unit.messages():
        await publish(told, broadcasts)
    return result


def _run(force: ForceRef, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> tuple[T, Unit]:
    """Activate, run, flush, commit, deactivate; ``after_commit`` runs when the connection is given back."""
    unit = Unit(force)
    connection.set_tenant(force)  # type: ignore[attr-defined]  # the tenant backend's own method
    _local.unit = unit
    try:
        result = _transact(unit, fn, *args, **kwargs)
    finally:
        _local.unit = None
        _deactivate()
    for act in unit.after_commit:
        act()
    return result, unit


def _transact(unit: Unit, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    from forces.audit.services import flush

    try:
        with transaction.atomic():
            result = fn(*args, **kwargs)
            if unit.must_roll_back:
                transaction.set_rollback(True)
                unit.after_commit.clear()
                unit.broadcasts.clear()
                unit.abroad.clear()
            else:
                flush(unit.entries)
                unit.is_committing = True
        return result
    except (OperationalError, InterfaceError) as error:
        if unit.is_committing and not _is_answer(error):
            raise CommitUncertain from error
        raise
    finally:
        _keep_refusals(unit)


def _is_answer(error: Exception) -> bool:
    """Whether the server itself said that it did not commit (a deadlock, say), and not that it is going down."""
    state: str | None = getattr(error.__cause__, "sqlstate", None)
    return state is not None and not state.startswith("57P")


def _keep_refusals(unit: Unit) -> None:
    """Write the refusals in a transaction of their own; a lost database must not hide the first error."""
    from forces.audit.services import flush

    if not unit.refusals:
        return
    try:
        with transaction.atomic():
            flush(unit.refusals)
    except Exception:
        log.exception("refusals could not be written to the audit", extra={"count": len(unit.refusals)})


def _deactivate() -> None:
    deactivate = getattr(connection, "deactivate", None)
    if deactivate is not None:
        deactivate()
    else:  # the owner's search-path backend
        connection.close()
        connection.set_schema_to_public()  # type: ignore[attr-defined]  # the tenant backend's own method
