"""What the watchdog looks after in consultations: lost places, media that are gone, recordings nobody agreed to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from django.conf import settings

from consultations.broadcasts import waiting_of
from consultations.limits import (
    CHECK_LASTS,
    LOST_AFTER,
    NEVER_UP_AFTER,
    NOBODY_LEADS_ENDS,
    PLACE_GIVEN_UP_AFTER,
    RETURN_WITHIN,
)
from consultations.models import Consultation, Feed, Participant, Place, TrackSegment
from consultations.services import consenting, places
from consultations.signalling import upkeep_media, upkeep_people, upkeep_recording
from consultations.signalling.carrying import call_spec
from consultations.signs import hear_person
from forces import clock
from forces.context import ForceRef, ain_force
from forces.dispatch import redis_client
from streams.gateway.interface import GatewayUnavailable
from streams.signalling.upkeep import Upkeep
from tests.factories import consultations as made
from tests.fakes.gateway import FakeGateway
from tests.streams.socket_peers import read

pytestmark = pytest.mark.usefixtures("module_db", "gateway")


class Call(NamedTuple):
    """A call of an officer and a member, both of whom send."""

    consultation: Consultation
    victim: made.Member
    feed: Feed

    @property
    def place(self) -> Place:
        """The member's newest place."""
        return Place.objects.filter(participant_id=self.victim.participant_id).latest("begun_at")

    @property
    def feed_now(self) -> Feed:
        """The member's camera as in the database."""
        return Feed.objects.get(pk=self.feed.id)


def _call() -> Call:
    now = clock.now()
    consultation = made.make_open(now=now)
    made.make_live(made.sit_officer(consultation, now=now), now=now)
    victim = made.inside(consultation, "victim", now=now)
    return Call(consultation, victim, Feed.objects.get(participant_id=victim.participant_id))


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Return a function that lets so much time pass by the clock of the rows."""
    began = clock._offset

    def pass_by(ahead: timedelta) -> None:
        monkeypatch.setattr(clock, "_offset", began + ahead)

    return pass_by


@pytest.fixture
async def call(herts: ForceRef, gateway: FakeGateway) -> Call:
    """Return a call whose pages are heard and whose feeds the media server knows."""
    for key in redis_client().scan_iter("herts:turns:*"):
        redis_client().delete(key)
    for known in (upkeep_media._dark_since, upkeep_media._missing_since, upkeep_media._blind):
        known.clear()
    upkeep_recording._growing.clear()
    await read(herts, _end_all)
    made_call = await ain_force(herts, _call)
    await gateway.connect()
    await _publish(herts, gateway, made_call)
    await hear(herts, made_call)
    return made_call


def _end_all() -> None:
    """Whatever earlier tests of this module left goes on no longer."""
    Place.objects.filter(ended_at__isnull=True).update(ended_at=clock.now(), end_reason="test")
    now = clock.now()
    Feed.objects.exclude(state="ended").update(state="ended", ended_at=now, is_up=False)
    TrackSegment.objects.exclude(state="stopped").update(state="stopped", stopped_at=now)
    Consultation.objects.filter(state="open").update(state="ended", over_at=now, recording="off")


async def _publish(herts: ForceRef, gateway: FakeGateway, made_call: Call) -> None:
    feeds = await read(herts, lambda: [str(one.id) for one in Feed.objects.exclude(state="ended")])
    await gateway.ensure_room(call_spec(herts, made_call.consultation.session_id, made_call.feed.room_id))
    gateway.rooms[made_call.feed.room_id].feeds |= set(feeds)


async def hear(herts: ForceRef, made_call: Call) -> None:
    people = await read(herts, lambda: list(Participant.objects.filter(session_id=made_call.consultation.session_id)))
    for one in people:
        await hear_person(herts, one.id)


def unhear(made_call: Call) -> None:
    redis_client().delete(f"herts:meeting:{made_call.victim.participant_id}")


def write_file(made_call: Call, file_base: str, size: int) -> None:
    path: Path = settings.RECORDINGS_DIR / "herts" / str(made_call.consultation.session_id)
    path.mkdir(parents=True, exist_ok=True)
    (path / f"{file_base}-audio.mjr.part").write_bytes(b"x" * size)


async def place_of(herts: ForceRef, made_call: Call) -> Place:
    found: Place = await read(herts, lambda: made_call.place)
    return found


async def test_page_that_is_not_heard_is_lost_and_comes_back(herts: ForceRef, call: Call) -> None:
    unhear(call)
    await upkeep_media.end_lost_places(Upkeep(herts))
    assert (await place_of(herts, call)).lost_at is not None

    await hear(herts, call)
    await upkeep_media.end_lost_places(Upkeep(herts))
    assert (await place_of(herts, call)).lost_at is None


async def test_place_is_given_up_when_neither_page_nor_media_are_there(
    herts: ForceRef, call: Call, later: Callable[[timedelta], None]
) -> None:
    unhear(call)
    await upkeep_media.end_lost_places(Upkeep(herts))
    later(PLACE_GIVEN_UP_AFTER + timedelta(seconds=1))
    await upkeep_media.end_lost_places(Upkeep(herts))
    assert (await place_of(herts, call)).ended_at is None, "sound and picture arrive still"

    await read(herts, lambda: Feed.objects.filter(pk=call.feed.id).update(state="stalled", stalled_at=clock.now()))
    await upkeep_media.end_lost_places(Upkeep(herts))

    ended = await place_of(herts, call)
    assert (ended.end_reason, (await read(herts, lambda: call.feed_now)).state) == ("silent", "ended")
    assert (await read(herts, lambda: call.victim.row)).state == "admitted"


async def test_media_server_that_came_back_empty_ends_places_and_the_recording(
    herts: ForceRef, call: Call, gateway: FakeGateway
) -> None:
    await read(herts, lambda: _record(call))
    gateway.rooms.clear()

    await upkeep_media.compare_call_feeds(Upkeep(herts))

    assert (await place_of(herts, call)).end_reason == "media_lost"
    segments = await read(herts, lambda: list(TrackSegment.objects.filter(session_id=call.consultation.session_id)))
    assert segments
    assert {one.state for one in segments} == {"stopped"}


async def test_media_server_that_hangs_ends_nothing_and_is_shown_until_it_answers(
    herts: ForceRef, call: Call, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Switch: `_blind` of `end_lost_places`.
    monkeypatch.setattr(upkeep_media, "BLIND_AFTER_S", 0.0)
    gateway.failures["list_feeds"] = GatewayUnavailable("it hangs")
    for _ in range(2):
        await upkeep_media.compare_call_feeds(Upkeep(herts))
        await upkeep_media.end_lost_places(Upkeep(herts))
        shown = await place_of(herts, call)
        assert (shown.lost_at is not None, shown.ended_at) == (True, None)

    gateway.failures.clear()
    await hear(herts, call)
    await upkeep_media.compare_call_feeds(Upkeep(herts))
    await upkeep_media.end_lost_places(Upkeep(herts))
    assert (await place_of(herts, call)).lost_at is None


async def test_feed_that_the_media_server_lost_alone_is_over_a_look_later(
    herts: ForceRef, call: Call, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway.rooms[call.feed.room_id].feeds.discard(str(call.feed.id))
    await upkeep_media.compare_call_feeds(Upkeep(herts))
    assert (await place_of(herts, call)).ended_at is None

    monkeypatch.setattr(upkeep_media, "MISSING_AFTER_S", 0.0)
    await upkeep_media.compare_call_feeds(Upkeep(herts))
    assert (await place_of(herts, call)).end_reason == "media_lost"
    assert await read(herts, lambda: Place.objects.filter(ended_at__isnull=True).count()) == 1


async def test_feed_that_never_was_connected_is_over(
    herts: ForceRef, call: Call, later: Callable[[timedelta], None]
) -> None:
    await ain_force(herts, lambda: made.sit(call.victim, now=clock.now()))
    await upkeep_media.end_stale_feeds(Upkeep(herts))
    assert (await place_of(herts, call)).ended_at is None

    later(NEVER_UP_AFTER + timedelta(seconds=1))
    await upkeep_media.end_stale_feeds(Upkeep(herts))
    assert (await place_of(herts, call)).end_reason == "never_live"


async def test_line_check_is_over_after_three_minutes(
    herts: ForceRef, call: Call, later: Callable[[timedelta], None]
) -> None:
    def check() -> made.Member:
        member = made.opened(made.person_of(call.consultation, "interpreter"), now=clock.now())
        made.make_live(made.sit(member, now=clock.now(), purpose="check"), now=clock.now())
        return member

    member = await ain_force(herts, check)
    await hear_person(herts, member.participant_id)
    later(CHECK_LASTS + timedelta(seconds=1))
    await upkeep_media.end_lost_places(Upkeep(herts))

    rows = Place.objects.filter(participant_id=member.participant_id)
    assert (await read(herts, rows.get)).end_reason == "check_over"
    assert (await place_of(herts, call)).ended_at is None


async def test_who_was_away_for_five_minutes_waits_again(
    herts: ForceRef, call: Call, later: Callable[[timedelta], None]
) -> None:
    await ain_force(herts, places.end_feed, now=clock.now(), feed_id=call.feed.id, reason="hangup")
    await upkeep_people.return_to_waiting(Upkeep(herts))
    assert (await read(herts, lambda: call.victim.row)).state == "admitted"

    later(RETURN_WITHIN + timedelta(seconds=1))
    await upkeep_people.return_to_waiting(Upkeep(herts))
    found = await read(herts, lambda: call.victim.row)
    assert (found.state, found.admission) == ("waiting", 2)


async def test_members_are_not_left_alone_in_a_call(
    herts: ForceRef, call: Call, later: Callable[[timedelta], None]
) -> None:
    def leave() -> None:
        place = Place.objects.filter(ended_at__isnull=True).exclude(participant__user_id="").get()
        places.end_place_of(now=clock.now(), place_id=place.id, reason="left")

    await ain_force(herts, leave)
    await upkeep_people.notice_nobody_leads(Upkeep(herts))
    later(NOBODY_LEADS_ENDS + timedelta(seconds=1))
    await upkeep_people.notice_nobody_leads(Upkeep(herts))

    row = await read(herts, lambda: made.consultation_now(call.consultation))
    assert (row.state, row.session.end_reason) == ("ended", "nobody_leads")
    assert await read(herts, lambda: Place.objects.filter(ended_at__isnull=True).count()) == 0


async def test_recording_that_goes_on_without_leave_is_halted_and_the_feed_put_out(
    herts: ForceRef, beds: ForceRef, call: Call, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Switch: `_stop_what_goes_on`; and `growing` apart for each force, for the other force looks in between.
    await read(herts, lambda: _record(call))
    await read(herts, lambda: _withdraw(call))
    monkeypatch.setattr(upkeep_recording, "GOES_ON_AFTER_S", 0.0)
    for size in (100, 200):
        write_file(call, f"{call.feed.id}-1", size)
        await upkeep_recording.check_track_recordings(Upkeep(herts))
        await upkeep_recording.check_track_recordings(Upkeep(beds))

    assert (await read(herts, lambda: call.feed_now)).end_reason == "recording_goes_on"
    assert (await place_of(herts, call)).ended_at is not None


async def test_file_that_grows_confirms_the_track(herts: ForceRef, call: Call) -> None:
    await read(herts, lambda: _record(call))
    segment = await read(herts, lambda: TrackSegment.objects.get(feed_id=call.feed.id))
    assert segment.state == "starting"
    write_file(call, segment.file_base, 100)

    await upkeep_recording.check_track_recordings(Upkeep(herts))

    assert (await read(herts, lambda: TrackSegment.objects.get(pk=segment.pk))).state == "recording"


async def test_desk_sees_that_a_page_in_the_waiting_room_has_gone(herts: ForceRef, call: Call) -> None:
    upkeep_people._absent.clear()
    member = await ain_force(
        herts, lambda: made.waiting(made.person_of(call.consultation, "interpreter"), now=clock.now())
    )
    await hear_person(herts, member.participant_id)
    await upkeep_people.notice_who_waits(Upkeep(herts))
    assert upkeep_people._absent["herts"][call.consultation.session_id] == set()
    redis_client().delete(f"herts:meeting:{member.participant_id}")
    await upkeep_people.notice_who_waits(Upkeep(herts))
    assert upkeep_people._absent["herts"][call.consultation.session_id] == {member.participant_id}
    shown = await read(herts, lambda: waiting_of(call.consultation.session_id))
    assert [one["is_here"] for one in shown] == [False]


def test_signs_of_life_outlive_two_pings() -> None:
    assert timedelta(seconds=2) < LOST_AFTER < timedelta(seconds=5)


def _record(call: Call) -> datetime:
    now = clock.now()
    made.ask_to_record(call.consultation, now=now)
    made.answer_consent(call.victim, "yes", now=now)
    return now


def _withdraw(call: Call) -> None:
    consenting.withdraw_recording_consent(actor=call.victim.actor, now=clock.now(), **call.victim.ids)
