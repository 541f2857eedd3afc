"""Caution, silent signal, risk, chat, hands, screens, the lead and the end: who may, and who is told of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from consultations.errors import BusyScreen, MeetingOver, NotAdmitted, NotInside, NotLeader, OtherUnit, Removed
from consultations.models import CallMessage, Caution, Consultation, Feed, Feedback, Participant, SilentSignal
from consultations.selectors import find_own_participant
from consultations.services import (
    answering,
    booking,
    caution,
    chat,
    entrance,
    feeds,
    figures,
    hands,
    leading,
    risk_rounds,
    signals,
)
from forces.accounts.step_up import StepUpRequired
from forces.actors import Actor
from forces.context import Unit
from forces.errors import InvalidInput, InvalidTransition, NotFound, NotPermitted
from streams.models import LiveSession, Notice
from streams.services.outcomes import record_outcome
from streams.services.sessions import end_session
from streams.services.turns import TooOften
from tests.factories import consultations as made
from tests.factories.officers import make_officer
from tests.factories.streams import NOW, AuditRows, person

LATER = NOW + timedelta(minutes=2)


def told(unit: Unit, type_: str) -> list[tuple[str, dict[str, Any]]]:
    return [(to, frame) for to, frame in unit.broadcasts if frame["type"] == type_]


def call() -> tuple[Consultation, made.Member, made.Member]:
    consultation = made.make_open()
    made.make_live(made.sit_officer(consultation))
    return consultation, made.inside(consultation, "victim"), made.inside(consultation, "interpreter")


def at_of(consultation: Consultation, actor: Actor | None = None, now: Any = NOW) -> dict[str, Any]:
    return {"actor": actor or made.leader_of(consultation), "now": now, "session_id": consultation.session_id}


@pytest.mark.parametrize("actor", ["member", "colleague", "supervisor", "nobody"])
def test_who_does_not_lead_states_no_caution(in_herts: Unit, audit_rows: AuditRows, actor: str) -> None:
    consultation, victim, _ = call()
    actors = {
        "member": victim.actor,
        "colleague": make_officer("baxter", number="77"),
        "supervisor": person("supervisor", "900"),
        "nobody": Actor.anonymous(),
    }
    said: dict[str, Any] = {"participant_id": victim.participant_id, "reason": "Said it was him", "goes_on": True}

    with pytest.raises((NotLeader, NotPermitted)):
        caution.state_caution(**at_of(consultation, actors[actor]), **said)
    assert not Caution.objects.exists()
    assert audit_rows()[-1]["outcome"] == "refused"


def test_caution_writes_down_what_was_recorded_and_shows_everybody_the_banner(
    in_herts: Unit, audit_rows: AuditRows
) -> None:
    consultation, victim, interpreter = call()
    made.ask_to_record(consultation)
    for member in (victim, interpreter):
        made.answer_consent(member, "yes")
    said: dict[str, Any] = {"participant_id": victim.participant_id, "reason": "Said it was him", "goes_on": True}

    assert caution.state_caution(**at_of(consultation, now=LATER), **said) is False

    row = Caution.objects.get()
    assert (row.at, row.recording, row.recording_part, row.goes_on) == (LATER, "on", 1, True)
    assert len(told(in_herts, "caution.stated")) == 4
    assert made.consultation_now(consultation).recording == "on"
    audited = next(row for row in audit_rows() if row["act"] == "consultation.caution")
    assert audited["detail"] == {"recording": "on", "part": 1, "goes_on": True}
    assert "Said it was him" not in str(audit_rows())
    with pytest.raises(InvalidTransition):
        caution.state_caution(**at_of(consultation), **said)


def test_caution_may_end_the_call(in_herts: Unit) -> None:
    consultation, victim, _ = call()
    said: dict[str, Any] = {"participant_id": victim.participant_id, "reason": "Said it was him", "goes_on": False}

    assert caution.state_caution(**at_of(consultation, now=LATER), **said)

    row = made.consultation_now(consultation)
    assert (row.state, row.session.end_reason) == ("ended", "caution")


def test_supervisor_alone_lifts_a_caution(in_herts: Unit) -> None:
    consultation, victim, _ = call()
    said: dict[str, Any] = {"participant_id": victim.participant_id, "reason": "Said it was him", "goes_on": True}
    caution.state_caution(**at_of(consultation), **said)

    with pytest.raises(NotPermitted):
        caution.lift_caution(**at_of(consultation))
    caution.lift_caution(**at_of(consultation, person("supervisor", "900")))
    with pytest.raises(NotFound):
        caution.lift_caution(**at_of(consultation, person("supervisor", "900")))


def test_silent_signal_goes_to_officers_and_to_no_member(in_herts: Unit, audit_rows: AuditRows) -> None:
    consultation, victim, _ = call()
    in_herts.broadcasts.clear()

    signals.send_signal(actor=victim.actor, now=LATER, **victim.ids)

    assert SilentSignal.objects.get().participant_id == victim.participant_id
    assert {to for to, _ in in_herts.broadcasts if not to.startswith("officer")} == {
        f"desk.{consultation.session_id}",
        "consultations",
    }
    assert Notice.objects.filter(kind="consultation").exists()
    assert audit_rows()[-1]["act"] in ("signal.send", "notice.make")


def test_silent_signal_is_the_members_own_and_six_a_minute(in_herts: Unit) -> None:
    consultation, victim, interpreter = call()
    with pytest.raises(NotPermitted):
        signals.send_signal(actor=interpreter.actor, now=NOW, **victim.ids)
    for _ in range(6):
        signals.send_signal(actor=victim.actor, now=NOW, **victim.ids)
    with pytest.raises(TooOften):
        signals.send_signal(actor=victim.actor, now=NOW, **victim.ids)
    assert made.consultation_now(consultation).state == "open"


def test_officer_of_another_team_sees_no_signal(in_herts: Unit) -> None:
    consultation, victim, _ = call()
    signals.send_signal(actor=victim.actor, now=NOW, **victim.ids)
    signal = SilentSignal.objects.get()
    Consultation.objects.update(team="Watford Response")

    with pytest.raises(OtherUnit):
        signals.see_signal(**at_of(consultation, make_officer("baxter", number="77")), signal_id=signal.id)
    signals.see_signal(**at_of(consultation), signal_id=signal.id)
    signal.refresh_from_db()
    assert signal.seen_by == made.leader_of(consultation).id


def test_risk_is_asked_again_on_a_clock_in_domestic_abuse(in_herts: Unit) -> None:
    consultation = made.make_open(purpose="domestic_abuse")
    assert made.consultation_now(consultation).risk_due_at == NOW + timedelta(minutes=15)
    risk_rounds.raise_due_rounds(now=NOW + timedelta(minutes=14))
    assert told(in_herts, "risk.due") == []

    for minute in (15, 16, 20, 21):
        risk_rounds.raise_due_rounds(now=NOW + timedelta(minutes=minute))

    assert len(told(in_herts, "risk.due")) == 2  # once when it is due, once when nobody answered for five minutes
    made.answer_round(consultation, made.leader_of(consultation), now=NOW + timedelta(minutes=22))
    row = made.consultation_now(consultation)
    assert (row.risk_due_at, row.risk_alerted_at) == (NOW + timedelta(minutes=37), None)
    assert made.consultation_now(made.make_open(actor=make_officer("b", number="8"))).risk_due_at is None


def test_refused_risk_goes_on_with_a_supervisors_fresh_proof_alone(in_herts: Unit) -> None:
    consultation, victim, _ = call()
    leader = made.leader_of(consultation)
    made.answer_round(consultation, leader, now=LATER, **made.refusing_answers(consultation, leader))
    assert made.consultation_now(consultation).state == "open"

    with pytest.raises(NotPermitted):
        risk_rounds.override_round(**at_of(consultation, now=LATER), reason="A child is there")
    stale = Actor(kind="user", id="900", name="Sue", role="supervisor")
    with pytest.raises(StepUpRequired):
        risk_rounds.override_round(**at_of(consultation, stale, LATER), reason="A child is there")
    assert risk_rounds.override_round(**at_of(consultation, person("supervisor", "900")), reason="A child is there")
    assert victim.row.state == "admitted"


def test_risk_is_answered_by_whom_it_concerns_alone(in_herts: Unit) -> None:
    consultation = made.make_booked(actor=person("operator"), team="Watford Response")
    with pytest.raises(OtherUnit):
        made.answer_round(consultation, make_officer())
    with pytest.raises(NotPermitted):
        made.answer_round(consultation, person("auditor"))
    assert made.answer_round(consultation, person("operator"))["outcome"] == "clear"


def say(member: made.Member, text: str = "Hello", client_id: str = "one", actor: Actor | None = None) -> Any:
    return chat.say(actor=actor or member.actor, now=NOW, **member.ids, client_id=client_id, text=text)


def test_who_is_not_in_the_call_writes_and_reads_nothing(in_herts: Unit) -> None:
    consultation, victim, interpreter = call()
    with pytest.raises(NotPermitted):
        say(victim, actor=interpreter.actor)
    place = made.place_of(interpreter)
    assert place is not None
    entrance.put_back(**at_of(consultation), participant_id=interpreter.participant_id, admission=1)
    in_herts.broadcasts.clear()
    with pytest.raises(NotAdmitted):
        say(interpreter)

    say(victim)

    assert {to for to, _ in told(in_herts, "call.said")} == {
        f"meeting.{victim.participant_id}",
        f"meeting.{find_officer(consultation).id}",
        f"desk.{consultation.session_id}",
    }


def find_officer(consultation: Consultation) -> Participant:
    own = find_own_participant(consultation.session_id, made.leader_of(consultation).id)
    assert own is not None
    return own


def test_message_sent_again_is_one_and_forty_a_minute_are_enough(in_herts: Unit) -> None:
    _, victim, _ = call()
    assert say(victim) == say(victim)
    for number in range(39):
        say(victim, client_id=f"n{number}")
    with pytest.raises(TooOften):
        say(victim, client_id="too many")
    for text in ("", "   ", "x" * 1001):
        with pytest.raises(InvalidInput):
            say(victim, text=text, client_id="other")
    times = list(CallMessage.objects.order_by("sent_at").values_list("sent_at", flat=True))
    assert len(set(times)) == len(times) == 40


def test_hand_is_raised_by_oneself_and_lowered_by_who_leads(in_herts: Unit) -> None:
    consultation, victim, interpreter = call()
    with pytest.raises(NotPermitted):
        hands.raise_hand(actor=interpreter.actor, now=NOW, **victim.ids, up=True)
    hands.raise_hand(actor=victim.actor, now=NOW, **victim.ids, up=True)
    hands.raise_hand(actor=victim.actor, now=LATER, **victim.ids, up=True)
    assert victim.row.hand_at == NOW
    with pytest.raises(NotPermitted):
        hands.lower_hand(actor=interpreter.actor, now=NOW, **victim.ids)
    hands.lower_hand(**at_of(consultation), participant_id=victim.participant_id)
    assert victim.row.hand_at is None


def test_officer_asks_to_mute_and_nobody_unmutes(in_herts: Unit) -> None:
    consultation, victim, interpreter = call()
    with pytest.raises((NotInside, NotPermitted)):
        hands.ask_to_mute(actor=interpreter.actor, now=NOW, **victim.ids)
    hands.ask_to_mute(**at_of(consultation), participant_id=victim.participant_id)

    assert [to for to, _ in told(in_herts, "mute.asked")] == [f"meeting.{victim.participant_id}"]
    assert victim.row.is_muted is False


def test_one_screen_at_a_time(in_herts: Unit) -> None:
    _, victim, interpreter = call()
    screens = {}
    for member in (victim, interpreter):
        place = made.place_of(member)
        assert place is not None
        screens[member.participant_id] = place.id
    at: dict[str, Any] = {"now": NOW}
    first = feeds.admit_screen(actor=victim.actor, **at, **victim.ids, place_id=screens[victim.participant_id])
    with pytest.raises(BusyScreen):
        feeds.admit_screen(
            actor=interpreter.actor, **at, **interpreter.ids, place_id=screens[interpreter.participant_id]
        )
    again = feeds.admit_screen(actor=victim.actor, **at, **victim.ids, place_id=screens[victim.participant_id])
    assert Feed.objects.get(pk=first.feed_id).end_reason == "replaced"
    assert Feed.objects.get(pk=again.feed_id).source == "screen"


def test_taking_moves_the_lead_and_leaves_the_former_inside(in_herts: Unit, audit_rows: AuditRows) -> None:
    consultation, _, _ = call()
    former = made.leader_of(consultation)
    colleague = make_officer("baxter", number="77")

    leading.take_consultation(**at_of(consultation, colleague))

    row = made.consultation_now(consultation)
    assert (row.taken_by, row.session.assigned_to) == (colleague.id, colleague.id)
    assert Participant.objects.get(user_id=former.id).state == "admitted"
    with pytest.raises(NotLeader):
        entrance.lock_room(**at_of(consultation, former), on=True)
    assert [row["act"] for row in audit_rows()].count("consultation.open") == 1


def test_removed_officer_takes_nothing(in_herts: Unit) -> None:
    consultation, _, _ = call()
    former = make_officer()
    leading.take_consultation(**at_of(consultation, person("supervisor", "900")))
    row = Participant.objects.get(user_id=former.id)
    entrance.remove_participant(**at_of(consultation), participant_id=row.id, admission=row.admission, reason="")
    with pytest.raises(Removed):
        leading.take_consultation(**at_of(consultation, former))


def test_nobody_but_the_leader_or_a_supervisor_ends_for_all(in_herts: Unit) -> None:
    consultation, victim, _ = call()
    for actor in (victim.actor, make_officer("baxter", number="77"), person("operator")):
        with pytest.raises((NotLeader, NotPermitted)):
            leading.end_consultation(**at_of(consultation, actor))
    leading.end_consultation(**at_of(consultation, person("supervisor", "900")))
    assert made.consultation_now(consultation).state == "ended"


def test_member_does_not_end_the_session_by_another_door(in_herts: Unit) -> None:
    consultation, victim, _ = call()
    for actor in (victim.actor, make_officer("carter", number="5", role="auditor"), Actor.anonymous()):
        with pytest.raises(NotPermitted):
            end_session(**at_of(consultation, actor), reason="caller_stopped")
    assert made.consultation_now(consultation).session.state == "live"


def test_call_without_police_alarms_then_ends(in_herts: Unit) -> None:
    consultation, _, _ = call()
    officer = find_officer(consultation)
    session_id = consultation.session_id
    assert leading.note_who_leads(now=NOW, session_id=session_id) == ""
    leading.leave_call(**at_of(consultation), participant_id=officer.id)
    assert officer.state == Participant.objects.get(pk=officer.id).state == "admitted"

    due = [leading.note_who_leads(now=NOW + timedelta(seconds=s), session_id=session_id) for s in (5, 64, 65, 305)]

    assert due == ["", "", "stop", "end"]
    assert told(in_herts, "alarm.raised")[0][1]["code"] == "nobody_leads"


def test_end_closes_people_and_counts_without_names(in_herts: Unit) -> None:
    consultation, victim, interpreter = call()
    now = NOW + timedelta(minutes=30)
    leading.end_consultation(**at_of(consultation, now=now))

    row = made.consultation_now(consultation)
    assert (row.figures["minutes"], row.figures["members"], row.figures["recorded"]) == (30, 2, False)
    assert "Person" not in str(row.figures)
    assert {victim.row.state, interpreter.row.state} == {"over"}
    ended = {to: frame for to, frame in told(in_herts, "call.ended")}
    assert ended[f"meeting.{victim.participant_id}"]["questions"] is True


def test_questions_are_answered_within_a_day_by_who_was_there(in_herts: Unit) -> None:
    consultation, victim, _ = call()
    asked: dict[str, Any] = {"ticket": victim.ticket, "got_what_needed": "partly", "again": ""}
    with pytest.raises(MeetingOver):
        answering.answer_questions(now=NOW, **asked)  # it goes on still
    leading.end_consultation(**at_of(consultation))

    assert answering.read_after(now=NOW, ticket=victim.ticket).has_questions
    with pytest.raises(InvalidInput):
        answering.answer_questions(now=NOW, **{**asked, "again": "perhaps"})
    answering.answer_questions(now=NOW, **asked)
    answering.answer_questions(now=NOW, **{**asked, "again": "yes"})
    row = Feedback.objects.get()
    assert (row.got_what_needed, row.again) == ("partly", "yes")
    with pytest.raises(MeetingOver):
        answering.answer_questions(now=NOW + timedelta(hours=24), **asked)


def test_figures_count_what_came_of_it(in_herts: Unit, audit_rows: AuditRows) -> None:
    consultation, victim, _ = call()
    leader = made.leader_of(consultation)
    leading.end_consultation(**at_of(consultation, now=NOW + timedelta(minutes=20)))
    record_outcome(actor=leader, now=LATER, session_id=consultation.session_id, code="visit_avoided")
    answering.answer_questions(now=LATER, ticket=victim.ticket, got_what_needed="yes", again="yes")
    cancelled = made.make_booked(starts_at=NOW + timedelta(days=2))
    booking.cancel(actor=leader, now=NOW, session_id=cancelled.session_id, reason="No")
    span: dict[str, Any] = {"since": NOW - timedelta(days=1), "until": NOW + timedelta(days=5)}

    found = figures.count_figures(actor=leader, now=LATER, **span)

    assert (found["booked"], found["held"], found["cancelled"], found["minutes"]) == (2, 1, 1, 20)
    assert found["outcomes"] == [{"code": "visit_avoided", "label": "No visit needed", "count": 1}]
    assert found["got_what_needed"] == {"yes": 1, "partly": 0, "no": 0}
    assert len(figures.list_figures(actor=leader, now=LATER, **span)) == 3
    assert audit_rows()[-1]["act"] == "figures.view"
    with pytest.raises(NotPermitted):
        figures.count_figures(actor=person("auditor"), now=LATER, **span)
    with pytest.raises(InvalidInput):
        figures.count_figures(actor=leader, now=LATER, since=NOW, until=NOW)


def test_outcome_of_a_consultation_is_of_its_own_list(in_herts: Unit) -> None:
    consultation, victim, _ = call()
    with pytest.raises(NotPermitted):
        record_outcome(actor=victim.actor, now=NOW, session_id=consultation.session_id, code="report_taken")
    with pytest.raises(InvalidInput):
        record_outcome(actor=made.leader_of(consultation), now=NOW, session_id=consultation.session_id, code="nonsense")
    record_outcome(actor=made.leader_of(consultation), now=NOW, session_id=consultation.session_id, code="report_taken")
    assert LiveSession.objects.get(pk=consultation.session_id).outcome_code == "report_taken"
