"""Rows as plain data: the views of `PROTOCOL.md`, which sockets and REST share. Pure: nothing is read here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from consultations.models import (
    CallMessage,
    Consultation,
    ConsultationPolicy,
    Feed,
    Participant,
    Place,
    PrivateTalk,
    RecordingPart,
    RecordingWording,
    SilentSignal,
)
from consultations.page_words import purpose_words
from consultations.selectors import Room
from streams.shapes import Plain, iso

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


def positions_of(waiting: Sequence[Participant]) -> dict[UUID, int]:
    """Return the place in the queue of each who waits, from 1."""
    queue = [one for one in waiting if one.state == Participant.State.WAITING]
    return {one.id: number for number, one in enumerate(queue, 1)}


def masked_codes(codes: Collection[str]) -> list[str]:
    """Return at most twenty short codes of what a line check found."""
    return [code[:40] for code in list(codes)[:20]]
