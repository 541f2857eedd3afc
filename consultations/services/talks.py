"""Private talks: a member with an aid, whom no officer hears; or an officer with one who waits.

Each of the two has one place at a time: the call's has ended, at the media server too, before the talk's room opens.
Audited are the two ids and the times; what is said is neither recorded nor kept.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from consultations.broadcasts import (
    tell_person_on_commit,
    tell_room_on_commit,
    tell_talk_on_commit,
    tell_visit_on_commit,
    tell_waiting_on_commit,
)
from consultations.errors import NotAdmitted, NotWaiting, TalkBusy, TalkOver
from consultations.limits import ONE_LEFT_TALK, TALK_ASKED_FOR
from consultations.models import Participant, Place, PrivateTalk
from consultations.selectors import find_participant, find_talk_of
from consultations.services.effects import Effects, detaching
from consultations.services.places import end_place
from consultations.services.standing import (
    actor_of,
    find_open_place,
    lock_consultation,
    lock_going_on,
    lock_person,
    note,
    refusals,
    require_own,
    require_police_inside,
)
from forces.actors import Actor
from forces.audit.services import Operation
from forces.context import current_force
from forces.errors import NotPermitted
from streams.services.handles import HeldHandle
from streams.services.rooms import pin_room

State = PrivateTalk.State
THERE = (Participant.State.WAITING, Participant.State.ADMITTED)


def ask_talk(*, actor: Actor, now: datetime, session_id: UUID, participant_id: UUID, with_id: UUID) -> UUID:
    """Ask somebody for a private talk; returns its id. It goes on once they accept.

    A member of the public and an aid may, both waiting or let in; and an officer inside with a member who waits.
    Raises `NotPermitted`, `NotInside`, `NotWaiting`, `NotAdmitted` or `TalkBusy`; a refusal is audited.
    """
    with refusals(actor, "talk.ask", session_id, participant_id):
        consultation, asker = lock_person(session_id, participant_id)
        require_own(actor, asker)
        other = find_participant(session_id, with_id)
        first, second, kind = _pair(actor, asker, other)
        _require_free(first, second)
    talk = PrivateTalk.objects.create(
        session=consultation.session,
        kind=kind,
        asked_by=asker,
        first=first,
        second=second,
        first_from=_from(first),
        second_from=_from(second),
        asked_at=now,
    )
    tell_person_on_commit(
        other.id, "talk.asked", talk_id=str(talk.id), by={"name": asker.display_name, "role": asker.role}
    )
    tell_visit_on_commit(asker, now=now)
    return talk.id


def accept_talk(
    *, actor: Actor, now: datetime, session_id: UUID, participant_id: UUID, talk_id: UUID, node: str
) -> Effects:
    """The other one wants it, too: both leave whatever room they are in. Returns what is to be detached, first of all.

    Raises `NotPermitted`, `TalkOver`, `NotWaiting`, `NotAdmitted` or `NotInside`; a refusal is audited.
    """
    with refusals(actor, "talk.begin", session_id, participant_id):
        consultation, participant = lock_person(session_id, participant_id)
        require_own(actor, participant)
        talk = _find(session_id, talk_id)
        if not talk.has(participant.id) or talk.asked_by_id == participant.id or talk.state != State.ASKED:
            raise TalkOver
        asker = talk.asked_by
        _pair(actor_of(asker), asker, participant)
    pin_room(consultation.session, node)
    talk.accept()
    talk.first_from, talk.second_from = _from(talk.first), _from(talk.second)
    talk.room_id, talk.node = f"{current_force().schema}-v-{talk.id}", consultation.session.media_node
    talk.save()
    left: list[HeldHandle] = []
    for one in (talk.first, talk.second):
        place = find_open_place(one.id)
        left += end_place(now=now, place=place, reason="private") if place else []
        tell_visit_on_commit(one, now=now)
    pair = {"first": str(talk.first_id), "second": str(talk.second_id), "kind": str(talk.kind)}
    note(actor, "talk.begin", Operation.ALTERATION, consultation, participant, **pair)
    return detaching(left)


def note_talk_open(*, now: datetime, talk_id: UUID) -> bool:
    """Both have left every other room at the media server; returns whether the talk goes on from now on."""
    talk = _lock(talk_id)
    if talk.state != State.READYING:
        return False
    talk.begin(now)
    talk.save()
    for one, other in ((talk.first, talk.second), (talk.second, talk.first)):
        who = {"id": str(other.id), "name": other.display_name, "role": other.role}
        tell_person_on_commit(one.id, "talk.began", talk_id=str(talk.id), **{"with": who})
    tell_room_on_commit(talk.session_id)
    tell_waiting_on_commit(talk.session_id, now=now)
    return True


def decline_talk(*, actor: Actor, now: datetime, session_id: UUID, participant_id: UUID, talk_id: UUID) -> None:
    """One of the two does not want it, before it has begun. One that is over is fine."""
    _, participant = lock_person(session_id, participant_id)
    require_own(actor, participant)
    talk = _find(session_id, talk_id)
    if not talk.has(participant.id):
        raise TalkOver
    if talk.state == State.ASKED:
        _end(now, talk, "declined")


def end_talk(*, actor: Actor, now: datetime, session_id: UUID, participant_id: UUID) -> Effects:
    """One of the two ends it; nobody else may. Returns what is to be detached; without a talk there is nothing."""
    consultation = lock_going_on(session_id)
    participant = find_participant(session_id, participant_id)
    require_own(actor, participant)
    talk = find_talk_of(participant.id)
    if talk is None:
        return Effects()
    note(actor, "talk.end", Operation.ALTERATION, consultation, participant, talk=str(talk.id))
    return detaching(_end(now, talk, "ended"))


def end_talk_of_system(*, now: datetime, talk_id: UUID, reason: str) -> Effects:
    """End a talk that cannot go on. Returns what is to be detached; one that is over is fine."""
    talk = _lock(talk_id)
    if talk.is_over:
        return Effects()
    consultation = lock_consultation(talk.session_id)
    note(Actor.system("watchdog"), "talk.end", Operation.ALTERATION, consultation, talk=str(talk.id), reason=reason)
    return detaching(_end(now, talk, reason))


def end_talks_of(*, now: datetime, participant_id: UUID, reason: str) -> list[HeldHandle]:
    """End the talk of a person of a locked consultation, if there is one. Returns what is to be detached."""
    talk = find_talk_of(participant_id)
    return _end(now, talk, reason) if talk else []


def end_session_talks(*, now: datetime, session_id: UUID, reason: str) -> list[HeldHandle]:
    """End every talk of a locked session. Returns what is to be detached."""
    return [held for talk in _going_on().filter(session_id=session_id) for held in _end(now, talk, reason)]


def list_stale_talks(*, now: datetime) -> list[tuple[UUID, str]]:
    """Return (talk, reason) of those nobody accepted in time, that never opened, or of which one of the two is gone."""
    asked = _going_on().filter(state=State.ASKED, asked_at__lte=now - TALK_ASKED_FOR)
    stuck = _going_on().filter(state=State.READYING, asked_at__lte=now - 2 * TALK_ASKED_FOR)
    left = _going_on().filter(state=State.ON, one_left_at__lte=now - ONE_LEFT_TALK)
    found = ((asked, "unanswered"), (stuck, "gateway_failed"), (left, "one_left"))
    return [(talk_id, reason) for rows, reason in found for talk_id in rows.values_list("id", flat=True)]


def note_who_is_there(*, now: datetime) -> None:
    """Look of which talks one of the two has no place (any more)."""
    for talk in _going_on().filter(state=State.ON):
        open_places = Place.objects.filter(talk=talk, ended_at__isnull=True, lost_at__isnull=True)
        is_whole = open_places.values("participant_id").distinct().count() == 2
        if is_whole and talk.one_left_at is not None:
            _going_on().filter(pk=talk.pk).update(one_left_at=None)
        elif not is_whole and talk.one_left_at is None:
            _going_on().filter(pk=talk.pk).update(one_left_at=now)


def _pair(actor: Actor, asker: Participant, other: Participant) -> tuple[Participant, Participant, str]:
    """Return (first, second, kind) where these two may speak in private now."""
    if asker.is_police:
        require_police_inside(actor, asker.session_id)
        if other.is_police:
            raise NotPermitted
        if other.state != Participant.State.WAITING:
            raise NotWaiting
        return asker, other, PrivateTalk.Kind.OFFICER
    sides = {asker.side, other.side}
    if asker.id == other.id or other.is_police or "aid" not in sides or "public" not in sides:
        raise NotPermitted("A private talk is between a member of the public and an aid.")
    if asker.state not in THERE or other.state not in THERE:
        raise NotAdmitted("Both have to wait, or be in the call.")
    public, aid = (asker, other) if asker.side == "public" else (other, asker)
    return public, aid, PrivateTalk.Kind.AID


def _require_free(*people: Participant) -> None:
    if any(find_talk_of(one.id) is not None for one in people):
        raise TalkBusy


def _from(participant: Participant) -> str:
    return "call" if participant.is_admitted else "waiting"


def _going_on() -> QuerySet[PrivateTalk]:
    return PrivateTalk.objects.filter(~Q(state=State.ENDED)).select_related("first", "second")


def _find(session_id: UUID, talk_id: UUID) -> PrivateTalk:
    rows = PrivateTalk.objects.select_related("first", "second", "asked_by")
    talk = rows.filter(pk=talk_id, session_id=session_id).first()
    if talk is None:
        raise TalkOver
    return talk


def _lock(talk_id: UUID) -> PrivateTalk:
    session_id = PrivateTalk.objects.filter(pk=talk_id).values_list("session_id", flat=True).first()
    if session_id is None:
        raise TalkOver
    lock_consultation(session_id)
    return PrivateTalk.objects.select_related("first", "second").get(pk=talk_id)


def _end(now: datetime, talk: PrivateTalk, reason: str) -> list[HeldHandle]:
    was_on = talk.state != State.ASKED
    talk.end(now, reason=reason)
    talk.save()
    left: list[HeldHandle] = []
    for place in Place.objects.select_related("participant", "talk").filter(talk=talk, ended_at__isnull=True):
        left += end_place(now=now, place=place, reason="talk_over", is_told=False)
    if was_on:
        _come_back(now, talk)
    tell_talk_on_commit(talk, reason)
    for one in Participant.objects.filter(pk__in=(talk.first_id, talk.second_id)):
        tell_visit_on_commit(one, now=now)
    if was_on:
        tell_room_on_commit(talk.session_id)
        tell_waiting_on_commit(talk.session_id, now=now)
    return left


def _come_back(now: datetime, talk: PrivateTalk) -> None:
    """Whoever came from the call was not away from it, however long they spoke."""
    back = [one for one in (talk.first_id, talk.second_id) if talk.from_of(one) == "call"]
    Participant.objects.filter(pk__in=back).update(last_here_at=now)
