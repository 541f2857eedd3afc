"""Officers on duty as the control room sees them: `OfficerView` of `PROTOCOL.md`."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import connection

from forces.accounts.models import User
from forces.accounts.officers import skill_labels
from forces.accounts.roles import FIELD_ROLES
from streams.live_officers import known_doubts, known_fixes
from streams.models import Shift
from streams.shapes import Plain, iso

# In one statement each, and by hand: one is asked for by the thousand, the other with every look for the nearest.
_AVAILABLE = """
SELECT shift.user_id FROM streams_shift AS shift
JOIN accounts_user AS person ON person.id::text = shift.user_id
WHERE shift.ended_at IS NULL AND shift.status = 'available' AND person.is_active AND person.role = ANY(%(roles)s)
"""
_WITH_SKILLS = """
AND EXISTS (SELECT FROM accounts_officerprofile AS profile
            WHERE profile.user_id = person.id AND profile.skills @> %(skills)s::jsonb)
"""
_ON_DUTY = """
SELECT shift.user_id AS id, coalesce(nullif(trim(person.first_name || ' ' || person.last_name), ''), person.username,
    shift.user_name) AS name, coalesce(profile.collar_number, '') AS number, coalesce(person.role, '') AS role,
    coalesce(profile.team, '') AS team, profile.skills, coalesce(profile.languages, '') AS languages,
    shift.status, shift.status_at, shift.began_at, live.id::text AS session_id
FROM streams_shift AS shift
LEFT JOIN accounts_user AS person ON person.id = CASE WHEN shift.user_id ~ '^[0-9]{1,9}$' THEN shift.user_id::int END
LEFT JOIN accounts_officerprofile AS profile ON profile.user_id = person.id
LEFT JOIN streams_livesession AS live ON live.created_by = shift.user_id AND live.kind = 'officer'
    AND NOT (live.state IN ('ended', 'expired'))
WHERE shift.ended_at IS NULL
"""
_SOME = "AND shift.user_id = ANY(%s)"
_NEWEST = "ORDER BY shift.began_at DESC"


def list_on_duty() -> list[str]:
    """Return the user ids of everybody on duty."""
    return list(Shift.objects.filter(ended_at__isnull=True).values_list("user_id", flat=True))


def list_officers() -> list[Plain]:
    """Return the OfficerView of everybody on duty, who came last first."""
    return _views(_rows(f"{_ON_DUTY} {_NEWEST}"), None)


def find_officer(user_id: str) -> Plain | None:
    """Return the OfficerView of one who is on duty, None of anybody else."""
    found = officer_views([user_id])
    return found[0] if found else None


def last_off_duty(user_id: str) -> str | None:
    """Return when the last shift of an officer ended, or None."""
    return iso(Shift.objects.filter(user_id=user_id).values_list("ended_at", flat=True).first())


def find_shifts(user_ids: Collection[str]) -> dict[str, Shift]:
    """Return the turns of duty that go on of these people."""
    return {row.user_id: row for row in Shift.objects.filter(user_id__in=user_ids, ended_at__isnull=True)}


def find_available(*, skills: Sequence[str] = ()) -> set[str]:
    """Return the user ids of everybody on duty who is available, may be out still, and has every one of the skills."""
    given: dict[str, Any] = {"roles": sorted(FIELD_ROLES), "skills": json.dumps(list(skills))}
    with connection.cursor() as cursor:
        cursor.execute(_AVAILABLE + (_WITH_SKILLS if skills else ""), given)
        return {user_id for (user_id,) in cursor.fetchall()}


def find_people(user_ids: Collection[str]) -> dict[str, User]:
    """Return those who may be out still."""
    ids = [int(user_id) for user_id in user_ids if user_id.isdigit()]
    return {str(row.pk): row for row in User.objects.filter(pk__in=ids, is_active=True, role__in=FIELD_ROLES)}


def officer_views(user_ids: Sequence[str], fixes: Mapping[str, Plain] | None = None) -> list[Plain]:
    """Return the OfficerView of those who are on duty, in the order given; `fixes` where it is known where they are."""
    rows = {row["id"]: row for row in _rows(f"{_ON_DUTY} {_SOME}", [list(user_ids)])} if user_ids else {}
    return _views([rows[user_id] for user_id in user_ids if user_id in rows], fixes)


def _rows(statement: str, given: Sequence[Any] = ()) -> list[Plain]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _views(rows: Sequence[Plain], fixes: Mapping[str, Plain] | None) -> list[Plain]:
    ids = [row["id"] for row in rows]
    places, doubts = known_fixes(ids) if fixes is None else fixes, known_doubts(ids)
    return [
        {
            **row,
            "skills": skill_labels(json.loads(row["skills"] or "[]")),
            "status_at": iso(row["status_at"]),
            "began_at": iso(row["began_at"]),
            "fix": places.get(row["id"]),
            "doubt_at": doubts.get(row["id"]),
        }
        for row in rows
    ]
