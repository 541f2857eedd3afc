"""The live pictures of their incidents that the control room shows to an officer, as their own page lists them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from forces.actors import Actor
from streams.live_flights import known_flights
from streams.models import Consent, LiveSession, Position, Stream
from streams.on_incident import incidents_of_officer
from streams.selectors import Plain, find_shift, fix_view, iso, stream_view
from streams.services.looks import note_look
from streams.shapes import officer_view, source_view

MOST_SHOWN = 20
# A position a second: what an aircraft flew in the last two minutes.
TRAIL_LENGTH = 120
# Before its first frame there is nothing to watch.
SEEN = (Stream.State.LIVE, Stream.State.STALLED)


def list_shown_pictures(*, actor: Actor, now: datetime) -> list[Plain]:
    """Return the ShownPictures of an officer, newest first; whose right to the page is the caller's matter.

    Nothing of a caller but where they are, while they agree to that. The look is audited, by incident.
    """
    incident_ids = incidents_of_officer(actor.id) if find_shift(actor.id) else []
    if not incident_ids:
        return []
    sessions = _shown_in(incident_ids, actor.id)
    for incident_id in dict.fromkeys(session.incident_id for session in sessions):
        note_look(actor=actor, act="incident.pictures", incident_id=incident_id)
    ids = [session.id for session in sessions]
    streams = {row.session_id: row for row in Stream.objects.filter(session_id__in=ids, state__in=SEEN)}
    places = _places(sessions)
    flights = known_flights([str(session.id) for session in sessions if session.is_flight])
    return [
        {
            **_picture_view(one, streams.get(one.id), places.get(one.id)),
            "flight": flights.get(str(one.id)),
            "trail": _trail(one) if one.is_flight else [],
        }
        for one in sessions
    ]


def _shown_in(incident_ids: Collection[UUID], user_id: str) -> list[LiveSession]:
    rows = LiveSession.objects.select_related("incident").filter(incident_id__in=incident_ids, shown_at__isnull=False)
    own = {"kind": LiveSession.Kind.OFFICER, "created_by": user_id}
    return list(rows.exclude(state__in=LiveSession.OVER).exclude(**own).order_by("-shown_at")[:MOST_SHOWN])


def _trail(session: LiveSession) -> list[Plain]:
    """Return where an aircraft was lately, oldest first."""
    newest = Position.objects.filter(session_id=session.id).order_by("-fixed_at")[:TRAIL_LENGTH]
    return [fix_view(fix) for fix in reversed(newest)]


def _places(sessions: Collection[LiveSession]) -> dict[UUID, Position]:
    """Return the newest fix of each session; a caller's only while the caller agrees to be located."""
    asked = [session.id for session in sessions if not session.is_by_order]
    standing = Consent.objects.filter(session_id__in=asked, withdrawn_at__isnull=True)
    agreed = [consent.session_id for consent in standing if consent.allows("location")]
    by_order = [session.id for session in sessions if session.is_by_order]
    fixes = Position.objects.filter(session_id__in=[*agreed, *by_order])
    return {fix.session_id: fix for fix in fixes.order_by("session_id", "-fixed_at").distinct("session_id")}


def _picture_view(session: LiveSession, stream: Stream | None, place: Position | None) -> Plain:
    return {
        "session_id": str(session.id),
        "kind": session.kind,
        "officer": officer_view(session),
        "source": source_view(session),
        "incident": {"id": str(session.incident_id), "reference": session.incident.reference},
        "shown_at": iso(session.shown_at),
        "stream": stream_view(stream) if stream else None,
        "position": fix_view(place) if place else None,
    }
