"""The order in which rows are locked: the session first, then whatever belongs to it."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError

from forces.errors import DomainError, NotFound
from streams.models import LiveSession


class SessionOver(DomainError):
    """The session has ended or expired (HTTP 410)."""

    code = "session_over"
    http_status = 410
    message = "This session is over."


def lock_session(session_id: UUID | str) -> LiveSession:
    """Return the session with its incident, its row locked until the unit of work ends; raises `NotFound`."""
    rows = LiveSession.objects.select_related("incident__type").select_for_update(of=("self",))
    try:
        return rows.get(pk=session_id)
    except (LiveSession.DoesNotExist, ValidationError) as error:
        raise NotFound("There is no such session.") from error


def lock_open_session(session_id: UUID | str) -> LiveSession:
    """`lock_session`, and raise `SessionOver` when nothing more may happen in it."""
    session = lock_session(session_id)
    if session.is_over:
        raise SessionOver
    return session
