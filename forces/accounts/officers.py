"""What a force notes of its people on the ground: number, team, and what they can do and carry."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from forces.accounts.models import OfficerProfile

_LABELS = [(skill, str(label)) for skill, label in OfficerProfile.Skill.choices]


def officer_profile(user_id: str) -> dict[str, Any]:
    """Return {number, team, skills: [label], languages}; empty parts where the force has noted nothing."""
    found = OfficerProfile.objects.filter(user_id=int(user_id)).first() if user_id.isdigit() else None
    return _noted(found or OfficerProfile())


def skill_labels(skills: Collection[str]) -> list[str]:
    """Return what skills are called, in the order in which they are offered."""
    return [label for skill, label in _LABELS if skill in skills]


def _noted(profile: OfficerProfile) -> dict[str, Any]:
    return {
        "number": profile.collar_number,
        "team": profile.team,
        "skills": skill_labels(profile.skills),
        "languages": profile.languages,
    }
