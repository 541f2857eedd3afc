"""Rows as plain data: the views of `PROTOCOL.md`, which sockets and REST share. Pure: nothing is read here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

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
    RecordingPart,
    RecordingWording,
    SilentSignal,
)
from consultations.page_words import purpose_words
from consultations.selectors import Desk, Room
from forces.actors import Actor
from streams.outcome_codes import OUTCOMES
from streams.shapes import Plain, iso, mask_email_address, mask_phone_number

CHECK_FIELDS = (
    "at",
    "camera",
    "microphone",
    "speaker",
    "udp",
    "tcp",
    "tls",
    "rtt_ms",
    "up_kbit_s",
    "loss_pct",
    "browser",
    "codes",
)


def room_view(room: Room, revision: int) -> Plain:
    """Return the whole state of a room."""
    sent = [feed for feeds in room.feeds.values() for feed in feeds]
    screens = [feed for feed in sent if feed.source == Feed.Source.SCREEN and feed.purpose != Place.Purpose.TALK]
    consultation = room.consultation
    return {
        "revision": revision,
        "people": [person_view(one, room) for one in room.people],
        "screen_feed_id": str(screens[0].id) if screens else None,
        "is_locked": consultation.is_locked,
        "recording": {"on": consultation.recording == Consultation.Recording.ON, "part": part_view(room.part)},
        "caution": {"text": room.policy.caution_text} if room.caution else None,
    }


def person_view(participant: Participant, room: Room, *, is_call: bool = True) -> Plain:
    """Return a person as everybody in the room sees them; of a private talk the call is told no more than that."""
    place = room.places.get(participant.id)
    is_private = is_call and place is not None and place.purpose == Place.Purpose.TALK
    feeds = room.feeds.get(place.id, ()) if place and not is_private else ()
    state = "coming" if place is None else "private" if is_private else "lost" if place.lost_at else "in_call"
    return {
        "id": str(participant.id),
        "name": participant.display_name,
        "role": participant.role,
        "side": participant.side,
        "state": state,
        "is_leader": participant.is_police and participant.user_id == room.consultation.taken_by,
        "hand_at": iso(participant.hand_at),
        "is_muted": participant.is_muted,
        "camera_off": participant.camera_off,
        "rung": participant.rung,
        "is_recorded": is_call and participant.id in room.recorded,
        "feeds": [feed_view(feed) for feed in feeds],
        "since": iso(place.begun_at if place else participant.admitted_at),
    }


def talk_room_view(room: Room, revision: int) -> Plain:
    """Return the state of a private talk's, or a line check's, room: it is never recorded."""
    people = [person_view(one, room, is_call=False) for one in room.people]
    return {**room_view(room, revision), "people": people, "recording": {"on": False, "part": None}, "caution": None}


def feed_view(feed: Feed) -> Plain:
    """Return one thing that a person sends."""
    return {
        "id": str(feed.id),
        "source": feed.source,
        "is_up": feed.is_up,
        "hears": feed.hears,
        "layers": feed.layers,
        "is_live": feed.state == Feed.State.LIVE,
    }


def part_view(part: RecordingPart | None) -> Plain | None:
    """Return the part that is being recorded."""
    return {"number": part.number, "started_at": iso(part.started_at)} if part else None


def check_view(participant: Participant) -> Plain | None:
    """Return the newest line check of a person, or None."""
    checked = participant.checked
    return {name: checked.get(name) for name in CHECK_FIELDS} if checked else None


def waiting_view(
    participant: Participant, *, position: int, is_here: bool, talk: PrivateTalk | None, signal_at: datetime | None
) -> Plain:
    """Return one who waits, or was sent away, as officers see them; `position` is 0 for who does not wait."""
    told = participant.sent_away_text
    return {
        "id": str(participant.id),
        "admission": participant.admission,
        "name": participant.display_name,
        "role": participant.role,
        "language": participant.language,
        "state": participant.state,
        "waiting_since": iso(participant.waiting_since),
        "position": position,
        "alone": participant.alone,
        "check": check_view(participant),
        "is_private": talk is not None and talk.state == PrivateTalk.State.ON,
        "signal_at": iso(signal_at),
        "is_here": is_here,
        "told": {"text": told} if told else None,
    }


def meeting_view(
    participant: Participant,
    consultation: Consultation,
    policy: ConsultationPolicy,
    *,
    now: datetime,
    position: int | None,
    talk: PrivateTalk | None,
    others: Sequence[Participant],
) -> Plain:
    """Return what a person's own page is told: of others' waiting, checks and signals nothing."""
    is_waiting = participant.state == Participant.State.WAITING
    after = participant.waiting_since if is_waiting else None
    return {
        "session_id": str(consultation.session_id),
        "participant_id": str(participant.id),
        "phase": phase_of(participant, consultation, policy, now=now, talk=talk),
        "starts_at": iso(consultation.starts_at),
        "length_min": consultation.length_min,
        "purpose_words": None if participant.safe_mode else purpose_words(participant.language, consultation.purpose),
        "language": participant.language,
        "safe_mode": participant.safe_mode,
        "position": position,
        "ahead": position - 1 if position else None,
        "call_number": policy.call_number or None,
        "call_after_at": iso(after + timedelta(minutes=policy.answer_minutes)) if after else None,
        "message": participant.sent_away_text or None,
        "role": participant.role,
        "shown_name": participant.display_name,
        "has_aid_to_talk_to": [
            {"id": str(one.id), "name": one.display_name, "role": one.role} for one in talkable(participant, others)
        ],
    }


def phase_of(
    participant: Participant,
    consultation: Consultation,
    policy: ConsultationPolicy,
    *,
    now: datetime,
    talk: PrivateTalk | None,
) -> str:
    """Return the phase of a person's page; the page may be away from the call in the phase `call`."""
    state = participant.state
    if state == Participant.State.REMOVED or participant.removed_at is not None:
        return "removed"
    if consultation.is_over or participant.is_out:
        return "over"
    if talk is not None and talk.state in (PrivateTalk.State.READYING, PrivateTalk.State.ON):
        return "private"
    named = {
        Participant.State.ADMITTED: "call",
        Participant.State.WAITING: "waiting",
        Participant.State.SENT_AWAY: "sent_away",
        Participant.State.LEFT: "left",
    }
    early = now < consultation.starts_at - timedelta(minutes=policy.opens_before_min)
    return named.get(Participant.State(state), "early" if early else "check")


def talkable(participant: Participant, others: Sequence[Participant]) -> list[Participant]:
    """Return with whom a member may speak in private now: a member of the public with aids, an aid with the public."""
    there = (Participant.State.WAITING, Participant.State.ADMITTED)
    sides = {"public": ("aid",), "aid": ("public",), "police": ()}[participant.side]
    if participant.state not in there:
        return []
    return [one for one in others if one.id != participant.id and one.side in sides and one.state in there]


def consultation_view(desk: Desk, revision: int, *, now: datetime) -> Plain:
    """Return a consultation as desks and REST show it."""
    row, session = desk.consultation, desk.consultation.session
    states = [one.state for one in desk.people]
    return {
        "id": str(row.session_id),
        "incident": {"id": str(session.incident_id), "reference": session.incident.reference},
        "purpose": row.purpose,
        "purpose_note": row.purpose_note,
        "starts_at": iso(row.starts_at),
        "length_min": row.length_min,
        "team": row.team,
        "state": row.state,
        "taken_by": {"id": row.taken_by, "name": row.taken_by_name} if row.taken_by else None,
        "is_locked": row.is_locked,
        "recording": {
            "state": row.recording,
            "round": row.recording_round,
            "part": part_view(desk.part),
            "wish": row.recording_wish,
            "answers": [{"id": str(one.participant_id), "answer": one.answer} for one in desk.answers],
        },
        "risk": risk_view(desk, now),
        "caution": caution_view(desk.caution),
        "participants": [participant_line(one, desk.messages.get(one.id)) for one in desk.people],
        "counts": {
            "inside": len(desk.inside),
            "waiting": states.count(Participant.State.WAITING),
            "invited": states.count(Participant.State.INVITED),
        },
        "moves": [move_view(move) for move in desk.moves],
        "outcome": outcome_view(row),
        "nobody_leads_since": iso(row.nobody_leads_since),
        "revision": revision,
    }


def outcome_view(consultation: Consultation) -> Plain | None:
    """Return what it came to, where that was recorded."""
    session = consultation.session
    if not session.outcome_code:
        return None
    label = OUTCOMES.get(session.outcome_code) or consultation_outcomes().get(session.outcome_code, "")
    return {"code": session.outcome_code, "label": label, "note": session.outcome_note}


def consultation_outcomes() -> dict[str, str]:
    """Return the outcomes that consultations alone have."""
    from streams.outcome_codes import CONSULTATION_OUTCOMES

    return CONSULTATION_OUTCOMES


def risk_view(desk: Desk, now: datetime) -> Plain:
    """Return how the risk questions stand, and when they are asked again."""
    due_at = desk.consultation.risk_due_at
    return {
        "outcome": desk.risk.outcome if desk.risk else None,
        "refusals": desk.risk.refusals if desk.risk else [],
        "asked_at": iso(desk.risk.answered_at) if desk.risk else None,
        "due_at": iso(due_at),
        "is_overdue": due_at is not None and due_at <= now,
    }


def caution_view(caution: Caution | None) -> Plain | None:
    """Return the standing caution as officers see it."""
    if caution is None:
        return None
    return {
        "participant_id": str(caution.participant_id),
        "name": caution.participant.display_name,
        "at": iso(caution.at),
        "reason": caution.reason,
        "goes_on": caution.goes_on,
        "recording": caution.recording,
        "stated_by_name": caution.stated_by_name,
    }


def participant_line(participant: Participant, message: Message | None) -> Plain:
    """Return a person as the desk lists them; number and address are masked."""
    link = getattr(participant, "link", None)
    contact = mask_phone_number(participant.phone_number) or mask_email_address(participant.email_address)
    return {
        "id": str(participant.id),
        "role": participant.role,
        "side": participant.side,
        "name": participant.name,
        "shown_name": participant.shown_name,
        "state": participant.state,
        "admission": participant.admission,
        "language": participant.language,
        "safe_mode": participant.safe_mode,
        "contact": contact,
        "user_id": participant.user_id or None,
        "link_opened_at": iso(link.opened_at) if link else None,
        "message": outgoing_view(message) if message else None,
    }


def outgoing_view(message: Message) -> Plain:
    """Return how the newest message to a person stands."""
    at = message.delivered_at or message.sent_at or message.due_at
    return {"kind": message.kind, "state": message.state, "at": iso(at), "failure_reason": message.failure_reason}


def move_view(move: MoveRequest) -> Plain:
    """Return somebody's wish for another time."""
    return {
        "id": str(move.id),
        "participant_id": str(move.participant_id),
        "name": move.participant.display_name,
        "text": move.text,
        "asked_at": iso(move.asked_at),
        "answer": move.answer,
    }


def signal_view(signal: SilentSignal, seen_by_name: str = "") -> Plain:
    """Return a silent signal, for officers alone."""
    return {
        "id": str(signal.id),
        "session_id": str(signal.session_id),
        "participant_id": str(signal.participant_id),
        "name": signal.participant.display_name,
        "at": iso(signal.at),
        "seen_at": iso(signal.seen_at),
        "seen_by_name": seen_by_name,
    }


def said_view(message: CallMessage) -> Plain:
    """Return what somebody wrote in the call."""
    return {
        "id": str(message.id),
        "participant_id": str(message.participant_id),
        "name": message.name,
        "role": message.role,
        "text": message.text,
        "sent_at": iso(message.sent_at),
        "client_id": message.client_id,
    }


def wording_view(wording: RecordingWording) -> Plain:
    """Return the words in which a recording is asked for."""
    names = ("version", "language", "title", "body", "withdraw_text")
    return {name: getattr(wording, name) for name in names}


def board_row(consultation: Consultation, revision: int) -> Plain:
    """Return a consultation of `selectors.board_rows` as the board shows it."""
    session = consultation.session
    people: list[Participant] = vars(session)["its_people"]
    inside: list[Place] = vars(session)["its_places"]
    members = [one for one in people if not one.is_police and not one.is_out]
    waiting = [one for one in members if one.state == Participant.State.WAITING]
    since = min((one.waiting_since for one in waiting if one.waiting_since), default=None)
    return {
        "id": str(consultation.session_id),
        "revision": revision,
        "incident": {"id": str(session.incident_id), "reference": session.incident.reference},
        "purpose": consultation.purpose,
        "starts_at": iso(consultation.starts_at),
        "length_min": consultation.length_min,
        "team": consultation.team,
        "state": consultation.state,
        "taken_by": {"id": consultation.taken_by, "name": consultation.taken_by_name}
        if consultation.taken_by
        else None,
        "police": [one.user_id for one in people if one.is_police and not one.is_out],
        "roles": [one.role for one in members],
        "languages": sorted({one.language for one in members}),
        "waiting": len(waiting),
        "longest_since": iso(since),
        "inside": len(inside),
        "is_late": consultation.nobody_comes_at is not None,
        "nobody_leads_since": iso(consultation.nobody_leads_since),
        "recording": consultation.recording,
        "has_signal": bool(vars(session)["its_signals"]),
        "moves": len(vars(session)["its_moves"]),
        "is_risk_late": consultation.risk_alerted_at is not None,
    }


def is_on_board(row: Plain, *, user_id: str, team: str | None) -> bool:
    """Whether a row is on an officer's board; `team` None: on every one's, as in a control room."""
    leader = row["taken_by"]
    is_own = user_id in row["police"] or bool(leader and leader["id"] == user_id)
    return team is None or is_own or row["team"] in ("", team)


def own_view(actor: Actor, consultation: Plain, *, may_take: bool, may_oversee: bool) -> Plain:
    """Return how a signed-in user stands in a consultation as `consultation_view` gives it."""
    mine = next((one for one in consultation["participants"] if one["user_id"] == actor.id), None)
    leader = consultation["taken_by"]
    return {
        "participant_id": mine["id"] if mine else None,
        "state": mine["state"] if mine else "",
        "is_leader": bool(leader and leader["id"] == actor.id),
        "may_take": may_take,
        "may_oversee": may_oversee,
        "is_other_unit": not may_take,
    }


def positions_of(waiting: Sequence[Participant]) -> dict[UUID, int]:
    """Return the place in the queue of each who waits, from 1."""
    queue = [one for one in waiting if one.state == Participant.State.WAITING]
    return {one.id: number for number, one in enumerate(queue, 1)}


def masked_codes(codes: Collection[str]) -> list[str]:
    """Return at most twenty short codes of what a line check found."""
    return [code[:40] for code in list(codes)[:20]]
