"""Who is nearest: available officers by distance from an incident, a session or a point, with the skills it takes."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import redis
from django.db import transaction

from forces.accounts.models import OfficerProfile
from forces.accounts.permissions import Permission, require
from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.context import current_force
from forces.dispatch import redis_client
from forces.errors import InvalidInput, NotFound
from streams import live_officers
from streams.live_officers import OfficerFix
from streams.models import Assignment, Incident, LiveSession, Position
from streams.officers import find_available, find_people, officer_views
from streams.services.incident_places import incident_places, session_place
from streams.shapes import Plain, fix_view, iso

MOST_ROWS = 20
FARTHEST_M = 320_000
"""As far as anybody is sent from."""
# Metres and officers looked at: the search widens while too few of them are wanted.
STEPS = ((5_000, 64), (20_000, 256), (80_000, 1_024), (FARTHEST_M, 8_192))
FEW = 200
"""So many are asked for their places one by one, which is sooner than a search among all."""
ONE_LOOK_S = 60
"""Asked again about the same thing within so many seconds, one person's questions are one look, audited once."""
EARTH_M = 6_372_797.56  # as Redis has it


@dataclass(frozen=True, slots=True)
class Origin:
    """From where distances are counted: exactly one of an incident, a session, or a point (degrees WGS 84)."""

    incident_id: UUID | None = None
    session_id: UUID | None = None
    point: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where an origin is; `fix` where somebody's phone said so. Degrees WGS 84."""

    latitude: float
    longitude: float
    fix: Position | None = None

    def as_dict(self) -> Plain:
        """Return the place as the console shows it: a Fix, or the point alone."""
        point: Plain = {"latitude": self.latitude, "longitude": self.longitude}
        return fix_view(self.fix) if self.fix else point


def find_nearest(*, actor: Actor, now: datetime, origin: Origin, skills: Sequence[str] = (), limit: int = 10) -> Plain:
    """Return {now, place, officers, assigned} for an origin; the look is audited.

    `officers` are those available with every one of the skills and a fix of the last 15 minutes, nearest first, at most
    `limit`; `assigned` are those who were asked to go to the incident, with or without a fix. `place` is None, and
    nobody near, while it is not known where the incident is. Raises `NotPermitted`, `NotFound`, `InvalidInput` for a
    skill that there is not, or `Unavailable`.
    """
    require(actor, Permission.OFFICER_LOCATE)
    if unknown := set(skills) - set(OfficerProfile.Skill.values):
        raise InvalidInput("There is no such skill.", details={"skills": sorted(unknown)})
    incident_id, place = _locate(origin)
    assigned = _assigned(incident_id, place, now)
    asked = {row["id"] for row in assigned}
    officers = _search(now, place, skills, max(1, min(limit, MOST_ROWS)), asked) if place else []
    _audit(actor, origin, {"skills": sorted(skills), "rows": len(officers) + len(assigned)})
    shown = place.as_dict() if place else None
    return {"now": iso(now), "place": shown, "officers": officers, "assigned": assigned}


def metres_between(from_: tuple[float, float], to: tuple[float, float]) -> float:
    """Return the distance of two points (latitude, longitude in degrees) along the ground, in metres."""
    (lat1, lon1), (lat2, lon2) = ((math.radians(a), math.radians(b)) for a, b in (from_, to))
    u, v = math.sin((lat2 - lat1) / 2), math.sin((lon2 - lon1) / 2)
    return 2 * EARTH_M * math.asin(min(1.0, math.sqrt(u * u + math.cos(lat1) * math.cos(lat2) * v * v)))


def _locate(origin: Origin) -> tuple[UUID | None, Place | None]:
    """Return (incident, place). A session without a fix of its own is where its incident is."""
    if origin.point is not None:
        return None, Place(*origin.point)
    incident_id, fix = origin.incident_id, None
    if origin.session_id is not None:
        incident_id = LiveSession.objects.filter(pk=origin.session_id).values_list("incident_id", flat=True).first()
        fix = session_place(origin.session_id) if incident_id else None
    if incident_id is None or not Incident.objects.filter(pk=incident_id).exists():
        raise NotFound("There is no such incident or session.")
    fix = fix or incident_places([incident_id]).get(incident_id)
    return incident_id, Place(fix.latitude, fix.longitude, fix) if fix else None


def _search(now: datetime, place: Place, skills: Sequence[str], limit: int, excluded: Collection[str]) -> list[Plain]:
    wanted = find_available(skills=skills).difference(excluded)
    fixes: dict[str, OfficerFix] = {}
    for ids in _ever_farther(place, wanted):
        fixes |= {id_: fix for id_, fix in live_officers.read_fixes(ids).items() if fix.stands(now)}
        if len(fixes) >= limit:
            break
    metres = {id_: _metres(place, fix) for id_, fix in fixes.items()}
    nearest = sorted((away, id_) for id_, away in metres.items() if away <= FARTHEST_M)[:limit]
    views = officer_views([id_ for _, id_ in nearest], _plain({id_: fixes[id_] for _, id_ in nearest}))
    return [_row(view, metres[view["id"]], fixes[view["id"]], now) for view in views]


def _ever_farther(place: Place, wanted: set[str]) -> Iterator[list[str]]:
    """Yield the wanted, the nearest first as the index of places has them; few are yielded at once."""
    if len(wanted) <= FEW:
        yield list(wanted)
        return
    for radius_m, count in STEPS:
        near = live_officers.nearest(latitude=place.latitude, longitude=place.longitude, radius_m=radius_m, count=count)
        new = [id_ for id_ in near if id_ in wanted]
        wanted.difference_update(new)
        yield new


def _assigned(incident_id: UUID | None, place: Place | None, now: datetime) -> list[Plain]:
    """Return those who were asked to go there and have not declined, whatever they do; a fix may be missing, or old."""
    if incident_id is None:
        return []
    open_ones = Assignment.objects.filter(incident_id=incident_id, state__in=Assignment.OPEN)
    ids = list(open_ones.order_by("asked_at").values_list("user_id", flat=True))
    if not ids:
        return []
    people, fixes = find_people(ids), live_officers.read_fixes(ids)
    views = officer_views([id_ for id_ in ids if id_ in people], _plain(fixes))
    metres = {id_: _metres(place, fix) for id_, fix in fixes.items()} if place else {}
    return [_row(view, metres.get(view["id"]), fixes.get(view["id"]), now) for view in views]


def _plain(fixes: dict[str, OfficerFix]) -> dict[str, Plain]:
    return {user_id: fix.as_dict() for user_id, fix in fixes.items()}


def _metres(place: Place, fix: OfficerFix) -> float:
    return metres_between((place.latitude, place.longitude), (fix.latitude, fix.longitude))


def _row(view: Plain, metres: float | None, fix: OfficerFix | None, now: datetime) -> Plain:
    return {
        **view,
        "distance_m": None if metres is None else round(metres),
        "accuracy_m": fix.accuracy_m if fix else None,
        "age_s": max(0, round((now - fix.fixed_at).total_seconds())) if fix else None,
    }


def _audit(actor: Actor, origin: Origin, detail: Plain) -> None:
    """Where people are is consulted: one row a look, however often the page asks while it is on the screen."""
    kind = "session" if origin.session_id else "incident" if origin.incident_id else "point"
    object_id = str(origin.session_id or origin.incident_id or "")
    key = f"{current_force().schema}:looks:nearest:{actor.id}:{object_id}:{'.'.join(detail['skills'])}"
    if object_id and _is_noted(key):
        return
    record(
        actor=actor,
        act="officer.nearest",
        operation=Operation.CONSULTATION,
        object_type=kind,
        object_id=object_id,
        session_id=origin.session_id or "",
        detail=detail,
    )
    transaction.on_commit(lambda: _note(key), robust=True)


def _is_noted(key: str) -> bool:
    try:
        return bool(redis_client().exists(key))
    except (redis.RedisError, OSError):
        return False


def _note(key: str) -> None:
    """Only what is audited for good is remembered; one that is not remembered is audited again."""
    redis_client().set(key, 1, ex=ONE_LOOK_S)
