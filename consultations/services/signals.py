"""Silent signals: somebody asks for help without a sign on their own screen. Officers alone are told."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from consultations.broadcasts import tell_board_on_commit, tell_signal_on_commit
from consultations.limits import SIGNALS_PER_MINUTE
from consultations.models import Consultation, Participant, SilentSignal
from consultations.selectors import require_shown
from consultations.services.standing import lock_consultation, lock_person, note, refusals, require_own
from forces.actors import Actor
from forces.audit.services import Operation
from forces.errors import NotFound, NotPermitted
from streams.services.notices import notify_officer_on_commit
from streams.services.turns import take_turn


def send_signal(*, actor: Actor, now: datetime, session_id: UUID, participant_id: UUID) -> None:
    """Alert the officers; nothing goes to any page of a member. Raises what the door keeps to itself."""
    consultation, participant = lock_person(session_id, participant_id)
    require_own(actor, participant)
    if participant.is_police:
        raise NotPermitted
    take_turn("signal", str(participant.id), now=now, per_minute=SIGNALS_PER_MINUTE)
    signal = SilentSignal.objects.create(session_id=session_id, participant=participant, at=now)
    note(actor, "signal.send", Operation.COLLECTION, consultation, participant)
    tell_signal_on_commit(signal)
    for user_id in police_of(consultation):
        notify_officer_on_commit(user_id, "consultation", session_id, now=now)
    tell_board_on_commit(session_id)


def see_signal(*, actor: Actor, now: datetime, session_id: UUID, signal_id: UUID) -> None:
    """An officer has seen it; seeing it twice changes nothing. Raises `NotPermitted`, `OtherUnit` or `NotFound`."""
    with refusals(actor, "signal.see", session_id):
        consultation = lock_consultation(session_id)
        require_shown(actor, consultation)
        rows = SilentSignal.objects.select_related("participant")
        signal = rows.filter(pk=signal_id, session_id=session_id).first()
        if signal is None:
            raise NotFound("There is no such signal.")
    if signal.seen_at is not None:
        return
    signal.seen_at, signal.seen_by = now, actor.id
    signal.save(update_fields=["seen_at", "seen_by"])
    note(actor, "signal.see", Operation.ALTERATION, consultation, signal.participant)
    tell_signal_on_commit(signal, actor.name)
    tell_board_on_commit(session_id)


def police_of(consultation: Consultation) -> set[str]:
    """Return the users that are told of what happens in a consultation: who leads, who booked, who is asked to come."""
    people = Participant.objects.filter(session_id=consultation.session_id).exclude(user_id="")
    named = {consultation.taken_by or consultation.created_by}
    return {*people.exclude(state__in=Participant.OUT).values_list("user_id", flat=True), *named} - {""}
