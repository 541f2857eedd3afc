"""Officers on duty as the control room sees them: one query each for shifts, people and their own live sessions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from forces.accounts.models import OfficerProfile, User
from forces.accounts.roles import FIELD_ROLES
from streams.models import LiveSession, Shift
from streams.services.live_officers import OfficerFix
from streams.shapes import Plain, iso


def find_shifts(user_ids: Collection[str], *, status: str = "") -> dict[str, Shift]:
    """Return the turns of duty that go on of these people, those with a status where one is given."""
    rows = Shift.objects.filter(user_id__in=user_ids, ended_at__isnull=True)
    return {row.user_id: row for row in (rows.filter(status=status) if status else rows)}


def find_people(user_ids: Collection[str], *, skills: Sequence[str] = ()) -> dict[str, User]:
    """Return those who may be out still, with their profiles, who have every one of the skills."""
    ids = [int(user_id) for user_id in user_ids if user_id.isdigit()]
    rows = User.objects.select_related("officer_profile").filter(pk__in=ids, is_active=True, role__in=FIELD_ROLES)
    if skills:
        rows = rows.filter(officer_profile__skills__contains=list(skills))
    return {str(row.pk): row for row in rows}


def officer_views(shifts: Sequence[Shift], people: Mapping[str, User], fixes: Mapping[str, OfficerFix]) -> list[Plain]:
    """Return the wire's OfficerView of each shift whose officer is among `people`, in their order."""
    shown = [shift for shift in shifts if shift.user_id in people]
    sessions = _own_sessions([shift.user_id for shift in shown])
    return [
        {
            **_person(people[shift.user_id]),
            "status": shift.status,
            "status_at": iso(shift.status_at),
            "began_at": iso(shift.began_at),
            "fix": fixes[shift.user_id].as_dict() if shift.user_id in fixes else None,
            "session_id": sessions.get(shift.user_id),
        }
        for shift in shown
    ]


def _person(user: User) -> Plain:
    profile = getattr(user, "officer_profile", None) or OfficerProfile()
    return {
        "id": str(user.pk),
        "name": user.display_name,
        "number": profile.collar_number,
        "role": user.role,
        "team": profile.team,
        "skills": [str(label) for skill, label in OfficerProfile.Skill.choices if skill in profile.skills],
        "languages": profile.languages,
    }


def _own_sessions(user_ids: Sequence[str]) -> dict[str, str]:
    own = LiveSession.objects.filter(kind=LiveSession.Kind.OFFICER, created_by__in=user_ids)
    going_on = own.exclude(state__in=LiveSession.OVER).values_list("created_by", "id")
    return {user_id: str(session_id) for user_id, session_id in going_on}
