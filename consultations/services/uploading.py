"""Files of a call: who may send one, whose it is, and who is told of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from consultations.broadcasts import tell_desks_on_commit, tell_person_on_commit
from consultations.errors import NotAdmitted
from consultations.models import Consultation, Participant
from consultations.selectors import list_call_places, may_take
from consultations.services.standing import is_own, lock_person, require_own
from forces.accounts.permissions import Permission, may
from forces.actors import Actor
from streams.models import LiveSession, Upload
from streams.services.uploads import Sender
from streams.shapes import Plain, upload_view

T = TypeVar("T")


def act_as_sender(
    *,
    actor: Actor,
    now: datetime,
    session_id: UUID,
    participant_id: UUID,
    service: Callable[..., T],
    **arguments: Any,
) -> T:
    """Run a service of streams about a file for somebody who was let in. Raises `NotAdmitted` for anybody else."""
    _, participant = lock_person(session_id, participant_id)
    require_own(actor, participant)
    if not participant.is_admitted:
        raise NotAdmitted
    sender = Sender(participant.id, participant.display_name)
    return service(actor=actor, now=now, session_id=session_id, sender=sender, **arguments)


def is_in_session(actor: Actor, session: LiveSession) -> bool:
    """Whether the actor is one of those who were let in."""
    if actor.kind not in ("user", "caller"):
        return False
    people = Participant.objects.filter(session_id=session.id, state=Participant.State.ADMITTED)
    mine = people.filter(user_id=actor.id) if actor.kind == "user" else people.filter(pk=actor.id)
    found = mine.first()
    return found is not None and is_own(actor, found)


def session_allows(session_id: UUID, scope: str) -> bool:
    """Whether a consultation covers a scope: files while it is open, and nothing else that streams would do."""
    is_open = Consultation.objects.filter(pk=session_id, state=Consultation.State.OPEN).exists()
    return scope == "upload" and is_open


def may_run_session(actor: Actor, session: LiveSession) -> bool:
    """Whether a user may end a consultation, answer its risk questions and say what it came to."""
    if not may(actor, Permission.CONSULTATION_RUN):
        return False
    if actor.kind == "system":
        return True
    consultation = Consultation.objects.filter(pk=session.id).first()
    if consultation is None:
        return False
    inside = Participant.objects.filter(session_id=session.id, user_id=actor.id).exclude(
        state__in=(Participant.State.REMOVED, Participant.State.WITHDRAWN)
    )
    return may_take(actor, consultation) or inside.exists()


def tell_upload(upload: Upload) -> None:
    """Tell everybody in the call, and the desks, how a file stands."""
    view = file_view(upload)
    for place in list_call_places(upload.session_id):
        tell_person_on_commit(place.participant_id, "upload.changed", upload=view)
    tell_desks_on_commit(upload.session_id, "upload.changed", upload=view)


def file_view(upload: Upload) -> Plain:
    """Return a file and whose it is."""
    sender_id = str(upload.sender_id) if upload.sender_id else None
    return {**upload_view(upload), "sender_id": sender_id, "sender_name": upload.sender_name}


def list_files(session_id: UUID) -> list[Plain]:
    """Return the files of a call, oldest first."""
    return [file_view(row) for row in Upload.objects.filter(session_id=session_id)]
