"""Open an incident."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from forces.context import Unit
from forces.errors import InvalidInput, NotPermitted
from streams.models import Incident, IncidentType
from streams.services.incidents import open_incident, view_incidents
from tests.factories.streams import NOW, AuditRows, make_incident, person


@pytest.mark.parametrize("role", ["officer", "auditor", "force_admin"])
def test_other_role_opens_incident_refused_and_audited(in_herts: Unit, audit_rows: AuditRows, role: str) -> None:
    with pytest.raises(NotPermitted):
        open_incident(actor=person(role), now=NOW, type_code="concern", description="")

    assert not Incident.objects.exists()
    assert [(row["act"], row["outcome"]) for row in audit_rows()] == [("incident.open", "refused")]


def test_operator_opens_incident_of_unknown_type_refused(in_herts: Unit) -> None:
    with pytest.raises(InvalidInput):
        open_incident(actor=person(), now=NOW, type_code="dragons", description="")


def test_operator_opens_incident_of_type_out_of_use_refused(in_herts: Unit) -> None:
    IncidentType.objects.filter(code="burglary").update(is_active=False)

    with pytest.raises(InvalidInput):
        open_incident(actor=person(), now=NOW, type_code="burglary", description="")


def test_operator_opens_incidents_numbered_in_turn(in_herts: Unit) -> None:
    references = [make_incident().reference for _ in range(3)]

    assert references == ["HERTS-2611-0001", "HERTS-2611-0002", "HERTS-2611-0003"]


def test_operator_opens_first_incident_of_month_starts_at_one(in_herts: Unit) -> None:
    make_incident()

    opened = make_incident(now=datetime(2026, 12, 1, tzinfo=UTC))

    assert opened.reference == "HERTS-2612-0001"


def test_operator_opens_incident_after_9999_counts_on(in_herts: Unit) -> None:
    Incident.objects.filter(pk=make_incident().pk).update(reference="HERTS-2611-9999")
    assert make_incident().reference == "HERTS-2611-10000"
    assert make_incident().reference == "HERTS-2611-10001"


def test_operator_opens_incident_audited_without_its_text(in_herts: Unit, audit_rows: AuditRows) -> None:
    incident = make_incident(description="Jane Doe of 4 High Street", external_reference=" CAD 123 ")

    assert incident.external_reference == "CAD 123"
    (row,) = audit_rows()
    assert (row["act"], row["operation"], row["object_id"]) == (
        "incident.open",
        "collection",
        str(incident.id),
    )
    assert "Jane" not in str(row["detail"])


@pytest.mark.parametrize("role", ["officer", "auditor", "force_admin"])
def test_other_role_reads_incidents_refused(in_herts: Unit, role: str) -> None:
    with pytest.raises(NotPermitted):
        view_incidents(actor=person(role))


def test_operator_reads_incidents_audited(in_herts: Unit, audit_rows: AuditRows) -> None:
    incident = make_incident()

    assert [row["id"] for row in view_incidents(actor=person())] == [str(incident.id)]
    row = audit_rows()[-1]
    assert (row["act"], row["operation"], row["detail"]) == ("incident.list", "consultation", {"rows": 1})
