"""What sockets are told when a unit of work has committed; the frames of `PROTOCOL.md`, written once.

Call these after the last save: a frame states what the rows say at that moment of the transaction. Two that commit
within a moment may be sent in either order: each frame of a session's state carries a revision, by which the page
knows the older one.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from forces import clock
from forces.context import current_force
from forces.dispatch import broadcast_on_commit
from forces.services.sharing import Share, standing_shares, tell_guest_on_commit
from streams.agency_shapes import agency_view
from streams.models import AgencyShare, AgencyViewer, LiveSession, Notice, Still, StillAsk, Stream, Talk, Upload
from streams.officers import find_officer, last_off_duty
from streams.on_incident import officers_on_incident
from streams.selectors import find_session, find_talk, session_summary, stream_view
from streams.shapes import iso, notice_view, still_ask_view, still_view, talk_for_officer, talk_view, upload_view
from streams.shared_shapes import shared_view
from streams.standing_rules import find_ruled

CONSOLE = "console"
OFFICERS = "officers"
FLIGHTS = "flights"
# By hand: this is done for each frame, and a filter, a lookup and two statements take four times as long.
_ADVANCE = "UPDATE streams_livesession SET revision = revision + 1 WHERE id = %s RETURNING revision"


def session_topic(session_id: UUID | str) -> str:
    """Return the topic of the consoles that opened a session."""
    return f"session.{session_id}"


def caller_topic(session_id: UUID | str) -> str:
    """Return the topic of the page that shares in a session: its caller's, or its officer's."""
    return f"caller.{session_id}"


def officer_topic(user_id: str) -> str:
    """Return the topic of an officer's own pages."""
    return f"officer.{user_id}"


def incident_topic(incident_id: UUID | str) -> str:
    """Return the topic of the consoles that opened an incident."""
    return f"incident.{incident_id}"


def broadcast_officer_on_commit(user_id: str) -> None:
    """Tell an officer's pages that the shift, or whether the officer is live, has changed: they ask for the rest."""
    broadcast_on_commit(officer_topic(user_id), {"type": "officer.changed"})
    broadcast_duty_on_commit(user_id)


def broadcast_duty_on_commit(user_id: str) -> None:
    """Tell the consoles that follow officers how one of them stands: on duty, and how, or no longer."""
    officer = find_officer(user_id)
    if officer is not None:
        broadcast_on_commit(OFFICERS, {"type": "officer.on_duty", "officer": officer})
    elif at := last_off_duty(user_id):
        broadcast_on_commit(OFFICERS, {"type": "officer.off_duty", "id": user_id, "at": at})


def tell_officers_shown_on_commit(session_id: UUID) -> None:
    """Tell the officers on a session's incident that what they are shown of it has changed: they ask for the rest."""
    incident_id, kind, made_by = LiveSession.objects.values_list("incident_id", "kind", "created_by").get(pk=session_id)
    for officer in officers_on_incident(incident_id):
        if kind != LiveSession.Kind.OFFICER or officer.user_id != made_by:
            broadcast_on_commit(officer_topic(officer.user_id), {"type": "officer.changed"})


def tell_officer_watch_ended(user_id: str, watch_id: UUID, session_id: UUID, reason: str) -> None:
    """Tell an officer's pages that a watch is over; the one whose watch it is takes the picture down."""
    broadcast_on_commit(officer_topic(user_id), _watch_ended(watch_id, session_id, reason))


def broadcast_notice_on_commit(notice: Notice) -> None:
    """Show a notice on an officer's pages."""
    broadcast_on_commit(officer_topic(notice.user_id), {"type": "officer.notice", "notice": notice_view(notice)})


def broadcast_notice_seen_on_commit(notice: Notice) -> None:
    """Take a notice down on an officer's pages: it was seen on one of them."""
    broadcast_on_commit(officer_topic(notice.user_id), {"type": "officer.notice_seen", "notice_id": str(notice.id)})


def broadcast_session_on_commit(session_id: UUID) -> None:
    """Tell every console of the force how a session stands now; consoles are told of no consultation."""
    advance_revision(session_id)
    _broadcast_summary(session_id)


def broadcast_stream_on_commit(stream: Stream) -> None:
    """Tell the caller how the own stream stands, and the consoles how the session does."""
    frame = {"type": "stream.changed", "stream": stream_view(stream), "revision": advance_revision(stream.session_id)}
    broadcast_on_commit(caller_topic(stream.session_id), frame)
    _broadcast_summary(stream.session_id)
    if LiveSession.objects.filter(pk=stream.session_id, shown_at__isnull=False).exists():
        tell_officers_shown_on_commit(stream.session_id)


def stream_coming(session_id: UUID, stream_id: UUID) -> tuple[str, dict[str, Any]]:
    """Return (topic, frame): a phone connects, and a console that asks to watch now sees its first picture."""
    return CONSOLE, {"type": "stream.coming", "session_id": str(session_id), "stream_id": str(stream_id)}


def broadcast_delay_on_commit(session_id: UUID, sending_ms: int) -> None:
    """Tell the consoles what a picture takes on its way from the phone; nothing of it is kept."""
    broadcast_on_commit(CONSOLE, {"type": "stream.delay", "session_id": str(session_id), "sending_ms": sending_ms})


def broadcast_watching_on_commit(session_id: UUID, count: int, guests: int, names: list[str] | None = None) -> None:
    """Tell the phone how many people see the live picture now, and how many of them are another force's.

    `names` says who they are; an officer's page alone is told.
    """
    seen: dict[str, Any] = {"watching": count > 0, "count": count, "guests": guests}
    if names is not None:
        seen["names"] = names
    frame = {"type": "watch.changed", **seen, "revision": advance_revision(session_id)}
    broadcast_on_commit(caller_topic(session_id), frame)


def broadcast_watch_ended_on_commit(watch_id: UUID, session_id: UUID, reason: str) -> None:
    """Tell the consoles that a watch is over; the one whose watch it is takes the tile down."""
    broadcast_on_commit(CONSOLE, _watch_ended(watch_id, session_id, reason))


def broadcast_talk_on_commit(session_id: UUID, ended: Talk | None = None) -> None:
    """Tell the officer's page and the consoles that opened the session who speaks there; `ended`: which one no longer.

    Nobody else is told: guests and agencies neither hear it nor hear of it.
    """
    talk, revision = find_talk(session_id), advance_revision(session_id)
    frame: dict[str, Any] = {"type": "talk.changed", "session_id": str(session_id), "revision": revision}
    over = {"id": str(ended.id), "reason": ended.end_reason} if ended else None
    broadcast_on_commit(session_topic(session_id), {**frame, "talk": talk_view(talk) if talk else None, "ended": over})
    broadcast_on_commit(caller_topic(session_id), {**frame, "talk": talk_for_officer(talk)})


def broadcast_recording_on_commit(session_id: UUID, is_on: bool) -> None:
    """Tell the caller whether a recording runs, and the consoles how the session stands."""
    frame = {"type": "recording.changed", "on": is_on, "revision": advance_revision(session_id)}
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
    """Tell every console how a file stands; the caller's page knows what it sends. Another app tells its own pages."""
    ruled = find_ruled(upload.session_id)
    if ruled is not None:
        ruled[1].tell_upload(upload)
        return
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


def tell_guest_recordings(share: Share, recordings: list[dict[str, Any]]) -> None:
    """Tell a guest's consoles that opened a share which recordings it shows now."""
    frame = {"type": "shared.recordings", "share_id": str(share.id), "recordings": recordings}
    tell_guest_on_commit(share, shared_topic(share.id), frame)


def tell_guest_watch_ended(watch_id: UUID, share: Share, reason: str) -> None:
    """Tell a guest's consoles that a watch is over, under the share's id: they know of no session."""
    tell_guest_on_commit(share, CONSOLE, _watch_ended(watch_id, share.id, reason))


def tell_guest_share_ended(share: Share) -> None:
    """Tell a guest's consoles that sharing has ended, when and why."""
    tell_guest_on_commit(share, CONSOLE, shared_ended(str(share.id), iso(share.ended_at), share.end_reason))


def shared_ended(share_id: str, at: str | None, reason: str) -> dict[str, Any]:
    """Return the frame that ends a share on a guest's consoles."""
    return {"type": "shared.ended", "share_id": share_id, "at": at, "reason": reason}


def agency_topic(share_id: UUID | str) -> str:
    """Return the topic of an agency's pages."""
    return f"agency.{share_id}"


def tell_agencies_on_commit(session_id: UUID, fix: dict[str, Any], *, now: datetime) -> list[UUID]:
    """Tell the agencies that a session is shared with of a position; one whose time is over is told nothing.

    Returns the shares that are told.
    """
    standing = AgencyShare.objects.filter(session_id=session_id, ended_at__isnull=True, ends_at__gt=now)
    told = list(standing.order_by().values_list("id", flat=True))
    for share_id in told:
        broadcast_on_commit(agency_topic(share_id), {"type": "agency.position", "fix": fix})
    return told


def tell_agency_watch_ended(watch_id: UUID, share_id: UUID, reason: str) -> None:
    """Tell an agency's pages that a watch is over, under the share's id: they know of no session."""
    broadcast_on_commit(agency_topic(share_id), _watch_ended(watch_id, share_id, reason))


def tell_agency_viewer_ended(viewer: AgencyViewer, reason: str) -> None:
    """Tell an agency's pages that one viewer's place is given up, and why: theirs closes, the others ignore it."""
    frame = {"type": "agency.viewer_ended", "viewer_id": str(viewer.id), "reason": reason}
    broadcast_on_commit(agency_topic(viewer.share_id), frame)


def tell_agency_ended(share: AgencyShare) -> None:
    """Tell an agency's pages that sharing has ended, when and why."""
    frame = {"type": "agency.ended", "at": iso(share.ended_at), "reason": share.end_reason}
    broadcast_on_commit(agency_topic(share.id), frame)


def _watch_ended(watch_id: UUID, shown_id: UUID, reason: str) -> dict[str, Any]:
    """Return the frame that ends a watch; `shown_id` is what its viewer's page knows the session by."""
    return {"type": "watch.ended", "watch_id": str(watch_id), "session_id": str(shown_id), "reason": reason}


def _broadcast_summary(session_id: UUID) -> None:
    """Every console of the force is told how a session stands; those of its guests, and agencies, what they may know.

    What a guest may know is a matter of the moment in which it is told, not of whatever made the news.
    """
    session = find_session(session_id)
    if session.is_consultation:
        return
    summary = session_summary(session)
    broadcast_on_commit(CONSOLE, {"type": "session.changed", "session": summary})
    now = clock.now()
    for share in (share for share in vars(session)["standing_shares"] if share.stands(now)):
        frame = {"type": "shared.changed", "shared": shared_view(share, summary, current_force())}
        tell_guest_on_commit(share, CONSOLE, frame)
    for agency in (agency for agency in vars(session)["standing_agencies"] if agency.stands(now)):
        frame = {"type": "agency.changed", "shared": agency_view(agency, summary, current_force())}
        broadcast_on_commit(agency_topic(agency.id), frame)


def advance_revision(session_id: UUID) -> int:
    """Return the session's next revision, taken under the row's lock: whoever commits later has the higher one."""
    with connection.cursor() as cursor:
        cursor.execute(_ADVANCE, [session_id])
        return int(cursor.fetchone()[0])
