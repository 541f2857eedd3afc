"""Each page of each model of both admin sites, tried by each role, with the own force's rows and with another's."""

from collections.abc import Callable

import pytest
from django.apps import apps
from django.http import HttpResponseBase
from django.test import Client

from forces.context import in_force
from tests.isolation.cases import FORCE_ADMIN_MODELS, PLATFORM_ADMIN_MODELS
from tests.isolation.test_http_walk import is_refusal, text_of
from tests.isolation.worlds import ROLES, World
from tests.units import rolled_back

Worlds = tuple[World, World]
Clients = Callable[..., Client]
LISTS = ("", "add/")
OF_ONE = ("change/", "delete/", "history/")


def row_of(world: World, label: str) -> str:
    """Return the key of the world's row of a model."""
    name = FORCE_ADMIN_MODELS[label]
    return world.ids[name] if name else str(in_force(world.force, _first, label))


def _first(label: str) -> object:
    row = apps.get_model(label)._default_manager.first()
    assert row is not None, label
    return row.pk


def look(client: Client, world: World, path: str, method: str = "get") -> HttpResponseBase:
    """Ask for a page of the admin in a unit of work that is undone."""
    with rolled_back(world.force):
        response: HttpResponseBase = getattr(client, method)(f"/admin/{path}")
        if hasattr(response, "render"):
            response.render()
    return response


def pages_of(world: World, label: str) -> list[str]:
    """Return every page of a model, with one row of a world."""
    base = label.replace(".", "/")
    return [f"{base}/{page}" for page in (*LISTS, *(f"{row_of(world, label)}/{page}" for page in OF_ONE))]


@pytest.mark.parametrize("role", [role for role in ROLES if role != "force_admin"])
@pytest.mark.parametrize("label", list(FORCE_ADMIN_MODELS))
def test_nobody_but_the_force_admin_enters(worlds: Worlds, clients: Clients, label: str, role: str) -> None:
    for path in pages_of(worlds[0], label):
        for method in ("get", "post"):
            response = look(clients(role), worlds[0], path, method)
            assert is_refusal(response), (path, method, response.status_code)
            assert worlds[0].mark not in text_of(response)


@pytest.mark.parametrize("label", list(FORCE_ADMIN_MODELS))
def test_force_admin_sees_the_own_forces_rows(worlds: Worlds, clients: Clients, label: str) -> None:
    listed, _, shown, *_ = pages_of(worlds[0], label)

    assert look(clients("force_admin"), worlds[0], listed).status_code == 200
    assert look(clients("force_admin"), worlds[0], shown).status_code == 200


@pytest.mark.parametrize("label", list(FORCE_ADMIN_MODELS))
def test_force_admin_reaches_no_row_of_another_force(worlds: Worlds, clients: Clients, label: str) -> None:
    own, foreign = worlds
    for path in pages_of(foreign, label):
        for method in ("get", "post"):
            response = look(clients("force_admin"), own, path, method)
            assert foreign.mark not in text_of(response), (path, method)
    shown = look(clients("force_admin"), own, pages_of(foreign, label)[2])
    # A number may well be a row of the own force, too; other keys are nobody's here.
    assert row_of(foreign, label).isdigit() or (shown.status_code, shown.headers["Location"]) == (302, "/admin/")


@pytest.mark.parametrize("schema", ["herts", "beds"])
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("label", PLATFORM_ADMIN_MODELS)
def test_no_person_of_a_force_enters_the_platform(
    worlds: Worlds, clients: Clients, label: str, role: str, schema: str
) -> None:
    stranger = Client(headers={"host": "localhost"})
    for name, morsel in clients(role, schema).cookies.items():
        stranger.cookies[name] = morsel.value
    base = label.replace(".", "/")

    for page in (f"/admin/{base}/", f"/admin/{base}/add/", f"/admin/{base}/1/change/"):
        assert is_refusal(stranger.get(page)), page
