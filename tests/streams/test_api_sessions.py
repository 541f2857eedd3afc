"""The REST API of live sessions, through sign-in, CSRF and the whole middleware."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from forces import clock
from forces.context import ForceRef, Unit, in_force
from forces.messaging.outbox import OutboxSender
from streams.models import LiveSession, RiskAssessment
from streams.services.delivery import claim_delivery
from tests.factories.streams import (
    AuditRows,
    answer,
    answers_for,
    code_for,
    make_consented,
    make_incident,
    make_invitation,
    make_session,
    session_now,
)

MakeClient = Callable[..., Client]
API = "/api/v1"


def post(client: Client, path: str, body: dict[str, Any] | None = None) -> Any:
    return client.post(f"{API}{path}", body or {}, content_type="application/json")


def draft() -> LiveSession:
    return make_session(now=clock.now())


WRITES = [
    ("/incidents/", {"type": "concern"}),
    ("/sessions/", {"incident_id": str(uuid4()), "link_kind": "location", "phone_number": "07700 900123"}),
    ("/sessions/{id}/risk/", {"answers": {}}),
    ("/sessions/{id}/override/", {"reason": "x"}),
    ("/sessions/{id}/invitation/", {}),
    ("/sessions/{id}/rearm/", {}),
    ("/sessions/{id}/end/", {}),
    ("/sessions/{id}/outcome/", {"code": "deployment_saved"}),
]
READS = ["/incidents/", "/sessions/", "/sessions/{id}/", "/sessions/{id}/code/", "/outbox/"]


@pytest.mark.parametrize(("path", "body"), WRITES)
def test_visitor_writes_refused(in_herts: Unit, force_client: MakeClient, path: str, body: dict[str, Any]) -> None:
    answered = post(force_client(), path.format(id=draft().id), body)

    assert (answered.status_code, answered.json()["code"]) == (401, "not_signed_in")


@pytest.mark.parametrize("role", ["officer", "auditor", "force_admin"])
@pytest.mark.parametrize(("path", "body"), WRITES)
def test_other_role_writes_refused(
    in_herts: Unit, force_client: MakeClient, role: str, path: str, body: dict[str, Any]
) -> None:
    session = draft()
    answered = post(force_client(role), path.format(id=session.id), body)

    assert (answered.status_code, answered.json()["code"]) == (403, "not_permitted")
    assert session_now(session.id).state == "draft"


@pytest.mark.parametrize("role", ["", "officer", "auditor", "force_admin"])
@pytest.mark.parametrize("path", READS)
def test_other_role_reads_refused(in_herts: Unit, force_client: MakeClient, role: str, path: str) -> None:
    answered = force_client(role).get(f"{API}{path.format(id=draft().id)}")

    assert answered.status_code == (403 if role else 401)


def test_operator_writes_without_csrf_token_refused(in_herts: Unit, force_client: MakeClient) -> None:
    client = force_client("operator")
    strict = Client(headers={"host": "herts.localhost"}, enforce_csrf_checks=True)
    strict.cookies = client.cookies

    assert post(strict, "/incidents/", {"type": "concern"}).status_code == 403


def test_operator_of_other_force_does_not_find_session(copy_db: str, herts: ForceRef, force_client: MakeClient) -> None:
    session_id: UUID = in_force(herts, lambda: draft().id)
    answers = {role: force_client("operator", role).get(f"{API}/sessions/{session_id}/") for role in ("herts", "beds")}

    assert {schema: found.status_code for schema, found in answers.items()} == {"herts": 200, "beds": 404}
    listed = force_client("operator", "beds").get(f"{API}/sessions/").json()
    assert listed == []


def test_operator_signed_in_at_other_force_refused(copy_db: str, force_client: MakeClient) -> None:
    client = force_client("operator", "herts")

    assert client.get(f"{API}/sessions/", headers={"host": "herts.localhost"}).status_code == 200
    assert client.get(f"{API}/sessions/", headers={"host": "beds.localhost"}).status_code == 401


def test_operator_sends_link_before_answers_refused(in_herts: Unit, force_client: MakeClient) -> None:
    answered = post(force_client("operator"), f"/sessions/{draft().id}/invitation/")

    assert (answered.status_code, answered.json()["code"]) == (409, "risk_unanswered")


def test_operator_sends_link_after_refusing_answer_refused_with_advice(
    in_herts: Unit, force_client: MakeClient
) -> None:
    session, client = draft(), force_client("operator")
    given = post(client, f"/sessions/{session.id}/risk/", {"answers": answers_for(session, driving="yes")})
    assert (given.status_code, given.json()["outcome"]) == (200, "refused")

    answered = post(client, f"/sessions/{session.id}/invitation/")

    body = answered.json()
    assert (answered.status_code, body["code"]) == (409, "risk_refused")
    assert body["details"]["refusals"][0]["code"] == "driving"
    assert body["details"]["refusals"][0]["advice"]


def test_operator_overrides_refused(in_herts: Unit, force_client: MakeClient) -> None:
    session = draft()
    answer(session, driving="yes")

    answered = post(force_client("operator"), f"/sessions/{session.id}/override/", {"reason": "x"})

    assert answered.status_code == 403
    assert RiskAssessment.objects.get().outcome == "refused"


def test_supervisor_overrides_without_reason_refused(in_herts: Unit, force_client: MakeClient) -> None:
    session = draft()
    answer(session, driving="yes")

    answered = post(force_client("supervisor"), f"/sessions/{session.id}/override/", {"reason": " "})

    assert (answered.status_code, answered.json()["code"]) == (400, "invalid_input")


def test_supervisor_overrides_and_operator_sends(in_herts: Unit, force_client: MakeClient) -> None:
    session = draft()
    answer(session, driving="yes")

    reason = {"reason": "The passenger holds the phone"}
    found = post(force_client("supervisor"), f"/sessions/{session.id}/override/", reason)
    sent = post(force_client("operator"), f"/sessions/{session.id}/invitation/")

    assert (found.status_code, found.json()["outcome"]) == (200, "overridden")
    assert (sent.status_code, sent.json()["state"]) == (201, "invited")


@pytest.mark.parametrize(
    ("number", "code"), [("12", "phone_number_invalid"), ("020 7946 0018", "phone_number_not_textable")]
)
def test_operator_types_wrong_number_refused_with_code(
    in_herts: Unit, force_client: MakeClient, number: str, code: str
) -> None:
    incident_id = str(make_incident(now=clock.now()).id)
    body = {"incident_id": incident_id, "link_kind": "location", "phone_number": number}

    answered = post(force_client("operator"), "/sessions/", body)

    assert (answered.status_code, answered.json()["code"]) == (400, code)


@pytest.mark.parametrize("body", [{}, {"answers": "yes"}, {"answers": {"driving": "perhaps"}}])
def test_operator_sends_misshapen_answers_refused(
    in_herts: Unit, force_client: MakeClient, body: dict[str, Any]
) -> None:
    answered = post(force_client("operator"), f"/sessions/{draft().id}/risk/", body)

    assert (answered.status_code, answered.json()["code"]) == (400, "invalid_input")


def test_operator_reads_unknown_session_not_found(in_herts: Unit, force_client: MakeClient) -> None:
    answered = force_client("operator").get(f"{API}/sessions/{uuid4()}/")

    assert (answered.status_code, answered.json()["code"]) == (404, "not_found")


def test_operator_goes_from_incident_to_outcome(
    in_herts: Unit, force_client: MakeClient, audit_rows: AuditRows
) -> None:
    client = force_client("operator")
    types = client.get(f"{API}/incident-types/").json()
    given = {"type": types[0]["code"], "description": "Smoke", "external_reference": "CAD 7"}
    incident = post(client, "/incidents/", given)
    assert incident.status_code == 201
    query = f"?incident_type={types[0]['code']}&link_kind=location"
    asked = client.get(f"{API}/risk-questions/{query}").json()["questions"]
    body = {
        "incident_id": incident.json()["id"],
        "link_kind": "location",
        "phone_number": "07700 900123",
    }
    session = post(client, "/sessions/", body)
    assert (session.status_code, session.json()["state"]) == (201, "draft")
    path = f"/sessions/{session.json()['id']}"
    answers = {row["code"]: "no" if row["refusing_answer"] == "yes" else "yes" for row in asked}
    assert post(client, f"{path}/risk/", {"answers": answers}).json() == {"outcome": "clear", "refusals": []}
    assert post(client, f"{path}/invitation/").json()["invitation"]["state"] == "queued"
    assert post(client, f"{path}/end/").json()["ended_by_kind"] == "user"
    choice = client.get(f"{API}/outcomes/").json()[0]
    done = post(client, f"{path}/outcome/", {"code": choice["code"], "note": "Fine"}).json()

    assert done["outcome"] == {**choice, "note": "Fine"}
    assert [row["act"] for row in audit_rows() if row["act"] != "account.sign_in"] == [
        "incident.open",
        "session.create",
        "risk.answer",
        "invitation.send",
        "session.end",
        "outcome.record",
    ]


def test_operator_rearms_link(in_herts: Unit, force_client: MakeClient) -> None:
    caller = make_consented(now=clock.now())

    answered = post(force_client("operator"), f"/sessions/{caller.session.id}/rearm/")

    assert (answered.status_code, answered.json()["invitation"]["state"]) == (200, "sent")


def test_operator_lists_sessions_by_state(in_herts: Unit, force_client: MakeClient) -> None:
    invited = make_invitation(now=clock.now()).session
    draft()
    client = force_client("operator")

    assert len(client.get(f"{API}/sessions/").json()) == 2
    assert [row["id"] for row in client.get(f"{API}/sessions/?state=invited").json()] == [str(invited.id)]
    assert client.get(f"{API}/sessions/?state=asleep").status_code == 400


def test_operator_reads_outbox_with_code_to_scan(in_herts: Unit, force_client: MakeClient) -> None:
    invitation = make_invitation(now=clock.now())
    claimed = claim_delivery(now=clock.now(), invitation_id=invitation.id)
    assert claimed is not None
    OutboxSender("herts").send(claimed.message)

    (row,) = force_client("operator").get(f"{API}/outbox/").json()

    assert row["session_id"] == str(invitation.session_id)
    assert row["link"] in row["body"]
    assert row["qr_svg"].startswith("<svg")


def test_operator_reads_code_before_a_link_is_sent_refused(in_herts: Unit, force_client: MakeClient) -> None:
    answered = force_client("operator").get(f"{API}/sessions/{draft().id}/code/")

    assert (answered.status_code, answered.json()["code"]) == (409, "invalid_transition")


def test_operator_reads_code_where_messages_are_really_sent(
    in_herts: Unit, force_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    monkeypatch.setattr(settings, "SMS_SENDER", "notify")
    invitation = make_invitation(now=clock.now())

    answered = force_client("operator").get(f"{API}/sessions/{invitation.session_id}/code/")

    code = code_for(invitation)
    assert answered.json() == {
        "invitation_id": str(invitation.id),
        "code": f"{code[:4]} {code[4:]}",
        "address": f"herts.localhost:{settings.PUBLIC_PORT}/join",
    }
    assert answered["Cache-Control"] == "no-store"


def test_operator_reads_outbox_where_messages_are_sent_not_found(
    in_herts: Unit, force_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    monkeypatch.setattr(settings, "SMS_SENDER", "notify")

    assert force_client("operator").get(f"{API}/outbox/").status_code == 404


def test_openapi_document_describes_the_doors(in_herts: Unit, force_client: MakeClient) -> None:
    document = force_client("operator").get(f"{API}/schema/?format=json").json()

    operation = document["paths"]["/api/v1/sessions/{session_id}/invitation/"]["post"]
    assert {"201", "409"} <= set(operation["responses"])
