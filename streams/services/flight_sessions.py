"""The live session of a drone's flight: drafted and launched. Who may, and what else a flight is, drones know."""

from __future__ import annotations

from datetime import datetime

from forces.actors import Actor
from streams.broadcasts import broadcast_session_on_commit
from streams.models import Incident, LiveSession
from streams.selectors import find_policy
from streams.services.risk import check_risk


def draft_flight_session(
    *, actor: Actor, now: datetime, incident: Incident, source_id: str, source_name: str
) -> LiveSession:
    """Draft the session in a locked incident that is open; `source_id` is the device that will send into it.

    The database holds that a device has one session that goes on.
    """
    session = LiveSession.objects.create(
        incident=incident,
        kind=LiveSession.Kind.FLIGHT,
        link_kind=LiveSession.LinkKind.LOCATION_VIDEO,
        source_id=source_id,
        source_name=source_name,
        created_by=actor.id,
        created_by_name=actor.name,
        assigned_to=actor.id,
        assigned_to_name=actor.name,
        created_at=now,
        recording_wanted=find_policy().recording_by_default,
    )
    broadcast_session_on_commit(session.id)
    return session


def launch_flight_session(*, now: datetime, session: LiveSession) -> None:
    """Let the device of a locked session send from now on.

    Raises `RiskUnanswered` or `RiskRefused`, and `InvalidTransition` for one that was launched, or is over.
    """
    check_risk(session)
    session.launch(now)
    session.save(update_fields=["state", "consented_at"])
    broadcast_session_on_commit(session.id)
