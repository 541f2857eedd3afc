"""Before joining: the line check that was made, and the word "I am ready", which leads into the waiting room."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from consultations import shapes
from consultations.broadcasts import tell_visit_on_commit, tell_waiting_on_commit
from consultations.errors import NotWaiting, RoomLocked, TooEarly
from consultations.models import MeetingLink, Participant
from consultations.selectors import find_policy
from consultations.services.participant_names import clean_name
from consultations.services.standing import lock_person, note, refusals, require_own
from forces.actors import Actor
from forces.audit.services import Operation
from forces.errors import InvalidInput
from streams.services.link_standing import LinkInUse
from streams.services.links import hash_of
from streams.services.notices import notify_officer_on_commit
from streams.shapes import iso


def ready_for_room(
    *,
    actor: Actor,
    now: datetime,
    session_id: UUID,
    participant_id: UUID,
    shown_name: str,
    alone: str,
    browser_secret: str,
) -> None:
    """A person is ready: the link is this browser's from now on, and they wait. Said again it changes name and answer.

    Raises `TooEarly`, `RoomLocked`, `NotWaiting` for who was let in, `LinkInUse`, `NameEmpty` or `InvalidInput`.
    """
    with refusals(actor, "participant.ready", session_id, participant_id):
        consultation, participant = lock_person(session_id, participant_id)
        require_own(actor, participant)
        opens_at = consultation.starts_at - timedelta(minutes=find_policy().opens_before_min)
        if now < opens_at:
            raise TooEarly(details={"opens_at": iso(opens_at)})
        if consultation.is_locked:
            raise RoomLocked
        if participant.state not in Participant.BEFORE:
            raise NotWaiting("You have been let in already.")
        if alone not in Participant.Alone.values:
            raise InvalidInput("Say whether you are alone, or that you would rather not say.")
        participant.shown_name = clean_name(shown_name)
        _bind(participant.id, browser_secret)
    is_news = participant.state != Participant.State.WAITING
    participant.alone = alone
    participant.ready_at = participant.ready_at or now
    participant.wait(now)
    participant.save()
    note(actor, "participant.ready", Operation.COLLECTION, consultation, participant, role=participant.role)
    if is_news and (told := consultation.taken_by or consultation.created_by):
        notify_officer_on_commit(told, "consultation", session_id, now=now)
    tell_visit_on_commit(participant, now=now)
    tell_waiting_on_commit(session_id, now=now)


def note_check(
    *, actor: Actor, now: datetime, session_id: UUID, participant_id: UUID, results: Mapping[str, Any]
) -> None:
    """Keep what a line check found, the newest alone; it is no act, and is not audited."""
    _, participant = lock_person(session_id, participant_id)
    require_own(actor, participant)
    kept = {name: results[name] for name in shapes.CHECK_FIELDS if name in results}
    participant.checked = {**kept, "codes": shapes.masked_codes(results.get("codes", ())), "at": iso(now)}
    participant.save(update_fields=["checked"])
    if participant.state in (Participant.State.WAITING, Participant.State.SENT_AWAY):
        tell_waiting_on_commit(session_id, now=now)


def _bind(participant_id: UUID, browser_secret: str) -> None:
    """The first browser that says it is ready has the link; only an officer can let it go."""
    link = MeetingLink.objects.select_for_update().get(participant_id=participant_id)
    mine = hash_of(browser_secret)
    if link.browser_hash and link.browser_hash != mine:
        raise LinkInUse
    link.browser_hash = mine
    link.save(update_fields=["browser_hash"])
