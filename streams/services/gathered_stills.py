"""The pictures that stand for video, kept where the video would be recorded: one sequence per stretch of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from evidence.services.sequences import NewPicture, add_picture
from forces.actors import Actor
from streams.models import LiveSession, Position, Still
from streams.shapes import iso

PLACE_HOLDS_FOR = timedelta(minutes=1)
"""An older fix says nothing of where a picture was taken."""


def gather_still(*, actor: Actor, now: datetime, session: LiveSession, still: Still, kind: str) -> None:
    """Keep a stored picture of a locked session with those before it; `kind` is jpeg, png or webp."""
    add_picture(
        actor=actor,
        now=now,
        session_id=session.id,
        incident_reference=session.incident.reference,
        category_code=session.incident.type.code,
        picture=NewPicture(
            id=still.id,
            taken_at=still.taken_at,
            kind=kind,
            size=(still.width, still.height),
            sha256=still.sha256,
            bytes=still.bytes,
            position=_place_of(session, now),
        ),
    )


def _place_of(session: LiveSession, now: datetime) -> dict[str, Any] | None:
    """Return where the caller was, in degrees and metres, or None when nobody knows."""
    fix = Position.objects.filter(session=session, fixed_at__gt=now - PLACE_HOLDS_FOR).order_by("-fixed_at").first()
    if fix is None:
        return None
    return {
        "latitude": fix.latitude,
        "longitude": fix.longitude,
        "accuracy_m": fix.accuracy_m,
        "fixed_at": iso(fix.fixed_at),
    }
