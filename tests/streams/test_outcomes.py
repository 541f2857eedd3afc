"""What a use came to."""

from __future__ import annotations

import pytest

from forces.context import Unit
from forces.errors import InvalidInput, InvalidTransition, NotPermitted
from streams.models import LiveSession
from streams.services.outcomes import list_outcomes, record_outcome
from streams.services.sessions import end_session
from tests.factories.streams import NOW, AuditRows, make_invitation, make_session, person, session_now


def ended() -> LiveSession:
    session = make_invitation().session
    end_session(actor=person(), now=NOW, session_id=session.id, reason="ended_by_operator")
    return session


@pytest.mark.parametrize("role", ["officer", "auditor", "force_admin"])
def test_other_role_records_outcome_refused(in_herts: Unit, role: str) -> None:
    with pytest.raises(NotPermitted):
        record_outcome(actor=person(role), now=NOW, session_id=ended().id, code="deployment_saved")


def test_operator_records_unknown_outcome_refused(in_herts: Unit) -> None:
    with pytest.raises(InvalidInput):
        record_outcome(actor=person(), now=NOW, session_id=ended().id, code="world_peace")


def test_operator_records_outcome_of_draft_refused(in_herts: Unit) -> None:
    with pytest.raises(InvalidTransition):
        record_outcome(actor=person(), now=NOW, session_id=make_session().id, code="deployment_saved")


def test_operator_records_every_outcome_on_offer(in_herts: Unit) -> None:
    session = ended()
    for choice in list_outcomes():
        record_outcome(actor=person(), now=NOW, session_id=session.id, code=choice["code"])

        assert session_now(session.id).outcome_code == choice["code"]


def test_operator_corrects_outcome_audited_as_alteration(in_herts: Unit, audit_rows: AuditRows) -> None:
    session = ended()
    record_outcome(actor=person(), now=NOW, session_id=session.id, code="no_difference", note=" Mrs Doe ")
    record_outcome(actor=person(), now=NOW, session_id=session.id, code="safeguarding")

    first, second = audit_rows()[-2:]
    assert (first["operation"], second["operation"]) == ("collection", "alteration")
    assert second["detail"] == {"code": "safeguarding", "replaced": "no_difference"}
    assert "Doe" not in str(first["detail"])
    shown = in_herts.broadcasts[-1][1]["session"]["outcome"]
    assert shown == {"code": "safeguarding", "label": "Person safeguarded", "note": ""}
