"""Places that end: whoever ended them, their feeds, their reception and their recording end with them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from consultations.broadcasts import room_of_place, tell_place_gone_on_commit, tell_place_room_on_commit
from consultations.errors import PlaceOver
from consultations.limits import NEVER_UP_AFTER
from consultations.models import Feed, Participant, Place, PrivateTalk, Reception
from consultations.selectors import up_feeds
from consultations.services.feeds import (
    RoomFeed,
    close_feed,
    handle_of_feed,
    handle_of_reception,
    lock_feed,
    room_feeds,
)
from consultations.services.standing import actor_of, lock_consultation, note, require_own, seconds_between
from forces.actors import Actor
from forces.audit.services import Operation
from forces.errors import NotFound
from streams.broadcasts import advance_revision
from streams.services.handles import HeldHandle
from streams.services.locks import lock_session
from streams.shapes import Plain

CLOSED_ROOMS_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class HeldPlace:
    """An open place with what it holds at the media server, for whoever takes it up again."""

    place_id: UUID
    session_id: UUID
    participant_id: UUID
    purpose: str
    node: str
    room_id: str
    feeds: tuple[tuple[HeldHandle, str, str], ...]
    reception: tuple[HeldHandle, str] | None
    lines: dict[str, tuple[str, str]]
    others: tuple[RoomFeed, ...]
    room: Plain


@dataclass(frozen=True, slots=True)
class OpenPlace:
    """A place for the watchdog: whose it is, and whether media of it arrive."""

    place_id: UUID
    session_id: UUID
    participant_id: UUID
    begun_at: datetime
    lost_at: datetime | None
    is_live: bool
    is_stalled: bool


@dataclass(frozen=True, slots=True)
class SideRoom:
    """A room of a private talk or a line check that nobody is in any more."""

    holder: str
    id: UUID
    session_id: UUID
    node: str
    room_id: str


def end_place(*, now: datetime, place: Place, reason: str, is_told: bool = True) -> list[HeldHandle]:
    """End an open place of a locked session. Returns what is to be detached. `is_told`: the person's pages are."""
    held = _close_media(now, place, reason)
    place.end(now, reason=reason)
    place.save()
    participant = place.participant
    if place.purpose == Place.Purpose.CALL:
        participant.last_here_at, participant.hand_at = now, None
        participant.save(update_fields=["last_here_at", "hand_at"])
    seconds = seconds_between(place.begun_at, now)
    consultation = lock_consultation(place.session_id)
    note(
        actor_of(participant),
        "place.end",
        Operation.COLLECTION,
        consultation,
        participant,
        purpose=place.purpose,
        seconds=seconds,
        reason=reason,
    )
    if is_told:
        tell_place_gone_on_commit(place, reason)
    tell_place_room_on_commit(place)
    return held


def end_place_of(*, now: datetime, place_id: UUID, reason: str) -> list[HeldHandle]:
    """End a place, whoever found that it is over. Returns what is to be detached; one that has ended is fine."""
    place = lock_place(place_id)
    return [] if place.is_over else end_place(now=now, place=place, reason=reason)


def end_feed(*, now: datetime, feed_id: UUID, reason: str) -> list[HeldHandle]:
    """End a feed; with the camera's the whole place is over. Returns what is to be detached; being over is fine."""
    feed = lock_feed(feed_id)
    if feed.is_over:
        return []
    if feed.source == Feed.Source.CAMERA and not feed.place.is_over:
        return end_place(now=now, place=feed.place, reason=reason)
    held = close_feed(now=now, feed=feed, reason=reason)
    tell_place_room_on_commit(feed.place)
    return held


def end_places(*, now: datetime, session_id: UUID, reason: str) -> list[HeldHandle]:
    """End every place of a locked session. Returns what is to be detached."""
    rows = Place.objects.select_related("participant", "talk")
    open_rows = rows.filter(session_id=session_id, ended_at__isnull=True)
    return [held for place in open_rows for held in end_place(now=now, place=place, reason=reason)]


def lock_place(place_id: UUID) -> Place:
    """Return a place with its session locked; raises `NotFound`."""
    session_id = Place.objects.filter(pk=place_id).values_list("session_id", flat=True).first()
    if session_id is None:
        raise NotFound("There is no such place.")
    lock_session(session_id)
    return Place.objects.select_related("participant", "talk").get(pk=place_id)


def find_place(
    *, actor: Actor, now: datetime, session_id: UUID, participant_id: UUID, place_id: UUID, socket: str
) -> HeldPlace:
    """Return a person's own open place for a page that comes back to it, and note the page's socket.

    Raises `NotFound`, `NotPermitted`, `Removed` or `PlaceOver`.
    """
    lock_consultation(session_id)
    rows = Place.objects.select_related("participant", "talk")
    place = rows.filter(pk=place_id, session_id=session_id, participant_id=participant_id).first()
    if place is None:
        raise NotFound("There is no such place.")
    require_own(actor, place.participant)
    if place.is_over:
        raise PlaceOver
    place.socket, place.lost_at = socket, None
    place.save(update_fields=["socket", "lost_at"])
    return held_place(place)


def held_place(place: Place) -> HeldPlace:
    """Return an open place with all that it holds."""
    feeds = list(place.feeds.exclude(state=Feed.State.ENDED))
    reception = place.receptions.exclude(state=Reception.State.ENDED).first()
    placed = handle_of_reception(reception) if reception else None
    own = tuple(feed.id for feed in feeds) if place.purpose != Place.Purpose.CHECK else ()
    return HeldPlace(
        place_id=place.id,
        session_id=place.session_id,
        participant_id=place.participant_id,
        purpose=place.purpose,
        node=place.node,
        room_id=place.room_id,
        feeds=tuple((held, feed.process, feed.source) for feed in feeds if (held := handle_of_feed(feed))),
        reception=(placed, reception.process) if reception and placed else None,
        lines={mid: (line[0], line[1]) for mid, line in reception.lines.items()} if reception else {},
        others=room_feeds(up_feeds(place.session_id, place.room_id), but=own),
        room=room_of_place(place, advance_revision(place.session_id)),
    )


def list_open_places() -> list[OpenPlace]:
    """Return the open places of the force."""
    rows = Place.objects.filter(ended_at__isnull=True).prefetch_related("feeds")
    return [
        OpenPlace(
            place.id,
            place.session_id,
            place.participant_id,
            place.begun_at,
            place.lost_at,
            any(feed.state == Feed.State.LIVE for feed in place.feeds.all()),
            any(feed.state == Feed.State.STALLED for feed in place.feeds.all()),
        )
        for place in rows
    ]


def note_lost(*, now: datetime, place_ids: Collection[UUID], is_lost: bool) -> None:
    """Write which places' pages are not heard, or whose media do not arrive, and which are again."""
    for place_id in place_ids:
        place = lock_place(place_id)
        if place.is_over or (place.lost_at is not None) is is_lost:
            continue
        place.lost_at = now if is_lost else None
        place.save(update_fields=["lost_at"])
        tell_place_room_on_commit(place)


def list_stale_feeds(*, now: datetime) -> list[UUID]:
    """Return the feeds that never were connected."""
    waiting = (Feed.State.ADMITTED, Feed.State.CONNECTING)
    rows = Feed.objects.filter(state__in=waiting, is_up=False, admitted_at__lte=now - NEVER_UP_AFTER)
    return list(rows.values_list("id", flat=True))


def list_old_checks(*, before: datetime) -> list[UUID]:
    """Return the line checks that go on for longer than one takes."""
    rows = Place.objects.filter(purpose=Place.Purpose.CHECK, ended_at__isnull=True, begun_at__lte=before)
    return list(rows.values_list("id", flat=True))


def list_side_rooms() -> list[SideRoom]:
    """Return the rooms of talks and checks that are over and not closed yet."""
    talks = PrivateTalk.objects.filter(state=PrivateTalk.State.ENDED, room_closed_at__isnull=True).exclude(room_id="")
    checks = Place.objects.filter(purpose=Place.Purpose.CHECK, ended_at__isnull=False, room_closed_at__isnull=True)
    names = ("id", "session_id", "node", "room_id")
    found = [SideRoom("talk", *row) for row in talks.values_list(*names)[:CLOSED_ROOMS_AT_ONCE]]
    return [*found, *(SideRoom("place", *row) for row in checks.values_list(*names)[:CLOSED_ROOMS_AT_ONCE])]


def note_side_room_closed(*, now: datetime, room: SideRoom) -> None:
    """Such a room is closed at the media server."""
    model = PrivateTalk if room.holder == "talk" else Place
    model._default_manager.filter(pk=room.id).update(room_closed_at=now)


def list_long_gone(*, before: datetime) -> list[tuple[UUID, UUID]]:
    """Return (session, participant) of those let in who had no place for so long that they wait again.

    Whoever leads is not among them: their sign-in says who it is.
    """
    here = Place.objects.filter(participant_id=OuterRef("pk"), ended_at__isnull=True)
    gone = Participant.objects.filter(state=Participant.State.ADMITTED, last_here_at__lte=before)
    leads = ~Q(user_id="") & Q(user_id=F("session__consultation__taken_by"))
    return list(gone.exclude(Exists(here)).exclude(leads).values_list("session_id", "id"))


def _close_media(now: datetime, place: Place, reason: str) -> list[HeldHandle]:
    held = []
    for feed in place.feeds.exclude(state=Feed.State.ENDED):
        held += close_feed(now=now, feed=feed, reason=reason)
    for reception in place.receptions.exclude(state=Reception.State.ENDED):
        own = handle_of_reception(reception)
        reception.end(now, reason=reason)
        reception.save()
        held += [own] if own else []
    return held
