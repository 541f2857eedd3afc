"""The only clock. Doors read it once and pass ``now`` on; services never read it."""

import os
from datetime import UTC, datetime, timedelta

_offset = timedelta(seconds=float(os.environ.get("SIGHTLINE_CLOCK_OFFSET_S", "0")))


def now() -> datetime:
    """Return the present as an aware UTC datetime, moved by ``SIGHTLINE_CLOCK_OFFSET_S`` seconds if set."""
    return datetime.now(UTC) + _offset  # noqa: TID251 - the one place that may


def is_moved() -> bool:
    """Return whether ``now`` is not the present."""
    return bool(_offset)
