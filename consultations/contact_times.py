"""When it is safe to write to somebody: a window of the day in London, which may go over midnight. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_MINUTE = timedelta(minutes=1)


def is_inside(at: datetime, since: time | None, until: time | None) -> bool:
    """Whether a moment lies inside the window; without one every moment does."""
    if since is None or until is None or since == until:
        return True
    clock = at.astimezone(LONDON).time()
    return since <= clock < until if since < until else clock >= since or clock < until


def next_inside(at: datetime, since: time | None, until: time | None) -> datetime:
    """Return the first moment inside the window that is not before `at`."""
    if is_inside(at, since, until) or since is None:
        return at
    local = at.astimezone(LONDON)
    begins = datetime.combine(local.date(), since, LONDON)
    if begins < local:
        begins = datetime.combine(local.date() + timedelta(days=1), since, LONDON)
    return begins.astimezone(UTC)


def nearest_inside(
    at: datetime, since: time | None, until: time | None, *, after: datetime, before: datetime
) -> datetime | None:
    """Return the moment inside the window nearest to `at` that lies between `after` and `before`, or None."""
    later = next_inside(max(at, after), since, until)
    earlier = _last_inside(at, since, until)
    fits = [one for one in (later, earlier) if one is not None and after <= one < before]
    return min(fits, key=lambda one: abs(one - at)) if fits else None


def _last_inside(at: datetime, since: time | None, until: time | None) -> datetime | None:
    """Return the last moment of the window that is not after `at`."""
    if is_inside(at, since, until) or until is None:
        return at
    local = at.astimezone(LONDON)
    ends = datetime.combine(local.date(), until, LONDON)
    if ends > local:
        ends = datetime.combine(local.date() - timedelta(days=1), until, LONDON)
    return ends.astimezone(UTC) - _MINUTE
