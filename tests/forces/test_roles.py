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
@pytest.mark.parametrize("permission", list(Permission))
def test_field_role_is_refused_what_an_officer_is_refused(in_herts: Unit, role: str, permission: Permission) -> None:
    with pytest.raises(NotPermitted):
        require(actor(role), permission)
    assert len(in_herts.refusals) == 1


@pytest.mark.parametrize("role", sorted(FIELD_ROLES))
def test_field_role_signs_in_and_has_no_console(in_herts: Unit, force_client: MakeClient, role: str) -> None:
    client = force_client(role)
    assert client.get("/").status_code == 403
    assert client.get("/api/v1/me/").json()["role"] == role


def test_every_role_has_its_line_of_rights() -> None:
    assert set(RIGHTS) == {*Role.values, "system"}
