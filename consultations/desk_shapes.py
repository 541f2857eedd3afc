"""Rows as desks, boards and REST show them. Pure: nothing is read here."""

from __future__ import annotations

from datetime import datetime

from consultations.models import Caution, Consultation, Message, MoveRequest, Participant, Place
from consultations.selectors import Desk
from consultations.shapes import part_view
from forces.actors import Actor
from streams.outcome_codes import LABELS
from streams.shapes import Plain, iso, mask_email_address, mask_phone_number


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
    label = LABELS.get(session.outcome_code, "")
    return {"code": session.outcome_code, "label": label, "note": session.outcome_note}


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
