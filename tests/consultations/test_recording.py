"""Recording by consent: nobody before everybody was asked, nobody who said no, and nothing a moment longer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from consultations.errors import ConsentUnanswered, NotInside, RoundOver
from consultations.models import (
    Consultation,
    ConsultationPolicy,
    RecordingConsent,
    RecordingPart,
    RecordingWording,
    TrackSegment,
)
from consultations.selectors import find_own_participant
from consultations.services import consenting, leading, places, recording, rounds, segments
from consultations.services.handing_over import hand_over
from evidence.models import Item
from forces.actors import Actor
from forces.context import Unit
from forces.errors import InvalidInput, InvalidTransition, NotPermitted
from streams.services.consent import WordingOutdated
from streams.services.rooms import note_room_closed
from tests.factories import consultations as made
from tests.factories.officers import make_officer
from tests.factories.streams import NOW, AuditRows, person

LATER = NOW + timedelta(seconds=60)


def policy(**fields: str) -> None:
    ConsultationPolicy.objects.update_or_create(is_only=True, defaults=fields)


def room(*roles: str) -> tuple[Consultation, list[made.Member]]:
    """Return a call with its officer and these people inside, all live."""
    consultation = made.make_open(people=(*roles, "solicitor"))
    made.make_live(made.sit_officer(consultation))
    return consultation, [made.inside(consultation, role) for role in roles]


def recorded(consultation: Consultation) -> set[str]:
    going_on = TrackSegment.objects.filter(session_id=consultation.session_id, stopped_at=None)
    return set(going_on.values_list("participant__role", flat=True))


@pytest.mark.parametrize("actor", ["member", "outsider", "operator", "nobody"])
def test_who_is_not_police_inside_asks_for_no_recording(in_herts: Unit, audit_rows: AuditRows, actor: str) -> None:
    consultation, (victim,) = room("victim")
    actors = {
        "member": victim.actor,
        "outsider": make_officer("baxter", number="77"),
        "operator": person("operator"),
        "nobody": Actor.anonymous(),
    }
    at: dict[str, Any] = {"actor": actors[actor], "now": NOW, "session_id": consultation.session_id}

    for act in (recording.ask_to_record, recording.stop_recording):
        with pytest.raises((NotInside, NotPermitted)):
            act(**at)
    assert audit_rows()[-1]["outcome"] == "refused"
    assert made.consultation_now(consultation).recording == "off"


def test_nothing_is_recorded_before_everybody_has_answered(in_herts: Unit) -> None:
    consultation, (victim, interpreter) = room("victim", "interpreter")
    assert made.ask_to_record(consultation).record == ()
    assert made.answer_consent(victim, "yes").record == ()
    assert recorded(consultation) == set()

    effects = made.answer_consent(interpreter, "no")

    assert recorded(consultation) == {"officer", "victim"}
    assert {plan.file_base for plan in effects.record} == set(TrackSegment.objects.values_list("file_base", flat=True))
    part = RecordingPart.objects.get()
    assert (part.number, part.stopped_at) == (1, None)
    told = [frame for _, frame in in_herts.broadcasts if frame["type"] == "recording.changed" and frame["on"]]
    assert len(told) == 4  # three in the call and the desk


def test_silence_counts_as_no_after_a_minute(in_herts: Unit) -> None:
    consultation, (victim, interpreter) = room("victim", "interpreter")
    made.ask_to_record(consultation)
    made.answer_consent(victim, "yes")
    assert rounds.list_overdue_rounds(now=NOW + timedelta(seconds=59)) == []
    assert rounds.list_overdue_rounds(now=LATER) == [consultation.session_id]

    rounds.close_overdue_round(now=LATER, session_id=consultation.session_id)

    assert recorded(consultation) == {"officer", "victim"}
    made.answer_consent(interpreter, "yes", now=LATER)
    assert recorded(consultation) == {"officer", "victim", "interpreter"}


@pytest.mark.parametrize("first", ["yes", "no"])
def test_force_that_stops_on_a_no_records_nothing(in_herts: Unit, first: str) -> None:
    policy(on_refusal="stop")
    consultation, (victim, interpreter) = room("victim", "interpreter")
    made.ask_to_record(consultation)
    made.answer_consent(victim, first)
    if first == "yes":
        made.answer_consent(interpreter, "no")

    assert recorded(consultation) == set()
    assert made.consultation_now(consultation).recording == "off"
    assert not RecordingPart.objects.exists()


def test_withdrawing_stops_that_persons_tracks_at_once(in_herts: Unit, audit_rows: AuditRows) -> None:
    consultation, (victim, interpreter) = room("victim", "interpreter")
    made.ask_to_record(consultation)
    for member in (victim, interpreter):
        made.answer_consent(member, "yes")

    effects = consenting.withdraw_recording_consent(actor=victim.actor, now=LATER, **victim.ids)

    assert len(effects.halt) == 1
    assert recorded(consultation) == {"officer", "interpreter"}
    assert made.consultation_now(consultation).recording == "on"
    assert consenting.withdraw_recording_consent(actor=victim.actor, now=LATER, **victim.ids).halt == ()
    assert [row["act"] for row in audit_rows()].count("consent.withdraw") == 1


def test_withdrawing_stops_all_where_the_force_says_so(in_herts: Unit) -> None:
    policy(on_refusal="stop")
    consultation, (victim, interpreter) = room("victim", "interpreter")
    made.ask_to_record(consultation)
    for member in (victim, interpreter):
        made.answer_consent(member, "yes")

    effects = consenting.withdraw_recording_consent(actor=victim.actor, now=LATER, **victim.ids)

    assert len(effects.halt) == 3
    assert RecordingPart.objects.get().stop_reason == "withdrawn"


def test_nobody_answers_for_another_or_in_another_round(in_herts: Unit) -> None:
    consultation, (victim, interpreter) = room("victim", "interpreter")
    wording = RecordingWording.objects.get(language="en", is_active=True)
    said: dict[str, Any] = {"answer": "yes", "wording_version": wording.version, "language": "en"}
    at: dict[str, Any] = {"now": NOW, **victim.ids}
    with pytest.raises(RoundOver):
        consenting.answer_consent(actor=victim.actor, **at, round_number=0, **said)
    made.ask_to_record(consultation)
    with pytest.raises(NotPermitted):
        consenting.answer_consent(actor=interpreter.actor, **at, round_number=1, **said)
    with pytest.raises(RoundOver):
        consenting.answer_consent(actor=victim.actor, **at, round_number=2, **said)
    with pytest.raises(WordingOutdated):
        consenting.answer_consent(actor=victim.actor, **at, round_number=1, **{**said, "wording_version": 99})
    with pytest.raises(InvalidInput):
        consenting.answer_consent(actor=victim.actor, **at, round_number=1, **{**said, "answer": "maybe"})
    consenting.answer_consent(actor=victim.actor, **at, round_number=1, **said)


def test_police_are_told_and_not_asked(in_herts: Unit) -> None:
    consultation, _ = room("victim")
    made.ask_to_record(consultation)
    leader = made.leader_of(consultation)
    own = find_own_participant(consultation.session_id, leader.id)
    assert own is not None

    assert not RecordingConsent.objects.filter(participant=own).exists()
    with pytest.raises(InvalidInput):
        consenting.answer_consent(
            actor=leader,
            now=NOW,
            session_id=consultation.session_id,
            participant_id=own.id,
            round_number=1,
            answer="no",
            wording_version=1,
            language="en",
        )


def test_newcomer_answers_before_they_come_in(in_herts: Unit) -> None:
    consultation, (victim,) = room("victim")
    made.ask_to_record(consultation)
    made.answer_consent(victim, "yes")
    newcomer = made.waiting(made.person_of(consultation, "solicitor"))
    made.let_in(consultation, newcomer.participant_id)

    with pytest.raises(ConsentUnanswered) as refused:
        made.sit(newcomer)
    assert refused.value.details is not None
    assert (refused.value.details["round"], refused.value.details["why"]) == (2, "joined")
    assert refused.value.details["wording"]["language"] == "en"
    asked = [frame for to, frame in in_herts.broadcasts if to == f"meeting.{victim.participant_id}"]
    assert [one["why"] for one in asked if one["type"] == "consent.asked"] == ["started", "someone_joined"]
    assert recorded(consultation) == {"officer", "victim"}  # the standing yes goes on
    made.answer_consent(newcomer, "no")
    made.make_live(made.sit(newcomer))
    assert recorded(consultation) == {"officer", "victim"}


def test_force_that_pauses_records_nobody_until_they_have_answered_again(in_herts: Unit) -> None:
    policy(when_joined="pauses")
    consultation, (victim,) = room("victim")
    made.ask_to_record(consultation)
    made.answer_consent(victim, "yes")
    newcomer = made.waiting(made.person_of(consultation, "solicitor"))

    effects = made.let_in(consultation, newcomer.participant_id)

    assert len(effects.halt) == 1
    assert recorded(consultation) == {"officer"}
    made.answer_consent(victim, "yes")
    assert recorded(consultation) == {"officer", "victim"}


def test_whoever_comes_back_has_the_same_consent(in_herts: Unit) -> None:
    consultation, (victim, interpreter) = room("victim", "interpreter")
    made.ask_to_record(consultation)
    made.answer_consent(victim, "yes")
    made.answer_consent(interpreter, "no")

    for member in (victim, interpreter):
        made.make_live(made.sit(member, socket="after the reload"))

    assert recorded(consultation) == {"officer", "victim"}
    bases = list(TrackSegment.objects.filter(participant__role="victim").values_list("file_base", flat=True))
    assert len(set(bases)) == 2


def test_second_recording_asks_everybody_again(in_herts: Unit) -> None:
    consultation, (victim,) = room("victim")
    leader = made.leader_of(consultation)
    made.ask_to_record(consultation)
    made.answer_consent(victim, "yes")
    with pytest.raises(InvalidTransition):
        made.ask_to_record(consultation)
    effects = recording.stop_recording(actor=leader, now=LATER, session_id=consultation.session_id)
    assert len(effects.halt) == 2

    made.ask_to_record(consultation, now=LATER)
    assert recorded(consultation) == set()
    made.answer_consent(victim, "yes", now=LATER)
    assert recorded(consultation) == {"officer", "victim"}
    assert list(RecordingPart.objects.order_by("number").values_list("number", "stop_reason")) == [
        (1, "officer"),
        (2, ""),
    ]


def test_media_server_that_is_lost_closes_the_part_and_the_next_is_opened(in_herts: Unit) -> None:
    consultation, (victim,) = room("victim")
    made.ask_to_record(consultation)
    made.answer_consent(victim, "yes")
    recording.note_media_server_lost(now=LATER, session_id=consultation.session_id)
    places.end_places(now=LATER, session_id=consultation.session_id, reason="media_lost")

    made.make_live(made.sit(victim, now=LATER), now=LATER)

    assert recorded(consultation) == {"victim"}
    assert list(RecordingPart.objects.order_by("number").values_list("number", "stop_reason")) == [
        (1, "media_server_lost"),
        (2, ""),
    ]


def test_recording_stops_when_no_police_are_inside(in_herts: Unit) -> None:
    consultation, (victim,) = room("victim")
    made.ask_to_record(consultation)
    made.answer_consent(victim, "yes")
    leader = made.leader_of(consultation)
    own = find_own_participant(consultation.session_id, leader.id)
    assert own is not None
    assert recording.stop_without_police(now=LATER, session_id=consultation.session_id).halt == ()
    leading.leave_call(actor=leader, now=LATER, session_id=consultation.session_id, participant_id=own.id)

    effects = recording.stop_without_police(now=LATER, session_id=consultation.session_id)

    assert len(effects.halt) == 1
    assert RecordingPart.objects.get().stop_reason == "no_police"


def test_track_that_does_not_grow_is_an_alarm(in_herts: Unit, audit_rows: AuditRows) -> None:
    consultation, (victim,) = room("victim")
    made.ask_to_record(consultation)
    made.answer_consent(victim, "yes")
    segment = TrackSegment.objects.get(participant__role="victim")
    segments.note_track_growth(now=NOW + timedelta(seconds=2), segment_id=segment.id, bytes_seen=8)
    segment.refresh_from_db()
    assert segment.state == "starting"

    segments.note_track_growth(now=NOW + timedelta(seconds=3), segment_id=segment.id, bytes_seen=8)
    segment.refresh_from_db()
    assert (segment.state, segment.alarm_reason) == ("alarm", "recording_not_growing")
    segments.note_track_growth(now=NOW + timedelta(seconds=4), segment_id=segment.id, bytes_seen=5_000)
    segment.refresh_from_db()
    assert segment.state == "recording"
    assert "recording.alarm" in {row["act"] for row in audit_rows()}


def test_call_is_handed_over_as_one_item_of_those_who_agreed(in_herts: Unit) -> None:
    consultation, (victim, interpreter) = room("victim", "interpreter")
    made.ask_to_record(consultation)
    made.answer_consent(victim, "yes")
    made.answer_consent(interpreter, "no")
    TrackSegment.objects.update(confirmed_at=NOW)
    leader = made.leader_of(consultation)
    leading.end_consultation(actor=leader, now=LATER, session_id=consultation.session_id, reason="ended")

    items = note_room_closed(actor=Actor.system("tests"), now=LATER, session_id=consultation.session_id)

    item = Item.objects.get(pk=items[0])
    assert (item.kind, item.session_id, item.is_complete) == ("call", consultation.session_id, True)
    assert [one["role"] for one in item.cast] == ["victim", "officer"]
    assert all(one["segments"][0]["base"].startswith(one["feed_id"]) for one in item.cast)
    assert note_room_closed(actor=Actor.system("tests"), now=LATER, session_id=consultation.session_id) == []


def test_call_that_was_not_recorded_hands_nothing_over(in_herts: Unit) -> None:
    consultation, _ = room("victim")
    leader = made.leader_of(consultation)
    leading.end_consultation(actor=leader, now=LATER, session_id=consultation.session_id, reason="ended")

    assert hand_over(made.consultation_now(consultation).session, LATER) == []
