"""What sockets are told when a unit of work has committed; the frames of `PROTOCOL.md`, written once.

Call these after the last save: a frame states what the rows say at that moment of the transaction. Two that commit
within a moment may be sent in either order: each frame of a session's state carries a revision, by which the page
knows the older one.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F

from forces import clock
from forces.context import current_force
from forces.dispatch import broadcast_on_commit
from forces.services.sharing import Share, standing_shares, tell_guest_on_commit
from streams.models import LiveSession, Still, StillAsk, Stream, Upload
from streams.selectors import find_session, session_summary, stream_view
from streams.shapes import iso, still_ask_view, still_view, upload_view
from streams.shared_shapes import shared_view

CONSOLE = "console"


def session_topic(session_id: UUID | str) -> str:
    """Return the topic of the consoles that opened a session."""
    return f"session.{session_id}"


def caller_topic(session_id: UUID | str) -> str:
    """Return the topic of the page that shares in a session: its caller's, or its officer's."""
    return f"caller.{session_id}"


def officer_topic(user_id: str) -> str:
    """Return the topic of an officer's own pages."""
    return f"officer.{user_id}"


def broadcast_officer_on_commit(user_id: str) -> None:
    """Tell an officer's pages that the shift, or whether the officer is live, has changed: they ask for the rest."""
    broadcast_on_commit(officer_topic(user_id), {"type": "officer.changed"})


def broadcast_session_on_commit(session_id: UUID) -> None:
    """Tell every console of the force how a session stands now."""
    _advance(session_id)
    _broadcast_summary(session_id)


def broadcast_stream_on_commit(stream: Stream) -> None:
    """Tell the caller how the own stream stands, and the consoles how the session does."""
    frame = {"type": "stream.changed", "stream": stream_view(stream), "revision": _advance(stream.session_id)}
    broadcast_on_commit(caller_topic(stream.session_id), frame)
    _broadcast_summary(stream.session_id)


def stream_coming(session_id: UUID, stream_id: UUID) -> tuple[str, dict[str, Any]]:
    """Return (topic, frame): a phone connects, and a console that asks to watch now sees its first picture."""
    return CONSOLE, {"type": "stream.coming", "session_id": str(session_id), "stream_id": str(stream_id)}


def broadcast_delay_on_commit(session_id: UUID, sending_ms: int) -> None:
    """Tell the consoles what a picture takes on its way from the phone; nothing of it is kept."""
    broadcast_on_commit(CONSOLE, {"type": "stream.delay", "session_id": str(session_id), "sending_ms": sending_ms})


def broadcast_watching_on_commit(session_id: UUID, count: int, guests: int) -> None:
    """Tell the caller how many people see the live picture now, and how many of them are another force's."""
    seen = {"watching": count > 0, "count": count, "guests": guests}
    frame = {"type": "watch.changed", **seen, "revision": _advance(session_id)}
    broadcast_on_commit(caller_topic(session_id), frame)


def broadcast_watch_ended_on_commit(watch_id: UUID, session_id: UUID, reason: str) -> None:
    """Tell the consoles that a watch is over; the one whose watch it is takes the tile down."""
    frame = {
        "type": "watch.ended",
        "watch_id": str(watch_id),
        "session_id": str(session_id),
        "reason": reason,
    }
    broadcast_on_commit(CONSOLE, frame)


def broadcast_recording_on_commit(session_id: UUID, is_on: bool) -> None:
    """Tell the caller whether a recording runs, and the consoles how the session stands."""
    frame = {"type": "recording.changed", "on": is_on, "revision": _advance(session_id)}
    broadcast_on_commit(caller_topic(session_id), frame)
    broadcast_session_on_commit(session_id)


def broadcast_alarm_on_commit(session_id: UUID, code: str, message: str) -> None:
    """Raise an alarm at every console of the force."""
    frame = {"type": "alarm.raised", "session_id": str(session_id), "code": code, "message": message}
    broadcast_on_commit(CONSOLE, frame)


def broadcast_still_on_commit(still: Still) -> None:
    """Show a picture to every console of the force; the caller's page had its answer."""
    frame = {"type": "still.taken", "session_id": str(still.session_id), "still": still_view(still)}
    broadcast_on_commit(CONSOLE, frame)


def broadcast_ask_on_commit(ask: StillAsk) -> None:
    """Tell the caller that a picture is asked for, while it is; and the consoles how the request stands."""
    frame = {"type": "still.asked", "session_id": str(ask.session_id), "ask": still_ask_view(ask)}
    broadcast_on_commit(CONSOLE, frame)
    if ask.answered_at is None:
        broadcast_on_commit(caller_topic(ask.session_id), {"type": "still.asked", "ask_id": str(ask.id)})


def broadcast_upload_on_commit(upload: Upload) -> None:
    """Tell every console how a file stands; the caller's page knows what it sends."""
    frame = {"type": "upload.changed", "session_id": str(upload.session_id), "upload": upload_view(upload)}
    broadcast_on_commit(CONSOLE, frame)


def broadcast_ended_on_commit(session: LiveSession) -> None:
    """Tell the caller that the session is over and who ended it, and the consoles how it stands."""
    frame = {"type": "session.ended", "by": session.ended_by_kind, "reason": session.end_reason}
    broadcast_on_commit(caller_topic(session.id), frame)
    broadcast_session_on_commit(session.id)
    if session.is_officers:
        broadcast_officer_on_commit(session.created_by)


def shared_topic(share_id: UUID | str) -> str:
    """Return the topic of a guest's consoles that opened what another force shares with theirs."""
    return f"shared.{share_id}"


def tell_guests_on_commit(
    session_id: UUID, kind: str, content: dict[str, Any], *, now: datetime, needs_chat: bool = False
) -> None:
    """Tell the guests that opened a session's share of a position or a message; `needs_chat`: where that is granted.

    One whose time is over is told nothing, though nobody has ended the share yet.
    """
    for share in standing_shares(session_id):
        if share.stands(now) and (share.has_chat or not needs_chat):
            tell_guest_on_commit(share, shared_topic(share.id), {"type": kind, "share_id": str(share.id), **content})


def tell_guest_watch_ended(watch_id: UUID, share: Share, reason: str) -> None:
    """Tell a guest's consoles that a watch is over, under the share's id: they know of no session."""
    frame = {"type": "watch.ended", "watch_id": str(watch_id), "session_id": str(share.id), "reason": reason}
    tell_guest_on_commit(share, CONSOLE, frame)


def tell_guest_share_ended(share: Share) -> None:
    """Tell a guest's consoles that sharing has ended, when and why."""
    tell_guest_on_commit(share, CONSOLE, shared_ended(str(share.id), iso(share.ended_at), share.end_reason))


def shared_ended(share_id: str, at: str | None, reason: str) -> dict[str, Any]:
    """Return the frame that ends a share on a guest's consoles."""
    return {"type": "shared.ended", "share_id": share_id, "at": at, "reason": reason}


def _broadcast_summary(session_id: UUID) -> None:
    """Every console of the force is told how a session stands, and those of its guests what they may know of it.

    What a guest may know is a matter of the moment in which it is told, not of whatever made the news.
    """
    session = find_session(session_id)
    summary = session_summary(session)
    broadcast_on_commit(CONSOLE, {"type": "session.changed", "session": summary})
    now = clock.now()
    for share in (share for share in vars(session)["standing_shares"] if share.stands(now)):
        frame = {"type": "shared.changed", "shared": shared_view(share, summary, current_force())}
        tell_guest_on_commit(share, CONSOLE, frame)


def _advance(session_id: UUID) -> int:
    """Return the session's next revision, taken under the row's lock: whoever commits later has the higher one."""
    LiveSession.objects.filter(pk=session_id).update(revision=F("revision") + 1)
    return LiveSession.objects.values_list("revision", flat=True).get(pk=session_id)
