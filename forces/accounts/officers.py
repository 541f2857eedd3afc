"""What a force notes of its people on the ground: number, team, and what they can do and carry."""

from __future__ import annotations

from typing import Any

from forces.accounts.models import OfficerProfile


def officer_profile(user_id: str) -> dict[str, Any]:
    """Return {number, team, skills: [label], languages}; empty parts where the force has noted nothing."""
    found = OfficerProfile.objects.filter(user_id=int(user_id)).first() if user_id.isdigit() else None
    profile = found or OfficerProfile()
    return {
        "number": profile.collar_number,
        "team": profile.team,
        "skills": [str(label) for skill, label in OfficerProfile.Skill.choices if skill in profile.skills],
        "languages": profile.languages,
    }
