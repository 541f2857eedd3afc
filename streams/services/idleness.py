"""Whether anything goes on in a force that must be looked after every second."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from forces.services import sharing
from streams.models import AgencyShare, LiveSession, RecordingSegment, Stream, Talk, Watch
from streams.place_keepers import keepers


def is_idle(*, now: datetime) -> bool:
    """Tell whether nothing in the active force goes on, is held at a media server, or waits for its end.

    A consultation that is booked, and whose link nobody has opened, is none of that.
    """
    over, held = Q(state__in=LiveSession.OVER), Q(gateway_handle__isnull=False)
    going_on = (
        LiveSession.objects.filter(~over | Q(room_closed_at__isnull=True)).exclude(_booked()),
        Stream.objects.filter(~Q(state=Stream.State.ENDED) | held),
        Watch.objects.filter(Q(ended_at__isnull=True) | held),
        Talk.objects.filter(Q(ended_at__isnull=True) | held | Q(listener_handle__isnull=False)),
        RecordingSegment.objects.exclude(state=RecordingSegment.State.STOPPED),
        AgencyShare.objects.filter(ended_at__isnull=True, ends_at__lte=now),
    )
    if any(rows.exists() for rows in going_on) or sharing.overdue_shares(now=now):
        return False
    return all(keeper.is_idle(now) for keeper in keepers())


def _booked() -> Q:
    waiting = (LiveSession.State.DRAFT, LiveSession.State.INVITED)
    return Q(kind=LiveSession.Kind.CONSULTATION, state__in=waiting)
