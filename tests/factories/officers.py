"""Officers and their sessions, made through the services that make them in earnest."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from forces.accounts.models import OfficerProfile, User
from forces.accounts.roles import Role
from forces.actors import Actor
from forces.context import current_force
from forces.dispatch import redis_client
from streams.live_officers import OfficerFix, fix_key, geo_key
from streams.models import LiveSession
from streams.services.going_live import go_live
from streams.services.shifts import set_status
from tests.factories.streams import NOW


@dataclass(frozen=True)
class OfficerLive:
    """An officer and the session in which they are live."""

    session: LiveSession
    actor: Actor


def make_officer(
    name: str = "ashby",
    *,
    number: str = "1234",
    role: str = Role.OFFICER,
    skills: Sequence[str] = ("taser", "first_aid"),
) -> Actor:
    """Return a person on the ground who is in the force's accounts, with a collar number."""
    user, _ = User.objects.get_or_create(
        username=name, defaults={"first_name": "Tom", "last_name": name.title(), "role": role}
    )
    OfficerProfile.objects.update_or_create(
        user=user, defaults={"collar_number": number, "team": "Stevenage Response", "skills": list(skills)}
    )
    return user.as_actor()


def make_on_duty(name: str = "ashby", *, now: datetime = NOW, **fields: Any) -> Actor:
    """Put an officer on duty, available."""
    actor = make_officer(name, **fields)
    set_status(actor=actor, now=now, status="available")
    return actor


def keep_fixes(fixes: Mapping[str, OfficerFix]) -> None:
    """Put officers where these fixes are, as the ticks of a web process do."""
    schema = current_force().schema
    pipe = redis_client().pipeline()
    for user_id, fix in fixes.items():
        pipe.geoadd(geo_key(schema), (fix.longitude, fix.latitude, user_id))
        pipe.hset(fix_key(schema), user_id, json.dumps(fix.as_dict()))
    pipe.execute()


def make_at(
    name: str, latitude: float, longitude: float, *, now: datetime = NOW, age: timedelta = timedelta(0), **fields: Any
) -> Actor:
    """Put an officer on duty whose phone says where they are; `age` is how old that is."""
    actor = make_on_duty(name, now=now, **fields)
    at = now - age
    fix = OfficerFix(latitude=latitude, longitude=longitude, accuracy_m=12, fixed_at=at, received_at=at)
    keep_fixes({actor.id: fix})
    return actor


def make_officer_live(*, now: datetime = NOW, incident_id: UUID | None = None, name: str = "ashby") -> OfficerLive:
    """Let an officer go live; no picture arrives yet."""
    actor = make_officer(name)
    session_id = go_live(actor=actor, now=now, incident_id=incident_id)
    return OfficerLive(LiveSession.objects.get(pk=session_id), actor)
