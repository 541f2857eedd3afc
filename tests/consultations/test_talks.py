"""Private talks: who may have one, that each has one place at a time, and that officers are told no more than that."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from consultations.errors import NotAdmitted, NotInside, NotWaiting, TalkBusy, TalkOver
from consultations.models import Consultation, Participant, Place, PrivateTalk, TrackSegment
from consultations.selectors import find_own_participant, read_room
from consultations.services import leading, talks
from consultations.services.entrance import remove_participant
from consultations.shapes import room_view
from forces.actors import Actor
from forces.context import Unit
from forces.errors import NotFound, NotPermitted
from tests.factories import consultations as made
from tests.factories.officers import make_officer
from tests.factories.streams import NOW, AuditRows

ROLES = ("victim", "witness", "interpreter", "solicitor")


def ask(member: made.Member, other: UUID, actor: Actor | None = None) -> UUID:
    return talks.ask_talk(actor=actor or member.actor, now=NOW, **member.ids, with_id=other)


def begin(first: made.Member, second: made.Member) -> UUID:
    talk_id = ask(first, second.participant_id)
    talks.accept_talk(actor=second.actor, now=NOW, **second.ids, talk_id=talk_id, node="media-1")
    assert talks.note_talk_open(now=NOW, talk_id=talk_id)
    return talk_id


def people(consultation: Consultation, *roles: str) -> list[made.Member]:
    return [made.waiting(made.person_of(consultation, role)) for role in roles]


def test_pairs_that_may_not_speak_in_private_are_refused(in_herts: Unit, audit_rows: AuditRows) -> None:
    consultation = made.make_open(people=ROLES)
    victim, witness, interpreter, solicitor = people(consultation, *ROLES)
    officer = find_own_participant(consultation.session_id, made.leader_of(consultation).id)
    assert officer is not None

    for first, second in ((victim, witness), (interpreter, solicitor), (victim, victim)):
        with pytest.raises(NotPermitted):
            ask(first, second.participant_id)
    with pytest.raises(NotPermitted):
        ask(victim, officer.id)  # a member does not call an officer out of the call
    with pytest.raises(NotPermitted):
        ask(victim, interpreter.participant_id, interpreter.actor)  # nobody asks for another
    assert audit_rows()[-1]["act"] == "talk.ask"
    assert ask(victim, interpreter.participant_id)


def test_person_who_is_not_there_is_not_spoken_to(in_herts: Unit) -> None:
    consultation = made.make_open()
    victim = made.waiting(made.person_of(consultation, "victim"))
    interpreter = made.person_of(consultation, "interpreter")

    with pytest.raises(NotAdmitted):
        ask(victim, interpreter.id)
    with pytest.raises(NotFound):
        ask(victim, made.person_of(made.make_open(actor=make_officer("baxter", number="7")), "interpreter").id)


def test_person_has_one_talk_at_a_time(in_herts: Unit) -> None:
    consultation = made.make_open(people=ROLES)
    victim, witness, interpreter, solicitor = people(consultation, *ROLES)
    ask(victim, interpreter.participant_id)

    for first, second in ((victim, solicitor), (witness, interpreter), (solicitor, victim)):
        with pytest.raises(TalkBusy):
            ask(first, second.participant_id)
    assert ask(witness, solicitor.participant_id)


def test_nobody_but_the_one_who_was_asked_accepts(in_herts: Unit) -> None:
    consultation = made.make_open(people=ROLES)
    victim, _, interpreter, solicitor = people(consultation, *ROLES)
    talk_id = ask(victim, interpreter.participant_id)

    for member in (victim, solicitor):
        with pytest.raises(TalkOver):
            talks.accept_talk(actor=member.actor, now=NOW, **member.ids, talk_id=talk_id, node="media-1")
    talks.accept_talk(actor=interpreter.actor, now=NOW, **interpreter.ids, talk_id=talk_id, node="media-1")
    with pytest.raises(TalkOver):
        talks.accept_talk(actor=interpreter.actor, now=NOW, **interpreter.ids, talk_id=talk_id, node="media-1")


def test_both_leave_the_call_before_the_talk_opens(in_herts: Unit, audit_rows: AuditRows) -> None:
    consultation = made.make_open()
    made.make_live(made.sit_officer(consultation))
    victim, interpreter = made.inside(consultation, "victim"), made.inside(consultation, "interpreter")
    talk_id = ask(victim, interpreter.participant_id)

    effects = talks.accept_talk(actor=interpreter.actor, now=NOW, **interpreter.ids, talk_id=talk_id, node="media-1")

    assert {held.holder for held in effects.detach} == {"feed"}
    assert len(effects.detach) == 2
    assert made.place_of(victim) is None
    gone = [frame for _, frame in in_herts.broadcasts if frame["type"] == "place.gone"]
    assert [frame["reason"] for frame in gone[-2:]] == ["private", "private"]
    assert not [frame for _, frame in in_herts.broadcasts if frame["type"] == "talk.began"]
    talks.note_talk_open(now=NOW, talk_id=talk_id)
    told = [(to, frame) for to, frame in in_herts.broadcasts if frame["type"] == "talk.began"]
    assert {to for to, _ in told} == {f"meeting.{one.participant_id}" for one in (victim, interpreter)}
    row = next(row for row in audit_rows() if row["act"] == "talk.begin")
    assert row["detail"]["first"] == str(victim.participant_id)


def test_officers_see_that_it_is_private_and_nothing_else(in_herts: Unit) -> None:
    consultation = made.make_open()
    made.make_live(made.sit_officer(consultation))
    victim, interpreter = made.inside(consultation, "victim"), made.inside(consultation, "interpreter")
    talk_id = begin(victim, interpreter)
    for member in (victim, interpreter):
        made.make_live(made.sit(member, purpose="talk", talk_id=talk_id))

    room = room_view(read_room(consultation.session_id), 1)

    private = {one["id"]: one for one in room["people"] if one["state"] == "private"}
    assert set(private) == {str(victim.participant_id), str(interpreter.participant_id)}
    assert all(one["feeds"] == [] for one in private.values())
    desk = [frame for to, frame in in_herts.broadcasts if to == f"desk.{consultation.session_id}"]
    assert str(talk_id) not in str(desk)


def test_talk_is_never_recorded(in_herts: Unit) -> None:
    consultation = made.make_open()
    made.make_live(made.sit_officer(consultation))
    victim, interpreter = made.inside(consultation, "victim"), made.inside(consultation, "interpreter")
    made.ask_to_record(consultation)
    for member in (victim, interpreter):
        made.answer_consent(member, "yes")
    assert TrackSegment.objects.filter(stopped_at=None).count() == 3

    talk_id = begin(victim, interpreter)
    for member in (victim, interpreter):
        made.make_live(made.sit(member, purpose="talk", talk_id=talk_id))

    going_on = TrackSegment.objects.filter(stopped_at=None)
    assert [segment.participant.role for segment in going_on] == ["officer"]


def test_officer_ends_no_talk_of_others_but_all_together(in_herts: Unit) -> None:
    consultation = made.make_open()
    leader = made.leader_of(consultation)
    victim, interpreter = people(consultation, "victim", "interpreter")
    talk_id = begin(victim, interpreter)
    own = find_own_participant(consultation.session_id, leader.id)
    assert own is not None
    at: dict[str, Any] = {"actor": leader, "now": NOW, "session_id": consultation.session_id}

    with pytest.raises(NotPermitted):
        talks.end_talk(**at, participant_id=victim.participant_id)
    with pytest.raises(TalkOver):
        talks.decline_talk(**at, participant_id=own.id, talk_id=talk_id)
    talks.end_talk(**at, participant_id=own.id)  # none of the own
    assert PrivateTalk.objects.get(pk=talk_id).state == "on"
    leading.end_consultation(**at, reason="ended")
    assert PrivateTalk.objects.get(pk=talk_id).end_reason == "over"


def test_each_goes_back_to_where_they_came_from(in_herts: Unit) -> None:
    consultation = made.make_open()
    made.make_live(made.sit_officer(consultation))
    victim = made.waiting(made.person_of(consultation, "victim"))
    interpreter = made.inside(consultation, "interpreter")
    since = victim.row.waiting_since
    talk_id = begin(victim, interpreter)
    made.sit(victim, purpose="talk", talk_id=talk_id)

    effects = talks.end_talk(actor=interpreter.actor, now=NOW + timedelta(minutes=3), **interpreter.ids)

    assert effects.detach == ()  # the victim's camera was never connected
    ended = {to: frame for to, frame in in_herts.broadcasts if frame["type"] == "talk.ended"}
    assert ended[f"meeting.{victim.participant_id}"]["back_to"] == "waiting"
    assert ended[f"meeting.{interpreter.participant_id}"]["back_to"] == "call"
    assert (victim.row.state, victim.row.waiting_since) == ("waiting", since)
    assert made.place_of(victim) is None
    assert made.sit(interpreter, now=NOW + timedelta(minutes=3)).purpose == "call"
    with pytest.raises(NotAdmitted):
        made.sit(victim)


def test_officer_speaks_in_private_with_one_who_waits_and_nobody_else(in_herts: Unit) -> None:
    consultation = made.make_open()
    leader = made.leader_of(consultation)
    made.make_live(made.sit_officer(consultation))
    victim, interpreter = people(consultation, "victim", "interpreter")
    made.let_in(consultation, interpreter.participant_id)
    own = find_own_participant(consultation.session_id, leader.id)
    assert own is not None
    at: dict[str, Any] = {"actor": leader, "now": NOW, "session_id": consultation.session_id, "participant_id": own.id}

    with pytest.raises(NotWaiting):
        talks.ask_talk(**at, with_id=interpreter.participant_id)
    talk_id = talks.ask_talk(**at, with_id=victim.participant_id)
    talks.accept_talk(actor=victim.actor, now=NOW, **victim.ids, talk_id=talk_id, node="media-1")
    assert not Place.objects.filter(participant=own, ended_at=None).exists()
    talks.note_talk_open(now=NOW, talk_id=talk_id)
    assert PrivateTalk.objects.get(pk=talk_id).kind == "officer"


def test_officer_who_is_not_inside_speaks_to_nobody(in_herts: Unit) -> None:
    consultation = made.make_open()
    other = make_officer("baxter", number="77")
    row = Participant.objects.create(
        session_id=consultation.session_id, role="officer", user_id=other.id, name="Baxter", added_at=NOW
    )
    victim = made.waiting(made.person_of(consultation, "victim"))

    with pytest.raises(NotInside):
        talks.ask_talk(
            actor=other,
            now=NOW,
            session_id=consultation.session_id,
            participant_id=row.id,
            with_id=victim.participant_id,
        )


def test_talk_that_nobody_accepts_or_one_is_gone_from_ends(in_herts: Unit) -> None:
    consultation = made.make_open()
    victim, interpreter = people(consultation, "victim", "interpreter")
    talk_id = ask(victim, interpreter.participant_id)
    assert talks.list_stale_talks(now=NOW + timedelta(seconds=59)) == []
    assert talks.list_stale_talks(now=NOW + timedelta(seconds=60)) == [(talk_id, "unanswered")]
    talks.end_talk_of_system(now=NOW, talk_id=talk_id, reason="unanswered")

    talk_id = begin(victim, interpreter)
    made.sit(victim, purpose="talk", talk_id=talk_id)
    talks.note_who_is_there(now=NOW)
    assert talks.list_stale_talks(now=NOW + timedelta(seconds=14)) == []
    assert talks.list_stale_talks(now=NOW + timedelta(seconds=15)) == [(talk_id, "one_left")]
    made.sit(interpreter, purpose="talk", talk_id=talk_id)
    talks.note_who_is_there(now=NOW)
    assert talks.list_stale_talks(now=NOW + timedelta(hours=1)) == []


def test_removal_ends_the_talk(in_herts: Unit) -> None:
    consultation = made.make_open()
    victim, interpreter = people(consultation, "victim", "interpreter")
    talk_id = begin(victim, interpreter)
    made.make_live(made.sit(victim, purpose="talk", talk_id=talk_id))

    effects = remove_participant(
        actor=made.leader_of(consultation), now=NOW, **victim.ids, admission=victim.row.admission, reason=""
    )

    assert len(effects.detach) == 1
    assert PrivateTalk.objects.get(pk=talk_id).end_reason == "removed"
