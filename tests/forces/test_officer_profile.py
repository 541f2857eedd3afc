"""What the force admin notes of people on the ground: number, team, skills; and who else has such a part."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client

from forces.accounts.models import OfficerProfile, User
from forces.accounts.officers import officer_profile
from forces.context import Unit
from tests.factories.streams import AuditRows

MakeClient = Callable[..., Client]


def page_of(username: str) -> str:
    return f"/admin/accounts/user/{User.objects.get(username=username).pk}/change/"


def form_of(username: str, **profile: Any) -> dict[str, Any]:
    user = User.objects.get(username=username)
    return {
        "username": user.username,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": "",
        "role": user.role,
        "is_active": "on",
        "officer_profile-TOTAL_FORMS": 1,
        "officer_profile-INITIAL_FORMS": 0,
        "officer_profile-MIN_NUM_FORMS": 0,
        "officer_profile-MAX_NUM_FORMS": 1,
        "officer_profile-0-user": user.pk,
        **{f"officer_profile-0-{name}": value for name, value in profile.items()},
    }


def test_admin_notes_number_team_and_skills_of_an_officer(
    in_herts: Unit, force_client: MakeClient, audit_rows: AuditRows
) -> None:
    noted = {"collar_number": "1234", "team": "Dog Unit", "skills": ["dog", "taser"], "languages": "Polish"}
    answered = force_client("force_admin").post(page_of("officer"), form_of("officer", **noted))

    assert answered.status_code == 302, answered.content
    officer = User.objects.get(username="officer")
    assert officer_profile(str(officer.pk)) == {
        "number": "1234",
        "team": "Dog Unit",
        "skills": ["Taser", "Dog"],
        "languages": "Polish",
    }
    assert "user.change" in [row["act"] for row in audit_rows()]


def test_admin_notes_a_skill_that_there_is_not_refused(in_herts: Unit, force_client: MakeClient) -> None:
    answered = force_client("force_admin").post(page_of("officer"), form_of("officer", skills=["flying"]))

    assert answered.status_code == 200
    assert not OfficerProfile.objects.exists()


def test_operators_page_has_no_part_about_the_ground(in_herts: Unit, force_client: MakeClient) -> None:
    client = force_client("force_admin")

    assert b"collar_number" in client.get(page_of("pcso")).content
    assert b"collar_number" not in client.get(page_of("operator")).content


def test_officer_of_whom_nothing_is_noted_has_empty_parts(in_herts: Unit) -> None:
    for user_id in ("", "999999", "nobody"):
        assert officer_profile(user_id) == {"number": "", "team": "", "skills": [], "languages": ""}
