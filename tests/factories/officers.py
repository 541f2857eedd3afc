"""Officers and their sessions, made through the services that make them in earnest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from forces.accounts.models import OfficerProfile, User
from forces.accounts.roles import Role
from forces.actors import Actor
from streams.models import LiveSession
from streams.services.going_live import go_live
from tests.factories.streams import NOW


@dataclass(frozen=True)
class OfficerLive:
    """An officer and the session in which they are live."""

    session: LiveSession
    actor: Actor


def make_officer(name: str = "ashby", *, number: str = "1234", role: str = Role.OFFICER) -> Actor:
    """Return a person on the ground who is in the force's accounts, with a collar number."""
    user, _ = User.objects.get_or_create(
        username=name, defaults={"first_name": "Tom", "last_name": name.title(), "role": role}
    )
    OfficerProfile.objects.update_or_create(
        user=user, defaults={"collar_number": number, "team": "Stevenage Response", "skills": ["taser", "first_aid"]}
    )
    return user.as_actor()


def make_officer_live(*, now: datetime = NOW, incident_id: UUID | None = None, name: str = "ashby") -> OfficerLive:
    """Let an officer go live; no picture arrives yet."""
    actor = make_officer(name)
    session_id = go_live(actor=actor, now=now, incident_id=incident_id)
    return OfficerLive(LiveSession.objects.get(pk=session_id), actor)
