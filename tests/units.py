"""A unit of work that is undone: what a test did in it never was."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forces.context import ForceRef, Unit


@contextmanager
def rolled_back(force: "ForceRef") -> Iterator["Unit"]:
    """Hold one open unit of work of a force; everything entered meanwhile joins it, and all is rolled back."""
    from django.db import connection, transaction

    from forces import context

    unit = context.Unit(force)
    connection.set_tenant(force)  # type: ignore[attr-defined]
    context._local.unit = unit
    try:
        with transaction.atomic():
            yield unit
            transaction.set_rollback(True)
    finally:
        context._local.unit = None
        connection.deactivate()  # type: ignore[attr-defined]
