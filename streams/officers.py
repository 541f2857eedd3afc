"""Officers on duty as the control room sees them: `OfficerView` of `PROTOCOL.md`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db.models import CharField
from django.db.models.functions import Cast

from forces.accounts.models import User
from forces.accounts.officers import officers_noted
from forces.accounts.roles import FIELD_ROLES
from streams.live_officers import known_doubts, known_fixes
from streams.models import LiveSession, Shift
from streams.shapes import Plain, iso

_SHOWN_OF_SHIFT = ("user_id", "user_name", "status", "status_at", "began_at")
NOBODY: Plain = {"role": "", "number": "", "team": "", "skills": [], "languages": ""}


def list_on_duty() -> list[str]:
    """Return the user ids of everybody on duty."""
    return list(Shift.objects.filter(ended_at__isnull=True).values_list("user_id", flat=True))


def list_officers() -> list[Plain]:
    """Return the OfficerView of everybody on duty."""
    return officer_views(list(Shift.objects.filter(ended_at__isnull=True)))


def find_officer(user_id: str) -> Plain | None:
    """Return the OfficerView of one who is on duty, None of anybody else."""
    found = officer_views(list(Shift.objects.filter(user_id=user_id, ended_at__isnull=True)))
    return found[0] if found else None


def last_off_duty(user_id: str) -> str | None:
    """Return when the last shift of an officer ended, or None."""
    return iso(Shift.objects.filter(user_id=user_id).values_list("ended_at", flat=True).first())


def find_shifts(user_ids: Collection[str]) -> dict[str, Shift]:
    """Return the turns of duty that go on of these people."""
    return {row.user_id: row for row in Shift.objects.filter(user_id__in=user_ids, ended_at__isnull=True)}


def find_available(*, skills: Sequence[str] = ()) -> dict[str, Shift]:
    """Return the turn of duty of everybody who is available, may be out still, and has every one of the skills.

    Read by the thousand, hence with the parts that `officer_views` shows and no other.
    """
    people = User.objects.filter(is_active=True, role__in=FIELD_ROLES)
    if skills:
        people = people.filter(officer_profile__skills__contains=list(skills))
    ids = people.annotate(text=Cast("pk", CharField())).values("text")
    rows = Shift.objects.filter(ended_at__isnull=True, status=Shift.Status.AVAILABLE, user_id__in=ids).order_by()
    return {row["user_id"]: Shift(**row) for row in rows.values(*_SHOWN_OF_SHIFT)}


def find_people(user_ids: Collection[str]) -> dict[str, User]:
    """Return those who may be out still."""
    ids = [int(user_id) for user_id in user_ids if user_id.isdigit()]
    return {str(row.pk): row for row in User.objects.filter(pk__in=ids, is_active=True, role__in=FIELD_ROLES)}


def officer_views(shifts: Sequence[Shift], fixes: Mapping[str, Plain] | None = None) -> list[Plain]:
    """Return the OfficerView of each shift, in their order; `fixes` where it is known already where they are."""
    ids = [shift.user_id for shift in shifts]
    places = known_fixes(ids) if fixes is None else fixes
    noted, live, doubts = officers_noted(ids), _own_sessions(ids), known_doubts(ids)
    return [
        {
            **_view(shift, noted.get(shift.user_id, NOBODY), places.get(shift.user_id), live.get(shift.user_id)),
            "doubt_at": doubts.get(shift.user_id),
        }
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
