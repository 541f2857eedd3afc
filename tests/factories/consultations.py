"""Consultations and their people, made through the services that make them in earnest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from consultations.models import Consultation, Feed, MeetingLink, Participant, Place
from consultations.selectors import find_own_participant, find_recording_wording
from consultations.services import (
    admission,
    consenting,
    entrance,
    feeds,
    leading,
    ready,
    recording,
    risk_rounds,
    visiting,
)
from consultations.services.admission import PlaceAdmission
from consultations.services.booking import Booking, book
from consultations.services.effects import Effects
from consultations.services.participants import PersonPlan
from consultations.tickets import MeetingTicket
from forces.actors import Actor
from forces.context import current_force
from streams.services.links import token_of
from tests.factories.officers import make_officer
from tests.factories.streams import NOW

PHONES = {
    "victim": "07700 900201",
    "witness": "07700 900202",
    "reporting_person": "07700 900203",
    "interpreter": "07700 900204",
    "bsl_interpreter": "07700 900205",
    "appropriate_adult": "07700 900206",
    "solicitor": "07700 900207",
    "support_worker": "07700 900208",
}
_handles = count(9_000)


@dataclass(frozen=True)
class Member:
    """Somebody whose browser has a ticket."""

    session_id: UUID
    participant_id: UUID
    ticket: MeetingTicket

    @property
    def actor(self) -> Actor:
        """The person as an actor."""
        return Actor.caller(self.participant_id)

    @property
    def ids(self) -> dict[str, Any]:
        """Whose act it is, as services take it."""
        return {"session_id": self.session_id, "participant_id": self.participant_id}

    @property
    def row(self) -> Participant:
        """The person as in the database."""
        return Participant.objects.get(pk=self.participant_id)


def plan_of(role: str, **fields: Any) -> PersonPlan:
    """Return somebody of a role who can be written to."""
    given: dict[str, Any] = {"name": f"{role.replace('_', ' ').title()} Person", "phone_number": PHONES[role]}
    return PersonPlan(role=role, **{**given, **fields})


def make_booked(
    *,
    now: datetime = NOW,
    actor: Actor | None = None,
    people: Sequence[str | PersonPlan] = ("victim", "interpreter"),
    **fields: Any,
) -> Consultation:
    """Book a consultation, for now where no time is given."""
    plans = tuple(plan_of(one) if isinstance(one, str) else one for one in people)
    given: dict[str, Any] = {"purpose": "report", **fields}
    session_id = book(actor=actor or make_officer(), now=now, plan=Booking(people=plans, **given))
    return Consultation.objects.select_related("session").get(pk=session_id)


def make_open(*, now: datetime = NOW, actor: Actor | None = None, is_clear: bool = True, **fields: Any) -> Consultation:
    """Book a consultation for now, answer its risk questions, and take it."""
    leader = actor or make_officer()
    consultation = make_booked(now=now, actor=leader, **fields)
    if is_clear:
        answer_round(consultation, leader, now=now)
    leading.take_consultation(actor=leader, now=now, session_id=consultation.session_id)
    return consultation_now(consultation)


def answer_round(consultation: Consultation, actor: Actor, *, now: datetime = NOW, **changed: str) -> dict[str, Any]:
    """Answer the risk questions so that nothing refuses, but for `changed` (codes with `_` for `-`)."""
    asked = risk_rounds.find_round(actor=actor, session_id=consultation.session_id)
    answers = {one.code: "no" if one.refusing_answer == "yes" else "yes" for one in asked.questions}
    answers |= {code.replace("_", "-"): answer for code, answer in changed.items()}
    return risk_rounds.answer_round(actor=actor, now=now, session_id=consultation.session_id, answers=answers)


def refusing_answers(consultation: Consultation, actor: Actor) -> dict[str, Any]:
    """Return the answer to one question that refuses."""
    asked = risk_rounds.find_round(actor=actor, session_id=consultation.session_id)
    question = next(one for one in asked.questions if one.refusing_answer)
    return {question.code.replace("-", "_"): question.refusing_answer}


def person_of(consultation: Consultation, role: str) -> Participant:
    """Return the person of a role."""
    return Participant.objects.get(session_id=consultation.session_id, role=role)


def token_for(participant: Participant) -> str:
    """Return the token in the person's message."""
    link = MeetingLink.objects.get(participant=participant)
    return token_of(current_force().schema, link.id, link.generation)


def opened(participant: Participant, *, now: datetime = NOW, browser_secret: str = "") -> Member:
    """Open a person's link in a browser."""
    ticket = visiting.open_meeting(now=now, token=token_for(participant), browser_secret=browser_secret)
    return Member(participant.session_id, participant.id, ticket)


def waiting(participant: Participant, *, now: datetime = NOW, name: str = "", alone: str = "yes") -> Member:
    """Let a person open the link and say that they are ready."""
    member = opened(participant, now=now)
    say_ready(member, now=now, name=name or participant.name, alone=alone)
    return member


def say_ready(member: Member, *, now: datetime = NOW, name: str = "Ann", alone: str = "yes") -> None:
    """Say in a member's browser that they are ready."""
    secret = member.ticket.browser_secret
    ready.ready_for_room(actor=member.actor, now=now, **member.ids, shown_name=name, alone=alone, browser_secret=secret)


def let_in(
    consultation: Consultation, participant_id: UUID, *, now: datetime = NOW, actor: Actor | None = None
) -> Effects:
    """Let somebody in who waits, as whoever leads."""
    row = Participant.objects.get(pk=participant_id)
    return entrance.admit_participant(
        actor=actor or leader_of(consultation),
        now=now,
        session_id=consultation.session_id,
        participant_id=participant_id,
        admission=row.admission,
    )


def inside(consultation: Consultation, role: str, *, now: datetime = NOW, is_live: bool = True) -> Member:
    """Let the person of a role in, and give them a place that sends."""
    member = waiting(person_of(consultation, role), now=now)
    let_in(consultation, member.participant_id, now=now)
    admitted = sit(member, now=now)
    if is_live:
        make_live(admitted, now=now)
    return member


def sit(
    member: Member, *, now: datetime = NOW, purpose: str = "call", socket: str = "socket", talk_id: UUID | None = None
) -> PlaceAdmission:
    """Give a member a place."""
    how: dict[str, Any] = {"purpose": purpose, "node": "media-1", "socket": socket, "talk_id": talk_id}
    return admission.admit_place(actor=member.actor, now=now, **member.ids, **how)


def sit_officer(consultation: Consultation, actor: Actor | None = None, *, now: datetime = NOW) -> PlaceAdmission:
    """Give the leader, or another officer who was let in, a place in the call."""
    officer = actor or leader_of(consultation)
    own = find_own_participant(consultation.session_id, officer.id)
    assert own is not None, "the officer is none of its people"
    ids: Mapping[str, UUID] = {"session_id": consultation.session_id, "participant_id": own.id}
    return admission.admit_place(
        actor=officer, now=now, **ids, purpose="call", node="media-1", socket=f"desk-{officer.id}"
    )


def make_live(admitted: PlaceAdmission, *, now: datetime = NOW) -> Feed:
    """Let the camera of a place be connected, and its sound and picture arrive."""
    feeds.note_feed_placed(
        now=now,
        feed_id=admitted.feed_id,
        gateway_session=next(_handles),
        gateway_handle=next(_handles),
        process="process",
    )
    feeds.note_up(now=now, feed_id=admitted.feed_id)
    feeds.note_media(now=now, feed_id=admitted.feed_id, is_sound=True, layer=0, arrives=True)
    feeds.note_media(now=now, feed_id=admitted.feed_id, is_sound=False, layer=0, arrives=True)
    return Feed.objects.get(pk=admitted.feed_id)


def ask_to_record(consultation: Consultation, *, now: datetime = NOW) -> Effects:
    """Ask everybody inside whether they agree to be recorded, as whoever leads."""
    return recording.ask_to_record(actor=leader_of(consultation), now=now, session_id=consultation.session_id)


def answer_consent(member: Member, answer: str, *, now: datetime = NOW, version: int = 0) -> Effects:
    """Say yes or no in the present round."""
    wording = find_recording_wording("en")
    return consenting.answer_consent(
        actor=member.actor,
        now=now,
        **member.ids,
        round_number=Consultation.objects.get(pk=member.session_id).recording_round,
        answer=answer,
        wording_version=version or wording.version,
        language=wording.language,
    )


def leader_of(consultation: Consultation) -> Actor:
    """Return whoever leads, as an actor."""
    row = Consultation.objects.get(pk=consultation.session_id)
    return Actor(kind="user", id=row.taken_by, name=row.taken_by_name, role="officer")


def consultation_now(consultation: Consultation) -> Consultation:
    """Return the consultation as it is in the database."""
    return Consultation.objects.select_related("session").get(pk=consultation.session_id)


def place_of(member: Member) -> Place | None:
    """Return a member's open place."""
    return Place.objects.filter(participant_id=member.participant_id, ended_at__isnull=True).first()
