"""What people write to each other in the call: to those who are in it now, and to nobody else."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from consultations import shapes
from consultations.broadcasts import tell_inside_on_commit
from consultations.errors import NotAdmitted
from consultations.limits import SAID_PER_MINUTE
from consultations.models import CallMessage, Place
from consultations.services.standing import find_open_place, lock_person, note, refusals, require_own
from forces.actors import Actor
from forces.audit.services import Operation
from streams.services.message_text import checked_client_id, checked_text
from streams.services.turns import take_turn

_NEXT = timedelta(microseconds=1)


def say(*, actor: Actor, now: datetime, session_id: UUID, participant_id: UUID, client_id: str, text: str) -> UUID:
    """Keep a message and show it to everybody in the call; sent again under the same `client_id` it is one.

    Raises `NotPermitted`, `NotAdmitted`, `TooOften` or `InvalidInput`; a refusal is audited.
    """
    with refusals(actor, "message.post", session_id, participant_id):
        consultation, participant = lock_person(session_id, participant_id)
        require_own(actor, participant)
        place = find_open_place(participant.id)
        if not participant.is_admitted or place is None or place.purpose != Place.Purpose.CALL:
            raise NotAdmitted
        said, key = checked_text(text), checked_client_id(client_id)
        before = CallMessage.objects.filter(participant=participant, client_id=key).first()
        if before is not None:
            return before.id
        take_turn("chat", str(participant.id), now=now, per_minute=SAID_PER_MINUTE)
    last = CallMessage.objects.filter(session_id=session_id).order_by("-sent_at").values_list("sent_at", flat=True)
    newest = last.first()
    message = CallMessage.objects.create(
        session_id=session_id,
        participant=participant,
        name=participant.display_name,
        role=participant.role,
        text=said,
        client_id=key,
        sent_at=max(now, newest + _NEXT) if newest else now,
    )
    note(actor, "message.post", Operation.COLLECTION, consultation, participant, characters=len(said))
    tell_inside_on_commit(session_id, "call.said", message=shapes.said_view(message))
    return message.id
