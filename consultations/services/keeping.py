"""What streams asks about the places at the media server that rows of this app hold."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from consultations.models import Consultation, Feed, Place, PrivateTalk, Reception
from consultations.services.feeds import handle_of_feed, handle_of_reception
from streams.services.handles import HeldHandle
from streams.services.ownership import Owned

FEED, RECEPTION = "feed", "reception"
FEED_KIND, RECEPTION_KIND = "c", "r"
_OVER = {FEED: Feed.State.ENDED, RECEPTION: Reception.State.ENDED}
AT_ONCE = 100


class ConsultationKeeper:
    """Feeds and receptions: found, taken over and given back like streams' own places."""

    @property
    def holders(self) -> frozenset[str]:
        """What its rows are called."""
        return frozenset({FEED, RECEPTION})

    def list_owners(self) -> set[str]:
        """Return the processes that answer for anything that goes on."""
        feeds = Feed.objects.exclude(state=Feed.State.ENDED).order_by().values_list("process", flat=True)
        receptions = Reception.objects.exclude(state=Reception.State.ENDED).order_by().values_list("process", flat=True)
        return {*feeds, *receptions} - {""}

    def list_owned(self, owner: str) -> list[Owned]:
        """Return what goes on and `owner` answers for, feeds first."""
        feeds = Feed.objects.select_related("place").exclude(state=Feed.State.ENDED).filter(process=owner)
        receptions = Reception.objects.select_related("place").exclude(state=Reception.State.ENDED)
        return [
            *(Owned(FEED, row.id, row.session_id, "", "", handle_of_feed(row)) for row in feeds),
            *(
                Owned(RECEPTION, row.id, row.session_id, "", "", handle_of_reception(row))
                for row in receptions.filter(process=owner)
            ),
        ]

    def change_owner(self, owned: Owned, before: str, after: str) -> bool:
        """Write that `after` answers for it now; False when it is over or another does. The session is locked."""
        if owned.holder == FEED:
            feeds = Feed.objects.exclude(state=Feed.State.ENDED).filter(pk=owned.id, process=before)
            return feeds.update(process=after) == 1
        receptions = Reception.objects.exclude(state=Reception.State.ENDED).filter(pk=owned.id, process=before)
        return receptions.update(process=after) == 1

    def find_lost(self, owner: str, ids: Mapping[str, Collection[UUID]]) -> set[UUID]:
        """Return those which go on and another process than `owner` answers for; one that is not written yet does."""
        feeds = Feed.objects.filter(pk__in=ids.get(FEED_KIND, ())).exclude(state=Feed.State.ENDED)
        receptions = Reception.objects.filter(pk__in=ids.get(RECEPTION_KIND, ()))
        receptions = receptions.exclude(state=Reception.State.ENDED)
        mine = ("", owner)
        return {
            *feeds.exclude(process__in=mine).values_list("pk", flat=True),
            *receptions.exclude(process__in=mine).values_list("pk", flat=True),
        }

    def find_leftovers(self) -> list[HeldHandle]:
        """Return places of what ended without being detached."""
        feeds = Feed.objects.filter(state=Feed.State.ENDED, gateway_handle__isnull=False)[:AT_ONCE]
        receptions = Reception.objects.filter(state=Reception.State.ENDED, gateway_handle__isnull=False)[:AT_ONCE]
        return _handles(feeds, receptions)

    def find_session_handles(self, session_id: UUID) -> list[HeldHandle]:
        """Return every place that rows of a session hold, publishers before viewers."""
        feeds = Feed.objects.filter(session_id=session_id, gateway_handle__isnull=False)
        receptions = Reception.objects.filter(session_id=session_id, gateway_handle__isnull=False)
        return _handles(feeds, receptions)

    def note_detached(self, gone: Sequence[HeldHandle]) -> None:
        """Forget places that were given back to the media server."""
        for held in gone:
            rows = Feed.objects if held.holder == FEED else Reception.objects
            found = rows.filter(pk=held.id, gateway_handle=held.gateway_handle)
            found.update(gateway_session=None, gateway_handle=None)

    def is_idle(self, now: datetime) -> bool:
        """Tell whether nothing goes on, is held at a media server, or waits for its end."""
        return not (
            Consultation.objects.filter(state=Consultation.State.OPEN).exists()
            or Place.objects.filter(ended_at__isnull=True).exists()
            or Feed.objects.filter(gateway_handle__isnull=False).exists()
            or Reception.objects.filter(gateway_handle__isnull=False).exists()
        )

    def other_rooms(self, session_id: UUID) -> tuple[str, ...]:
        """Return the rooms of private talks and line checks of a session."""
        talks = PrivateTalk.objects.filter(session_id=session_id, room_closed_at__isnull=True).exclude(room_id="")
        checks = Place.objects.filter(session_id=session_id, purpose=Place.Purpose.CHECK, room_closed_at__isnull=True)
        rooms = {*talks.values_list("room_id", flat=True), *checks.values_list("room_id", flat=True)}
        return tuple(sorted(rooms))


def _handles(feeds: Collection[Feed], receptions: Collection[Reception]) -> list[HeldHandle]:
    held = [*map(handle_of_feed, feeds), *map(handle_of_reception, receptions)]
    return [one for one in held if one is not None]
