"""Whose session it is and what may be done in it, for kinds of sessions that upper apps keep.

An app registers the rules of its kind from its `ready()`; streams knows those of its own kinds itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from forces.actors import Actor
from streams.models import LiveSession, Upload


def _tell_nobody(upload: Upload) -> None:
    """For an app whose sessions take no files."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The rules of one kind. Each is asked inside a unit of work; none of them writes.

    `is_own`: whether the actor is one of those who share in this session. `allows`: (session's id, scope: video,
    recording, upload, ...) -> whether it covers that. `may_run`: whether the actor may end it, note what it came to and
    answer its risk questions. `tell_upload`: tells the pages of a locked session, on commit, how a file of it stands.
    """

    is_own: Callable[[Actor, LiveSession], bool]
    allows: Callable[[UUID, str], bool]
    may_run: Callable[[Actor, LiveSession], bool]
    tell_upload: Callable[[Upload], None] = _tell_nobody


_standings: dict[str, Standing] = {}


def register_standing(kind: str, standing: Standing) -> None:
    """Let an app rule over a kind of session; a second registration of the same kind is a mistake."""
    if kind in _standings:
        raise ValueError(f"{kind} is registered twice")
    _standings[kind] = standing


def standing_of(kind: str) -> Standing | None:
    """Return the rules of another app's kind; None where it is streams' own."""
    return _standings.get(kind)


def find_ruled(session_id: UUID) -> tuple[LiveSession, Standing] | None:
    """Return a session of another app's kind and its rules; None for any other, and where there is none."""
    if not _standings:
        return None
    session = LiveSession.objects.filter(pk=session_id, kind__in=_standings).first()
    return (session, _standings[session.kind]) if session is not None else None
