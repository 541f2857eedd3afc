"""Who is nearest: available, able, heard lately, by distance; and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from forces import dispatch
from forces.accounts.models import User
from forces.context import ForceRef, Unit
from forces.errors import InvalidInput, NotFound, NotPermitted, Unavailable
from streams.live_officers import fix_key, geo_key
from streams.services import nearest
from streams.services.assignments import ask_assignment
from streams.services.nearest import Origin, find_nearest
from streams.services.positions import NewFix, add_fix
from streams.services.sessions import end_session
from streams.services.shifts import set_status
from tests.factories.officers import make_at, make_officer, make_officer_live, make_on_duty
from tests.factories.streams import NOW, AuditRows, make_consented, make_incident, person
from tests.units import rolled_back

HERE = (51.80, -0.08)
POINT = Origin(point=HERE)


def ask(origin: Origin = POINT, **given: Any) -> Any:
    return find_nearest(actor=person(), now=NOW, origin=origin, **given)


def names(found: Any, part: str = "officers") -> list[str]:
    return [row["name"].split()[-1].lower() for row in found[part]]


def call_from(latitude: float, longitude: float) -> tuple[UUID, UUID]:
    """Let a caller say where they are; returns (incident, session)."""
    caller = make_consented()
    fix = NewFix(latitude=latitude, longitude=longitude, accuracy_m=20, fixed_at=NOW)
    add_fix(actor=caller.actor, now=NOW, session_id=caller.session.id, fix=fix)
    return caller.session.incident_id, caller.session.id


@pytest.mark.parametrize("role", ["officer", "pcso", "scenes_of_crime", "auditor", "force_admin", ""])
def test_role_outside_the_control_room_looks_refused(in_herts: Unit, role: str) -> None:
    make_at("near", 51.80, -0.08)

    with pytest.raises(NotPermitted):
        find_nearest(actor=person(role), now=NOW, origin=POINT)


def test_nearest_come_first_with_distance_age_and_accuracy(in_herts: Unit) -> None:
    make_at("far", 51.90, -0.08)
    make_at("near", 51.81, -0.08, age=timedelta(seconds=40))

    found = ask()

    assert names(found) == ["near", "far"]
    row = found["officers"][0]
    assert row["distance_m"] == pytest.approx(1_112, abs=3)
    assert (row["age_s"], row["accuracy_m"]) == (40, 12)
    assert (row["number"], row["skills"], row["status"]) == ("1234", ["Taser", "First aid"], "available")
    assert row["fix"]["latitude"] == 51.81
    assert row["session_id"] is None


def test_who_is_busy_off_duty_or_not_heard_for_a_quarter_of_an_hour_is_left_out(in_herts: Unit) -> None:
    make_at("old", 51.80, -0.08, age=timedelta(minutes=15, seconds=1))
    make_at("young", 51.83, -0.08, age=timedelta(minutes=15))
    busy, off = make_at("busy", 51.81, -0.08), make_at("off", 51.80, -0.08)
    set_status(actor=busy, now=NOW, status="at_scene")
    set_status(actor=off, now=NOW, status="off_duty")
    make_on_duty("nowhere")

    assert names(ask()) == ["young"]


def test_person_who_is_no_officer_any_more_is_left_out(in_herts: Unit) -> None:
    gone, moved = make_at("gone", 51.80, -0.08), make_at("moved", 51.80, -0.08)
    make_at("stays", 51.81, -0.08)
    User.objects.filter(pk=gone.id).update(is_active=False)
    User.objects.filter(pk=moved.id).update(role="operator")

    assert names(ask()) == ["stays"]


@pytest.mark.parametrize("role", ["pcso", "scenes_of_crime"])
def test_pcso_and_scenes_of_crime_officer_are_found_as_officers_are(in_herts: Unit, role: str) -> None:
    make_at("ashby", 51.80, -0.08, role=role)

    assert [row["role"] for row in ask()["officers"]] == [role]


def test_all_of_the_skills_are_asked_for(in_herts: Unit) -> None:
    make_at("one", 51.80, -0.08, skills=["dog"])
    make_at("both", 51.85, -0.08, skills=["dog", "armed", "first_aid"])

    assert names(ask(skills=["armed", "dog"])) == ["both"]
    assert names(ask(skills=["taser"])) == []
    with pytest.raises(InvalidInput):
        ask(skills=["telepathy"])


@pytest.mark.parametrize("few", [0, 200])
def test_search_widens_until_the_filter_leaves_enough(
    in_herts: Unit, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    for number in range(6):
        make_at(f"close{number}", 51.80 + number / 10_000, -0.08, skills=[])
    make_at("dog", 52.80, -0.08, skills=["dog"])
    make_at("abroad", 56.80, -0.08, skills=["dog"])
    monkeypatch.setattr(nearest, "STEPS", ((1_000, 2), (4_000, 4), (320_000, 64)))
    monkeypatch.setattr(nearest, "FEW", few)

    assert names(ask(skills=["dog"])) == ["dog"]  # and nobody from farther away than anybody is sent
    assert names(ask(limit=3)) == ["close0", "close1", "close2"]
    assert len(ask(limit=20)["officers"]) == 7


def test_no_more_than_twenty_are_listed(in_herts: Unit) -> None:
    for number in range(22):
        make_at(f"officer{number}", 51.80, -0.08)

    assert len(ask(limit=500)["officers"]) == 20


def test_queries_do_not_rise_with_the_officers(in_herts: Unit) -> None:
    for number in range(15):
        make_at(f"officer{number}", 51.80, -0.08)

    with CaptureQueriesContext(connection) as captured:
        assert len(ask(limit=15)["officers"]) == 15
    assert len(captured) == 2


def test_incident_is_where_its_caller_is_and_not_the_officer_on_the_way(in_herts: Unit) -> None:
    incident_id, session_id = call_from(51.80, -0.08)
    live = make_officer_live(incident_id=incident_id, name="onway")
    fix = NewFix(latitude=52.5, longitude=-0.08, accuracy_m=5, fixed_at=NOW + timedelta(minutes=1))
    add_fix(actor=live.actor, now=NOW + timedelta(minutes=1), session_id=live.session.id, fix=fix)
    make_at("near", 51.80, -0.08)

    by_incident = ask(Origin(incident_id=incident_id))

    assert by_incident["place"]["latitude"] == 51.80
    assert by_incident["place"]["grid_reference"]
    assert by_incident["officers"][0]["distance_m"] < 5
    assert ask(Origin(session_id=session_id))["place"]["latitude"] == 51.80
    assert ask(Origin(session_id=live.session.id))["place"]["latitude"] == 52.5


def test_incident_that_is_nowhere_yet_says_so_and_shows_who_was_asked(in_herts: Unit) -> None:
    incident, officer = make_incident(), make_at("near", 51.80, -0.08)
    ask_assignment(actor=person(), now=NOW, incident_id=incident.id, officer_id=officer.id)

    found = ask(Origin(incident_id=incident.id))

    assert (found["place"], found["officers"]) == (None, [])
    assert names(found, "assigned") == ["near"]
    assert found["assigned"][0]["distance_m"] is None


def test_who_was_asked_is_listed_apart_whatever_they_do_and_without_a_fix(in_herts: Unit) -> None:
    incident_id, _ = call_from(51.80, -0.08)
    far, unseen = make_at("far", 51.90, -0.08), make_on_duty("unseen")
    make_at("free", 51.81, -0.08)
    for second, officer in enumerate((far, unseen)):
        asked_at = NOW + timedelta(seconds=second)
        ask_assignment(actor=person(), now=asked_at, incident_id=incident_id, officer_id=officer.id)
    set_status(actor=far, now=NOW, status="en_route")

    found = ask(Origin(incident_id=incident_id))

    assert names(found) == ["free"]
    assert names(found, "assigned") == ["far", "unseen"]
    assert found["assigned"][0]["distance_m"] == pytest.approx(11_122, abs=20)
    assert found["assigned"][1]["fix"] is None
    assert (found["assigned"][1]["distance_m"], found["assigned"][1]["age_s"]) == (None, None)


@pytest.mark.parametrize("origin", [Origin(incident_id=uuid4()), Origin(session_id=uuid4())])
def test_operator_asks_for_an_incident_that_there_is_not_refused(in_herts: Unit, origin: Origin) -> None:
    with pytest.raises(NotFound):
        ask(origin)


def test_look_is_audited_without_a_place(in_herts: Unit, audit_rows: AuditRows) -> None:
    incident_id, _ = call_from(51.8, -0.08)
    make_at("near", 51.80, -0.08)
    ask(Origin(incident_id=incident_id), skills=["taser"])
    ask()

    rows = [row for row in audit_rows() if row["act"] == "officer.nearest"]

    assert [(row["operation"], row["object_type"]) for row in rows] == [
        ("consultation", "incident"),
        ("consultation", "point"),
    ]
    assert rows[0]["object_id"] == str(incident_id)
    assert rows[0]["detail"] == {"skills": ["taser"], "rows": 1}
    assert "51.8" not in str(rows)


def test_page_that_asks_every_few_seconds_is_one_look_a_minute(copy_db: str, herts: ForceRef) -> None:
    from forces.audit.models import AuditEntry
    from forces.context import in_force

    incident_id = in_force(herts, lambda: make_incident().id)
    for role in ("operator", "operator", "supervisor"):
        in_force(herts, find_nearest, actor=person(role), now=NOW, origin=Origin(incident_id=incident_id))
    looks = in_force(herts, lambda: AuditEntry.objects.filter(act="officer.nearest").count())

    assert looks == 2


def test_redis_that_is_lost_is_said_and_nobody_is_shown(in_herts: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    import redis

    make_at("near", 51.80, -0.08)
    dead = redis.Redis(port=1, socket_connect_timeout=0.1)
    monkeypatch.setattr(dispatch, "_redis", dead)

    with pytest.raises(Unavailable):
        ask()


def test_officers_of_another_force_are_not_found(in_herts: Unit, beds: ForceRef) -> None:
    make_at("ours", 51.80, -0.08)
    client = dispatch.redis_client()
    client.geoadd(geo_key("beds"), (-0.08, 51.80, "99999"))

    assert names(ask()) == ["ours"]
    assert client.exists(geo_key("herts"), fix_key("herts")) == 2


def test_door_takes_one_origin_and_keeps_places_out_of_the_address(force_client: Callable[..., Client]) -> None:
    client, herts = force_client("operator"), ForceRef("herts", "Hertfordshire Constabulary")
    address, point = "/api/v1/officers/nearest/", {"latitude": 51.8, "longitude": -0.08}
    with rolled_back(herts):
        make_at("ours", 51.80, -0.08, now=_now())
        good = client.post(address, {**point, "skills": ["taser"]}, content_type="application/json")
        bad = [
            client.post(address, body, content_type="application/json").status_code
            for body in (
                {},
                {"latitude": 51.8},
                {**point, "incident_id": str(uuid4())},
                {**point, "skills": ["telepathy"]},
                {"latitude": 91, "longitude": 0},
                {"latitude": "nan", "longitude": 0},
            )
        ]
        by_address = client.get(address, {"latitude": "51.8", "longitude": "-0.08"}).status_code

    assert [row["name"] for row in good.json()["officers"]] == ["Tom Ours"]
    assert bad == [400] * 6
    assert by_address == 405


def _now() -> Any:
    from forces import clock

    return clock.now()


def test_officer_who_is_live_and_available_is_shown_with_the_session(in_herts: Unit) -> None:
    live = make_officer_live(name="ashby")
    set_status(actor=live.actor, now=NOW, status="available")
    make_at("ashby", 51.80, -0.08)

    assert ask()["officers"][0]["session_id"] == str(live.session.id)
    assert make_officer("ashby").id == live.actor.id

    end_session(actor=live.actor, now=NOW, session_id=live.session.id, reason="stopped")

    assert ask()["officers"][0]["session_id"] is None
