"""Positions: a fix is checked, put on the National Grid and kept with its accuracy and age."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.errors import DomainError, InvalidInput
from streams.broadcasts import broadcast_session_on_commit, tell_agencies_on_commit, tell_guests_on_commit
from streams.grid import to_grid
from streams.models import LiveSession, Position
from streams.selectors import Plain, fix_view
from streams.services.agency_watching import note_position_shown
from streams.services.locks import lock_session
from streams.services.standing import require_consent, require_going_on, require_own

FUTURE_TOLERANCE = timedelta(seconds=60)
OLDEST = timedelta(hours=1)


class FixInFuture(DomainError):
    """The phone's clock is more than a minute ahead: the fix's age would be a lie (HTTP 400)."""

    code = "fix_in_future"
    http_status = 400
    message = "The phone's clock is ahead; this position cannot be dated."


class FixTooOld(DomainError):
    """The fix was taken more than an hour ago (HTTP 400)."""

    code = "fix_too_old"
    http_status = 400
    message = "This position is more than an hour old."


@dataclass(frozen=True, slots=True)
class NewFix:
    """A fix as a phone took it: degrees WGS 84, metres, degrees from north, metres per second."""

    latitude: float
    longitude: float
    accuracy_m: float
    fixed_at: datetime
    altitude_m: float | None = None
    heading_deg: float | None = None
    speed_mps: float | None = None


def add_fix(*, actor: Actor, now: datetime, session_id: UUID, fix: NewFix) -> Plain:
    """Keep a fix of the session's caller and return it as `selectors.fix_view`.

    Raises `FixInFuture`, `FixTooOld`, `InvalidInput`, `NotPermitted`, `SessionOver` or `ConsentMissing`. The
    first fix of a link that asks for the location only makes the session live. Telling the consoles is
    left to the tick that gathers fixes.
    """
    _check(fix, now)
    session = lock_session(session_id)
    require_own(actor, session)
    require_going_on(session)
    require_consent(session, "location")
    is_first = not session.positions.exists()
    row = position_of(session.id, fix, now)
    row.save(force_insert=True)
    if is_first:
        _record_first(actor, session)
    if not session.wants_video and session.state != LiveSession.State.LIVE:
        session.go_live(now)
        session.save(update_fields=["state", "live_at"])
        broadcast_session_on_commit(session.id)
    view = fix_view(row)
    tell_guests_on_commit(session.id, "shared.position", {"fix": view}, now=now)
    if told := tell_agencies_on_commit(session.id, view, now=now):
        note_position_shown(now=now, session_id=session.id, share_ids=told, position_id=row.id)
    return view


def _check(fix: NewFix, now: datetime) -> None:
    if not (-90 <= fix.latitude <= 90 and -180 <= fix.longitude <= 180):
        raise InvalidInput("This position is not on Earth.")
    if not fix.accuracy_m >= 0:  # also refuses NaN
        raise InvalidInput("The accuracy of a position is not negative.")
    if fix.fixed_at > now + FUTURE_TOLERANCE:
        raise FixInFuture
    if fix.fixed_at < now - OLDEST:
        raise FixTooOld


def position_of(session_id: UUID, fix: NewFix, now: datetime) -> Position:
    """Return a fix as the row that keeps it, on the National Grid where that reaches; nothing is saved."""
    point = to_grid(fix.latitude, fix.longitude)
    return Position(
        session_id=session_id,
        latitude=fix.latitude,
        longitude=fix.longitude,
        accuracy_m=fix.accuracy_m,
        altitude_m=fix.altitude_m,
        heading_deg=fix.heading_deg,
        speed_mps=fix.speed_mps,
        fixed_at=fix.fixed_at,
        received_at=now,
        easting=point.easting if point else None,
        northing=point.northing if point else None,
        grid_reference=point.reference if point else "",
    )


def _record_first(actor: Actor, session: LiveSession) -> None:
    """One audit row for the collection that begins, not one per fix: the fixes themselves have their times."""
    record(
        actor=actor,
        act="position.collect",
        operation=Operation.COLLECTION,
        object_type="session",
        object_id=session.id,
        session_id=session.id,
    )
