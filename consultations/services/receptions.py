"""What people receive: one handle for all others' tracks, and which lines it carries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from consultations.errors import PlaceOver
from consultations.models import Place, Reception
from consultations.selectors import up_feeds
from consultations.services.feeds import RoomFeed, handle_of_reception, room_feeds
from consultations.services.standing import lock_going_on, require_still
from forces.errors import NotFound
from streams.services.handles import HeldHandle
from streams.services.locks import lock_session


@dataclass(frozen=True, slots=True)
class ReceptionAdmission:
    """A reception that may begin: where, and what there is to receive."""

    reception_id: UUID
    session_id: UUID
    node: str
    room_id: str
    feeds: tuple[RoomFeed, ...]
    leftovers: tuple[HeldHandle, ...]


def admit_reception(*, now: datetime, place_id: UUID, socket: str) -> ReceptionAdmission | None:
    """Let the page of an open place receive what there is; None while there is nothing.

    One that goes on is ended. `socket` is the page's: one that lost the place to another page receives nothing
    more. Raises `NotFound`, `PlaceOver`, `NotAdmitted`, `TalkOver` or `MeetingOver`.
    """
    session_id = Place.objects.filter(pk=place_id).values_list("session_id", flat=True).first()
    if session_id is None:
        raise NotFound("There is no such place.")
    consultation = lock_going_on(session_id)
    place = Place.objects.select_related("participant", "talk").get(pk=place_id)
    require_still(now, consultation, place)
    if place.socket != socket:
        raise PlaceOver
    own = () if place.purpose == Place.Purpose.CHECK else tuple(place.feeds.values_list("id", flat=True))
    feeds = room_feeds(up_feeds(session_id, place.room_id), but=own)
    left = [
        held
        for former in place.receptions.exclude(state=Reception.State.ENDED)
        for held in _end(now, former, "replaced")
    ]
    if not feeds:
        return None
    made = Reception.objects.create(
        session_id=session_id, place=place, node=place.node, room_id=place.room_id, admitted_at=now
    )
    return ReceptionAdmission(made.id, session_id, made.node, made.room_id, feeds, tuple(left))


def note_reception_placed(
    *, now: datetime, reception_id: UUID, gateway_session: int, gateway_handle: int, process: str
) -> None:
    """Keep the place that the media server gave; raises `PlaceOver` when it was ended meanwhile."""
    reception = lock_reception(reception_id)
    if reception.is_over:
        raise PlaceOver
    reception.gateway_session, reception.gateway_handle = gateway_session, gateway_handle
    reception.process = process
    reception.save()


def note_lines(*, reception_id: UUID, lines: Mapping[str, tuple[str, str]]) -> None:
    """Keep what the last answered offer carries: {mid: (feed id, medium)}. Raises `PlaceOver` when it is over."""
    reception = lock_reception(reception_id)
    if reception.is_over:
        raise PlaceOver
    reception.state = Reception.State.ANSWERED
    reception.lines = {mid: list(line) for mid, line in lines.items()}
    reception.save(update_fields=["state", "lines"])


def end_reception(*, now: datetime, reception_id: UUID, reason: str) -> list[HeldHandle]:
    """End a reception, whoever found that it is over. Returns what is to be detached; being over is fine."""
    reception = lock_reception(reception_id)
    return [] if reception.is_over else _end(now, reception, reason)


def lock_reception(reception_id: UUID) -> Reception:
    """Return a reception with its session locked; raises `NotFound`."""
    session_id = Reception.objects.filter(pk=reception_id).values_list("session_id", flat=True).first()
    if session_id is None:
        raise NotFound("There is no such reception.")
    lock_session(session_id)
    return Reception.objects.get(pk=reception_id)


def _end(now: datetime, reception: Reception, reason: str) -> list[HeldHandle]:
    held = handle_of_reception(reception)
    reception.end(now, reason=reason)
    reception.save()
    return [held] if held else []
