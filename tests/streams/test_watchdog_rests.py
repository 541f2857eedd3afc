"""An idle force costs the watchdog one question a second; whatever goes on there has every step at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from forces import clock
from forces.context import ForceRef, ain_force
from forces.services import sharing
from streams import watchdog
from streams.models import LiveSession, RecordingSegment, Stream, Talk
from streams.services import idleness, rooms
from streams.services.sessions import end_session
from streams.signalling.upkeep import Upkeep
from streams.steps import Step
from streams.watchdog import PERIOD_SECONDS, RESTS_AFTER_LOOKS, STEPS, Watchdog
from tests.factories.agencies import share_out
from tests.factories.media import make_live, make_watch
from tests.factories.officers import make_officer_live
from tests.factories.shares import share
from tests.factories.streams import make_opened, person
from tests.factories.talks import make_talk
from tests.fakes.gateway import FakeGateway
from tests.streams.socket_peers import make, until_rows
from tests.streams.test_signalling import live

pytestmark = pytest.mark.usefixtures("live_db")


async def idle(force: ForceRef) -> bool:
    return await ain_force(force, idleness.is_idle, now=clock.now())


class Counted:
    """A watchdog of one force whose two steps only count: one that rests, one that never does."""

    def __init__(self, force: ForceRef) -> None:
        self.resting = self.restless = 0
        self._force = force
        self.dog = Watchdog((Step(self.rest, 0, 5, rests=True), Step(self.run, 0, 5)), self._forces)

    async def rest(self, _: Upkeep) -> None:
        self.resting += 1

    async def run(self, _: Upkeep) -> None:
        self.restless += 1

    async def _forces(self) -> list[ForceRef]:
        return [self._force]


async def test_idle_force_rests_after_everything_saw_that_nothing_is_left(herts: ForceRef) -> None:
    counted = Counted(herts)
    for _ in range(RESTS_AFTER_LOOKS + 3):
        await counted.dog.tend()

    assert counted.resting == RESTS_AFTER_LOOKS
    assert counted.restless == RESTS_AFTER_LOOKS + 3


async def test_session_that_begins_has_every_step_with_the_next_look(herts: ForceRef) -> None:
    counted = Counted(herts)
    for _ in range(RESTS_AFTER_LOOKS + 1):
        await counted.dog.tend()
    await make(herts, make_opened)
    await counted.dog.tend()

    assert counted.resting == RESTS_AFTER_LOOKS + 1


async def test_everything_is_looked_at_now_and_then_however_idle_a_force_is_said_to_be(
    herts: ForceRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watchdog, "RESTS_AFTER_LOOKS", 2)
    monkeypatch.setattr(watchdog, "LOOKS_AT_EVERYTHING_EVERY", 5)
    counted = Counted(herts)
    for _ in range(11):
        await counted.dog.tend()

    assert counted.resting == 4, "the first two, the fifth and the tenth"


def test_no_step_rests_before_it_has_run_in_an_idle_force() -> None:
    assert max(step.every_s for step in STEPS if step.rests) < RESTS_AFTER_LOOKS * PERIOD_SECONDS


async def test_force_that_cannot_be_asked_is_not_taken_for_idle(
    herts: ForceRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(**_: Any) -> bool:
        raise OSError("no database")

    counted = Counted(herts)
    for _ in range(RESTS_AFTER_LOOKS + 1):
        await counted.dog.tend()
    monkeypatch.setattr(watchdog, "is_idle", lost)
    await counted.dog.tend()

    assert counted.resting == RESTS_AFTER_LOOKS + 1


async def test_force_without_sessions_is_idle_and_one_force_is_not_asked_for_another(
    herts: ForceRef, beds: ForceRef
) -> None:
    assert await idle(herts)
    await make(herts, make_opened)

    assert not await idle(herts)
    assert await idle(beds)


async def test_force_is_idle_again_only_when_the_media_server_holds_nothing_for_it(
    herts: ForceRef, gateway: FakeGateway
) -> None:
    caller, stream_id = await live(herts, gateway)
    await ain_force(
        herts, end_session, actor=person(), now=clock.now(), session_id=caller.session_id, reason="operator"
    )
    assert not await idle(herts), "its room is open"

    keeper = Upkeep(herts)
    await keeper.close_rooms()
    await keeper.give_back_handles()
    await until_rows(herts, lambda: not rooms.list_open_rooms())
    assert await idle(herts)

    def hold(**_: Any) -> None:
        Stream.objects.filter(pk=stream_id).update(gateway_session=1, gateway_handle=2)

    await make(herts, hold)
    assert not await idle(herts), "a handle was not given back"


@pytest.mark.parametrize("what", ["nothing", "watch", "recording", "stream"])
async def test_force_where_something_goes_on_after_its_session_is_not_idle(
    herts: ForceRef, gateway: FakeGateway, what: str
) -> None:
    caller, stream_id = await live(herts, gateway)
    await until_rows(herts, RecordingSegment.objects.exists)

    def leave_one(now: datetime) -> None:
        if what == "watch":
            make_watch(Stream.objects.get(pk=stream_id))
        LiveSession.objects.filter(pk=caller.session_id).update(
            state=LiveSession.State.ENDED, ended_at=now, room_closed_at=now
        )
        if what != "recording":
            RecordingSegment.objects.update(state=RecordingSegment.State.STOPPED, stopped_at=now)
        if what != "stream":
            after = now + timedelta(seconds=1)
            Stream.objects.update(state=Stream.State.ENDED, ended_at=after, gateway_session=None, gateway_handle=None)

    await make(herts, leave_one)
    assert await idle(herts) is (what == "nothing")


# A share with a force outlives its test in this module's database: it comes last.
@pytest.mark.parametrize("kind", ["agency", "force"])
async def test_force_that_still_shares_what_is_over_is_not_idle_when_its_time_has_come(
    herts: ForceRef, kind: str
) -> None:
    def leave_a_share(now: datetime) -> None:
        stream = make_live(now=now)
        if kind == "agency":
            share_out(stream.session_id, now=now)
        else:
            share(stream.session_id, now=now, ends_at=now + timedelta(hours=1))
        LiveSession.objects.update(state=LiveSession.State.ENDED, ended_at=now, room_closed_at=now)
        RecordingSegment.objects.update(state=RecordingSegment.State.STOPPED, stopped_at=now)
        after = now + timedelta(seconds=1)
        Stream.objects.update(state=Stream.State.ENDED, ended_at=after, gateway_session=None, gateway_handle=None)

    await make(herts, leave_a_share)
    later = clock.now() + timedelta(hours=13)
    overdue = await ain_force(herts, sharing.overdue_shares, now=later)
    assert len(overdue) == (kind == "force")

    assert await ain_force(herts, idleness.is_idle, now=clock.now())
    assert not await ain_force(herts, idleness.is_idle, now=later)


@pytest.mark.parametrize("left", ["nothing", "talk", "handle", "listener"])
async def test_force_where_a_talk_goes_on_or_holds_a_place_is_not_idle(herts: ForceRef, left: str) -> None:
    def leave_a_talk(now: datetime) -> None:
        talk = make_talk(make_live(make_officer_live(now=now), now=now).session_id, now=now)
        after = now + timedelta(seconds=1)
        LiveSession.objects.update(state=LiveSession.State.ENDED, ended_at=after, room_closed_at=after)
        RecordingSegment.objects.update(state=RecordingSegment.State.STOPPED, stopped_at=after)
        Stream.objects.update(state=Stream.State.ENDED, ended_at=after, gateway_session=None, gateway_handle=None)
        over: dict[str, Any] = (
            {} if left == "talk" else {"ended_at": after, "end_reason": "released", "is_speaking": False}
        )
        places: dict[str, Any] = {"gateway_session": None, "gateway_handle": None}
        if left == "handle":
            places = {}
        if left == "listener":
            places |= {"listener_session": 3, "listener_handle": 4}
        Talk.objects.filter(pk=talk.pk).update(**over, **places)

    await make(herts, leave_a_talk)
    assert await idle(herts) is (left == "nothing")
