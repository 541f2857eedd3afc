"""The ladder: how much of the picture a caller's line carries now, and since when."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from prometheus_client import Counter

from evidence.services.sequences import close_sequence
from forces.actors import Actor
from forces.errors import InvalidInput
from streams.broadcasts import broadcast_session_on_commit
from streams.models import LiveSession
from streams.services.locks import lock_session
from streams.services.standing import require_own

_entered = Counter("sightline_rungs_entered", "How often a caller's picture came to a rung", ["rung", "reason"])


def note_rung(*, actor: Actor, now: datetime, session_id: UUID, rung: str, reason: str) -> None:
    """Keep the rung that a caller's page reports; the same again changes nothing, so that its time stays true.

    Whoever leaves the rung of stills ends a stretch of pictures, which is sealed.
    Raises `NotPermitted`, and `InvalidInput` for a rung that there is not. Like other progress it is not audited.
    """
    if rung not in LiveSession.Rung.values:
        raise InvalidInput("There is no such rung.", details={"field": "rung"})
    session = lock_session(session_id)
    require_own(actor, session)
    if session.is_over or (session.rung, session.rung_reason) == (rung, reason):
        return
    if session.rung != rung:
        if session.rung == LiveSession.Rung.STILLS:
            close_sequence(now=now, session_id=session_id, may_be_late=True)
        session.rung_at = now
        _entered.labels(rung=rung, reason=reason).inc()
    session.rung, session.rung_reason = rung, reason[:24]
    session.save(update_fields=["rung", "rung_reason", "rung_at"])
    broadcast_session_on_commit(session_id)
