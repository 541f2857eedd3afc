"""What of a session another force is shown, and what its own is told of that: listed by name, never by leaving out."""

from __future__ import annotations

from evidence.selectors import SealedRecording
from forces.refs import ForceRef
from forces.services.sharing import Share
from streams.models import LiveSession
from streams.shapes import Plain, iso

# Why a picture is off, and what of the phone's page bears on the picture: nothing else of it is told.
_OFF = ("camera_off", "camera_lost")
_TOLD = ("camera_muted", "page_hidden", "connection_lost")


def share_view(share: Share) -> Plain:
    """Return the wire's ShareView, for the owner's consoles."""
    return {
        "id": str(share.id),
        "force": share.guest,
        "purpose": share.purpose,
        "chat": share.has_chat,
        "recording": share.has_recording,
        "granted_by_name": share.granted_by_name,
        "granted_at": iso(share.granted_at),
        "ends_at": iso(share.ends_at),
    }


def shared_view(share: Share, summary: Plain, owner: ForceRef) -> Plain:
    """Return the wire's SharedView, for the guest's consoles; `summary` is the session's: its stream is shown."""
    return {
        "id": str(share.id),
        "force": {"schema": owner.schema, "name": owner.name},
        "kind": summary["kind"],
        "reference": share.reference,
        "purpose": share.purpose,
        "chat": share.has_chat,
        "recording": share.has_recording,
        "granted_at": iso(share.granted_at),
        "ends_at": iso(share.ends_at),
        "ended_at": summary["ended_at"],
        **sight_of(summary),
        "revision": summary["revision"],
    }


def sight_of(summary: Plain) -> Plain:
    """Return {stream, rung, progress, shows_position} of a session as whoever looks from outside is told of it.

    What says that the picture is no live one is theirs to know as well, and whether the caller agrees to the position.
    """
    stream, rung, progress, consent = (summary[name] for name in ("stream", "rung", "progress", "consent"))
    is_over = stream is None or stream["state"] == "ended"
    if rung is not None and is_over and rung["reason"] not in _OFF:
        rung = None
    if progress is not None:
        progress = {**progress, "reason": None} if progress["step"] in _TOLD else None
    agrees = consent is not None and consent["withdrawn_at"] is None and "location" in consent["scopes"]
    return {
        "stream": stream_for_guest(stream),
        "rung": rung,
        "progress": progress,
        "shows_position": agrees or (consent is None and summary["kind"] in LiveSession.BY_ORDER),
    }


def stream_for_guest(stream: Plain | None) -> Plain | None:
    """Return a StreamView as a guest reads it: why it ended is between the caller and the owner."""
    if stream is None:
        return None
    shown = ("id", "state", "live_at", "stalled_at", "last_media_at", "ended_at")
    return {**{name: stream[name] for name in shown}, "end_reason": None}


def recording_for_guest(recording: SealedRecording) -> Plain:
    """Return the wire's SharedRecording: when, how long, how large, and whether something is missing."""
    return {
        "id": str(recording.id),
        "started_at": iso(recording.started_at),
        "seconds": round(recording.duration_ms / 1000),
        "bytes": recording.bytes,
        "is_complete": recording.is_complete,
    }


def message_for_guest(message: Plain) -> Plain:
    """Return a ChatMsg as a guest reads it, from what the caller reads: no session, nobody's name."""
    shown = ("id", "sender", "sender_name", "text", "language", "phrase", "shown_text", "shown_language", "sent_at")
    return {name: message[name] for name in shown}
