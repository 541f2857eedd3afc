"""Who may do what: the roles of people out on the ground."""

from collections.abc import Callable

import pytest
from django.test import Client

from forces.accounts.permissions import RIGHTS, Permission, require
from forces.accounts.roles import FIELD_ROLES, Role
from forces.actors import Actor
from forces.context import Unit
from forces.errors import NotPermitted

MakeClient = Callable[..., Client]


def actor(role: str) -> Actor:
    return Actor(kind="user", id="1", name="Tom Ashby", role=role)


@pytest.mark.parametrize("role", sorted(FIELD_ROLES))
@pytest.mark.parametrize("permission", [one for one in Permission if one != Permission.STREAM_PUBLISH])
def test_field_role_may_publish_and_nothing_else(in_herts: Unit, role: str, permission: Permission) -> None:
    require(actor(role), Permission.STREAM_PUBLISH)
    with pytest.raises(NotPermitted):
        require(actor(role), permission)
    assert len(in_herts.refusals) == 1


@pytest.mark.parametrize("role", sorted(FIELD_ROLES))
def test_field_role_signs_in_and_is_led_to_the_officers_page(
    in_herts: Unit, force_client: MakeClient, role: str
) -> None:
    client = force_client(role)
    assert client.get("/").headers["Location"] == "/officer/"
    assert b"/assets/officer.js" in client.get("/officer/").content
    assert client.get("/api/v1/me/").json()["role"] == role


@pytest.mark.parametrize("role", ["auditor", "force_admin", "platform_admin"])
def test_role_that_runs_no_consultation(role: str) -> None:
    assert {Permission.CONSULTATION_RUN, Permission.CONSULTATION_OVERSEE}.isdisjoint(RIGHTS[role])


@pytest.mark.parametrize("role", ["operator", "supervisor", *sorted(FIELD_ROLES), "system"])
def test_role_that_runs_consultations_and_only_supervisors_oversee_them(role: str) -> None:
    assert Permission.CONSULTATION_RUN in RIGHTS[role]
    assert (Permission.CONSULTATION_OVERSEE in RIGHTS[role]) is (role == "supervisor")


def test_every_role_has_its_line_of_rights() -> None:
    assert set(RIGHTS) == {*Role.values, "system"}
