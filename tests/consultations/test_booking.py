"""Booking, changing, cancelling; people added and withdrawn; and which messages go out of it, once each."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from consultations.errors import AlreadyOver, NoContact, OtherUnit, OutsideContactTimes, TooManyPeople
from consultations.models import Consultation, MeetingLink, Message, MoveRequest, Participant
from consultations.services import booking, leading, messages, moving, participants
from consultations.services.booking import Booking
from forces.context import Unit
from forces.errors import InvalidInput, InvalidTransition, NotFound, NotPermitted
from forces.messaging.interface import SenderError, SendReport
from streams.models import Incident, LiveSession
from streams.services.turns import TooOften
from tests.factories import consultations as made
from tests.factories.officers import make_officer
from tests.factories.streams import NOW, AuditRows, make_incident, person

IN_THREE_DAYS = NOW + timedelta(days=3)
SENT = SendReport(provider_id="notify-1")


def kinds(consultation: Consultation, role: str = "victim", **fields: Any) -> dict[str, str]:
    """Return {kind: state} of a person's messages of the present booking."""
    rows = Message.objects.filter(session_id=consultation.session_id, participant__role=role, **fields)
    return dict(rows.values_list("kind", "state"))


def send(message: Message, now: Any = NOW) -> bool:
    claimed = messages.claim_message(now=now, message_id=message.id)
    if claimed is not None:
        messages.note_message(now=now, message_id=message.id, report=SENT)
    return claimed is not None


def message_of(consultation: Consultation, kind: str = "invitation", role: str = "victim") -> Message:
    rows = Message.objects.filter(session_id=consultation.session_id, participant__role=role, kind=kind)
    return rows.order_by("-made_at").get()


@pytest.mark.parametrize("role", ["auditor", "force_admin", ""])
def test_other_role_books_nothing(in_herts: Unit, audit_rows: AuditRows, role: str) -> None:
    with pytest.raises(NotPermitted):
        made.make_booked(actor=person(role))

    assert not Consultation.objects.exists()
    assert audit_rows()[-1]["outcome"] == "refused"


@pytest.mark.parametrize(
    "wrong",
    [
        {"people": ()},
        {"people": ["witness"] * 24},
        {"purpose": "chat"},
        {"length_min": 4},
        {"length_min": 241},
        {"starts_at": NOW - timedelta(hours=1)},
        {"starts_at": NOW + timedelta(days=366)},
        {"people": [made.plan_of("victim", phone_number="")]},
        {"people": [made.plan_of("victim", phone_number="01438 757000")]},
        {"people": [made.plan_of("victim", name="\u202e")]},
        {"people": [made.plan_of("victim", contact_from=time(9))]},
    ],
)
def test_booking_that_cannot_be_is_refused(in_herts: Unit, wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        made.make_booked(**wrong)


def test_booking_of_a_closed_or_unknown_incident_is_not_found(in_herts: Unit) -> None:
    incident = make_incident()
    Incident.objects.filter(pk=incident.pk).update(closed_at=NOW)
    with pytest.raises(NotFound):
        made.make_booked(incident_id=incident.id)


def test_booking_makes_session_people_links_and_messages(in_herts: Unit, audit_rows: AuditRows) -> None:
    consultation = made.make_booked(starts_at=IN_THREE_DAYS, purpose="domestic_abuse")

    session = consultation.session
    assert (session.kind, session.state, consultation.team) == ("consultation", "draft", "Stevenage Response")
    assert session.phone_number == ""
    assert kinds(consultation) == {"invitation": "queued", "reminder_day": "held", "reminder_soon": "held"}
    assert MeetingLink.objects.filter(session=session).count() == 2
    assert {row["act"] for row in audit_rows()} >= {"consultation.book"}
    assert "07700" not in str(audit_rows())


def test_start_now_reminds_nobody(in_herts: Unit) -> None:
    assert kinds(made.make_booked()) == {"invitation": "queued"}


def test_booking_of_tomorrow_morning_has_no_reminder_of_the_day_before(in_herts: Unit) -> None:
    soon = made.make_booked(starts_at=NOW + timedelta(hours=20))
    assert kinds(soon) == {"invitation": "queued", "reminder_soon": "held"}


def test_messages_keep_to_safe_times(in_herts: Unit) -> None:
    window = {"contact_from": time(18), "contact_to": time(20)}  # it is two in the afternoon, the meeting at three
    plan = made.plan_of("victim", **window)
    consultation = made.make_booked(people=(plan,), starts_at=IN_THREE_DAYS + timedelta(hours=1))

    due = {row.kind: row.due_at for row in Message.objects.filter(session_id=consultation.session_id)}
    assert due["invitation"] == NOW + timedelta(hours=4)
    assert due["reminder_day"] == IN_THREE_DAYS - timedelta(days=1) + timedelta(hours=4)
    assert "reminder_soon" not in due
    assert message_of(consultation).state == "held"


def test_message_goes_once_whoever_claims_it(in_herts: Unit) -> None:
    consultation = made.make_booked()
    message = message_of(consultation)

    first = messages.claim_message(now=NOW, message_id=message.id)
    assert first is not None
    assert messages.claim_message(now=NOW, message_id=message.id) is None
    again = messages.claim_message(now=NOW + timedelta(seconds=61), message_id=message.id)  # its worker died
    assert again is not None
    assert (first.is_repeat, again.is_repeat) == (False, True)
    assert first.message.reference == again.message.reference
    messages.note_message(now=NOW, message_id=message.id, report=SENT)
    assert messages.claim_message(now=NOW + timedelta(minutes=9), message_id=message.id) is None
    assert LiveSession.objects.get(pk=consultation.session_id).state == "invited"


def test_database_allows_no_second_message_of_a_kind(in_herts: Unit) -> None:
    message = message_of(made.make_booked())
    message.id = uuid4()
    with pytest.raises(IntegrityError), transaction.atomic():
        message.save(force_insert=True)


def test_message_that_fails_for_good_says_so_and_others_are_tried_again(in_herts: Unit) -> None:
    consultation = made.make_booked()
    message = message_of(consultation)
    messages.claim_message(now=NOW, message_id=message.id)
    messages.note_message(
        now=NOW, message_id=message.id, report=SendReport(error=SenderError("busy", is_permanent=False))
    )
    message.refresh_from_db()
    assert (message.state, message.next_attempt_at) == ("queued", NOW + timedelta(seconds=5))
    messages.claim_message(now=NOW + timedelta(seconds=5), message_id=message.id)
    messages.note_message(
        now=NOW, message_id=message.id, report=SendReport(error=SenderError("bad_number", is_permanent=True))
    )
    message.refresh_from_db()
    assert (message.state, message.failure_reason) == ("failed", "bad_number")
    assert messages.note_receipt(NOW, message.id, "delivered")
    message.refresh_from_db()
    assert message.state == "delivered"


@pytest.mark.parametrize("act", ["cancel", "withdraw", "start"])
def test_reminder_that_is_of_no_use_any_more_is_not_sent(in_herts: Unit, act: str) -> None:
    consultation = made.make_booked(starts_at=IN_THREE_DAYS)
    reminder, actor = message_of(consultation, "reminder_soon"), make_officer()
    send(message_of(consultation))
    now = IN_THREE_DAYS - timedelta(minutes=15)
    if act == "cancel":
        booking.cancel(actor=actor, now=NOW, session_id=consultation.session_id, reason="Seen at home")
    elif act == "withdraw":
        victim = made.person_of(consultation, "victim")
        participants.withdraw_participant(
            actor=actor, now=NOW, session_id=consultation.session_id, participant_id=victim.id
        )
    else:
        now = IN_THREE_DAYS

    assert not send(reminder, now)
    reminder.refresh_from_db()
    assert reminder.state == "dropped"


def test_reminder_is_due_when_it_is_time(in_herts: Unit) -> None:
    reminder = message_of(made.make_booked(starts_at=IN_THREE_DAYS), "reminder_day")
    at = IN_THREE_DAYS - timedelta(days=1)

    assert messages.enqueue_due_messages(now=at - timedelta(seconds=1)) == 2  # the two invitations
    assert not send(reminder, at - timedelta(seconds=1))
    assert send(reminder, at)


def test_cancelling_tells_once_those_who_had_been_told(in_herts: Unit, audit_rows: AuditRows) -> None:
    consultation = made.make_booked(starts_at=IN_THREE_DAYS)
    send(message_of(consultation))  # the victim was told, the interpreter not yet
    booking.cancel(actor=make_officer(), now=NOW, session_id=consultation.session_id, reason="Seen at home")

    assert kinds(consultation)["cancelled"] == "queued"
    assert "cancelled" not in kinds(consultation, "interpreter")
    assert kinds(consultation, "interpreter") == {
        "invitation": "dropped",
        "reminder_day": "dropped",
        "reminder_soon": "dropped",
    }
    assert send(message_of(consultation, "cancelled"))
    row = made.consultation_now(consultation)
    assert (row.state, row.session.state, row.session.end_reason) == ("cancelled", "ended", "cancelled")
    assert made.person_of(consultation, "victim").state == "over"
    assert "Seen at home" not in str(audit_rows())
    with pytest.raises(AlreadyOver):
        booking.cancel(actor=make_officer(), now=NOW, session_id=consultation.session_id, reason="Again")


def test_what_has_begun_is_not_cancelled_and_not_changed(in_herts: Unit) -> None:
    consultation = made.make_open()
    at: dict[str, Any] = {"actor": make_officer(), "now": NOW, "session_id": consultation.session_id}
    with pytest.raises(InvalidTransition):
        booking.cancel(**at, reason="Too late")
    with pytest.raises(InvalidTransition):
        booking.change_booking(**at, length_min=45)


def test_change_tells_the_new_time_and_nothing_of_the_old_one(in_herts: Unit) -> None:
    consultation = made.make_booked(starts_at=IN_THREE_DAYS)
    send(message_of(consultation))
    old = message_of(consultation, "reminder_day")
    later = IN_THREE_DAYS + timedelta(days=1)

    booking.change_booking(actor=make_officer(), now=NOW, session_id=consultation.session_id, starts_at=later)

    old.refresh_from_db()
    assert old.state == "dropped"
    assert kinds(consultation, booking_version=2) == {
        "changed": "queued",
        "reminder_day": "held",
        "reminder_soon": "held",
    }
    assert "invitation" in kinds(consultation, "interpreter", booking_version=2)  # who had not been told yet
    assert not send(old, IN_THREE_DAYS - timedelta(days=1))
    claimed = messages.claim_message(now=NOW, message_id=message_of(consultation, "changed").id)
    assert claimed is not None
    assert "26 Nov" in claimed.message.body


def test_change_of_words_alone_tells_nobody(in_herts: Unit) -> None:
    consultation = made.make_booked(starts_at=IN_THREE_DAYS)
    booking.change_booking(
        actor=make_officer(), now=NOW, session_id=consultation.session_id, purpose="statement", purpose_note="Note"
    )
    row = made.consultation_now(consultation)
    assert (row.booking_version, row.purpose) == (1, "statement")


@pytest.mark.parametrize("act", ["change", "cancel", "add", "withdraw", "resend", "rearm", "link", "view", "move"])
def test_officer_of_another_team_does_nothing_with_it(in_herts: Unit, audit_rows: AuditRows, act: str) -> None:
    consultation = made.make_booked(actor=person("operator"), team="Watford Response", starts_at=IN_THREE_DAYS)
    stranger, victim = make_officer(), made.person_of(consultation, "victim")
    at: dict[str, Any] = {"actor": stranger, "now": NOW, "session_id": consultation.session_id}
    one = {**at, "participant_id": victim.id}
    member = made.opened(victim)
    move_id = moving.ask_to_move(actor=member.actor, now=NOW, **member.ids, text="After five, please")
    acts: dict[str, Any] = {
        "change": lambda: booking.change_booking(**at, length_min=45),
        "cancel": lambda: booking.cancel(**at, reason="No"),
        "add": lambda: participants.add_participant(**at, plan=made.plan_of("witness")),
        "withdraw": lambda: participants.withdraw_participant(**one),
        "resend": lambda: participants.resend(**one),
        "rearm": lambda: participants.rearm(**one),
        "link": lambda: participants.read_link(**one),
        "view": lambda: booking.view_consultation(**at),
        "move": lambda: moving.answer_move(**at, move_id=move_id, answer="kept"),
    }

    with pytest.raises(OtherUnit):
        acts[act]()
    assert audit_rows()[-1]["code"] == "other_unit"
    acts_own = {**acts, "view": lambda: booking.view_consultation(**{**at, "actor": person("operator")})}
    at["actor"] = one["actor"] = person("operator")
    acts_own[act]()


def test_twenty_fifth_person_is_too_many(in_herts: Unit) -> None:
    consultation = made.make_booked(people=["witness"] * 23)
    at: dict[str, Any] = {"actor": make_officer(), "now": NOW, "session_id": consultation.session_id}
    participants.add_participant(**at, plan=made.plan_of("solicitor"))

    with pytest.raises(TooManyPeople):
        participants.add_participant(**at, plan=made.plan_of("solicitor"))


def test_sending_again_keeps_to_safe_times_unless_an_officer_insists(in_herts: Unit) -> None:
    plan = made.plan_of("victim", contact_from=time(18), contact_to=time(20))
    consultation = made.make_booked(people=(plan,), starts_at=IN_THREE_DAYS)
    victim = made.person_of(consultation, "victim")
    at: dict[str, Any] = {"actor": make_officer(), "now": NOW, "session_id": consultation.session_id}

    with pytest.raises(OutsideContactTimes) as refused:
        participants.resend(**at, participant_id=victim.id)
    assert refused.value.details == {"next": "2026-11-22T18:00:00.000Z"}
    participants.resend(**at, participant_id=victim.id, anyway=True)
    assert Message.objects.get(participant=victim, resend=1).state == "queued"


def test_person_without_contact_is_refused(in_herts: Unit) -> None:
    with pytest.raises(NoContact):
        made.make_booked(people=[made.plan_of("victim", phone_number=" ")])


@pytest.mark.parametrize("user", ["nobody", "auditor", "twice"])
def test_colleague_who_cannot_come_is_refused(in_herts: Unit, user: str) -> None:
    consultation = made.make_open()
    leader = made.leader_of(consultation)
    ids = {"nobody": "99999999", "auditor": make_officer("ann", role="auditor", number="5").id, "twice": leader.id}
    plan = participants.PersonPlan(role="officer", user_id=ids[user])

    with pytest.raises(InvalidInput):
        participants.add_participant(actor=leader, now=NOW, session_id=consultation.session_id, plan=plan)


def test_wish_to_move_is_one_at_a_time_and_moves_nothing_itself(in_herts: Unit) -> None:
    consultation = made.make_booked(starts_at=IN_THREE_DAYS)
    member = made.opened(made.person_of(consultation, "victim"))
    ask: dict[str, Any] = {"actor": member.actor, "now": NOW, **member.ids}
    with pytest.raises(InvalidInput):
        moving.ask_to_move(**ask, text="  ")
    move_id = moving.ask_to_move(**ask, text="After five, please")
    with pytest.raises(InvalidTransition):
        moving.ask_to_move(**ask, text="And not on Monday")

    moving.answer_move(
        actor=make_officer(), now=NOW, session_id=consultation.session_id, move_id=move_id, answer="moved"
    )

    assert MoveRequest.objects.get(pk=move_id).answer == "moved"
    assert made.consultation_now(consultation).starts_at == IN_THREE_DAYS
    moving.ask_to_move(**ask, text="After six, please")


def test_nobody_takes_it_and_it_is_missed(in_herts: Unit) -> None:
    consultation = made.make_booked(length_min=30)
    assert booking.expire_consultations(now=NOW + timedelta(minutes=89)) == 0
    assert booking.expire_consultations(now=NOW + timedelta(minutes=90)) == 1

    row = made.consultation_now(consultation)
    assert (row.state, row.session.is_over) == ("missed", True)


def test_nobody_comes_is_said_once_and_taken_back_by_who_takes_it(in_herts: Unit) -> None:
    consultation = made.make_booked()
    made.waiting(made.person_of(consultation, "victim"))
    booking.notice_nobody_comes(now=NOW + timedelta(minutes=4))
    assert made.consultation_now(consultation).nobody_comes_at is None

    booking.notice_nobody_comes(now=NOW + timedelta(minutes=5))
    booking.notice_nobody_comes(now=NOW + timedelta(minutes=6))
    assert made.consultation_now(consultation).nobody_comes_at == NOW + timedelta(minutes=5)
    leading.take_consultation(actor=make_officer(), now=NOW, session_id=consultation.session_id)
    assert made.consultation_now(consultation).nobody_comes_at is None


def test_too_many_bookings_in_a_minute_are_refused(in_herts: Unit) -> None:
    for _ in range(12):
        made.make_booked(people=("victim",))
    with pytest.raises(TooOften):
        booking.book(actor=make_officer(), now=NOW, plan=Booking(purpose="report", people=(made.plan_of("victim"),)))


def test_link_is_read_as_a_disclosure(in_herts: Unit, audit_rows: AuditRows) -> None:
    consultation = made.make_booked()
    victim = made.person_of(consultation, "victim")
    url = participants.read_link(
        actor=make_officer(), now=NOW, session_id=consultation.session_id, participant_id=victim.id
    )

    assert url.endswith(f"/m/{made.token_for(victim)}/")
    assert (audit_rows()[-1]["act"], audit_rows()[-1]["operation"]) == ("participant.link", "disclosure")
    assert made.token_for(victim) not in str(audit_rows())
    assert Participant.objects.get(pk=victim.id).state == "invited"
