"""Closing an incident releases the officers who were asked for it, and the time line keeps what they were asked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from forces.context import Unit
from forces.errors import NotPermitted
from streams.models import Assignment, Incident, Shift, ViewRequest
from streams.on_incident import officers_on_incident
from streams.selectors import find_shift
from streams.services.assignments import (
    accept_assignment,
    ask_assignment,
    close_assignments,
    decline_assignment,
    finish_assignment,
)
from streams.services.incident_closing import SessionsUnderWay, close_incident, reopen_incident
from streams.services.incident_page import view_timeline
from streams.services.view_requests import ask_view, decline_view
from tests.factories.officers import make_officer_live, make_on_duty
from tests.factories.streams import NOW, AuditRows, make_incident, person
from tests.streams.test_timeline import at, kinds


def ask(incident: Incident, officer_id: str) -> UUID:
    """Ask an officer to go to an incident."""
    return ask_assignment(actor=person(), now=NOW, incident_id=incident.id, officer_id=officer_id)


def close(incident: Incident, **changed: Any) -> Any:
    """Close an incident."""
    return close_incident(**{"actor": person(), "now": at(9), "incident_id": incident.id, **changed})


def test_role_without_the_right_closes_refused_and_releases_nobody(in_herts: Unit) -> None:
    incident, officer = make_incident(), make_on_duty()
    ask(incident, officer.id)

    with pytest.raises(NotPermitted):
        close(incident, actor=person("officer"))

    assert Assignment.objects.get().is_open


def test_incident_that_is_not_closed_releases_nobody(in_herts: Unit) -> None:
    live = make_officer_live()
    incident = Incident.objects.get(pk=live.session.incident_id)
    officer = make_on_duty("birch")
    ask(incident, officer.id)

    with pytest.raises(SessionsUnderWay):
        close(incident)

    assert Assignment.objects.get().is_open


def test_officers_of_a_closed_incident_are_released_and_told(in_herts: Unit, audit_rows: AuditRows) -> None:
    incident, other = make_incident(), make_incident()
    going, asked, elsewhere = make_on_duty("ashby"), make_on_duty("birch"), make_on_duty("cole")
    accept_assignment(actor=going, now=NOW, assignment_id=ask(incident, going.id))
    ask(incident, asked.id)
    kept = ask(other, elsewhere.id)
    ask_view(actor=person(), now=NOW, officer_id=going.id, reason="What burns?", incident_id=incident.id)
    ask_view(actor=person(), now=NOW, officer_id=elsewhere.id, reason="Is it full?", incident_id=other.id)
    in_herts.broadcasts.clear()

    close(incident)

    ended = Assignment.objects.filter(incident=incident)
    assert {(row.state, row.end_reason) for row in ended} == {("ended", "incident_closed")}
    assert Assignment.objects.get(pk=kept).is_open
    assert {row.incident_id: row.state for row in ViewRequest.objects.all()} == {
        incident.id: "withdrawn",
        other.id: "asked",
    }
    assert officers_on_incident(incident.id) == []
    shift = find_shift(going.id)
    assert shift is not None
    assert shift.status == Shift.Status.AVAILABLE
    told = [(topic, message["type"]) for topic, message in in_herts.broadcasts]
    for officer in (going, asked):
        assert (f"officer.{officer.id}", "officer.changed") in told
    assert (f"officer.{elsewhere.id}", "officer.changed") not in told
    acts = [row["act"] for row in audit_rows()]
    assert (acts.count("assignment.end"), acts.count("view.withdraw"), acts.count("incident.close")) == (2, 1, 1)
    assert close_assignments(actor=person(), now=at(10), incident_id=incident.id) == 0


def test_incident_that_is_open_again_asks_nobody_by_itself(in_herts: Unit) -> None:
    incident, officer = make_incident(), make_on_duty()
    ask(incident, officer.id)
    close(incident)

    reopen_incident(actor=person(), incident_id=incident.id)

    assert not Assignment.objects.get().is_open
    ask(incident, officer.id)


def test_time_line_tells_what_officers_were_asked_and_how_it_ended(in_herts: Unit) -> None:
    incident, officer, colleague = make_incident(), make_on_duty("ashby"), make_on_duty("birch")
    assignment_id = ask(incident, officer.id)
    accept_assignment(actor=officer, now=at(1), assignment_id=assignment_id)
    refused = ask_assignment(actor=person(), now=at(2), incident_id=incident.id, officer_id=colleague.id)
    decline_assignment(actor=colleague, now=at(3), assignment_id=refused, refusal="too_far")
    request_id = ask_view(
        actor=person(), now=at(4), officer_id=officer.id, reason="What burns?", incident_id=incident.id
    )
    decline_view(actor=officer, now=at(5), request_id=request_id, refusal="busy")
    finish_assignment(actor=officer, now=at(6), assignment_id=assignment_id)
    ask_assignment(actor=person(), now=at(7), incident_id=make_incident().id, officer_id=officer.id)

    assert kinds(incident.id, groups="officer") == [
        *("officer_asked", "officer_goes", "officer_asked", "officer_declined"),
        *("view_asked", "view_answered", "officer_done"),
    ]
    found = view_timeline(actor=person(), incident_id=incident.id)["entries"]
    by_kind = {entry["kind"]: entry for entry in found}
    assert by_kind["officer_declined"]["detail"] == {"refusal": "too_far"}
    assert by_kind["view_answered"]["detail"] == {"state": "declined", "refusal": "busy"}
    assert by_kind["officer_done"]["detail"] == {"end_reason": "done"}
    assert by_kind["view_asked"]["who"] == person().name
    assert all(entry["session_id"] is None for entry in found)
    assert "What burns?" not in str(found)
