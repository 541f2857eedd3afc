"""Duty of people on the ground: begun, changed and ended by themselves, and audited."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from forces.context import Unit
from forces.errors import InvalidInput, NotPermitted
from streams.models import Shift
from streams.services.officer_page import read_officer_page
from streams.services.shift_changes import begin_shift
from streams.services.shifts import set_status
from tests.factories.officers import make_officer
from tests.factories.streams import NOW, AuditRows, make_incident, person

LATER = NOW + timedelta(minutes=5)


def test_officer_comes_on_duty_changes_status_and_goes_off(in_herts: Unit, audit_rows: AuditRows) -> None:
    actor = make_officer()

    set_status(actor=actor, now=NOW, status="available")
    set_status(actor=actor, now=LATER, status="en_route")
    set_status(actor=actor, now=LATER, status="en_route")
    set_status(actor=actor, now=LATER, status="off_duty")
    set_status(actor=actor, now=LATER, status="off_duty")

    shift = Shift.objects.get(user_id=actor.id)
    assert (shift.began_at, shift.ended_at, shift.status) == (NOW, LATER, "en_route")
    acts = [row["act"] for row in audit_rows() if row["act"].startswith("shift.")]
    assert acts == ["shift.begin", "shift.status", "shift.end"]


def test_officer_sets_a_status_that_there_is_not_refused(in_herts: Unit) -> None:
    with pytest.raises(InvalidInput):
        set_status(actor=make_officer(), now=NOW, status="asleep")


@pytest.mark.parametrize("role", ["operator", "supervisor", "auditor", "force_admin"])
def test_role_that_is_not_out_comes_on_duty_refused(in_herts: Unit, role: str) -> None:
    with pytest.raises(NotPermitted):
        set_status(actor=person(role), now=NOW, status="available")


def test_officer_has_one_shift_at_a_time(in_herts: Unit) -> None:
    actor = make_officer()
    begin_shift(actor=actor, now=NOW, status="available")

    with pytest.raises(IntegrityError), transaction.atomic():
        begin_shift(actor=actor, now=NOW, status="available")


def test_officers_page_shows_what_the_force_notes_and_no_description(in_herts: Unit) -> None:
    actor = make_officer()
    incident = make_incident(description="Mrs Example, 12 High Street")
    set_status(actor=actor, now=NOW, status="available")

    page = read_officer_page(actor=actor, now=NOW)

    assert page["me"]["number"] == "1234"
    assert page["me"]["skills"] == ["Taser", "First aid"]
    assert page["shift"]["status"] == "available"
    assert incident.reference in [row["reference"] for row in page["incidents"]]
    assert "Example" not in str(page)
    assert page["live"] is None


def test_officers_page_leaves_out_incidents_of_yesterday(in_herts: Unit) -> None:
    make_incident(now=NOW - timedelta(hours=25))

    assert read_officer_page(actor=make_officer(), now=NOW)["incidents"] == []
