"""Positions of officers on duty: each fix is judged by itself, and many are kept in one batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from forces.accounts.permissions import Permission, require
from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.errors import DomainError
from streams.selectors import Plain, find_shift, iso
from streams.services.positions import FUTURE_TOLERANCE, OLDEST, NewFix

LATE = timedelta(seconds=60)
# A circle of kilometres names a town, not a place; and Redis' index of places ends short of the poles.
DOUBTFUL_M = 2_000.0
LAST_LATITUDE = 85.0

_STANDING = """
SELECT id, ended_at IS NOT NULL FROM streams_shift
WHERE id = ANY(%s) AND (ended_at IS NOT NULL OR collecting_since IS NULL)
"""
_BEGIN = """
UPDATE streams_shift SET collecting_since = %s
WHERE id = ANY(%s) AND ended_at IS NULL AND collecting_since IS NULL RETURNING id
"""
_KEEP = """
INSERT INTO streams_officerposition
    (shift_id, latitude, longitude, accuracy_m, heading_deg, speed_mps, fixed_at, received_at, is_late, is_doubtful)
SELECT fix.* FROM unnest(%s::uuid[], %s::float8[], %s::float8[], %s::float8[], %s::float8[], %s::float8[],
    %s::timestamptz[], %s::timestamptz[], %s::boolean[], %s::boolean[]) AS fix (shift_id)
JOIN streams_shift ON streams_shift.id = fix.shift_id AND streams_shift.ended_at IS NULL
ON CONFLICT (shift_id, fixed_at) DO NOTHING
"""


class NotOnDuty(DomainError):
    """Only an officer on duty is located (HTTP 409)."""

    code = "not_on_duty"
    http_status = 409
    message = "You are not on duty."


@dataclass(frozen=True, slots=True)
class TakenFix:
    """A fix that is kept: as the phone took it, when it came, and how far it is believed."""

    fix: NewFix
    received_at: datetime
    is_late: bool
    is_doubtful: bool


@dataclass(frozen=True, slots=True)
class Report:
    """What one frame brought of one shift."""

    actor: Actor
    shift_id: UUID
    fixes: Sequence[TakenFix]


def find_duty(*, actor: Actor) -> UUID:
    """Return the id of the officer's shift that goes on; raises `NotPermitted` or `NotOnDuty`."""
    require(actor, Permission.STREAM_PUBLISH)
    shift = find_shift(actor.id)
    if shift is None:
        raise NotOnDuty
    return shift.id


def judge_fixes(fixes: Iterable[NewFix], now: datetime) -> list[TakenFix]:
    """Return the fixes that are kept, all but what is too old.

    What is impossible, or of a time to come, is kept as a doubtful one: that the phone said so is so.
    """
    earliest, latest = now - OLDEST, now + FUTURE_TOLERANCE
    return [
        TakenFix(fix, now, is_late(fix, now), is_doubtful(fix) or fix.fixed_at > latest or not _is_possible(fix))
        for fix in fixes
        if earliest <= fix.fixed_at
    ]


def is_late(fix: NewFix, now: datetime) -> bool:
    """Return whether a fix waited on its phone, for want of a network."""
    return fix.fixed_at < now - LATE


def is_doubtful(fix: NewFix) -> bool:
    """Return whether a fix is too unsure, or of too odd a place, to say where somebody is."""
    return fix.accuracy_m > DOUBTFUL_M or abs(fix.latitude) > LAST_LATITUDE


def officer_fix(fix: NewFix, received_at: datetime, *, is_late: bool) -> Plain:
    """Return the wire's OfficerFix."""
    return {
        "latitude": fix.latitude,
        "longitude": fix.longitude,
        "accuracy_m": fix.accuracy_m,
        "heading_deg": fix.heading_deg,
        "speed_mps": fix.speed_mps,
        "fixed_at": iso(fix.fixed_at),
        "received_at": iso(received_at),
        "is_late": is_late,
    }


def keep_fixes(*, now: datetime, reports: Sequence[Report]) -> set[UUID]:
    """Keep a batch in one transaction; returns the shifts that are over, of which nothing was kept.

    A fix that was kept before is kept once. The first of a shift is audited as the collection that begins.
    """
    over = _begin_collecting(now, {report.shift_id: report.actor for report in reports})
    rows = [(report.shift_id, taken) for report in reports if report.shift_id not in over for taken in report.fixes]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, _columns(rows))
    return over


def _is_possible(fix: NewFix) -> bool:
    return (
        -90 <= fix.latitude <= 90
        and -180 <= fix.longitude <= 180
        and fix.accuracy_m >= 0
        and (fix.heading_deg is None or 0 <= fix.heading_deg <= 360)
        and (fix.speed_mps is None or 0 <= fix.speed_mps <= 1_000)
    )


def _begin_collecting(now: datetime, actors: dict[UUID, Actor]) -> set[UUID]:
    """Note and audit shifts of which these are the first fixes; returns those that are over."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [list(actors)])
        standing = dict(cursor.fetchall())
        fresh = [shift_id for shift_id, is_over in standing.items() if not is_over]
        if fresh:
            cursor.execute(_BEGIN, [now, fresh])
            for (shift_id,) in cursor.fetchall():
                _record_collection(actors[shift_id], shift_id)
    return {shift_id for shift_id, is_over in standing.items() if is_over}


def _columns(rows: Sequence[tuple[UUID, TakenFix]]) -> list[list[object]]:
    return [
        [shift_id for shift_id, _ in rows],
        *([getattr(taken.fix, name) for _, taken in rows] for name in _OF_PHONE),
        *([getattr(taken, name) for _, taken in rows] for name in ("received_at", "is_late", "is_doubtful")),
    ]


_OF_PHONE = ("latitude", "longitude", "accuracy_m", "heading_deg", "speed_mps", "fixed_at")


def _record_collection(actor: Actor, shift_id: UUID) -> None:
    """One row for the collection that begins, not one per fix: the fixes themselves have their times."""
    record(
        actor=actor,
        act="officer_position.collect",
        operation=Operation.COLLECTION,
        object_type="shift",
        object_id=shift_id,
    )
