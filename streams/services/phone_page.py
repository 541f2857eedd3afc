"""A session as the page of the phone that shares in it is told: a caller's, or an officer's."""

from __future__ import annotations

from uuid import UUID

from forces.context import current_force
from forces.languages import base_language
from streams.models import LiveSession, Stream
from streams.selectors import (
    Plain,
    find_policy,
    find_talk,
    list_messages,
    list_open_asks,
    message_for_caller,
    stream_view,
)
from streams.services.recording import is_recorded
from streams.services.viewers import find_viewers
from streams.shapes import talk_for_officer

OFFICERS_SCOPES = ("location", "video", "recording")


def phone_view(session: LiveSession) -> Plain:
    """Return an officer's session as `officer.state` shows it, less the ICE servers."""
    force_name, viewers = current_force().name, find_viewers(session.id)
    # As it is said on the radio: the force's own reference, where there is one.
    name = session.incident.external_reference or session.incident.reference
    return {
        "session": {**own_session_view(session), "incident_reference": name},
        "consent": {"scopes": list(OFFICERS_SCOPES)},
        "stream": newest_stream(session.id),
        "recording": {"on": is_recorded(session)},
        "watching": viewers.count > 0,
        "count": viewers.count,
        "guests": viewers.guests,
        "names": viewers.names,
        "messages": [message_for_caller(row, force_name=force_name) for row in list_messages(session.id)],
        "still_asks": list_open_asks(session.id),
        "talk": talk_for_officer(find_talk(session.id)),
    }


def own_session_view(session: LiveSession) -> Plain:
    """Return the session's own facts, in the words of `caller.state`."""
    return {
        "id": str(session.id),
        "revision": session.revision,
        "state": session.state,
        "link_kind": session.link_kind,
        "force_name": current_force().name,
        "incident_reference": session.incident.reference,
        "language": base_language(session.language),
        "safe_mode": session.safe_mode,
        "exit_url": find_policy().exit_url,
    }


def newest_stream(session_id: UUID) -> Plain | None:
    """Return the StreamView of the newest stream, or None."""
    newest = Stream.objects.filter(session_id=session_id).order_by("-admitted_at").first()
    return stream_view(newest) if newest else None
