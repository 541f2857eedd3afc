"""What people send: who may, whether it arrives, and its end; its recording follows its participant's consent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from consultations.broadcasts import tell_place_room_on_commit
from consultations.errors import BusyScreen, PlaceOver
from consultations.models import Feed, Participant, Place, Reception
from consultations.services.effects import TrackPlan
from consultations.services.segments import plan_for_feed, stop_segment_of
from consultations.services.standing import actor_of, lock_going_on, note, refusals, require_own, require_still
from forces.actors import Actor
from forces.audit.services import Operation
from forces.errors import NotFound
from streams.models import LiveSession
from streams.services.handles import HeldHandle
from streams.services.locks import lock_session


@dataclass(frozen=True, slots=True)
class RoomFeed:
    """A feed that may be received: its id at the media server, whose it is, and what it is of."""

    feed_id: str
    participant_id: str
    source: str


@dataclass(frozen=True, slots=True)
class FeedAdmission:
    """A feed that may be published, where to, and what its predecessor leaves behind."""

    feed_id: UUID
    session_id: UUID
    place_id: UUID
    node: str
    room_id: str
    leftovers: tuple[HeldHandle, ...]


@dataclass(frozen=True, slots=True)
class FlowingFeed:
    """A feed that should be at the media server."""

    feed_id: UUID
    place_id: UUID
    session_id: UUID
    node: str
    room_id: str
    is_live: bool


def room_feeds(feeds: Iterable[Feed], *, but: tuple[UUID, ...] = ()) -> tuple[RoomFeed, ...]:
    """Return feeds as a tuner wants them, without some."""
    return tuple(RoomFeed(str(one.id), str(one.participant_id), one.source) for one in feeds if one.id not in but)


def admit_screen(
    *, actor: Actor, now: datetime, session_id: UUID, participant_id: UUID, place_id: UUID
) -> FeedAdmission:
    """Let a person share a screen beside their camera, one at a time in a call.

    Raises `NotPermitted`, `PlaceOver`, `NotAdmitted`, `TalkOver` or `BusyScreen`; a refusal is audited.
    """
    with refusals(actor, "feed.publish", session_id, participant_id):
        consultation = lock_going_on(session_id)
        place = _own_place(actor, session_id, participant_id, place_id)
        require_still(now, consultation, place)
        screens = Feed.objects.filter(session_id=session_id, source=Feed.Source.SCREEN, purpose=place.purpose)
        going_on = screens.filter(room_id=place.room_id).exclude(state=Feed.State.ENDED)
        if going_on.exclude(place=place).exists():
            raise BusyScreen
    left = [held for feed in going_on.filter(place=place) for held in close_feed(now=now, feed=feed, reason="replaced")]
    feed = Feed.objects.create(
        session_id=session_id,
        place=place,
        participant=place.participant,
        purpose=place.purpose,
        source=Feed.Source.SCREEN,
        node=place.node,
        room_id=place.room_id,
        admitted_at=now,
    )
    note(actor, "feed.publish", Operation.COLLECTION, consultation, place.participant, source="screen")
    return FeedAdmission(feed.id, session_id, place.id, feed.node, feed.room_id, tuple(left))


def find_own_feed(
    *, actor: Actor, now: datetime, session_id: UUID, participant_id: UUID, feed_id: UUID
) -> HeldHandle | None:
    """Return the place of a person's own feed at the media server; None where it has none, or is over.

    Raises `NotFound` for anybody else's.
    """
    feed = Feed.objects.select_related("participant").filter(pk=feed_id, session_id=session_id).first()
    if feed is None or feed.participant_id != participant_id:
        raise NotFound("There is no such feed.")
    require_own(actor, feed.participant)
    return None if feed.is_over else handle_of_feed(feed)


def note_feed_placed(*, now: datetime, feed_id: UUID, gateway_session: int, gateway_handle: int, process: str) -> None:
    """Keep the place that the media server gave; raises `PlaceOver` when the feed was ended meanwhile."""
    feed = lock_feed(feed_id)
    if feed.is_over:
        raise PlaceOver
    feed.connect(gateway_session=gateway_session, gateway_handle=gateway_handle, process=process)
    feed.save()


def note_up(*, now: datetime, feed_id: UUID) -> None:
    """It is connected: from now on others may receive it."""
    feed = lock_feed(feed_id)
    if feed.is_over or feed.is_up:
        return
    feed.is_up = True
    feed.save(update_fields=["is_up"])
    tell_place_room_on_commit(feed.place)


def note_media(*, now: datetime, feed_id: UUID, is_sound: bool, layer: int, arrives: bool) -> TrackPlan | None:
    """Sound, or a layer of the picture, arrives or ceased to. Returns what is to be recorded from now on, if anything.

    Live is whatever anything arrives of: who sends sound alone is there.
    """
    feed = lock_feed(feed_id)
    if feed.is_over:
        return None
    before = (feed.state, feed.hears, feed.layers, feed.is_up)
    became_live = feed.note_media(now, is_sound=is_sound, layer=layer, arrives=arrives)
    if before == (feed.state, feed.hears, feed.layers, feed.is_up):
        feed.save(update_fields=["last_media_at"])
        return None
    feed.save()
    if feed.purpose == Place.Purpose.CALL and became_live:
        _go_live(feed, now)
    tell_place_room_on_commit(feed.place)
    return plan_for_feed(now=now, feed=feed) if became_live else None


def close_feed(*, now: datetime, feed: Feed, reason: str) -> list[HeldHandle]:
    """End a feed of a locked session, and its recording. Returns what is to be detached."""
    held = handle_of_feed(feed)
    stop_segment_of(actor=actor_of(feed.participant), now=now, feed=feed)
    feed.end(now, reason=reason)
    feed.save()
    return [held] if held else []


def lock_feed(feed_id: UUID) -> Feed:
    """Return a feed with its place and person, its session locked; raises `NotFound`."""
    session_id = Feed.objects.filter(pk=feed_id).values_list("session_id", flat=True).first()
    if session_id is None:
        raise NotFound("There is no such feed.")
    lock_session(session_id)
    return Feed.objects.select_related("participant", "place__participant", "place__talk").get(pk=feed_id)


def list_flowing() -> list[FlowingFeed]:
    """Return the feeds that are known to be connected, for the comparison with the media server."""
    rows = Feed.objects.filter(is_up=True).exclude(state=Feed.State.ENDED)
    return [
        FlowingFeed(one.id, one.place_id, one.session_id, one.node, one.room_id, one.state == Feed.State.LIVE)
        for one in rows
    ]


def handle_of_feed(feed: Feed) -> HeldHandle | None:
    """Return the place a feed holds, or None."""
    if feed.gateway_session is None or feed.gateway_handle is None:
        return None
    return HeldHandle("feed", feed.id, feed.node, feed.gateway_session, feed.gateway_handle)


def handle_of_reception(reception: Reception) -> HeldHandle | None:
    """Return the place a reception holds, or None."""
    if reception.gateway_session is None or reception.gateway_handle is None:
        return None
    return HeldHandle("reception", reception.id, reception.node, reception.gateway_session, reception.gateway_handle)


def report_own(
    *,
    actor: Actor,
    now: datetime,
    session_id: UUID,
    participant_id: UUID,
    is_muted: bool,
    camera_off: bool,
    rung: str,
) -> None:
    """Keep what a person's page says of the own microphone, camera and line: shown to others, never enforced."""
    lock_session(session_id)
    participant = Participant.objects.filter(pk=participant_id, session_id=session_id).first()
    if participant is None:
        raise NotFound("There is no such person in this consultation.")
    require_own(actor, participant)
    said = (is_muted, camera_off, rung)
    if said == (participant.is_muted, participant.camera_off, participant.rung):
        return
    participant.is_muted, participant.camera_off, participant.rung = said
    participant.save(update_fields=["is_muted", "camera_off", "rung"])
    place = Place.objects.select_related("talk").filter(participant=participant, ended_at__isnull=True).first()
    if place is not None:
        tell_place_room_on_commit(place)


def _own_place(actor: Actor, session_id: UUID, participant_id: UUID, place_id: UUID) -> Place:
    rows = Place.objects.select_related("participant", "talk")
    place = rows.filter(pk=place_id, session_id=session_id, participant_id=participant_id).first()
    if place is None:
        raise NotFound("There is no such place.")
    require_own(actor, place.participant)
    return place


def _go_live(feed: Feed, now: datetime) -> None:
    session = LiveSession.objects.get(pk=feed.session_id)
    if session.state in (LiveSession.State.CONSENTED, LiveSession.State.LIVE) and session.live_at is None:
        session.go_live(now)
        session.save(update_fields=["state", "live_at"])
