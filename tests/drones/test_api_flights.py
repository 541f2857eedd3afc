"""The REST of flights, through sign-in and the whole middleware: one flight from the plan to the landing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from forces import clock
from forces.context import Unit
from streams.models import LiveSession
from tests.factories.drones import make_aircraft, make_pilot
from tests.factories.streams import answers_for, make_incident

MakeClient = Callable[..., Client]
API = "/api/v1"
NOBODYS = UUID(int=7)


def post(client: Client, path: str, body: dict[str, Any] | None = None) -> Any:
    return client.post(f"{API}{path}", body or {}, content_type="application/json")


def planned(**changed: Any) -> dict[str, Any]:
    return {
        "incident_id": str(make_incident(now=clock.now()).id),
        "aircraft_id": str(make_aircraft().id),
        "pilot_id": make_pilot().id,
        "purpose": "Search for a missing person",
        "lawful_basis": "vital_interests",
        **changed,
    }


@pytest.mark.parametrize("path", ["/flights/", f"/flights/{NOBODYS}/launch/", f"/flights/{NOBODYS}/land/"])
def test_visitor_writes_refused(in_herts: Unit, force_client: MakeClient, path: str) -> None:
    assert post(force_client(), path).status_code == 401


@pytest.mark.parametrize("path", ["/aircraft/", "/pilots/", "/flights/", f"/flights/{NOBODYS}/"])
def test_visitor_reads_refused(in_herts: Unit, force_client: MakeClient, path: str) -> None:
    assert force_client().get(f"{API}{path}").status_code == 401


@pytest.mark.parametrize(
    "wrong",
    [{"lawful_basis": "none"}, {"pilot_id": "x"}, {"purpose": ""}, {"aircraft_id": "x"}, {"purpose": "x" * 301}],
)
def test_operator_plans_what_has_no_shape_refused(
    in_herts: Unit, force_client: MakeClient, wrong: dict[str, Any]
) -> None:
    answered = post(force_client("operator"), "/flights/", planned(**wrong))

    assert (answered.status_code, answered.json()["code"]) == (400, "invalid_input")


def test_operator_is_told_by_a_code_why_a_flight_is_refused(in_herts: Unit, force_client: MakeClient) -> None:
    client = force_client("operator")
    first = planned()
    flight_id = post(client, "/flights/", first).json()["id"]
    session = LiveSession.objects.get(pk=flight_id)
    unregistered = make_pilot("unregistered", flyer_id="").id

    busy = post(client, "/flights/", first)
    unfit = post(client, "/flights/", planned(aircraft_id=str(make_aircraft("SPARE").id), pilot_id=unregistered))
    post(client, f"/sessions/{flight_id}/risk/", {"answers": answers_for(session, flight_people="no")})
    refused = post(client, f"/flights/{flight_id}/launch/")
    overridden = post(client, f"/sessions/{flight_id}/override/", {"reason": "Life at risk"})

    assert (busy.status_code, busy.json()["code"]) == (409, "aircraft_busy")
    assert (unfit.status_code, unfit.json()["code"]) == (409, "pilot_unfit")
    assert (refused.status_code, refused.json()["code"]) == (409, "risk_refused")
    assert [one["code"] for one in refused.json()["details"]["refusals"]] == ["flight-people"]
    assert (overridden.status_code, overridden.json()["code"]) == (403, "not_permitted")


def test_operator_flies_from_the_plan_to_the_landing(in_herts: Unit, force_client: MakeClient) -> None:
    client = force_client("operator")

    flight = post(client, "/flights/", planned()).json()
    path = f"/flights/{flight['id']}"
    early = post(client, f"{path}/launch/")
    asked = client.get(f"{API}/risk-questions/?incident_type=concern&link_kind=location_video&purpose=flight").json()
    session = LiveSession.objects.get(pk=flight["id"])
    answered = post(client, f"/sessions/{flight['id']}/risk/", {"answers": answers_for(session)})
    launched = post(client, f"{path}/launch/").json()
    landed = post(client, f"{path}/land/").json()

    assert (early.status_code, early.json()["code"]) == (409, "risk_unanswered")
    assert {question["code"] for question in asked["questions"]} == set(answers_for(session))
    assert answered.json()["outcome"] == "clear"
    assert [flight["state"], launched["state"], landed["state"]] == ["planned", "flying", "landed"]
    assert client.get(f"{API}{path}/").json() == landed
    assert [row["id"] for row in client.get(f"{API}/flights/").json()] == [flight["id"]]
    assert client.get(f"{API}/sessions/{flight['id']}/").json()["session"]["kind"] == "flight"
    assert [row["flight_id"] for row in client.get(f"{API}/aircraft/").json()] == [None]
    assert [row["flight_id"] for row in client.get(f"{API}/pilots/").json()] == [None]
