"""Checks that an act of whoever shares begins with, on a session that is locked: a caller, an officer, or a drone."""

from __future__ import annotations

from uuid import UUID

from forces.accounts.permissions import Permission, may, require
from forces.actors import Actor
from forces.audit.services import record_refusal
from forces.errors import DomainError, InvalidTransition, NotPermitted
from streams.models import Consent, LiveSession
from streams.services.locks import SessionOver
from streams.standing_rules import find_ruled, standing_of


class ConsentMissing(DomainError):
    """The standing consent does not cover the act (HTTP 403)."""

    code = "consent_missing"
    http_status = 403
    message = "The caller has not agreed to this."


def require_own(actor: Actor, session: LiveSession) -> None:
    """Raise `NotPermitted` unless the actor is the caller, the officer, or the device of this very session.

    Of another app's kind of session: unless that app says that the actor shares in it.
    """
    if not _is_own(actor, session):
        raise NotPermitted


def require_run(actor: Actor, session_id: UUID, permission: Permission) -> None:
    """Raise `NotPermitted`, audited, unless the actor may run a session: by a permission, or as its app says."""
    ruled = find_ruled(session_id)
    if ruled is None:
        require(actor, permission)
        return
    session, standing = ruled
    if not standing.may_run(actor, session):
        record_refusal(
            actor=actor,
            act=permission.value,
            code=NotPermitted.code,
            object_type="session",
            object_id=session_id,
            session_id=session_id,
        )
        raise NotPermitted


def refuse_consultation(session: LiveSession) -> None:
    """Raise `InvalidTransition` for a consultation: its people agreed to those whom they see, and to nobody else."""
    if session.is_consultation:
        raise InvalidTransition("This cannot be done with a consultation.")


def require_going_on(session: LiveSession) -> None:
    """Raise `SessionOver` when the session has ended or expired."""
    if session.is_over:
        raise SessionOver


def require_consent(session: LiveSession, scope: str) -> None:
    """Raise `ConsentMissing` unless the standing consent covers `scope` and the link still stands."""
    used = (LiveSession.State.CONSENTED, LiveSession.State.LIVE)
    if session.state not in used or not allows(session.id, scope):
        raise ConsentMissing


def allows(session_id: UUID, scope: str) -> bool:
    """Return whether the standing consent of a session covers `scope`; officers and drones stream by order."""
    consent = Consent.objects.filter(session_id=session_id, withdrawn_at__isnull=True).first()
    if consent is not None:
        return consent.allows(scope)
    kind = LiveSession.objects.filter(pk=session_id).order_by().values_list("kind", flat=True).first()
    standing = standing_of(kind or "")
    return kind in LiveSession.BY_ORDER if standing is None else standing.allows(session_id, scope)


def _is_own(actor: Actor, session: LiveSession) -> bool:
    standing = standing_of(session.kind)
    if standing is not None:
        return standing.is_own(actor, session)
    if session.is_officers:
        return actor.kind == "user" and actor.id == session.created_by and may(actor, Permission.STREAM_PUBLISH)
    if session.is_flight:
        return actor.kind == "device" and actor.id == session.source_id
    return actor.kind == "caller" and actor.id == str(session.id)
