"""A line of an incident's group text, for officers whose page is not open: a notice and a push, without the text."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from streams.models import Notice
from streams.open_pages import open_pages
from streams.services.notices import notify_officer_on_commit, settle_notices


def tell_absent_on_commit(*, now: datetime, incident_id: UUID, user_ids: Collection[str]) -> None:
    """Tell officers who are on an incident that something was written, where no page of theirs shows it.

    One notice stands for all lines of some minutes: then it is made anew, and the phone rings again.
    """
    there = open_pages(sorted(user_ids))
    for user_id in sorted(set(user_ids) - there):
        standing = Notice.objects.filter(
            user_id=user_id,
            kind=Notice.Kind.MESSAGE,
            subject_id=incident_id,
            seen_at__isnull=True,
            created_at__gt=now - Notice.PUSHED_WITHIN,
        )
        if standing.exists():
            continue
        settle_notices(now=now, user_id=user_id, subject_id=incident_id)
        notify_officer_on_commit(user_id, Notice.Kind.MESSAGE, incident_id, now=now)
