"""Telling an officer that something is asked of them: one place, whichever way it goes."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from forces.dispatch import broadcast_on_commit
from streams.broadcasts import broadcast_officer_on_commit, officer_topic
from streams.services.notices import notify_officer_on_commit, settle_notices

Kind = Literal["assignment", "view_request"]


def ask_officer_on_commit(
    user_id: str, kind: Kind, subject_id: UUID, *, now: datetime, until: datetime | None = None
) -> None:
    """Tell an officer that there is something to answer, `until` then: by a notice, on their pages and by a push."""
    notify_officer_on_commit(user_id, kind, subject_id, now=now, until=until)
    tell_officer_on_commit(user_id)


def settle_on_commit(user_id: str, subject_id: UUID, *, now: datetime) -> None:
    """Tell an officer that what was asked is answered, or over: their pages, and nothing is left to be seen of it."""
    settle_notices(now=now, user_id=user_id, subject_id=subject_id)
    tell_officer_on_commit(user_id)


def tell_colleague_on_commit(user_id: str) -> None:
    """Tell an officer's open pages that something of who goes with them has changed; nothing of their own has."""
    broadcast_on_commit(officer_topic(user_id), {"type": "officer.changed"})


def tell_officer_on_commit(user_id: str) -> None:
    """Tell an officer's open pages that what they were asked has changed."""
    broadcast_officer_on_commit(user_id)
