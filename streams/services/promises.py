"""What callers were promised room for: files that were announced and have not arrived, counted together for the force.

All forces together are counted by the disk itself, on which each file's room is taken when it is announced
(`evidence.arrivals.reserve`).
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.db.models import F, Sum

from forces.context import current_force
from forces.errors import DomainError
from streams.models import Upload

MOST_PROMISED_BYTES = 20_000_000_000
"""What one force has open promises for: forty files of the largest size at the same time."""


class TooMuchPromised(DomainError):
    """Others have announced so much that has not arrived that this file has no room beside it (HTTP 507)."""

    code = "too_much_promised"
    http_status = 507
    message = "Too many files are on their way at once. Try again in a few minutes."


def require_promise(*, now: datetime, whole_bytes: int) -> None:
    """Raise TooMuchPromised unless a file of that size fits in beside all that was announced.

    Promises are made one at a time per force, to the end of the transaction: two at once would not see each other.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{current_force().schema}.promise"])
    if promised_bytes(now) + whole_bytes > MOST_PROMISED_BYTES:
        raise TooMuchPromised


def promised_bytes(now: datetime) -> int:
    """Return how much of the force's announced files has not arrived yet; those whose time is over count no more."""
    open_ones = Upload.objects.filter(state=Upload.State.ARRIVING, expires_at__gt=now)
    missing = open_ones.aggregate(bytes=Sum(F("declared_bytes") - F("received_bytes")))["bytes"]
    return int(missing or 0)
