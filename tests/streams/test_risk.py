"""The risk assessment: what refuses a link, and who may let it through."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from forces.accounts.step_up import StepUpRequired
from forces.context import Unit
from forces.errors import InvalidInput, InvalidTransition, NotFound, NotPermitted
from streams.models import IncidentType, RiskAssessment, RiskQuestion, RiskQuestionSet
from streams.services.locks import SessionOver
from streams.services.risk import (
    RiskUnanswered,
    answer_risk,
    find_questions,
    override_risk,
    question_set_for,
)
from streams.services.sessions import end_session
from tests.factories.streams import NOW, AuditRows, answer, answers_for, make_session, person


def test_officer_answers_risk_refused(in_herts: Unit) -> None:
    session = make_session()

    with pytest.raises(NotPermitted):
        answer_risk(actor=person("officer"), now=NOW, session_id=session.id, answers=answers_for(session))
    assert not session.assessments.exists()


def test_operator_leaves_question_unanswered_refused_by_name(in_herts: Unit) -> None:
    session = make_session()
    answers = answers_for(session)
    del answers["driving"]

    with pytest.raises(InvalidInput) as refusal:
        answer_risk(actor=person(), now=NOW, session_id=session.id, answers=answers)

    assert refusal.value.details == {"missing": ["driving"], "wrong": []}


@pytest.mark.parametrize("wrong", [{"driving": "maybe"}, {"no-such-question": "yes"}])
def test_operator_gives_unusable_answer_refused(in_herts: Unit, wrong: dict[str, str]) -> None:
    session = make_session()

    with pytest.raises(InvalidInput):
        answer_risk(actor=person(), now=NOW, session_id=session.id, answers={**answers_for(session), **wrong})


def test_operator_answers_risk_of_ended_session_refused(in_herts: Unit) -> None:
    session = make_session()
    end_session(actor=person(), now=NOW, session_id=session.id, reason="ended_by_operator")

    with pytest.raises(SessionOver):
        answer(session)


@pytest.mark.parametrize("role", ["operator", "officer", "force_admin", "auditor"])
def test_anyone_but_supervisor_overrides_refused_and_audited(in_herts: Unit, audit_rows: AuditRows, role: str) -> None:
    session = make_session()
    answer(session, driving="yes")

    with pytest.raises(NotPermitted):
        override_risk(actor=person(role), now=NOW, session_id=session.id, reason="Passenger has the phone")

    assert session.assessments.get().outcome == "refused"
    assert [row["act"] for row in audit_rows() if row["outcome"] == "refused"] == ["risk.override"]


@pytest.mark.parametrize("ago", [None, timedelta(minutes=5), timedelta(days=1)])
def test_supervisor_overrides_without_a_fresh_proof_refused_and_audited(
    in_herts: Unit, audit_rows: AuditRows, ago: timedelta | None
) -> None:
    session = make_session()
    answer(session, driving="yes")
    actor = replace(person("supervisor"), proved_at=None if ago is None else NOW - ago)

    with pytest.raises(StepUpRequired):
        override_risk(actor=actor, now=NOW, session_id=session.id, reason="Passenger has the phone")

    assert session.assessments.get().outcome == "refused"
    assert [row["code"] for row in audit_rows() if row["outcome"] == "refused"] == ["step_up_required"]


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_supervisor_overrides_without_reason_refused(in_herts: Unit, reason: str) -> None:
    session = make_session()
    answer(session, driving="yes")

    with pytest.raises(InvalidInput):
        override_risk(actor=person("supervisor"), now=NOW, session_id=session.id, reason=reason)


def test_supervisor_overrides_before_answers_refused(in_herts: Unit) -> None:
    session = make_session()

    with pytest.raises(RiskUnanswered):
        override_risk(actor=person("supervisor"), now=NOW, session_id=session.id, reason="Because")


def test_supervisor_overrides_clear_assessment_refused(in_herts: Unit) -> None:
    session = make_session()
    answer(session)

    with pytest.raises(InvalidTransition):
        override_risk(actor=person("supervisor"), now=NOW, session_id=session.id, reason="Because")


def test_operator_answers_safely_is_clear(in_herts: Unit) -> None:
    session = make_session()

    assert answer(session) == {"outcome": "clear", "refusals": []}


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("safe-to-text", "no"),
        ("offender-near", "yes"),
        ("driving", "yes"),
        ("filming-risk", "yes"),
        ("safe-place", "no"),
    ],
)
def test_operator_gives_refusing_answer_is_told_why_and_what_instead(in_herts: Unit, code: str, given: str) -> None:
    changed: dict[str, Any] = {code: given}
    found = answer(make_session(), **changed)

    assert found["outcome"] == "refused"
    (refusal,) = found["refusals"]
    assert refusal["code"] == code
    assert refusal["text"].endswith("?")
    assert refusal["advice"]


def test_operator_says_caller_is_young_and_alone_is_not_refused(in_herts: Unit) -> None:
    assert answer(make_session(), vulnerable_alone="yes")["outcome"] == "clear"


def test_supervisor_overrides_with_reason_audited_without_it(in_herts: Unit, audit_rows: AuditRows) -> None:
    session = make_session()
    answer(session, driving="yes")

    found = override_risk(actor=person("supervisor"), now=NOW, session_id=session.id, reason="Passenger Tom holds it")

    assert found["outcome"] == "overridden"
    assessment = session.assessments.get()
    assert (assessment.overridden_by, assessment.override_reason, assessment.overridden_at) == (
        "supervisor-1",
        "Passenger Tom holds it",
        NOW,
    )
    row = audit_rows()[-1]
    assert (row["act"], row["detail"]["refusals"]) == ("risk.override", ["driving"])
    assert "Tom" not in str(row["detail"])


def test_operator_asks_for_location_only_is_not_asked_about_filming(in_herts: Unit) -> None:
    kind = IncidentType.objects.get(code="concern")

    video = question_set_for(incident_type=kind, link_kind="location_video")
    location = question_set_for(incident_type=kind, link_kind="location")

    filming = {"filming-risk", "safe-place"}
    assert filming <= {question.code for question in video.questions}
    assert {question.code for question in location.questions} == {
        question.code for question in video.questions
    } - filming


def test_operator_asks_questions_of_own_set_and_of_default(in_herts: Unit) -> None:
    domestic = find_questions(actor=person(), type_code="domestic", link_kind="location")
    concern = find_questions(actor=person(), type_code="concern", link_kind="location")

    assert domestic.questions[0].code == "phone-shared"
    assert "phone-shared" not in {question.code for question in concern.questions}


def test_operator_asks_questions_of_unknown_type_not_found(in_herts: Unit) -> None:
    with pytest.raises(NotFound):
        find_questions(actor=person(), type_code="dragons", link_kind="location")


def test_database_refuses_override_without_reason(in_herts: Unit) -> None:
    from django.db import IntegrityError

    session = make_session()
    answer(session, driving="yes")

    with pytest.raises(IntegrityError):
        RiskAssessment.objects.filter(session=session).update(
            outcome="overridden", overridden_by="x", overridden_at=NOW
        )


def test_database_refuses_second_active_default_set(in_herts: Unit) -> None:
    from django.db import IntegrityError

    with pytest.raises(IntegrityError):
        RiskQuestionSet.objects.create(incident_type=None, version=99, is_active=True)


def test_force_that_was_there_before_gets_the_questions_of_flights(in_herts: Unit) -> None:
    asked = import_module("streams.migrations.0023_flight_questions").ask_before_flights
    seeded = _flight_questions()
    RiskQuestionSet.objects.filter(purpose="flight").delete()

    for _ in range(2):
        asked(apps, None)

    assert _flight_questions() == seeded
    assert RiskQuestionSet.objects.filter(purpose="flight").count() == 1


def test_force_that_was_there_before_gets_the_questions_of_consultations(in_herts: Unit) -> None:
    asked = import_module("streams.migrations.0027_consultation_questions").ask_before_consultations
    seeded = _questions("consult")
    assert len(seeded) == 5
    RiskQuestionSet.objects.filter(purpose="consult").delete()

    for _ in range(2):
        asked(apps, None)

    assert _questions("consult") == seeded
    assert RiskQuestionSet.objects.filter(purpose="consult").count() == 1


def _flight_questions() -> list[tuple[object, ...]]:
    return _questions("flight")


def _questions(purpose: str) -> list[tuple[object, ...]]:
    names = ("code", "text", "help_text", "position", "refusing_answer", "advice", "applies_to_video_only")
    return list(RiskQuestion.objects.filter(question_set__purpose=purpose).values_list(*names))
