"""After the meeting: two questions that may be left out, and the receipt of what was agreed to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from consultations.errors import MeetingOver
from consultations.limits import QUESTIONS_STAND
from consultations.models import Consultation, Feedback, Participant, RecordingConsent
from consultations.selectors import find_policy
from consultations.services.standing import lock_consultation, note
from consultations.services.visiting import admit_visitor
from consultations.tickets import MeetingTicket
from forces.audit.services import Operation
from forces.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Agreed:
    """One answer to the question about a recording."""

    answer: str
    answered_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class AfterPage:
    """What a person's page shows afterwards."""

    language: str
    safe_mode: bool
    has_questions: bool
    is_answered: bool
    agreed: tuple[Agreed, ...]
    call_number: str


def read_after(*, now: datetime, ticket: MeetingTicket, request_id: str = "") -> AfterPage:
    """Return the page of a person whose meeting is over. Raises as `admit_visitor`."""
    visitor = admit_visitor(now=now, ticket=ticket, request_id=request_id, is_over_fine=True)
    participant = Participant.objects.get(pk=visitor.participant_id)
    consultation = Consultation.objects.get(pk=visitor.session_id)
    said = RecordingConsent.objects.filter(participant=participant).exclude(answer="").order_by("answered_at")
    agreed = [Agreed(row.answer, row.answered_at, row.withdrawn_at) for row in said if row.answered_at]
    return AfterPage(
        visitor.language,
        visitor.safe_mode,
        has_questions=_may_answer(now, consultation, participant),
        is_answered=Feedback.objects.filter(participant=participant).exists(),
        agreed=tuple(agreed),
        call_number=find_policy().call_number,
    )


def answer_questions(
    *, now: datetime, ticket: MeetingTicket, got_what_needed: str, again: str, request_id: str = ""
) -> None:
    """Keep what a person answers within a day, or nothing of it; a later answer takes the place of the one before.

    Raises as `admit_visitor`, `MeetingOver` where there is nothing to be answered (any more), or `InvalidInput`.
    """
    visitor = admit_visitor(now=now, ticket=ticket, request_id=request_id, is_over_fine=True)
    consultation = lock_consultation(visitor.session_id)
    participant = Participant.objects.get(pk=visitor.participant_id)
    if not _may_answer(now, consultation, participant):
        raise MeetingOver
    if got_what_needed not in ("", *Feedback.Got.values) or again not in ("", *Feedback.Again.values):
        raise InvalidInput("There is no such answer.")
    Feedback.objects.update_or_create(
        participant=participant,
        defaults={
            "session_id": visitor.session_id,
            "got_what_needed": got_what_needed,
            "again": again,
            "answered_at": now,
        },
    )
    note(visitor.actor, "feedback.give", Operation.COLLECTION, consultation, participant)


def _may_answer(now: datetime, consultation: Consultation, participant: Participant) -> bool:
    over_at = consultation.over_at
    was_held = consultation.state == Consultation.State.ENDED and over_at is not None
    return was_held and participant.admitted_at is not None and over_at is not None and now < over_at + QUESTIONS_STAND
