"""A connection that waits for an answer for so long and no longer.

The server's own time-outs bound a server that works. One that hangs (frozen, cut off, its disk gone) keeps none of
them, and libpq waits for ever: then whoever asked lets go of the line, and is told that the part cannot be reached.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, TypeVar

import psycopg
from django.conf import settings
from psycopg import errors

RV = TypeVar("RV")


class DatabaseSilent(psycopg.OperationalError):
    """The server did not answer in time; nobody knows whether it did what it was asked."""


class AnsweringConnection(psycopg.Connection[Any]):
    """Closes itself, and raises ``DatabaseSilent``, when an answer takes longer than ``DB_ANSWER_SECONDS``."""

    on_silence: Callable[[], None] | None = None

    def wait(self, gen: Generator[Any, Any, RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """Wait for the answer to one request; a deadline of the caller's own (for notifications) is left alone."""
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, settings.DB_ANSWER_SECONDS)
        except errors._WaitTimeout:
            self.pgconn.finish()
            if self.on_silence is not None:
                self.on_silence()
            raise DatabaseSilent("the database does not answer") from None
