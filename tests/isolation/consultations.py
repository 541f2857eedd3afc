"""The doors of consultations: who may pass each, with what it is tried, and a world's rows for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from consultations.models import Consultation, Participant, Place, SilentSignal
from consultations.services import leading, moving
from consultations.services.booking import Booking, book
from consultations.services.entrance import admit_participant
from consultations.services.signals import send_signal
from consultations.tickets import MeetingTicket
from forces import clock
from forces.accounts.roles import FIELD_ROLES, Role
from forces.actors import Actor
from forces.context import in_force
from forces.refs import ForceRef
from tests.factories import consultations as made
from tests.factories.streams import person
from tests.isolation.case import Case
from tests.isolation.frames import Frame

RUN = FIELD_ROLES | {Role.OPERATOR, Role.SUPERVISOR}
SUPERVISOR = frozenset({Role.SUPERVISOR})
PERSON = {"role": "witness", "name": "Kim Lee", "phone_number": "07700 900299"}
BOOKING = {"purpose": "report", "incident_id": "@incident", "participants": [PERSON]}
SPAN = "?since=2026-01-01T00:00:00Z&until=2030-01-01T00:00:00Z"
_SDP = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"


def _one(name: str) -> str:
    return f"/api/v1/consultations/{{{name}}}/"


_PERSON = _one("planned") + "participants/{invited_person}/"
_BY_TICKET = "test_meeting_ticket_of_another_force_opens_nothing"

HTTP: dict[str, Case] = {
    "m/<str:token>/": Case(is_public=True, path="/m/{meeting_token}/", objects=("meeting_token",)),
    "m/<str:token>/open/": Case(
        is_public=True, path="/m/{meeting_token}/open/", body={}, ok=303, objects=("meeting_token",)
    ),
    "m/<str:token>/calendar.ics": Case(
        is_public=True, path="/m/{meeting_token}/calendar.ics", objects=("meeting_token",)
    ),
    "meeting/": Case(elsewhere=_BY_TICKET),
    "meeting/move/": Case(elsewhere=_BY_TICKET),
    "meeting/after/": Case(elsewhere=_BY_TICKET),
    "meeting/leave/": Case(elsewhere="test_meeting_ticket_of_another_force_leaves_nothing"),
    "meeting/uploads/": Case(elsewhere="test_meeting_ticket_of_another_force_begins_no_file"),
    "meeting/uploads/<uuid:upload_id>/": Case(elsewhere="test_file_of_another_participant_is_unknown"),
    "consultations/": Case(RUN, "/consultations/"),
    "consultations/<uuid:session_id>/": Case(RUN, "/consultations/{consultation}/", objects=("consultation",)),
    "consultations/<uuid:session_id>/uploads/": Case(
        elsewhere="test_officer_sends_files_into_the_own_consultation_alone"
    ),
    "consultations/<uuid:session_id>/uploads/<uuid:upload_id>/": Case(
        elsewhere="test_officer_sends_files_into_the_own_consultation_alone"
    ),
    "GET api/v1/consultations/": Case(RUN, "/api/v1/consultations/"),
    "POST api/v1/consultations/": Case(RUN, "/api/v1/consultations/", BOOKING, 201, objects=("incident",)),
    "GET api/v1/consultations/figures/": Case(RUN, f"/api/v1/consultations/figures/{SPAN}"),
    "GET api/v1/consultations/<uuid:session_id>/": Case(RUN, _one("consultation"), objects=("consultation",)),
    "PATCH api/v1/consultations/<uuid:session_id>/": Case(
        RUN, _one("planned"), {"length_min": 45}, objects=("planned",)
    ),
    "POST api/v1/consultations/<uuid:session_id>/cancel/": Case(
        RUN, _one("planned") + "cancel/", {"reason": "Seen at home"}, objects=("planned",)
    ),
    "POST api/v1/consultations/<uuid:session_id>/take/": Case(RUN, _one("planned") + "take/", {}, objects=("planned",)),
    "POST api/v1/consultations/<uuid:session_id>/outcome/": Case(
        RUN, _one("consultation") + "outcome/", {"code": "report_taken"}, objects=("consultation",)
    ),
    "GET api/v1/consultations/<uuid:session_id>/risk-questions/": Case(
        RUN, _one("consultation") + "risk-questions/", objects=("consultation",)
    ),
    "POST api/v1/consultations/<uuid:session_id>/risk/": Case(
        RUN, _one("consultation") + "risk/", {"answers": "@answers"}, objects=("consultation",)
    ),
    "POST api/v1/consultations/<uuid:session_id>/override/": Case(
        SUPERVISOR,
        _one("refused_consultation") + "override/",
        {"reason": "A child is there"},
        objects=("refused_consultation",),
    ),
    "POST api/v1/consultations/<uuid:session_id>/participants/": Case(
        RUN, _one("planned") + "participants/", PERSON, 201, objects=("planned",)
    ),
    "DELETE api/v1/consultations/<uuid:session_id>/participants/<uuid:participant_id>/": Case(
        RUN, _PERSON, None, objects=("planned", "invited_person")
    ),
    "POST api/v1/consultations/<uuid:session_id>/participants/<uuid:participant_id>/resend/": Case(
        RUN, _PERSON + "resend/", {}, objects=("planned", "invited_person")
    ),
    "POST api/v1/consultations/<uuid:session_id>/participants/<uuid:participant_id>/rearm/": Case(
        RUN, _PERSON + "rearm/", {}, objects=("planned", "invited_person")
    ),
    "GET api/v1/consultations/<uuid:session_id>/participants/<uuid:participant_id>/link/": Case(
        RUN, _PERSON + "link/", objects=("planned", "invited_person")
    ),
    "POST api/v1/consultations/<uuid:session_id>/moves/<uuid:move_id>/": Case(
        RUN, _one("planned") + "moves/{move}/", {"answer": "kept"}, objects=("planned", "move")
    ),
    "GET api/v1/colleagues/": Case(RUN, "/api/v1/colleagues/"),
}

ADMIN: dict[str, str | None] = {
    "consultations.consultation": "consultation",
    "consultations.consultationpolicy": None,
    "consultations.recordingwording": None,
}

_CANDIDATE = {"candidate": None}
_ANSWER = {"reception_id": "@own_place", "offer": 1, "sdp": _SDP}
# What both sockets take when in a seat. Of what is not the seat's own a candidate or an answer is ignored in silence.
SEAT: dict[str, Frame] = {
    "heartbeat.ping": Frame({"sent_at": 1}, "heartbeat.pong"),
    "place.join": Frame({"sdp": _SDP, "purpose": "call"}, "place.joined"),
    "seat.servers": Frame({}, "seat.servers"),
    "place.resume": Frame({"place_id": "@own_place"}, "place.resumed", ("place",), "gone"),
    "place.leave": Frame({}, "place.left"),
    "feed.open": Frame({"source": "screen", "sdp": _SDP}, "feed.opened"),
    "feed.restart": Frame({"feed_id": "@own_feed", "sdp": _SDP}, "feed.restarted", ("feed",)),
    "feed.candidate": Frame({"feed_id": "@own_feed", **_CANDIDATE}, "", ("feed",)),
    "feed.close": Frame({"feed_id": "@own_feed"}, "", ("feed",)),
    "reception.answer": Frame(_ANSWER, "", ("place",), ""),
    "reception.candidate": Frame({"reception_id": "@own_place", **_CANDIDATE}, "", ("place",), ""),
    "reception.restart": Frame({"reception_id": "@own_place"}, "", ("place",), ""),
    "call.layers": Frame({"wanted": {}}, ""),
    "call.own": Frame({"is_muted": True, "camera_off": False, "rung": "voice"}, "room.changed"),
    "call.hand": Frame({"up": True}, "room.changed"),
    "call.say": Frame({"client_id": "one", "text": "Hello"}, "call.said"),
    "talk.ask": Frame({"with": "@talkable"}, "", ("talkable",)),
    "talk.accept": Frame({"talk_id": "@talk"}, "error:talk_over", ("talk",), "talk_over"),
    "talk.decline": Frame({"talk_id": "@talk"}, "error:talk_over", ("talk",), "talk_over"),
    "talk.end": Frame({}, ""),
}

MEETING: dict[str, Frame] = {
    **SEAT,
    "consent.answer": Frame({"round": 1, "answer": "yes", "wording_version": 1, "language": "en"}, "error:round_over"),
    "consent.withdraw": Frame({}, "consent.kept"),
    "check.begin": Frame({}, "error:not_admitted"),
    "check.report": Frame({"results": {"camera": "ok"}}, ""),
    "ready.say": Frame({"shown_name": "Ann", "alone": "yes"}, "error:not_waiting"),
    "signal.send": Frame({"sent_at": "2026-11-28T10:44:15.120000Z"}, ""),
    "language.set": Frame({"language": "cy"}, ""),
    "meeting.leave": Frame({}, "meeting.changed"),
}
# What nobody does who waits only; the code that answers it.
NEEDS_ADMISSION: dict[str, str] = {
    "place.join": "not_admitted",
    "seat.servers": "not_admitted",
    "feed.open": "place_over",
    "feed.restart": "not_found",
    "feed.candidate": "not_found",
    "feed.close": "not_found",
    "call.hand": "not_admitted",
    "call.say": "not_admitted",
}

_WAITS = {"participant_id": "@waiting", "admission": "@waiting_admission"}
_INSIDE = {"participant_id": "@inside", "admission": "@inside_admission"}
DESK: dict[str, Frame] = {
    **SEAT,
    "board.open": Frame({}, "board.snapshot"),
    "desk.open": Frame({"session_id": "@consultation"}, "desk.snapshot", ("consultation",)),
    "desk.close": Frame({}, ""),
    "consultation.take": Frame({}, "desk.snapshot"),
    "call.end": Frame({}, "call.ended"),
    "room.lock": Frame({"on": True}, "room.changed"),
    "person.admit": Frame(_WAITS, "waiting.changed", ("waiting",)),
    "person.send_away": Frame({**_WAITS, "text": "Later, please"}, "waiting.changed", ("waiting",)),
    "person.put_back": Frame(_INSIDE, "waiting.changed", ("inside",)),
    "person.remove": Frame({**_INSIDE, "reason": "abuse"}, "waiting.changed", ("inside",)),
    "person.mute": Frame({"participant_id": "@inside"}, "", ("inside",)),
    "hand.lower": Frame({"participant_id": "@inside"}, "", ("inside",)),
    "caution.state": Frame(
        {"participant_id": "@inside", "reason": "Said it was him", "goes_on": True}, "caution.stated", ("inside",)
    ),
    "caution.lift": Frame({}, "error:"),
    "signal.seen": Frame(
        {"signal_id": "@signal", "session_id": "@consultation"}, "signal.sent", ("consultation", "signal")
    ),
    "recording.ask": Frame({}, "recording.changed"),
    "recording.stop": Frame({}, ""),
}


@dataclass
class Meetings:
    """A force's consultations: the names that cases fill in, and the tickets of two members."""

    ids: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    waiting: MeetingTicket | None = None
    inside: MeetingTicket | None = None


def build(force: ForceRef, mark: str) -> Meetings:
    """Commit one of everything of consultations in a force."""
    return in_force(force, _build, mark)


def _build(mark: str) -> Meetings:
    now, actor = clock.now(), person()
    plans = [made.plan_of(role, name=f"{mark} {role}") for role in ("victim", "interpreter", "witness")]
    booked: dict[str, Any] = {"purpose": "report", "purpose_note": mark, "people": tuple(plans)}
    open_id = book(actor=actor, now=now, plan=Booking(**booked))
    planned_id = book(actor=actor, now=now, plan=Booking(**booked, starts_at=now + timedelta(days=3)))
    refused_id = book(actor=actor, now=now, plan=Booking(**booked))
    opened, planned = _find(open_id), _find(planned_id)
    made.answer_round(opened, actor, now=now)
    refused = _find(refused_id)
    made.answer_round(refused, actor, now=now, **made.refusing_answers(refused, actor))
    leading.take_consultation(actor=actor, now=now, session_id=open_id)
    inside = made.waiting(made.person_of(opened, "victim"), now=now)
    _let_in(actor, inside, now)
    made.sit(inside, now=now)
    waits = made.waiting(made.person_of(opened, "interpreter"), now=now)
    send_signal(actor=inside.actor, now=now, **inside.ids)
    movers = made.opened(made.person_of(planned, "victim"), now=now)
    move_id = moving.ask_to_move(actor=movers.actor, now=now, **movers.ids, text=f"{mark} after five")
    place = Place.objects.get(participant_id=inside.participant_id, ended_at__isnull=True)
    ids = {
        "consultation": open_id,
        "planned": planned_id,
        "refused_consultation": refused_id,
        "waiting": waits.participant_id,
        "inside": inside.participant_id,
        "talkable": waits.participant_id,
        "invited_person": made.person_of(planned, "witness").id,
        "signal": SilentSignal.objects.get(session_id=open_id).id,
        "move": move_id,
        "place": place.id,
        "feed": place.feeds.get().id,
        "talk": move_id,
        "meeting_token": made.token_for(made.person_of(opened, "witness")),
    }
    numbers = {
        "waiting_admission": Participant.objects.get(pk=waits.participant_id).admission,
        "inside_admission": Participant.objects.get(pk=inside.participant_id).admission,
    }
    return Meetings({name: str(value) for name, value in ids.items()}, numbers, waits.ticket, inside.ticket)


def _find(session_id: UUID) -> Consultation:
    return Consultation.objects.select_related("session").get(pk=session_id)


def _let_in(actor: Actor, member: made.Member, now: Any) -> None:
    admit_participant(actor=actor, now=now, **member.ids, admission=member.row.admission)
