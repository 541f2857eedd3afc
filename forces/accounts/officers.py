"""What a force notes of its people on the ground: number, team, and what they can do and carry."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from forces.accounts.models import OfficerProfile, User
from forces.accounts.roles import FIELD_ROLES

_LABELS = [(skill, str(label)) for skill, label in OfficerProfile.Skill.choices]


@dataclass(frozen=True, slots=True)
class Pilot:
    """Somebody who may fly a drone: on the ground, with the skill and a flyer ID of the CAA."""

    user_id: str
    name: str
    number: str
    flyer_id: str


def officer_profile(user_id: str) -> dict[str, Any]:
    """Return {number, team, skills: [label], languages}; empty parts where the force has noted nothing."""
    found = OfficerProfile.objects.filter(user_id=int(user_id)).first() if user_id.isdigit() else None
    return _noted(found or OfficerProfile())


def skill_labels(skills: Collection[str]) -> list[str]:
    """Return what skills are called, in the order in which they are offered."""
    return [label for skill, label in _LABELS if skill in skills]


def list_pilots() -> list[Pilot]:
    """Return everybody who may fly, by name."""
    return sorted(_pilots(User.objects.filter(is_active=True)), key=lambda pilot: (pilot.name, pilot.user_id))


def find_pilot(user_id: str) -> Pilot | None:
    """Return a person as a pilot, or None for who is none (any more)."""
    rows = User.objects.filter(is_active=True, pk=int(user_id)) if user_id.isdigit() else User.objects.none()
    return next(iter(_pilots(rows)), None)


def _pilots(people: QuerySet[User]) -> list[Pilot]:
    able = people.filter(
        role__in=FIELD_ROLES, officer_profile__skills__contains=[OfficerProfile.Skill.DRONE_PILOT]
    ).exclude(officer_profile__flyer_id="")
    return [
        Pilot(str(user.pk), user.display_name, user.officer_profile.collar_number, user.officer_profile.flyer_id)
        for user in able.select_related("officer_profile")
    ]


def _noted(profile: OfficerProfile) -> dict[str, Any]:
    return {
        "number": profile.collar_number,
        "team": profile.team,
        "skills": skill_labels(profile.skills),
        "languages": profile.languages,
    }
