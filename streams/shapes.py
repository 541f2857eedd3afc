"""Rows as plain data: the shapes of `PROTOCOL.md`, which sockets and REST share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from streams.models import (
    ChatMessage,
    Consent,
    ConsentWording,
    Handover,
    Incident,
    Invitation,
    LiveSession,
    Notice,
    Position,
    RecordingSegment,
    RiskAssessment,
    Still,
    StillAsk,
    Stream,
    Talk,
    Upload,
)
from streams.outcome_codes import LABELS

Plain = dict[str, Any]


def iso(at: datetime | None) -> str | None:
    """Return ISO 8601 in UTC with milliseconds and Z, or None."""
    if at is None:
        return None
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def mask_phone_number(number: str) -> str:
    """Return a number of which the last three digits can be read ("•••• •••123"); empty stays empty."""
    return f"•••• •••{number[-3:]}" if number else ""


def mask_email_address(address: str) -> str:
    """Return an address with its first letter and domain alone ("j•••@example.org"); empty stays empty."""
    name, _, domain = address.partition("@")
    return f"{name[:1]}•••@{domain}" if address else ""


def wording_view(wording: ConsentWording) -> Plain:
    """Return a wording as the caller's page shows it."""
    texts = ("title", "intro", "location_text", "video_text", "recording_text", "upload_text", "stop_text")
    return {
        "version": wording.version,
        "language": wording.language,
        **{name: getattr(wording, name) for name in texts},
    }


def incident_view(incident: Incident) -> Plain:
    """Return an incident as the console shows it."""
    return {
        "id": str(incident.id),
        "reference": incident.reference,
        "external_reference": incident.external_reference,
        "type": incident.type.code,
        "type_label": incident.type.label,
        "description": incident.description,
    }


def officer_view(session: LiveSession) -> Plain | None:
    """Return who streams in an officer's session, by name and number; None in any other."""
    if not session.is_officers:
        return None
    return {"id": session.created_by, "name": session.created_by_name, "number": session.officer_number}


def source_view(session: LiveSession) -> Plain | None:
    """Return the device that sends a flight's picture; None in any other session."""
    return {"id": session.source_id, "name": session.source_name} if session.is_flight else None


def shown_view(session: LiveSession) -> Plain | None:
    """Return who shows a session's picture to the officers on its incident, and since when; None: nobody does."""
    if session.shown_at is None:
        return None
    return {"by_name": session.shown_by_name, "at": iso(session.shown_at)}


def invitation_view(invitation: Invitation) -> Plain:
    """Return a link's way to the caller; neither its token nor its number."""
    times = ("expires_at", "sent_at", "delivered_at", "opened_at")
    return {
        "id": str(invitation.id),
        "state": invitation.state,
        **{name: iso(getattr(invitation, name)) for name in times},
        "failure_reason": invitation.failure_reason,
        "channel": invitation.channel,
        "sends": invitation.sends,
        "trouble": {"code": invitation.trouble, "at": iso(invitation.trouble_at)} if invitation.trouble else None,
    }


def consent_view(consent: Consent) -> Plain:
    """Return what was agreed to, when, and in which words."""
    return {
        "scopes": consent.scopes,
        "given_at": iso(consent.given_at),
        "withdrawn_at": iso(consent.withdrawn_at),
        "wording_version": consent.wording_version,
        "language": consent.language,
    }


def stream_view(stream: Stream) -> Plain:
    """Return the wire's StreamView."""
    times = ("live_at", "stalled_at", "last_media_at", "ended_at")
    return {
        "id": str(stream.id),
        "state": stream.state,
        **{name: iso(getattr(stream, name)) for name in times},
        "end_reason": stream.end_reason,
    }


def talk_view(talk: Talk) -> Plain:
    """Return the wire's TalkView, for the own consoles."""
    return {
        "id": str(talk.id),
        "user_id": talk.user_id,
        "name": talk.user_name,
        "speaking": talk.is_speaking,
        "began_at": iso(talk.began_at),
    }


def talk_for_officer(talk: Talk | None) -> Plain | None:
    """Return who speaks as the officer's page is told; None before there is anything to listen to."""
    if talk is None or talk.connected_at is None:
        return None
    return {"id": str(talk.id), "name": talk.user_name, "speaking": talk.is_speaking}


def fix_view(fix: Position) -> Plain:
    """Return the wire's Fix."""
    numbers = ("latitude", "longitude", "accuracy_m", "altitude_m", "heading_deg", "speed_mps")
    return {
        **{name: getattr(fix, name) for name in numbers},
        "fixed_at": iso(fix.fixed_at),
        "received_at": iso(fix.received_at),
        "easting": fix.easting,
        "northing": fix.northing,
        "grid_reference": fix.grid_reference or None,
    }


def message_view(message: ChatMessage) -> Plain:
    """Return the wire's ChatMsg as operators see it."""
    return {
        "id": str(message.id),
        "session_id": str(message.session_id),
        "sender": message.sender_kind,
        "sender_name": message.sender_name,
        "text": message.text,
        "language": message.language,
        "phrase": message.phrase or None,
        # Rows from before there were phrases have one text only.
        "shown_text": message.shown_text or message.text,
        "shown_language": message.shown_language if message.shown_text else message.language,
        "sent_at": iso(message.sent_at),
        "client_id": message.client_id,
    }


def still_view(still: Still) -> Plain:
    """Return the wire's StillView."""
    return {
        "id": str(still.id),
        "purpose": still.purpose,
        "ask_id": str(still.ask_id) if still.ask_id else None,
        "item_id": str(still.item_id) if still.item_id else None,
        "taken_at": iso(still.taken_at),
        "received_at": iso(still.received_at),
        "width": still.width,
        "height": still.height,
        "sha256": still.sha256,
        "bytes": still.bytes,
        "url": f"/api/v1/sessions/{still.session_id}/stills/{still.id}/",
    }


def still_ask_view(ask: StillAsk) -> Plain:
    """Return the wire's StillAsk."""
    return {
        "id": str(ask.id),
        "client_id": ask.client_id,
        "asked_by_name": ask.asked_by_name,
        "asked_at": iso(ask.asked_at),
        "answered_at": iso(ask.answered_at),
        "refusal": ask.refusal,
    }


def upload_view(upload: Upload) -> Plain:
    """Return the wire's UploadView."""
    return {
        "id": str(upload.id),
        "file_name": upload.file_name,
        "bytes": upload.declared_bytes,
        "received_bytes": upload.received_bytes,
        "state": upload.state,
        "refusal": upload.refusal,
        "medium": upload.medium,
        "sha256": upload.sha256,
        "item_id": str(upload.item_id) if upload.item_id else None,
        "created_at": iso(upload.created_at),
        "finished_at": iso(upload.finished_at),
    }


def notice_view(notice: Notice) -> Plain:
    """Return the wire's NoticeView."""
    return {
        "id": str(notice.id),
        "kind": notice.kind,
        "subject_id": str(notice.subject_id) if notice.subject_id else None,
        "created_at": iso(notice.created_at),
    }


def message_for_caller(message: Plain, *, force_name: str) -> Plain:
    """Return a ChatMsg as the caller sees it: an operator speaks for the force, not under a name."""
    return {**message, "sender_name": force_name} if message["sender"] == "operator" else message


def risk_view(assessment: RiskAssessment) -> Plain:
    """Return what the answers, or a supervisor, decided."""
    return {"outcome": assessment.outcome, "refusals": assessment.refusals}


def recording_view(session: LiveSession, segment: RecordingSegment | None) -> Plain:
    """Return whether recording is wanted and how the segment that goes on (None: none) stands."""
    if segment is None:
        return {"wanted": session.recording_wanted, "state": "off", "since": None, "alarm_reason": ""}
    return {
        "wanted": session.recording_wanted,
        "state": segment.state,
        "since": iso(segment.confirmed_at or segment.started_at),
        "alarm_reason": segment.alarm_reason,
    }


def handover_view(handover: Handover) -> Plain:
    """Return a hand-over that waits for its answer."""
    names = ("from_id", "from_name", "to_id", "to_name", "reason")
    return {
        "id": str(handover.id),
        **{name: getattr(handover, name) for name in names},
        "offered_at": iso(handover.offered_at),
    }


def attention_view(session: LiveSession) -> Plain | None:
    """Return since when and why nobody looks after a session, or None while somebody does."""
    if session.unattended_since is None:
        return None
    return {
        "state": "escalated" if session.escalated_at else "unattended",
        "reason": session.unattended_reason,
        "since": iso(session.unattended_since),
        "escalated_at": iso(session.escalated_at),
    }


def progress_view(session: LiveSession) -> Plain | None:
    """Return how far the caller's page has come, or None before it reported."""
    if not session.progress_step:
        return None
    return {
        "step": session.progress_step,
        "reason": session.progress_reason or None,
        "at": iso(session.progress_at),
    }


def rung_view(session: LiveSession) -> Plain | None:
    """Return how much of the picture gets through, why, and since when; None before the page said."""
    if not session.rung:
        return None
    return {"rung": session.rung, "reason": session.rung_reason, "at": iso(session.rung_at)}


def outcome_view(session: LiveSession) -> Plain | None:
    """Return what the use came to, or None."""
    if not session.outcome_code:
        return None
    label = LABELS.get(session.outcome_code, session.outcome_code)
    return {"code": session.outcome_code, "label": label, "note": session.outcome_note}
