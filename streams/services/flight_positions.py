"""Where an aircraft in the air is, as the position of its session: once a second, for whoever sees positions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from streams.broadcasts import tell_agencies_on_commit, tell_guests_on_commit
from streams.models import Position
from streams.selectors import Plain, fix_view
from streams.services.agency_watching import note_position_shown
from streams.services.positions import NewFix, position_of

APART = timedelta(seconds=1)


def keep_flight_fixes(*, now: datetime, session_id: UUID, fixes: Sequence[NewFix]) -> list[Plain]:
    """Keep fixes of a flight's aircraft that lie a second from those that are kept; returns them as `fix_view`.

    Who sends and what is believed is the caller's matter, and so is telling the consoles.
    """
    wanted = sorted(fixes, key=lambda fix: fix.fixed_at)
    if not wanted:
        return []
    near = Position.objects.filter(
        session_id=session_id, fixed_at__gt=wanted[0].fixed_at - APART, fixed_at__lt=wanted[-1].fixed_at + APART
    )
    taken = list(near.values_list("fixed_at", flat=True))
    rows = []
    for fix in wanted:
        if all(abs(fix.fixed_at - at) >= APART for at in taken):
            taken.append(fix.fixed_at)
            rows.append(position_of(session_id, fix, now))
    if rows:
        _keep(now, session_id, rows)
    return [fix_view(row) for row in rows]


def _keep(now: datetime, session_id: UUID, rows: list[Position]) -> None:
    """Keep them, the first by itself: it may be the first that an agency is shown; and tell who sees them abroad."""
    Position.objects.bulk_create(rows[:1])
    view = fix_view(rows[-1])
    tell_guests_on_commit(session_id, "shared.position", {"fix": view}, now=now)
    if told := tell_agencies_on_commit(session_id, view, now=now):
        note_position_shown(now=now, session_id=session_id, share_ids=told, position_id=rows[0].id)
    Position.objects.bulk_create(rows[1:])
