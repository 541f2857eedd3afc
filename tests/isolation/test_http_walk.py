"""Each address of a force, tried by each role, with the own force's objects and with another's."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.http import HttpResponse, HttpResponseBase
from django.test import Client

from drones.models import Flight
from evidence.models import Item
from forces import clock
from forces.accounts.models import SignIn, User
from forces.context import ForceRef, in_force
from streams.models import (
    AgencyShare,
    AgencyViewer,
    Assignment,
    ChatMessage,
    Consent,
    Incident,
    IncidentMessage,
    LiveSession,
    Notice,
    OfficerPosition,
    Position,
    PushSubscription,
    Shift,
    Showing,
    Still,
    StillAsk,
    StillViewing,
    ViewRequest,
    Watch,
)
from streams.selectors import CALLER_COOKIE
from streams.services.outcomes import list_outcomes
from tests.factories.streams import answers_for
from tests.isolation.case import Case
from tests.isolation.cases import FORCE
from tests.isolation.worlds import ROLES, World
from tests.units import rolled_back

Worlds = tuple[World, World]
Clients = Callable[..., Client]
REFUSALS = (401, 403)
TRIED = {door: case for door, case in FORCE.items() if not case.elsewhere}
NAMING = {door: case for door, case in TRIED.items() if case.objects}


def ask(client: Client, world: World, door: str, case: Case, foreign: World | None = None) -> HttpResponseBase:
    """Try a door inside a unit of work that is undone, with another force's objects where one is given."""
    names = {**world.ids, **({name: foreign.ids[name] for name in case.objects} if foreign else {})}
    path = case.path.format(**names)
    method = door.partition(" ")[0].lower() if " " in door else ("get" if case.body is None else "post")
    given: dict[str, Any] = {}
    if method != "get" and case.body is not None:
        given = {"data": filled(case.body, names)}
        if " " in door:  # REST; pages take forms
            given["content_type"] = "application/json"
    if case.is_async:
        in_force(world.force, _sign_in_anew)
        return getattr(client, method)(path, **given)  # type: ignore[no-any-return]
    with rolled_back(world.force):
        _sign_in_anew()
        if given.get("data", {}).get("answers"):
            asked = "consultation" if "consultations/" in door else "draft"
            given["data"]["answers"] = answers_for(LiveSession.objects.get(pk=world.ids[asked]))
        response: HttpResponseBase = getattr(client, method)(path, **given)
    return response


def _sign_in_anew() -> None:
    """Whoever signed in for the whole walk did so a moment ago."""
    SignIn.objects.update(seen_at=clock.now(), proved_at=clock.now())


def filled(body: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Return a body whose values that start with @ are a world's."""
    names = {**names, "outcome": list_outcomes()[0]["code"], "answers": "by question"}
    return {key: names[value[1:]] if str(value).startswith("@") else value for key, value in body.items()}


def text_of(response: HttpResponseBase) -> str:
    """Return all that the answer says, its headers too."""
    body = response.content.decode() if isinstance(response, HttpResponse) else ""
    return f"{body} {response.headers}"


def is_refusal(response: HttpResponseBase) -> bool:
    """Whether somebody was turned away: to sign in, to where the own role works, or by a status."""
    if response.status_code in (302, 303):
        return bool(re.search(r"/(sign-in|login)/|^/admin/$|^/api/v1/docs/$|^/officer/$", response.headers["Location"]))
    return response.status_code in REFUSALS


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("door", [door for door, case in TRIED.items() if not case.is_public])
def test_role_passes_the_doors_of_its_table_and_no_other(
    worlds: Worlds, clients: Clients, door: str, role: str
) -> None:
    own, case = worlds[0], FORCE[door]

    response = ask(clients(role), own, door, case)

    if role in case.allowed:
        assert response.status_code == case.ok, text_of(response)[:600]
    else:
        assert is_refusal(response), (response.status_code, text_of(response)[:600])
        assert own.mark not in text_of(response)


@pytest.mark.parametrize("door", [door for door, case in TRIED.items() if case.is_public])
def test_visitor_passes_a_public_door_and_sees_nothing_of_the_force(
    worlds: Worlds, clients: Clients, door: str
) -> None:
    own, case = worlds[0], FORCE[door]

    response = ask(clients(""), own, door, case)

    assert response.status_code == case.ok, text_of(response)[:600]
    assert own.mark not in text_of(response)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("door", list(NAMING))
def test_nobody_reaches_another_forces_object(worlds: Worlds, clients: Clients, door: str, role: str) -> None:
    own, foreign = worlds
    case = FORCE[door]
    before = state_of(foreign)

    response = ask(clients(role), own, door, case, foreign)

    if role in case.allowed or case.is_public:
        assert response.status_code in (404, 410), text_of(response)[:600]
    else:
        assert is_refusal(response) or response.status_code == 404
    assert foreign.mark not in text_of(response)
    assert state_of(foreign) == before


@pytest.mark.parametrize("role", ROLES[1:])
@pytest.mark.parametrize("door", [door for door, case in TRIED.items() if not case.is_public])
def test_session_of_another_force_is_a_visitors(worlds: Worlds, clients: Clients, door: str, role: str) -> None:
    own, foreign = worlds
    stranger = Client(headers={"host": "herts.localhost"})
    for name, morsel in clients(role, foreign.force.schema).cookies.items():
        stranger.cookies[name] = morsel.value

    response = ask(stranger, own, door, FORCE[door])

    assert is_refusal(response), (response.status_code, text_of(response)[:300])


@pytest.mark.parametrize("door", [door for door, case in TRIED.items() if case.allowed and door.startswith("GET")])
def test_token_of_another_force_reads_nothing(worlds: Worlds, clients: Clients, door: str) -> None:
    own, foreign = worlds
    held = Client(headers={"host": "herts.localhost", "authorization": f"Bearer {own.ids['api_token']}"})
    strange = Client(headers={"host": "herts.localhost", "authorization": f"Bearer {foreign.ids['api_token']}"})
    reads = ("items/" in door and "files" not in door) or "audit/" in door or "retention/" in door

    assert (ask(held, own, door, FORCE[door]).status_code == 200) is reads
    refused = ask(strange, own, door, FORCE[door])
    assert refused.status_code in REFUSALS
    assert own.mark not in text_of(refused)


def test_ticket_of_another_force_opens_nothing(worlds: Worlds, clients: Clients) -> None:
    own, foreign = worlds
    for world, status in ((own, 200), (foreign, 403)):
        phone = Client(headers={"host": "herts.localhost"})
        phone.cookies[CALLER_COOKIE] = world.cookie("live")
        with rolled_back(own.force):
            page = phone.get("/live/")
        assert (page.status_code in (403, 404)) is (status == 403), page.content
        assert foreign.mark not in page.content.decode()


def test_ticket_of_another_force_reads_no_receipt(worlds: Worlds, clients: Clients) -> None:
    own, foreign = worlds
    for world, status in ((foreign, 404), (own, 200)):
        phone = Client(headers={"host": "herts.localhost"})
        phone.cookies[CALLER_COOKIE] = world.cookie("live")
        with rolled_back(own.force):
            page = phone.get("/live/receipt/")
        assert page.status_code == status, page.content
        assert foreign.mark not in page.content.decode()


def test_platform_knows_no_person_of_a_force(worlds: Worlds, clients: Clients) -> None:
    stranger = Client(headers={"host": "localhost"})
    for name, morsel in clients("force_admin").cookies.items():
        stranger.cookies[name] = morsel.value

    page = stranger.get("/admin/")

    assert is_refusal(page), page.status_code
    assert "herts" not in text_of(stranger.get("/")).lower()


def state_of(world: World) -> Any:
    """Return what an intruder could have changed."""
    return in_force(world.force, _state, world.force)


def _state(force: ForceRef) -> list[Any]:
    counted = (
        Consent,
        ChatMessage,
        IncidentMessage,
        Position,
        Watch,
        User,
        Still,
        StillAsk,
        StillViewing,
        Shift,
        OfficerPosition,
        PushSubscription,
    )
    return [
        *(model.objects.count() for model in counted),
        Notice.objects.filter(seen_at=None).count(),
        list(LiveSession.objects.order_by("pk").values_list("pk", "state", "outcome_code", "revision")),
        list(Incident.objects.order_by("pk").values_list("pk", "closed_at")),
        list(AgencyShare.objects.order_by("pk").values_list("pk", "ended_at")),
        list(Showing.objects.order_by("pk").values_list("pk", "hidden_at")),
        list(AgencyViewer.objects.order_by("pk").values_list("pk", "code_number", "verified_at", "ended_at")),
        list(Flight.objects.order_by("pk").values_list("pk", "state")),
        list(Item.objects.order_by("pk").values_list("pk", "state", "holds__released_at")),
        list(Assignment.objects.order_by("pk").values_list("pk", "state", "revision")),
        list(ViewRequest.objects.order_by("pk").values_list("pk", "state", "revision")),
    ]
