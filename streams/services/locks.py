"""The order in which rows are locked: the incident, the session, then whatever belongs to it."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection

from forces.context import current_force
from forces.errors import DomainError, NotFound
from streams.models import Incident, LiveSession, Stream


class SessionOver(DomainError):
    """The session has ended or expired (HTTP 410)."""

    code = "session_over"
    http_status = 410
    message = "This session is over."


def lock_incident(incident_id: UUID | str, *, is_open: bool = False) -> Incident:
    """Return the incident with its type, its row locked until the unit of work ends; raises `NotFound`.

    Whatever begins in it meanwhile (a session refers to it) commits after that, or before this returns. `is_open`: one
    that is closed is not found.
    """
    rows = Incident.objects.select_related("type").select_for_update(of=("self",))
    rows = rows.filter(closed_at__isnull=True) if is_open else rows
    try:
        return rows.get(pk=incident_id)
    except (Incident.DoesNotExist, ValidationError) as error:
        raise NotFound(f"There is no such {'open ' if is_open else ''}incident.") from error


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


def lock_officer(user_id: str) -> None:
    """Let one phone of an officer act at a time, to the end of the unit of work: two at once begin one thing."""
    with connection.cursor() as cursor:
        name = f"{current_force().schema}.officer.{user_id}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def lock_stream(stream_id: UUID) -> Stream:
    """Return the stream with its session locked, as every change of a session's parts begins; raises `NotFound`."""
    session_id = Stream.objects.filter(pk=stream_id).values_list("session_id", flat=True).first()
    if session_id is None:
        raise NotFound("There is no such stream.")
    session = lock_session(session_id)
    stream = Stream.objects.get(pk=stream_id)
    stream.session = session
    return stream
