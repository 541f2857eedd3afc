"""The risk assessment: what is asked, what refuses a link or a flight, and who may override."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F

from forces.accounts.permissions import Permission, require
from forces.accounts.step_up import require_fresh_proof
from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.errors import DomainError, InvalidInput, NotFound
from streams.broadcasts import broadcast_session_on_commit
from streams.models import IncidentType, LiveSession, RiskAssessment, RiskQuestionSet
from streams.services.locks import lock_open_session
from streams.services.standing import require_run

Purpose = RiskQuestionSet.Purpose
_PURPOSES: dict[str, Purpose] = {
    LiveSession.Kind.FLIGHT: Purpose.FLIGHT,
    LiveSession.Kind.CONSULTATION: Purpose.CONSULTATION,
}
# What is said of other than links.
_UNANSWERED = {
    Purpose.FLIGHT: "Answer the risk questions before the launch.",
    Purpose.CONSULTATION: "Answer the risk questions before anybody comes in.",
}
_REFUSED = {
    Purpose.FLIGHT: "The risk assessment does not allow this flight.",
    Purpose.CONSULTATION: "The risk assessment does not allow this consultation.",
}


class RiskUnanswered(DomainError):
    """The questions that stand today were not answered for this session (HTTP 409)."""

    code = "risk_unanswered"
    http_status = 409
    message = "Answer the risk questions before sending a link."


class RiskRefused(DomainError):
    """An answer refuses what is to begin; `details.refusals` says which and what to do instead (HTTP 409)."""

    code = "risk_refused"
    http_status = 409
    message = "The risk assessment does not allow this link."


@dataclass(frozen=True, slots=True)
class Question:
    """One question as it is asked."""

    code: str
    text: str
    help_text: str
    refusing_answer: str
    advice: str


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """The questions to ask for one kind of incident and link, in their order."""

    id: UUID
    version: int
    questions: tuple[Question, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return plain data for REST."""
        asked = [asdict(question) for question in self.questions]
        return {"id": str(self.id), "version": self.version, "questions": asked}


def question_set_for(*, incident_type: IncidentType, link_kind: str, purpose: str = Purpose.LINK) -> QuestionSet:
    """Return the active questions of the kind of incident, else the force's default; raises `NotFound`."""
    sets = RiskQuestionSet.objects.filter(is_active=True, purpose=purpose).prefetch_related("questions")
    found = sets.filter(incident_type=incident_type).first() or sets.filter(incident_type__isnull=True).first()
    if found is None:
        raise NotFound("This force has no risk questions.")
    is_video = link_kind == LiveSession.LinkKind.LOCATION_VIDEO
    asked = (row for row in found.questions.all() if is_video or not row.applies_to_video_only)
    names = Question.__dataclass_fields__
    questions = tuple(Question(**{name: getattr(row, name) for name in names}) for row in asked)
    return QuestionSet(found.id, found.version, questions)


def find_questions(*, actor: Actor, type_code: str, link_kind: str, purpose: str = Purpose.LINK) -> QuestionSet:
    """Return the questions for a kind of incident by its code; an unknown code raises `NotFound`."""
    require(actor, Permission.CONSULTATION_RUN if purpose == Purpose.CONSULTATION else Permission.LINK_SEND)
    kind = IncidentType.objects.filter(code=type_code).first()
    if kind is None:
        raise NotFound("There is no such incident type.")
    return question_set_for(incident_type=kind, link_kind=link_kind, purpose=purpose)


def answer_risk(*, actor: Actor, now: datetime, session_id: UUID, answers: Mapping[str, str]) -> dict[str, Any]:
    """Keep the answers ({code: "yes"|"no"}, every question) and return {outcome, refusals}.

    Raises `InvalidInput` when a question is unanswered or an answer belongs to none.
    """
    require_run(actor, session_id, Permission.LINK_SEND)
    session = lock_open_session(session_id)
    asked = _asked_of(session)
    refusals = _refusals(asked, answers)
    outcome = RiskAssessment.Outcome.REFUSED if refusals else RiskAssessment.Outcome.CLEAR
    assessment = RiskAssessment.objects.create(
        session=session,
        question_set_id=asked.id,
        answers=dict(answers),
        outcome=outcome,
        refusals=refusals,
        answered_by=actor.id,
        answered_at=now,
    )
    _record(actor, "risk.answer", Operation.COLLECTION, assessment)
    broadcast_session_on_commit(session.id)
    return {"outcome": outcome.value, "refusals": refusals}


def override_risk(*, actor: Actor, now: datetime, session_id: UUID, reason: str) -> dict[str, Any]:
    """Let what was refused go on, as a supervisor and for a stated reason; returns {outcome, refusals}.

    Raises `StepUpRequired` without a fresh proof of who decides.
    """
    require(actor, Permission.RISK_OVERRIDE)
    require_fresh_proof(actor=actor, now=now, act="risk.override")
    session = lock_open_session(session_id)
    if not reason.strip():
        raise InvalidInput("Say why it goes on in spite of the answers.", details={"field": "reason"})
    assessment = _newest_assessment(session)
    if assessment is None:
        raise RiskUnanswered
    assessment.override(by=actor.id, reason=reason.strip(), now=now)
    assessment.save()
    _record(actor, "risk.override", Operation.ALTERATION, assessment)
    broadcast_session_on_commit(session.id)
    return {"outcome": assessment.outcome, "refusals": assessment.refusals}


def check_risk(session: LiveSession) -> None:
    """Raise unless the questions that stand today are answered, and nothing refuses or it was overridden."""
    assessment = _newest_assessment(session)
    if assessment is None or assessment.question_set_id != _asked_of(session).id:
        raise RiskUnanswered(_UNANSWERED.get(_purpose_of(session)))
    if assessment.outcome == RiskAssessment.Outcome.REFUSED:
        raise RiskRefused(_REFUSED.get(_purpose_of(session)), details={"refusals": assessment.refusals})


def _asked_of(session: LiveSession) -> QuestionSet:
    purpose = _purpose_of(session)
    return question_set_for(incident_type=session.incident.type, link_kind=session.link_kind, purpose=purpose)


def _purpose_of(session: LiveSession) -> Purpose:
    return _PURPOSES.get(session.kind, Purpose.LINK)


def _newest_assessment(session: LiveSession) -> RiskAssessment | None:
    return session.assessments.order_by(F("answered_at").desc(), "-id").first()


def _refusals(asked: QuestionSet, answers: Mapping[str, str]) -> list[dict[str, str]]:
    codes = {question.code for question in asked.questions}
    wrong = {code for code, answer in answers.items() if code not in codes or answer not in ("yes", "no")}
    missing = codes - set(answers)
    if wrong or missing:
        details = {"missing": sorted(missing), "wrong": sorted(code[:40] for code in wrong)}
        raise InvalidInput("Every question needs the answer yes or no.", details=details)
    return [
        {"code": question.code, "text": question.text, "advice": question.advice}
        for question in asked.questions
        if question.refusing_answer and answers[question.code] == question.refusing_answer
    ]


def _record(actor: Actor, act: str, operation: Operation, assessment: RiskAssessment) -> None:
    record(
        actor=actor,
        act=act,
        operation=operation,
        object_type="risk_assessment",
        object_id=assessment.id,
        session_id=assessment.session_id,
        detail={
            "outcome": str(assessment.outcome),
            "refusals": [refusal["code"] for refusal in assessment.refusals],
            "question_set": str(assessment.question_set_id),
        },
    )
