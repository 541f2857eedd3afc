"""What of a session another force is shown, and what its own is told of that: listed by name, never by leaving out."""

from __future__ import annotations

from forces.refs import ForceRef
from forces.services.sharing import Share
from streams.shapes import Plain, iso


def share_view(share: Share) -> Plain:
    """Return the wire's ShareView, for the owner's consoles."""
    return {
        "id": str(share.id),
        "force": share.guest,
        "purpose": share.purpose,
        "chat": share.has_chat,
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
        "granted_at": iso(share.granted_at),
        "ends_at": iso(share.ends_at),
        "stream": _stream_for_guest(summary["stream"]),
        "revision": summary["revision"],
    }


def _stream_for_guest(stream: Plain | None) -> Plain | None:
    """Return a StreamView as a guest reads it: why it ended is between the caller and the owner."""
    if stream is None:
        return None
    shown = ("id", "state", "live_at", "stalled_at", "last_media_at", "ended_at")
    return {**{name: stream[name] for name in shown}, "end_reason": None}


def message_for_guest(message: Plain) -> Plain:
    """Return a ChatMsg as a guest reads it, from what the caller reads: no session, nobody's name."""
    shown = ("id", "sender", "sender_name", "text", "language", "phrase", "shown_text", "shown_language", "sent_at")
    return {name: message[name] for name in shown}
