"""What a force notes of its people on the ground: number, team, and what they can do and carry."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from forces.accounts.models import OfficerProfile, User


def officer_profile(user_id: str) -> dict[str, Any]:
    """Return {number, team, skills: [label], languages}; empty parts where the force has noted nothing."""
    found = OfficerProfile.objects.filter(user_id=int(user_id)).first() if user_id.isdigit() else None
    return _noted(found or OfficerProfile())


def officers_noted(user_ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return {id: {name, role, number, team, skills: [label], languages}} of those of the users that there are."""
    wanted = [int(user_id) for user_id in user_ids if user_id.isdigit()]
    blank = OfficerProfile()
    return {
        str(user.pk): {
            "name": user.display_name,
            "role": user.role,
            **_noted(getattr(user, "officer_profile", None) or blank),
        }
        for user in User.objects.select_related("officer_profile").filter(pk__in=wanted)
    }


def _noted(profile: OfficerProfile) -> dict[str, Any]:
    return {
        "number": profile.collar_number,
        "team": profile.team,
        "skills": [str(label) for skill, label in OfficerProfile.Skill.choices if skill in profile.skills],
        "languages": profile.languages,
    }
