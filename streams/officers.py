"""Officers on duty as the control room sees them: `OfficerView` of `PROTOCOL.md`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from forces.accounts.officers import officers_noted
from streams.live_officers import read_fixes
from streams.models import LiveSession, Shift
from streams.shapes import Plain, iso

NOBODY: Plain = {"role": "", "number": "", "team": "", "skills": [], "languages": ""}


def list_on_duty() -> list[str]:
    """Return the user ids of everybody on duty."""
    return list(Shift.objects.filter(ended_at__isnull=True).values_list("user_id", flat=True))


def list_officers() -> list[Plain]:
    """Return the OfficerView of everybody on duty."""
    return _views(list(Shift.objects.filter(ended_at__isnull=True)))


def find_officer(user_id: str) -> Plain | None:
    """Return the OfficerView of one who is on duty, None of anybody else."""
    found = _views(list(Shift.objects.filter(user_id=user_id, ended_at__isnull=True)))
    return found[0] if found else None


def last_off_duty(user_id: str) -> str | None:
    """Return when the last shift of an officer ended, or None."""
    return iso(Shift.objects.filter(user_id=user_id).values_list("ended_at", flat=True).first())


def _views(shifts: Sequence[Shift]) -> list[Plain]:
    ids = [shift.user_id for shift in shifts]
    noted, fixes, live = officers_noted(ids), read_fixes(ids), _own_sessions(ids)
    return [
        _view(shift, noted.get(shift.user_id, NOBODY), fixes.get(shift.user_id), live.get(shift.user_id))
        for shift in shifts
    ]


def _view(shift: Shift, noted: Plain, fix: Plain | None, session_id: str | None) -> Plain:
    return {
        "id": shift.user_id,
        "name": noted.get("name") or shift.user_name,
        **{name: noted[name] for name in NOBODY},
        "status": shift.status,
        "status_at": iso(shift.status_at),
        "began_at": iso(shift.began_at),
        "fix": fix,
        "session_id": session_id,
    }


def _own_sessions(user_ids: Sequence[str]) -> dict[str, str]:
    """Return {user id: id of the session in which they are live}."""
    own: Any = LiveSession.objects.filter(kind=LiveSession.Kind.OFFICER, created_by__in=user_ids)
    rows = own.exclude(state__in=LiveSession.OVER).values_list("created_by", "id")
    return {user_id: str(session_id) for user_id, session_id in rows}
