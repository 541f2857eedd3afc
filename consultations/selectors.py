"""Reads of consultations: rows with their parts, scoped to one session, and to who asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet

from consultations.errors import OtherUnit
from consultations.limits import NEWEST_SAID, SHOWN_AHEAD
from consultations.models import (
    CallMessage,
    Caution,
    Consultation,
    ConsultationPolicy,
    Feed,
    Message,
    MoveRequest,
    Participant,
    Place,
    PrivateTalk,
    Reception,
    RecordingConsent,
    RecordingPart,
    RecordingWording,
    SilentSignal,
    TrackSegment,
)
from forces.accounts.officers import officer_profile
from forces.accounts.permissions import Permission, may, require
from forces.accounts.roles import Role
from forces.actors import Actor
from forces.errors import NotFound
from streams.models import RiskAssessment

ROOM_ROLES = (Role.OPERATOR, Role.SUPERVISOR)


@dataclass(frozen=True, slots=True)
class Room:
    """All that a room's state is made of."""

    consultation: Consultation
    people: tuple[Participant, ...]
    places: dict[UUID, Place]
    feeds: dict[UUID, tuple[Feed, ...]]
    recorded: frozenset[UUID]
    part: RecordingPart | None
    caution: Caution | None
    policy: ConsultationPolicy


@dataclass(frozen=True, slots=True)
class Desk:
    """All that an officer's desk shows of one consultation."""

    consultation: Consultation
    people: tuple[Participant, ...]
    answers: tuple[RecordingConsent, ...]
    part: RecordingPart | None
    caution: Caution | None
    moves: tuple[MoveRequest, ...]
    messages: dict[UUID, Message]
    risk: RiskAssessment | None
    inside: frozenset[UUID] = field(default_factory=frozenset)


def find_consultation(session_id: UUID) -> Consultation:
    """Return a consultation with its session and incident; raises `NotFound`."""
    found = Consultation.objects.select_related("session__incident__type").filter(pk=session_id).first()
    if found is None:
        raise NotFound("There is no such consultation.")
    return found


def find_participant(session_id: UUID, participant_id: UUID) -> Participant:
    """Return a person of this very consultation; raises `NotFound`."""
    found = Participant.objects.filter(pk=participant_id, session_id=session_id).first()
    if found is None:
        raise NotFound("There is no such person in this consultation.")
    return found


def find_own_participant(session_id: UUID, user_id: str) -> Participant | None:
    """Return a user's place among the people of a consultation, or None."""
    return Participant.objects.filter(session_id=session_id, user_id=user_id).exclude(user_id="").first()


def find_policy() -> ConsultationPolicy:
    """Return the force's policy; the defaults (unsaved) when there is no row."""
    return ConsultationPolicy.objects.first() or ConsultationPolicy()


def usable_wordings() -> QuerySet[RecordingWording]:
    """Return the active wordings; in production without those that nobody has approved."""
    rows = RecordingWording.objects.filter(is_active=True)
    return rows.exclude(Q(approved_at=None) | Q(approved_by="")) if settings.IS_PRODUCTION else rows


def find_recording_wording(language: str) -> RecordingWording:
    """Return the usable wording of a language, else of English; raises `NotFound` when there is none."""
    usable = {row.language: row for row in usable_wordings()}
    found = usable.get(language) or usable.get("en")
    if found is None:
        raise NotFound("This force has no wording for recordings.")
    return found


def team_of(actor: Actor) -> str:
    """Return the team that is noted of a user; empty where none is."""
    return str(officer_profile(actor.id)["team"])


def may_take(actor: Actor, consultation: Consultation) -> bool:
    """Whether a user may take it, and see its desk without being one of its people."""
    if not may(actor, Permission.CONSULTATION_RUN):
        return False
    return consultation.team == "" or actor.role in ROOM_ROLES or consultation.team == team_of(actor)


def require_shown(actor: Actor, consultation: Consultation) -> None:
    """Raise unless a user may see a consultation's desk: may take it, or is one of its people who is not out."""
    require(actor, Permission.CONSULTATION_RUN)
    own = find_own_participant(consultation.session_id, actor.id)
    if not may_take(actor, consultation) and (own is None or own.is_out):
        raise OtherUnit


def list_people(session_id: UUID) -> list[Participant]:
    """Return the people of a consultation, in their order."""
    return list(Participant.objects.filter(session_id=session_id))


def list_waiting(session_id: UUID) -> list[Participant]:
    """Return who is, or was just, in the waiting room: those who wait by how long, then who was sent away or left."""
    states = (Participant.State.WAITING, Participant.State.SENT_AWAY)
    rows = Participant.objects.filter(session_id=session_id, state__in=states)
    return sorted(rows, key=lambda one: (one.state != Participant.State.WAITING, one.waiting_since or one.added_at))


def list_said(session_id: UUID) -> list[CallMessage]:
    """Return the newest messages of a call, oldest first."""
    newest = CallMessage.objects.filter(session_id=session_id).order_by("-sent_at", "-id")[:NEWEST_SAID]
    return list(reversed(newest))


def list_signals(session_id: UUID) -> list[SilentSignal]:
    """Return the silent signals of a consultation, with whose they are."""
    return list(SilentSignal.objects.select_related("participant").filter(session_id=session_id))


def list_call_places(session_id: UUID) -> list[Place]:
    """Return the open places in a call."""
    return list(Place.objects.filter(session_id=session_id, purpose=Place.Purpose.CALL, ended_at__isnull=True))


def find_talk_of(participant_id: UUID) -> PrivateTalk | None:
    """Return the private talk that a person is asked to, asks for, or is in."""
    mine = Q(first_id=participant_id) | Q(second_id=participant_id)
    return PrivateTalk.objects.filter(mine).exclude(state=PrivateTalk.State.ENDED).first()


def standing_caution(session_id: UUID) -> Caution | None:
    """Return the newest caution of a consultation that was not lifted."""
    rows = Caution.objects.select_related("participant")
    return rows.filter(session_id=session_id, lifted_at__isnull=True).order_by("-at").first()


def open_part(session_id: UUID) -> RecordingPart | None:
    """Return the part that is being recorded, or None."""
    return RecordingPart.objects.filter(session_id=session_id, stopped_at__isnull=True).first()


def read_room(session_id: UUID) -> Room:
    """Return what the state of a call is made of."""
    return _read_room(session_id, Q(purpose=Place.Purpose.CALL) | Q(purpose=Place.Purpose.TALK), None)


def read_talk_room(talk: PrivateTalk) -> Room:
    """Return what the state of a private talk's room is made of: of its two alone."""
    return _read_room(talk.session_id, Q(talk=talk), (talk.first_id, talk.second_id))


def read_check_room(place: Place) -> Room:
    """Return what the state of a line check's room is made of: of the one person alone."""
    return _read_room(place.session_id, Q(pk=place.pk), (place.participant_id,))


def _read_room(session_id: UUID, which: Q, only: tuple[UUID, ...] | None) -> Room:
    consultation = find_consultation(session_id)
    people = Participant.objects.filter(session_id=session_id)
    shown = people.filter(pk__in=only) if only is not None else people.filter(state=Participant.State.ADMITTED)
    places = Place.objects.filter(which, session_id=session_id, ended_at__isnull=True)
    feeds: dict[UUID, tuple[Feed, ...]] = {}
    for feed in Feed.objects.filter(session_id=session_id, place__in=places).exclude(state=Feed.State.ENDED):
        feeds[feed.place_id] = (*feeds.get(feed.place_id, ()), feed)
    open_segments = TrackSegment.objects.filter(session_id=session_id).exclude(state=TrackSegment.State.STOPPED)
    return Room(
        consultation=consultation,
        people=tuple(shown),
        places={place.participant_id: place for place in places},
        feeds=feeds,
        recorded=frozenset(open_segments.values_list("participant_id", flat=True)),
        part=open_part(session_id),
        caution=standing_caution(session_id) if only is None else None,
        policy=find_policy(),
    )


def read_desk(session_id: UUID) -> Desk:
    """Return what a desk shows of a consultation."""
    consultation = find_consultation(session_id)
    people = Participant.objects.select_related("link").filter(session_id=session_id)
    answers = RecordingConsent.objects.filter(session_id=session_id, round=consultation.recording_round)
    newest: dict[UUID, Message] = {}
    for message in Message.objects.filter(session_id=session_id).order_by("made_at", "due_at"):
        kept = newest.get(message.participant_id)
        if kept is None or message.state not in (Message.State.HELD, Message.State.DROPPED):
            newest[message.participant_id] = message
    moves = MoveRequest.objects.select_related("participant").filter(session_id=session_id)
    risk = RiskAssessment.objects.filter(session_id=session_id).order_by("-answered_at").first()
    return Desk(
        consultation=consultation,
        people=tuple(people),
        answers=tuple(answers),
        part=open_part(session_id),
        caution=standing_caution(session_id),
        moves=tuple(moves),
        messages=newest,
        risk=risk,
        inside=frozenset(place.participant_id for place in list_call_places(session_id)),
    )


def board_rows() -> QuerySet[Consultation]:
    """Return consultations with all that a board shows of them."""
    inside = Place.objects.filter(purpose=Place.Purpose.CALL, ended_at__isnull=True)
    return Consultation.objects.select_related("session__incident").prefetch_related(
        Prefetch("session__participants", Participant.objects.all(), to_attr="its_people"),
        Prefetch("session__places", inside, to_attr="its_places"),
        Prefetch("session__silent_signals", SilentSignal.objects.filter(seen_at__isnull=True), to_attr="its_signals"),
        Prefetch("session__move_requests", MoveRequest.objects.filter(answered_at__isnull=True), to_attr="its_moves"),
    )


def list_board(actor: Actor, *, now: datetime) -> list[Consultation]:
    """Return those that go on or begin within two weeks: of the own team, own ones, and for a room all of them."""
    require(actor, Permission.CONSULTATION_RUN)
    rows = board_rows().filter(state__in=Consultation.GOING_ON, starts_at__lte=now + SHOWN_AHEAD)
    if actor.role not in ROOM_ROLES:
        own = Q(created_by=actor.id) | Q(taken_by=actor.id) | Q(session__participants__user_id=actor.id)
        rows = rows.filter(own | Q(team="") | Q(team=team_of(actor))).distinct()
    return list(rows.order_by("starts_at")[:500])


def list_unseen_signals() -> list[SilentSignal]:
    """Return the signals of the force that nobody has seen."""
    rows = SilentSignal.objects.select_related("participant").filter(seen_at__isnull=True)
    return list(rows.filter(session__ended_at__isnull=True)[:100])


def up_feeds(session_id: UUID, room_id: str) -> list[Feed]:
    """Return the feeds of a room that may be received."""
    return list(Feed.objects.filter(session_id=session_id, room_id=room_id, is_up=True).exclude(state=Feed.State.ENDED))


def find_reception(session_id: UUID, place_id: UUID) -> Reception | None:
    """Return the reception of a place that goes on."""
    rows = Reception.objects.filter(session_id=session_id, place_id=place_id)
    return rows.exclude(state=Reception.State.ENDED).first()
