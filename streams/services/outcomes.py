"""What a use of Sightline came to."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from forces.accounts.permissions import Permission
from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.errors import InvalidInput, InvalidTransition
from streams.broadcasts import broadcast_session_on_commit
from streams.models import LiveSession
from streams.outcome_codes import OUTCOMES, outcomes_of
from streams.services.locks import lock_session
from streams.services.standing import require_run


def list_outcomes() -> list[dict[str, str]]:
    """Return the outcomes an operator may choose."""
    return [{"code": code, "label": label} for code, label in OUTCOMES.items()]


def record_outcome(*, actor: Actor, now: datetime, session_id: UUID, code: str, note: str = "") -> None:
    """Keep the outcome of a session; a later one replaces it, and each is audited.

    Raises `NotPermitted`, `InvalidInput` for an unknown code, `InvalidTransition` for a draft.
    """
    require_run(actor, session_id, Permission.SESSION_CONTROL)
    session = lock_session(session_id)
    if code not in outcomes_of(session.kind):
        raise InvalidInput("There is no such outcome.", details={"code": code[:40]})
    if session.state == LiveSession.State.DRAFT:
        raise InvalidTransition("No link was sent yet: there is no outcome to record.")
    replaced = session.outcome_code
    session.outcome_code, session.outcome_note = code, note.strip()
    session.outcome_by, session.outcome_at = actor.id, now
    session.save(update_fields=["outcome_code", "outcome_note", "outcome_by", "outcome_at"])
    record(
        actor=actor,
        act="outcome.record",
        operation=Operation.ALTERATION if replaced else Operation.COLLECTION,
        object_type="session",
        object_id=session.id,
        session_id=session.id,
        detail={"code": code, "replaced": replaced},
    )
    broadcast_session_on_commit(session.id)
