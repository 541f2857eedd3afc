"""Risk questions of a consultation: answered before anybody is let in, and asked again on a clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from consultations.broadcasts import tell_board_on_commit, tell_desk_on_commit, tell_desks_on_commit
from consultations.limits import RISK_ALERTED_AFTER
from consultations.models import Consultation
from consultations.selectors import find_consultation, find_policy, require_shown
from consultations.services.signals import police_of
from consultations.services.standing import lock_going_on, refusals
from forces.actors import Actor
from streams.models import RiskQuestionSet
from streams.services.notices import notify_officer_on_commit
from streams.services.risk import QuestionSet, answer_risk, override_risk, question_set_for
from streams.shapes import iso


def find_round(*, actor: Actor, session_id: UUID) -> QuestionSet:
    """Return the questions of a consultation. Raises `NotPermitted`, `OtherUnit` or `NotFound`."""
    consultation = find_consultation(session_id)
    require_shown(actor, consultation)
    session, purpose = consultation.session, RiskQuestionSet.Purpose.CONSULTATION
    return question_set_for(incident_type=session.incident.type, link_kind=session.link_kind, purpose=purpose)


def answer_round(*, actor: Actor, now: datetime, session_id: UUID, answers: Mapping[str, str]) -> dict[str, Any]:
    """Keep the answers; returns {outcome, refusals}. A refusal during the call does not end it: ending may endanger.

    Until it is overridden, or the call is ended, nobody else is let in. Raises as `streams.services.risk.answer_risk`.
    """
    with refusals(actor, "risk.answer", session_id):
        consultation = lock_going_on(session_id)
        require_shown(actor, consultation)
    found = answer_risk(actor=actor, now=now, session_id=session_id, answers=answers)
    minutes = _ask_again_after(consultation)
    consultation.risk_due_at = now + timedelta(minutes=minutes) if minutes else None
    consultation.risk_asked_at = consultation.risk_alerted_at = None
    consultation.save(update_fields=["risk_due_at", "risk_asked_at", "risk_alerted_at"])
    _tell(now, session_id)
    return found


def override_round(*, actor: Actor, now: datetime, session_id: UUID, reason: str) -> dict[str, Any]:
    """Let it go on in spite of the answers, as a supervisor with a fresh proof. Raises as `override_risk`."""
    consultation = lock_going_on(session_id)
    require_shown(actor, consultation)
    found = override_risk(actor=actor, now=now, session_id=session_id, reason=reason)
    _tell(now, session_id)
    return found


def raise_due_rounds(*, now: datetime) -> None:
    """Say once that the questions are due again, and once that nobody answered them for five minutes."""
    rows = Consultation.objects.filter(state=Consultation.State.OPEN, risk_due_at__lte=now)
    due = rows.filter(Q(risk_asked_at__isnull=True) | Q(risk_alerted_at__isnull=True))
    for session_id in list(due.values_list("session_id", flat=True)):
        _raise(now, session_id)


def _raise(now: datetime, session_id: UUID) -> None:
    consultation = lock_going_on(session_id)
    due_at = consultation.risk_due_at
    if due_at is None or due_at > now:
        return
    is_late = due_at <= now - RISK_ALERTED_AFTER
    if consultation.risk_asked_at is not None and not (is_late and consultation.risk_alerted_at is None):
        return
    consultation.risk_asked_at = consultation.risk_asked_at or now
    if is_late:
        consultation.risk_alerted_at = now
        for user_id in police_of(consultation):
            notify_officer_on_commit(user_id, "consultation", session_id, now=now)
    consultation.save(update_fields=["risk_asked_at", "risk_alerted_at"])
    tell_desks_on_commit(session_id, "risk.due", due_at=iso(due_at))
    _tell(now, session_id)


def _ask_again_after(consultation: Consultation) -> int:
    """Return after how many minutes the questions are asked again; 0: they are not."""
    if consultation.ask_again_min:
        return consultation.ask_again_min
    is_domestic = consultation.purpose == Consultation.Purpose.DOMESTIC_ABUSE
    return find_policy().ask_again_min if is_domestic else 0


def _tell(now: datetime, session_id: UUID) -> None:
    tell_desk_on_commit(session_id, now=now)
    tell_board_on_commit(session_id)
