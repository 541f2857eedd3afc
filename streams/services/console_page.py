"""What a console shows beside the sessions: what is asked of officers, and what the force decided about pictures."""

from __future__ import annotations

from datetime import datetime

from forces.actors import Actor
from streams.selectors import Plain, find_room_policy
from streams.services.view_requests import view_asked


def view_beside(*, actor: Actor, now: datetime) -> Plain:
    """Return `view_requests.view_asked` with {late_picture_ms}. Raises `NotPermitted`."""
    return {**view_asked(actor=actor, now=now), "late_picture_ms": find_room_policy().late_picture_ms}
