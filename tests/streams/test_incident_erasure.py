"""Erasing group text: with the sessions of the incident, by its own date, and never under a hold."""

from __future__ import annotations

from datetime import timedelta

import pytest

from evidence import erasing
from evidence.services.retention import place_hold
from forces.context import ForceRef, Unit
from streams.models import Incident, IncidentMessage
from streams.services.group_text import say
from streams.services.sessions import end_session
from tests.evidence.conftest import Recording
from tests.factories.streams import NOW, AuditRows, make_consented, make_incident, person

DUE = NOW + timedelta(days=32)
pytestmark = pytest.mark.usefixtures("in_herts")


def write(incident: Incident, client_id: str = "one", days: int = 0) -> None:
    """Write so many days after the beginning."""
    at = NOW + timedelta(days=days)
    say(actor=person(), now=at, incident_id=incident.id, client_id=client_id, text="Jane Doe is on the roof")


def texts() -> list[str]:
    """Return what can be read, in order."""
    return list(IncidentMessage.objects.order_by("sent_at").values_list("text", flat=True))


def test_text_of_an_incident_without_a_session_is_erased_by_its_own_date(
    in_herts: Unit, herts: ForceRef, audit_rows: AuditRows
) -> None:
    incident = make_incident(description="Jane Doe of 4 High Street")
    write(incident)
    erasing.erase_due(herts, NOW + timedelta(days=30))
    assert texts() == ["Jane Doe is on the roof"]

    erasing.erase_due(herts, DUE)

    assert texts() == ["[erased]"]
    kept = IncidentMessage.objects.get()
    assert (kept.sender_name, kept.sent_at) == (person().name, NOW)
    assert Incident.objects.get().description == ""
    row = audit_rows()[-1]
    assert (row["act"], row["operation"], row["object_id"]) == ("incident.erase", "erasure", str(incident.id))
    assert "Jane" not in str(row["detail"])
    erasing.erase_due(herts, DUE)
    assert [row["act"] for row in audit_rows()].count("incident.erase") == 1


def test_text_stays_while_a_session_of_the_incident_holds_data(herts: ForceRef) -> None:
    caller = make_consented()
    write(caller.session.incident)
    erasing.erase_due(herts, DUE)
    assert texts() == ["Jane Doe is on the roof"]

    end_session(actor=person(), now=DUE, session_id=caller.session.id, reason="operator")
    erasing.erase_due(herts, DUE + timedelta(days=32))
    assert texts() == ["[erased]"]


def test_text_stays_while_an_item_of_the_incident_is_held(herts: ForceRef) -> None:
    caller = make_consented()
    write(caller.session.incident)
    end_session(actor=person(), now=NOW, session_id=caller.session.id, reason="operator")
    recording = Recording(schema="herts", session_id=caller.session.id)
    item_id = recording.register(NOW, started_at=NOW - timedelta(minutes=1), ended_at=NOW)
    place_hold(actor=person("supervisor"), now=NOW, item_id=item_id, reason="Complaint")

    erasing.erase_due(herts, DUE)

    assert texts() == ["Jane Doe is on the roof"]


def test_text_that_was_written_long_after_the_last_session_has_its_own_period(herts: ForceRef) -> None:
    caller = make_consented()
    write(caller.session.incident)
    end_session(actor=person(), now=NOW, session_id=caller.session.id, reason="operator")
    write(caller.session.incident, "two", days=20)

    erasing.erase_due(herts, DUE)
    assert texts() == ["[erased]", "Jane Doe is on the roof"]

    erasing.erase_due(herts, DUE + timedelta(days=20))
    assert texts() == ["[erased]", "[erased]"]
