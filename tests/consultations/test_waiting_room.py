"""Nobody comes into a call round the waiting room: each route is tried, beside the one way that leads in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from consultations.errors import (
    MeetingOver,
    NotAdmitted,
    NotInside,
    NotLeader,
    NotWaiting,
    OtherUnit,
    PlaceOver,
    Removed,
    RoomFull,
    RoomLocked,
    Stale,
    TalkOver,
    TooEarly,
    WasRemoved,
)
from consultations.models import Feed, Participant, Place, Reception
from consultations.services import (
    admission,
    entrance,
    feeds,
    leading,
    participants,
    places,
    receptions,
    talks,
    visiting,
)
from consultations.services.standing import find_open_place
from consultations.tickets import MeetingTicket
from forces.actors import Actor
from forces.context import Unit
from forces.errors import DomainError, NotFound, NotPermitted
from streams.services.link_standing import LinkInUse, LinkNotOpened, LinkUnknown, LinkWithdrawn
from streams.services.risk import RiskRefused, RiskUnanswered
from streams.services.turns import TooOften
from tests.factories import consultations as made
from tests.factories.officers import make_officer
from tests.factories.streams import NOW, AuditRows, person

LATER = NOW + timedelta(seconds=30)


def admit(member: made.Member, **fields: Any) -> admission.PlaceAdmission:
    return made.sit(member, **fields)


@pytest.mark.parametrize("state", ["invited", "waiting", "sent_away", "left", "removed", "withdrawn", "over"])
def test_person_who_was_not_let_in_gets_no_place_in_the_call(in_herts: Unit, audit_rows: AuditRows, state: str) -> None:
    consultation = made.make_open()
    member = made.waiting(made.person_of(consultation, "victim"))
    extra = {"removed_at": NOW, "removed_by": "1"} if state == "removed" else {}
    Participant.objects.filter(pk=member.participant_id).update(state=state, **extra)

    with pytest.raises((NotAdmitted, Removed)):
        admit(member)

    assert not Place.objects.filter(purpose="call").exists()
    assert audit_rows()[-1]["act"] == "place.begin"
    assert audit_rows()[-1]["outcome"] == "refused"


def test_person_who_was_let_in_gets_a_place(in_herts: Unit, audit_rows: AuditRows) -> None:
    consultation = made.make_open()
    member = made.waiting(made.person_of(consultation, "victim"))
    made.let_in(consultation, member.participant_id)

    admitted = admit(member)

    assert admitted.room_id == f"herts-{consultation.session_id}"
    begun = [row for row in audit_rows() if row["act"] == "place.begin"]
    assert [(row["actor_kind"], row["actor_id"], row["detail"]) for row in begun] == [
        ("caller", str(member.participant_id), {"purpose": "call"})
    ]


def test_consultation_that_nobody_took_opens_no_call(in_herts: Unit) -> None:
    consultation = made.make_booked()
    member = made.waiting(made.person_of(consultation, "victim"))
    Participant.objects.filter(pk=member.participant_id).update(state="admitted", last_here_at=NOW)

    with pytest.raises(NotAdmitted):
        admit(member)


def test_officer_who_did_not_take_it_waits_like_everybody(in_herts: Unit) -> None:
    consultation = made.make_open()
    other = make_officer("baxter", number="77")
    plan = participants.PersonPlan(role="officer", user_id=other.id)
    leader = made.leader_of(consultation)
    participants.add_participant(actor=leader, now=NOW, session_id=consultation.session_id, plan=plan)
    leading.arrive_at_desk(actor=other, now=NOW, session_id=consultation.session_id)
    own = Participant.objects.get(user_id=other.id)
    assert own.state == "waiting"

    with pytest.raises(NotAdmitted):
        made.sit_officer(consultation, other)

    made.let_in(consultation, own.id)
    assert made.sit_officer(consultation, other).purpose == "call"


@pytest.mark.parametrize("act", ["removed", "withdrawn", "rearmed", "left in a hurry"])
def test_old_ticket_opens_nothing_after_it_lost_its_power(in_herts: Unit, act: str) -> None:
    consultation = made.make_open()
    member = made.waiting(made.person_of(consultation, "victim"))
    assert visiting.admit_visitor(now=NOW, ticket=member.ticket).participant_id == member.participant_id

    at: dict[str, Any] = {"actor": made.leader_of(consultation), "now": NOW, **member.ids}
    if act == "removed":
        entrance.remove_participant(**at, admission=member.row.admission, reason="")
    elif act == "withdrawn":
        participants.withdraw_participant(**at)
    elif act == "rearmed":
        participants.rearm(**at)
    else:
        visiting.leave_meeting(now=NOW, ticket=member.ticket, is_exit=True)

    expected = {"removed": Removed, "withdrawn": LinkWithdrawn, "rearmed": LinkNotOpened}
    with pytest.raises(expected.get(act, LinkNotOpened)):
        visiting.admit_visitor(now=NOW, ticket=member.ticket)


@pytest.mark.parametrize("act", ["removed", "withdrawn"])
def test_link_itself_opens_nothing_after_that(in_herts: Unit, act: str) -> None:
    consultation = made.make_open()
    victim = made.person_of(consultation, "victim")
    member = made.waiting(victim)
    at: dict[str, Any] = {"actor": made.leader_of(consultation), "now": NOW, **member.ids}
    if act == "removed":
        entrance.remove_participant(**at, admission=member.row.admission, reason="")
    else:
        participants.withdraw_participant(**at)

    for secret in ("", member.ticket.browser_secret):
        with pytest.raises((Removed, LinkWithdrawn)):
            made.opened(victim, browser_secret=secret)


def test_same_link_in_another_browser_is_refused_once_it_is_bound(in_herts: Unit, audit_rows: AuditRows) -> None:
    consultation = made.make_open()
    victim = made.person_of(consultation, "victim")
    member = made.waiting(victim)

    with pytest.raises(LinkInUse):
        made.opened(victim)
    stolen = replace(member.ticket, browser_secret="another")
    with pytest.raises(LinkInUse):
        visiting.admit_visitor(now=NOW, ticket=stolen)

    assert audit_rows()[-1]["code"] == "link_in_use"
    assert made.opened(victim, browser_secret=member.ticket.browser_secret).participant_id == victim.id


def test_two_browsers_that_opened_it_race_and_one_is_bound(in_herts: Unit) -> None:
    consultation = made.make_open()
    victim = made.person_of(consultation, "victim")
    first, second = made.opened(victim), made.opened(victim)
    made.say_ready(first)

    with pytest.raises(LinkInUse):
        made.say_ready(second)


def test_rearmed_link_sends_who_was_inside_back_to_wait(in_herts: Unit) -> None:
    consultation = made.make_open()
    victim = made.person_of(consultation, "victim")
    member = made.inside(consultation, "victim")
    effects = participants.rearm(actor=made.leader_of(consultation), now=NOW, **member.ids)

    assert [held.holder for held in effects.detach] == ["feed"]
    assert (member.row.state, made.place_of(member)) == ("waiting", None)
    newcomer = made.opened(victim)
    with pytest.raises(NotAdmitted):
        admit(newcomer)


def test_second_tab_takes_the_one_place_over(in_herts: Unit) -> None:
    consultation = made.make_open()
    member = made.inside(consultation, "victim")
    older = made.place_of(member)
    assert older is not None

    newer = made.sit(member, socket="second tab")

    assert newer.replaced_socket == older.socket
    assert [held.id for held in newer.leftovers] == list(older.feeds.values_list("id", flat=True))
    assert list(Place.objects.filter(participant_id=member.participant_id, ended_at__isnull=True)) == [
        Place.objects.get(pk=newer.place_id)
    ]
    assert Place.objects.get(pk=older.pk).end_reason == "replaced"


def test_database_allows_no_second_open_place(in_herts: Unit) -> None:
    consultation = made.make_open()
    member = made.inside(consultation, "victim")
    place = made.place_of(member)
    assert place is not None
    place.pk = uuid4()

    with pytest.raises(IntegrityError), transaction.atomic():
        place.save(force_insert=True)


def test_ticket_of_another_participant_takes_nobodys_place(in_herts: Unit, audit_rows: AuditRows) -> None:
    consultation = made.make_open()
    victim = made.waiting(made.person_of(consultation, "victim"))
    interpreter = made.waiting(made.person_of(consultation, "interpreter"))
    made.let_in(consultation, victim.participant_id)
    how: dict[str, Any] = {"purpose": "call", "node": "media-1", "socket": "socket"}

    for actor in (interpreter.actor, make_officer("baxter", number="77"), Actor.system("watchdog"), Actor.anonymous()):
        with pytest.raises(NotPermitted):
            admission.admit_place(actor=actor, now=NOW, **victim.ids, **how)

    assert audit_rows()[-1]["code"] == "not_permitted"
    assert admission.admit_place(actor=victim.actor, now=NOW, **victim.ids, **how).purpose == "call"


def test_forged_ticket_of_another_session_or_participant_is_unknown(in_herts: Unit) -> None:
    consultation, other = made.make_open(), made.make_open(actor=make_officer("baxter", number="77"))
    member = made.waiting(made.person_of(consultation, "victim"))
    elsewhere = made.person_of(other, "victim")
    ticket = member.ticket

    for forged in (
        replace(ticket, session_id=other.session_id),
        replace(ticket, participant_id=elsewhere.id),
        replace(ticket, link_id=uuid4()),
    ):
        with pytest.raises(LinkUnknown):
            visiting.admit_visitor(now=NOW, ticket=forged)


def test_guessed_ids_of_another_consultation_are_not_found(in_herts: Unit) -> None:
    consultation, other = made.make_open(), made.make_open(actor=make_officer("baxter", number="77"))
    member = made.inside(consultation, "victim")
    theirs = made.inside(other, "victim")
    place, own = made.place_of(theirs), made.place_of(member)
    assert place is not None
    assert own is not None
    feed = place.feeds.get()
    at: dict[str, Any] = {"actor": member.actor, "now": NOW}

    with pytest.raises(NotFound):
        places.find_place(**at, **member.ids, place_id=place.id, socket="socket")
    with pytest.raises(NotFound):
        feeds.find_own_feed(**at, **member.ids, feed_id=feed.id)
    with pytest.raises(NotFound):
        feeds.admit_screen(**at, **member.ids, place_id=place.id)
    with pytest.raises(NotFound):
        admission.admit_place(
            **at,
            session_id=consultation.session_id,
            participant_id=theirs.participant_id,
            purpose="call",
            node="media-1",
            socket="socket",
        )
    assert places.find_place(**at, **member.ids, place_id=own.id, socket="socket").place_id == own.id


def test_guessed_talk_opens_no_room(in_herts: Unit) -> None:
    consultation = made.make_open(people=("victim", "interpreter", "solicitor"))
    victim, interpreter, solicitor = (
        made.waiting(made.person_of(consultation, role)) for role in ("victim", "interpreter", "solicitor")
    )
    talk_id = talks.ask_talk(actor=victim.actor, now=NOW, **victim.ids, with_id=interpreter.participant_id)
    with pytest.raises(TalkOver):
        made.sit(victim, purpose="talk", talk_id=talk_id)  # asked for, and not on
    talks.accept_talk(actor=interpreter.actor, now=NOW, **interpreter.ids, talk_id=talk_id, node="media-1")
    with pytest.raises(TalkOver):
        made.sit(victim, purpose="talk", talk_id=talk_id)  # the other rooms are not left yet
    talks.note_talk_open(now=NOW, talk_id=talk_id)

    for member, chosen in ((solicitor, talk_id), (victim, uuid4()), (victim, None)):
        with pytest.raises(TalkOver):
            made.sit(member, purpose="talk", talk_id=chosen)
    assert made.sit(victim, purpose="talk", talk_id=talk_id).room_id == f"herts-v-{talk_id}"


def test_feed_and_reception_of_a_place_that_ended_are_refused(in_herts: Unit) -> None:
    consultation = made.make_open()
    member = made.inside(consultation, "victim")
    place = made.place_of(member)
    assert place is not None
    admitted = made.sit(member, socket="newer")
    entrance.put_back(actor=made.leader_of(consultation), now=NOW, **member.ids, admission=member.row.admission)
    at: dict[str, Any] = {"now": NOW, "gateway_session": 1, "gateway_handle": 2, "process": "process"}

    for place_id in (place.id, admitted.place_id):
        with pytest.raises(PlaceOver):
            feeds.admit_screen(actor=member.actor, now=NOW, **member.ids, place_id=place_id)
        with pytest.raises(PlaceOver):
            receptions.admit_reception(now=NOW, place_id=place_id, socket="newer")
    with pytest.raises(PlaceOver):
        feeds.note_feed_placed(feed_id=admitted.feed_id, **at)


def test_removal_ends_the_place_and_names_all_that_is_to_be_detached(in_herts: Unit, audit_rows: AuditRows) -> None:
    consultation = made.make_open()
    made.make_live(made.sit_officer(consultation))
    member = made.inside(consultation, "victim")
    place = made.place_of(member)
    assert place is not None
    reception = Reception.objects.get(place=place)
    receptions.note_reception_placed(
        now=NOW, reception_id=reception.id, gateway_session=5, gateway_handle=6, process="process"
    )

    effects = entrance.remove_participant(
        actor=made.leader_of(consultation), now=NOW, **member.ids, admission=member.row.admission, reason="abuse"
    )

    assert {held.holder for held in effects.detach} == {"feed", "reception"}
    assert made.place_of(member) is None
    assert not Feed.objects.filter(place=place).exclude(state="ended").exists()
    assert {"participant.remove", "place.end"} <= {row["act"] for row in audit_rows()}


@pytest.mark.parametrize("contact", ["phone", "email"])
def test_removed_person_is_not_invited_anew(in_herts: Unit, contact: str) -> None:
    plan = made.plan_of("victim", email_address="ann@example.org")
    consultation = made.make_open(people=(plan, "interpreter"))
    member = made.waiting(made.person_of(consultation, "victim"))
    leader = made.leader_of(consultation)
    entrance.remove_participant(actor=leader, now=NOW, **member.ids, admission=member.row.admission, reason="")
    same = {"phone": {"phone_number": "07700900201"}, "email": {"phone_number": "", "email_address": "ann@Example.org"}}
    again = made.plan_of("witness", **same[contact])

    with pytest.raises(WasRemoved):
        participants.add_participant(actor=leader, now=NOW, session_id=consultation.session_id, plan=again)
    other = made.plan_of("witness")
    assert participants.add_participant(actor=leader, now=NOW, session_id=consultation.session_id, plan=other)


@pytest.mark.parametrize("door", ["ready", "admit", "add", "take", "place"])
def test_locked_room_stays_locked(in_herts: Unit, door: str) -> None:
    consultation = made.make_open(people=("victim", "interpreter", "witness"))
    inside = made.inside(consultation, "interpreter")
    waits = made.waiting(made.person_of(consultation, "victim"))
    late = made.opened(made.person_of(consultation, "witness"))
    leader, session_id = made.leader_of(consultation), consultation.session_id
    entrance.lock_room(actor=leader, now=NOW, session_id=session_id, on=True)
    colleague = make_officer("baxter", number="77")
    doors: dict[str, Callable[[], Any]] = {
        "ready": lambda: made.say_ready(late),
        "admit": lambda: made.let_in(consultation, waits.participant_id),
        "add": lambda: participants.add_participant(
            actor=leader, now=NOW, session_id=session_id, plan=made.plan_of("solicitor")
        ),
        "take": lambda: leading.take_consultation(actor=colleague, now=NOW, session_id=session_id),
        "place": lambda: made.sit(inside, now=NOW + timedelta(seconds=90)),
    }
    if door == "place":
        place = made.place_of(inside)
        assert place is not None
        places.end_place_of(now=NOW, place_id=place.id, reason="silent")
        assert made.sit(inside, now=NOW + timedelta(seconds=59))
        again = made.place_of(inside)
        assert again is not None
        places.end_place_of(now=NOW, place_id=again.id, reason="silent")
        Place.objects.filter(participant_id=inside.participant_id).update(begun_at=NOW, ended_at=NOW)

    with pytest.raises(RoomLocked):
        doors[door]()

    entrance.lock_room(actor=leader, now=NOW, session_id=session_id, on=False)
    doors[door]()


def test_supervisor_takes_a_locked_room(in_herts: Unit) -> None:
    consultation = made.make_open()
    leader = made.leader_of(consultation)
    entrance.lock_room(actor=leader, now=NOW, session_id=consultation.session_id, on=True)

    leading.take_consultation(actor=person("supervisor", "900"), now=NOW, session_id=consultation.session_id)

    assert made.consultation_now(consultation).taken_by == "900"


def test_lock_is_the_leaders_alone(in_herts: Unit) -> None:
    consultation = made.make_open()

    for actor in (make_officer("baxter", number="77"), person("operator"), Actor.anonymous()):
        with pytest.raises((NotLeader, NotPermitted)):
            entrance.lock_room(actor=actor, now=NOW, session_id=consultation.session_id, on=True)


def test_thirteenth_person_finds_the_room_full(in_herts: Unit) -> None:
    consultation = made.make_open()
    for number in range(11):
        Participant.objects.create(
            session_id=consultation.session_id,
            role="witness",
            name=f"Witness {number}",
            state="admitted",
            added_at=NOW,
            last_here_at=NOW,
        )
    member = made.waiting(made.person_of(consultation, "victim"))

    with pytest.raises(RoomFull):
        made.let_in(consultation, member.participant_id)


def test_waiting_room_opens_when_it_is_time(in_herts: Unit) -> None:
    consultation = made.make_booked(starts_at=NOW + timedelta(hours=2))
    member = made.opened(made.person_of(consultation, "victim"))

    with pytest.raises(TooEarly) as refused:
        made.say_ready(member)

    assert refused.value.details == {"opens_at": "2026-11-22T15:30:00.000Z"}
    made.say_ready(member, now=NOW + timedelta(minutes=90))
    assert member.row.state == "waiting"


@pytest.mark.parametrize("act", ["admit", "send away", "put back", "remove"])
def test_act_on_somebody_whose_place_has_changed_is_stale(in_herts: Unit, act: str) -> None:
    consultation = made.make_open()
    member = made.waiting(made.person_of(consultation, "victim"))
    at: dict[str, Any] = {"actor": made.leader_of(consultation), "now": NOW, **member.ids}
    acts: dict[str, Callable[[int], Any]] = {
        "admit": lambda known: entrance.admit_participant(**at, admission=known),
        "send away": lambda known: entrance.send_away(**at, admission=known, text="Later, please"),
        "put back": lambda known: entrance.put_back(**at, admission=known),
        "remove": lambda known: entrance.remove_participant(**at, admission=known, reason=""),
    }
    known = member.row.admission
    if act == "put back":
        made.let_in(consultation, member.participant_id)
        known = member.row.admission

    with pytest.raises(Stale):
        acts[act](known + 1)
    acts[act](known)
    with pytest.raises(DomainError):
        acts[act](known)  # a second officer's click does nothing more


@pytest.mark.parametrize("actor", ["outsider", "operator", "auditor", "member", "nobody"])
def test_who_is_not_inside_lets_nobody_in(in_herts: Unit, audit_rows: AuditRows, actor: str) -> None:
    consultation = made.make_open()
    victim = made.waiting(made.person_of(consultation, "victim"))
    interpreter = made.waiting(made.person_of(consultation, "interpreter"))
    made.let_in(consultation, interpreter.participant_id)
    actors = {
        "outsider": make_officer("baxter", number="77"),
        "operator": person("operator"),
        "auditor": person("auditor"),
        "member": interpreter.actor,
        "nobody": Actor.anonymous(),
    }

    with pytest.raises((NotInside, NotPermitted)):
        made.let_in(consultation, victim.participant_id, actor=actors[actor])

    assert victim.row.state == "waiting"
    assert audit_rows()[-1]["outcome"] == "refused"


def test_officer_who_waits_lets_nobody_in(in_herts: Unit) -> None:
    consultation = made.make_open()
    other = make_officer("baxter", number="77")
    plan = participants.PersonPlan(role="officer", user_id=other.id)
    leader, session_id = made.leader_of(consultation), consultation.session_id
    participants.add_participant(actor=leader, now=NOW, session_id=session_id, plan=plan)
    leading.arrive_at_desk(actor=other, now=NOW, session_id=session_id)
    victim = made.waiting(made.person_of(consultation, "victim"))

    with pytest.raises(NotInside):
        made.let_in(consultation, victim.participant_id, actor=other)
    with pytest.raises(NotInside):
        made.let_in(consultation, Participant.objects.get(user_id=other.id).id, actor=other)


def test_nobody_is_let_in_before_the_risk_is_answered(in_herts: Unit) -> None:
    consultation = made.make_open(is_clear=False)
    victim = made.waiting(made.person_of(consultation, "victim"))
    leader = made.leader_of(consultation)

    with pytest.raises(RiskUnanswered):
        made.let_in(consultation, victim.participant_id)
    made.answer_round(consultation, leader, **made.refusing_answers(consultation, leader))
    with pytest.raises(RiskRefused):
        made.let_in(consultation, victim.participant_id)
    made.answer_round(consultation, leader, now=LATER)

    made.let_in(consultation, victim.participant_id)
    assert victim.row.state == "admitted"


def test_person_who_was_let_in_is_not_let_in_twice(in_herts: Unit) -> None:
    consultation = made.make_open()
    victim = made.waiting(made.person_of(consultation, "victim"))
    made.let_in(consultation, victim.participant_id)

    with pytest.raises(NotWaiting):
        made.let_in(consultation, victim.participant_id)


@pytest.mark.parametrize(("away", "is_back"), [(4, True), (6, False)])
def test_return_within_five_minutes_needs_no_admission(in_herts: Unit, away: int, is_back: bool) -> None:
    consultation = made.make_open()
    member = made.inside(consultation, "victim")
    place = made.place_of(member)
    assert place is not None
    places.end_place_of(now=NOW, place_id=place.id, reason="silent")
    now = NOW + timedelta(minutes=away)

    if is_back:
        assert made.sit(member, now=now)
        return
    with pytest.raises(NotAdmitted):
        made.sit(member, now=now)
    assert (consultation.session_id, member.participant_id) in places.list_long_gone(before=now - timedelta(minutes=5))
    entrance.wait_again(now=now, **member.ids)
    assert member.row.state == "waiting"


def test_long_private_talk_is_no_absence(in_herts: Unit) -> None:
    consultation = made.make_open()
    victim, interpreter = made.inside(consultation, "victim"), made.inside(consultation, "interpreter")
    talk_id = talks.ask_talk(actor=victim.actor, now=NOW, **victim.ids, with_id=interpreter.participant_id)
    talks.accept_talk(actor=interpreter.actor, now=NOW, **interpreter.ids, talk_id=talk_id, node="media-1")
    talks.note_talk_open(now=NOW, talk_id=talk_id)
    later = NOW + timedelta(minutes=20)

    talks.end_talk(actor=victim.actor, now=later, **victim.ids)

    assert made.sit(victim, now=later + timedelta(seconds=1)).purpose == "call"


def test_line_check_is_before_joining_and_six_times_a_minute(in_herts: Unit) -> None:
    consultation = made.make_open()
    member = made.opened(made.person_of(consultation, "victim"))
    rooms = {made.sit(member, purpose="check").room_id for _ in range(6)}
    assert len(rooms) == 6

    with pytest.raises(TooOften):
        made.sit(member, purpose="check")
    inside = made.inside(consultation, "interpreter")
    with pytest.raises(NotAdmitted):
        made.sit(inside, purpose="check")


def test_removed_person_does_not_come_back_by_waiting(in_herts: Unit) -> None:
    consultation = made.make_open()
    member = made.waiting(made.person_of(consultation, "victim"))
    leader = made.leader_of(consultation)
    entrance.remove_participant(actor=leader, now=NOW, **member.ids, admission=member.row.admission, reason="")

    with pytest.raises(Removed):
        made.say_ready(member)
    with pytest.raises(DomainError):
        made.let_in(consultation, member.participant_id)
    assert member.row.state == "removed"


def test_removal_is_the_leaders_alone(in_herts: Unit) -> None:
    consultation = made.make_open()
    other = make_officer("baxter", number="77")
    leader, session_id = made.leader_of(consultation), consultation.session_id
    plan = participants.PersonPlan(role="officer", user_id=other.id)
    participants.add_participant(actor=leader, now=NOW, session_id=session_id, plan=plan)
    leading.arrive_at_desk(actor=other, now=NOW, session_id=session_id)
    made.let_in(consultation, Participant.objects.get(user_id=other.id).id)
    member = made.waiting(made.person_of(consultation, "victim"))
    made.let_in(consultation, member.participant_id, actor=other)  # any officer inside lets in

    with pytest.raises(NotLeader):
        entrance.remove_participant(actor=other, now=NOW, **member.ids, admission=member.row.admission, reason="")


def test_officer_of_another_team_takes_nothing(in_herts: Unit, audit_rows: AuditRows) -> None:
    consultation = made.make_booked(team="Watford Response")

    with pytest.raises(OtherUnit):
        leading.take_consultation(actor=make_officer(), now=NOW, session_id=consultation.session_id)
    assert audit_rows()[-1]["code"] == "other_unit"
    leading.take_consultation(actor=person("operator", "901"), now=NOW, session_id=consultation.session_id)
    assert made.consultation_now(consultation).state == "open"


def test_over_is_over_for_every_door(in_herts: Unit) -> None:
    consultation = made.make_open()
    member = made.inside(consultation, "victim")
    leading.end_consultation(
        actor=made.leader_of(consultation), now=LATER, session_id=consultation.session_id, reason="ended"
    )

    secret = member.ticket.browser_secret
    for act in (
        lambda: made.sit(member),
        lambda: made.say_ready(member),
        lambda: made.opened(member.row, browser_secret=secret),
    ):
        with pytest.raises((MeetingOver, Removed)):
            act()
    assert member.row.state == "over"
    assert not Place.objects.filter(session_id=consultation.session_id, ended_at__isnull=True).exists()


def test_ticket_is_a_hold_and_no_right(in_herts: Unit) -> None:
    """What a browser holds names nothing of the media server."""
    consultation = made.make_open()
    member = made.inside(consultation, "victim")

    assert set(MeetingTicket.__dataclass_fields__) == {
        "link_id",
        "participant_id",
        "session_id",
        "browser_secret",
        "arming",
    }
    place = find_open_place(member.participant_id)
    assert place is not None
    assert place.room_id not in str(member.ticket)
