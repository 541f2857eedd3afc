"""Flights: who plans, launches and lands them, what stands between a plan and the air, and what ends one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from drones.models import Aircraft, Flight
from drones.selectors import find_flight, flight_view, list_fleet, list_flights, list_who_may_fly
from drones.services.flights import (
    AircraftBusy,
    AircraftWithdrawn,
    PilotBusy,
    PilotUnfit,
    land_flight,
    launch_flight,
    plan_flight,
    view_flight,
    view_flights,
)
from evidence.parts import registered_parts
from forces.accounts.models import OfficerProfile
from forces.actors import Actor
from forces.context import Unit
from forces.errors import InvalidInput, InvalidTransition, NotFound, NotPermitted
from streams.models import Incident, LiveSession, RiskQuestionSet
from streams.services import recording
from streams.services.attention import note_looks
from streams.services.colleagues import show_to_officers
from streams.services.incident_closing import SessionsUnderWay, close_incident
from streams.services.incident_places import incident_places
from streams.services.invitations import send_invitation
from streams.services.locks import SessionOver
from streams.services.officer_page import read_officer_page
from streams.services.positions import NewFix, add_fix
from streams.services.progress import list_expected_callers
from streams.services.risk import RiskRefused, RiskUnanswered, find_questions, override_risk
from streams.services.sessions import end_session, expire_sessions
from tests.factories.colleagues import send_there
from tests.factories.drones import flight_made, make_aircraft, make_flying, make_pilot, make_plan, make_planned
from tests.factories.media import make_live
from tests.factories.officers import make_on_duty
from tests.factories.streams import NOW, AuditRows, answer, make_consented, make_incident, make_session, person


@pytest.mark.parametrize("role", ["officer", "pcso", "auditor", "force_admin", ""])
def test_other_role_plans_launches_or_lands_refused(in_herts: Unit, role: str) -> None:
    planned = make_planned()
    answer(planned.session)
    session_id = planned.flight.session_id

    with pytest.raises(NotPermitted):
        plan_flight(actor=person(role), now=NOW, plan=make_plan(make_aircraft("OTHER")))
    with pytest.raises(NotPermitted):
        launch_flight(actor=person(role), now=NOW, session_id=session_id)
    with pytest.raises(NotPermitted):
        land_flight(actor=person(role), now=NOW, session_id=session_id)
    assert [flight.state for flight in Flight.objects.all()] == ["planned"]


@pytest.mark.parametrize("role", ["officer", "force_admin", ""])
def test_other_role_reads_flights_refused(in_herts: Unit, role: str) -> None:
    for read in (list_fleet, list_who_may_fly):
        with pytest.raises(NotPermitted):
            read(person(role))
    with pytest.raises(NotPermitted):
        view_flights(actor=person(role), now=NOW)
    with pytest.raises(NotPermitted):
        view_flight(actor=person(role), session_id=make_planned().flight.pk)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"purpose": "  x "}, "purpose"),
        ({"lawful_basis": "curiosity"}, "lawful_basis"),
        ({"lawful_basis": "directed_surveillance"}, "authorisation"),
    ],
)
def test_operator_plans_without_a_purpose_or_a_basis_refused(in_herts: Unit, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        make_planned(**wrong)

    assert refusal.value.details == {"field": field}
    assert not Flight.objects.exists()


def test_operator_plans_what_there_is_not_refused(in_herts: Unit) -> None:
    closed = make_incident()
    Incident.objects.filter(pk=closed.pk).update(closed_at=NOW)

    for incident_id in (uuid4(), closed.id):
        with pytest.raises(NotFound):
            make_planned(incident_id=incident_id)
    with pytest.raises(NotFound):
        plan_flight(actor=person(), now=NOW, plan=replace(make_plan(), aircraft_id=uuid4()))
    with pytest.raises(AircraftWithdrawn):
        make_planned(make_aircraft("OLD", is_in_service=False))


def test_operator_plans_with_somebody_who_may_not_fly_refused(in_herts: Unit) -> None:
    for unfit in (make_pilot("unregistered", flyer_id=""), person("officer")):
        with pytest.raises(PilotUnfit):
            make_planned(pilot=unfit)


def test_planned_flight_is_a_session_of_the_incident_that_nothing_is_sent_into_yet(
    in_herts: Unit, audit_rows: AuditRows
) -> None:
    incident = make_incident()

    made = make_planned(incident_id=incident.id, lawful_basis="directed_surveillance", authorisation="DSA/11/7")

    session = made.session
    assert (session.kind, session.state, session.incident_id) == ("flight", "draft", incident.id)
    assert (session.source_id, session.source_name) == (str(made.flight.aircraft_id), str(made.flight.aircraft))
    view = flight_view(find_flight(session.id))
    assert (view["state"], view["risk"], view["pilot"]["flyer_id"]) == ("planned", None, "GBR-RP-9WM5CGTWGC37")
    assert [row["act"] for row in audit_rows() if row["object_type"] == "flight"] == ["flight.plan"]
    with pytest.raises(NotPermitted):
        make_live(flight_as(made.session, person()))


def flight_as(session: LiveSession, actor: Actor) -> Any:
    """A sharer who acts as somebody else."""
    return type("Sharer", (), {"session": session, "actor": actor})()


def test_aircraft_has_one_flight_at_a_time(in_herts: Unit) -> None:
    made = make_planned()

    with pytest.raises(AircraftBusy):
        make_planned(pilot=make_pilot("second"))
    with pytest.raises(IntegrityError), transaction.atomic():
        LiveSession.objects.filter(pk=make_session().pk).update(kind="flight", source_id=made.session.source_id)
    land_flight(actor=person(), now=NOW, session_id=made.flight.pk)
    assert make_planned().flight.state == "planned"


def test_operator_launches_without_the_answers_refused_and_audited(in_herts: Unit, audit_rows: AuditRows) -> None:
    planned = make_planned()

    with pytest.raises(RiskUnanswered, match="launch"):
        launch_flight(actor=person(), now=NOW, session_id=planned.flight.pk)

    assert flight_made(planned.flight.pk).flight.state == "planned"
    refused = [row for row in audit_rows() if row["act"] == "flight.launch"]
    assert [(row["outcome"], row["code"]) for row in refused] == [("refused", "risk_unanswered")]


@pytest.mark.parametrize(
    "answers",
    [
        {"flight_people": "no"},
        {"flight_airspace": "no"},
        {"flight_other_aircraft": "yes"},
        {"flight_in_sight": "no"},
        {"flight_privacy": "no"},
    ],
)
def test_answer_that_refuses_keeps_the_aircraft_down_until_a_supervisor_overrides(
    in_herts: Unit, answers: dict[str, Any]
) -> None:
    planned = make_planned()
    answer(planned.session, **answers)

    with pytest.raises(RiskRefused, match="flight"):
        launch_flight(actor=person(), now=NOW, session_id=planned.flight.pk)
    override_risk(actor=person("supervisor"), now=NOW, session_id=planned.flight.pk, reason="A child is in the water")
    launch_flight(actor=person(), now=NOW, session_id=planned.flight.pk)

    assert flight_made(planned.flight.pk).flight.state == "flying"


def test_questions_of_flights_are_their_own(in_herts: Unit) -> None:
    asked: dict[str, Any] = {"actor": person(), "type_code": "domestic", "link_kind": "location_video"}

    link, flight = (find_questions(**asked, purpose=purpose) for purpose in ("link", "flight"))

    assert not {one.code for one in link.questions} & {one.code for one in flight.questions}
    assert {one.code for one in flight.questions} >= {"flight-people", "flight-airspace", "flight-privacy"}
    with pytest.raises(InvalidInput):
        answer(make_planned().session, safe_to_text="yes")


def test_new_version_of_the_questions_asks_for_new_answers(in_herts: Unit) -> None:
    planned = make_planned()
    answer(planned.session)
    RiskQuestionSet.objects.filter(purpose="flight").update(is_active=False)
    RiskQuestionSet.objects.create(purpose="flight", version=2)

    with pytest.raises(RiskUnanswered):
        launch_flight(actor=person(), now=NOW, session_id=planned.flight.pk)


def test_what_changed_since_the_plan_keeps_the_aircraft_down(in_herts: Unit) -> None:
    planned = make_planned()
    answer(planned.session)

    Aircraft.objects.update(is_in_service=False)
    with pytest.raises(AircraftWithdrawn):
        launch_flight(actor=person(), now=NOW, session_id=planned.flight.pk)
    Aircraft.objects.update(is_in_service=True)
    OfficerProfile.objects.filter(user_id=planned.flight.pilot_id).update(skills=[])
    with pytest.raises(PilotUnfit):
        launch_flight(actor=person(), now=NOW, session_id=planned.flight.pk)


def test_pilot_has_one_aircraft_in_the_air(in_herts: Unit) -> None:
    make_flying()

    with pytest.raises(PilotBusy):
        make_flying(make_aircraft("SECOND"))


def test_flight_is_launched_once(in_herts: Unit) -> None:
    made = make_flying()

    with pytest.raises(InvalidTransition):
        launch_flight(actor=person(), now=NOW, session_id=made.flight.pk)
    with pytest.raises(NotFound):
        launch_flight(actor=person(), now=NOW, session_id=make_session().id)


def test_aircraft_in_the_air_sends_and_is_recorded_by_order(in_herts: Unit) -> None:
    made = make_flying()

    stream = make_live(made)

    assert (stream.state, made.session.state) == ("live", "live")
    assert recording.wants_recording(made.session)


@pytest.mark.parametrize("kind", ["other aircraft", "operator", "pilot", "caller"])
def test_nobody_but_its_aircraft_sends_into_a_flight(in_herts: Unit, kind: str) -> None:
    made = make_flying()
    other = make_aircraft("OTHER")
    actor = {
        "other aircraft": Actor.device(other.id, str(other)),
        "operator": person(),
        "pilot": make_pilot(),
        "caller": Actor.caller(made.flight.pk),
    }[kind]

    with pytest.raises(NotPermitted):
        make_live(flight_as(made.session, actor))


def test_device_has_no_rights(in_herts: Unit) -> None:
    actor = Actor(kind="device", id="1", name="aircraft", role="supervisor")

    with pytest.raises(NotPermitted):
        view_flights(actor=actor, now=NOW)


def test_landing_ends_stream_and_session(in_herts: Unit, audit_rows: AuditRows) -> None:
    made = make_flying()
    stream = make_live(made)
    later = NOW + timedelta(minutes=12)

    for _ in range(2):
        land_flight(actor=person(), now=later, session_id=made.flight.pk)

    stream.refresh_from_db()
    flight = flight_made(made.flight.pk).flight
    assert (flight.state, flight.over_at, stream.state) == ("landed", later, "ended")
    assert (made.session.state, made.session.end_reason) == ("ended", "landed")
    assert [row["act"] for row in audit_rows()].count("flight.land") == 1
    with pytest.raises(SessionOver):
        launch_flight(actor=person(), now=later, session_id=made.flight.pk)


def test_planned_flight_is_called_off(in_herts: Unit) -> None:
    planned = make_planned()

    land_flight(actor=person(), now=NOW, session_id=planned.flight.pk)

    assert flight_made(planned.flight.pk).flight.state == "called_off"
    assert planned.session.end_reason == "called_off"


def test_flight_is_over_with_its_session_whoever_ended_that(in_herts: Unit) -> None:
    made = make_flying()

    end_session(actor=person(), now=NOW, session_id=made.flight.pk, reason="ended_by_operator")

    assert flight_made(made.flight.pk).flight.state == "landed"


def test_flights_time_counts_from_the_launch(in_herts: Unit) -> None:
    planned, other = make_planned(), make_planned(make_aircraft("SECOND"), make_pilot("second"))
    launch_at = NOW + timedelta(minutes=200)
    answer(planned.session, now=launch_at)
    launch_flight(actor=person(), now=launch_at, session_id=planned.flight.pk)

    expire_sessions(now=NOW + timedelta(minutes=250))
    assert (planned.session.state, flight_made(planned.flight.pk).flight.state) == ("consented", "flying")
    assert (other.session.state, flight_made(other.flight.pk).flight.state) == ("expired", "called_off")

    expire_sessions(now=launch_at + timedelta(minutes=250))
    assert flight_made(planned.flight.pk).flight.state == "landed"
    assert planned.session.end_reason == "time_limit"


def test_flight_is_unattended_only_while_its_picture_comes_and_nobody_watches(in_herts: Unit) -> None:
    silent, seen = make_flying(), make_flying(make_aircraft("SECOND"), make_pilot("second"))
    make_live(seen)

    for seconds in (0, 61):
        note_looks(now=NOW + timedelta(seconds=seconds), attended=())

    assert (silent.session.unattended_reason, seen.session.unattended_reason) == ("", "picture_unwatched")


def test_drone_has_no_page_that_could_be_lost(in_herts: Unit) -> None:
    make_live(make_flying())

    assert list_expected_callers() == []


def test_picture_of_a_drone_is_shown_to_the_officers_on_the_incident(in_herts: Unit) -> None:
    incident, officer = make_incident(), make_on_duty("field")
    made = make_flying(incident_id=incident.id)
    stream = make_live(made)
    add_fix(
        actor=made.actor,
        now=NOW,
        session_id=made.flight.pk,
        fix=NewFix(latitude=51.9, longitude=-0.2, accuracy_m=8.0, fixed_at=NOW),
    )
    send_there(officer, incident.id)

    show_to_officers(actor=person(), now=NOW, session_id=made.flight.pk)

    [shown] = read_officer_page(actor=officer, now=NOW)["pictures"]
    assert (shown["kind"], shown["stream"]["id"]) == ("flight", str(stream.id))
    assert shown["source"] == {"id": str(made.flight.aircraft_id), "name": str(made.flight.aircraft)}
    assert shown["position"]["latitude"] == 51.9


def test_incident_is_where_its_caller_is_and_not_its_drone(in_herts: Unit) -> None:
    caller = make_consented()
    incident_id = caller.session.incident_id
    made = make_flying(incident_id=incident_id)
    for sharer, latitude, seconds in ((caller, 51.8, 0), (made, 51.9, 5)):
        at = NOW + timedelta(seconds=seconds)
        fix = NewFix(latitude=latitude, longitude=-0.2, accuracy_m=8.0, fixed_at=at)
        add_fix(actor=sharer.actor, now=at, session_id=sharer.session.id, fix=fix)

    assert incident_places([incident_id])[incident_id].latitude == 51.8


def test_incident_with_a_flight_cannot_be_closed(in_herts: Unit) -> None:
    made = make_planned()

    with pytest.raises(SessionsUnderWay):
        close_incident(actor=person(), now=NOW, incident_id=made.session.incident_id)


def test_operator_sends_a_link_to_a_flight_refused(in_herts: Unit) -> None:
    with pytest.raises(InvalidTransition, match="no link"):
        send_invitation(actor=person(), now=NOW, session_id=make_planned().flight.pk)


def test_lists_say_what_flies_and_who_is_free(in_herts: Unit) -> None:
    made, free = make_flying(), make_pilot("free")
    make_aircraft("ON-THE-SHELF")
    make_aircraft("GONE", is_in_service=False)

    fleet = {row["serial"]: row["flight_id"] for row in list_fleet(person())}
    pilots = {row["id"]: row["flight_id"] for row in list_who_may_fly(person())}

    assert fleet == {"1581F5FHD23": str(made.flight.pk), "ON-THE-SHELF": None}
    assert pilots == {made.flight.pilot_id: str(made.flight.pk), free.id: None}


def test_list_of_flights_forgets_those_of_yesterday_and_is_audited(in_herts: Unit, audit_rows: AuditRows) -> None:
    made = make_flying()
    land_flight(actor=person(), now=NOW, session_id=made.flight.pk)

    assert [row["id"] for row in view_flights(actor=person(), now=NOW + timedelta(hours=11))] == [str(made.flight.pk)]
    assert list_flights(person(), now=NOW + timedelta(hours=13)) == []
    assert ("flight.list", "consultation") in [(row["act"], row["operation"]) for row in audit_rows()]


def test_erased_flight_keeps_who_flew_what_and_when(in_herts: Unit) -> None:
    made = make_flying()
    part = next(part for part in registered_parts() if part.kind == "drones.flight")
    exported = part.export(made.flight.pk)

    assert part.erase(made.flight.pk, NOW) == 1

    flight = flight_made(made.flight.pk).flight
    assert exported[0]["purpose"] == "Search for a missing person"
    assert (flight.purpose, flight.pilot_id) == ("[erased]", made.flight.pilot_id)
