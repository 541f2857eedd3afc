"""What comes true by itself: silence, lost processes, rooms left open, and one force that never stops another."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from evidence.models import Item
from forces import clock
from forces.context import ForceRef, ain_force
from forces.dispatch import redis_client
from streams import signalling
from streams.gateway.interface import GatewayUnavailable
from streams.models import LiveSession, RecordingSegment, Stream, Watch
from streams.services import handles, progress
from streams.services.sessions import end_session
from streams.signalling import presence, upkeep
from streams.signalling.upkeep import Missing, Upkeep
from streams.steps import Step
from streams.watchdog import STEPS, Watchdog
from tests.factories.media import make_watch
from tests.factories.streams import make_opened, person
from tests.fakes.gateway import FakeGateway
from tests.streams.socket_peers import make, read, until, until_rows
from tests.streams.test_signalling import caller_of, live, published

pytestmark = pytest.mark.usefixtures("live_db")


def stream() -> Any:
    return Stream.objects.get()


def later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Move the clock on."""
    monkeypatch.setattr(clock, "_offset", timedelta(seconds=seconds))


def write(tmp_path: Path, row: Stream, size: int, name: str = "-video-0.mjr.part") -> None:
    """Let the media server have written so many bytes of a stream."""
    directory = tmp_path / "herts" / str(row.session_id)
    directory.mkdir(parents=True, exist_ok=True)
    (directory / f"videoroom-x-user-{row.id}-1{name}").write_bytes(b"x" * size)


async def ended(force: ForceRef, caller: Any) -> None:
    """End a session as a process does that dies right afterwards."""
    await ain_force(
        force, end_session, actor=person(), now=clock.now(), session_id=caller.session_id, reason="operator"
    )


async def recorded(herts: ForceRef, gateway: FakeGateway) -> Any:
    """Let a live stream be recorded; returns (caller, stream)."""
    caller, _ = await live(herts, gateway)
    await until_rows(herts, RecordingSegment.objects.exists)
    return caller, await read(herts, stream)


async def segment_state(herts: ForceRef) -> Any:
    await Upkeep(herts).check_recordings()
    return (await read(herts, RecordingSegment.objects.get)).state


async def test_stream_that_never_came_is_given_up_after_30_seconds(
    herts: ForceRef, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    await published(herts, gateway)

    later(monkeypatch, 29)
    await Upkeep(herts).end_stale_streams()
    assert (await read(herts, stream)).state == "connecting"
    later(monkeypatch, 31)
    await Upkeep(herts).end_stale_streams()

    assert (await read(herts, stream)).end_reason == "never_live"
    assert gateway.seats == {}


async def test_stream_silent_for_30_seconds_is_ended(
    herts: ForceRef, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, stream_id = await live(herts, gateway)
    gateway.emit_video(str(stream_id), receiving=False)
    await until_rows(herts, lambda: stream().state == "stalled")

    later(monkeypatch, 31)
    await Upkeep(herts).end_stale_streams()

    assert (await read(herts, stream)).end_reason == "silent"


async def test_media_server_that_forgot_a_stream_ends_it(herts: ForceRef, gateway: FakeGateway) -> None:
    await live(herts, gateway)
    gateway.forget_everything()

    await Upkeep(herts).compare_feeds()

    assert (await read(herts, stream)).end_reason == "gateway_failed"


async def lost_from_sight(gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch, keeper: Upkeep) -> None:
    """Let the media server answer nobody until the watchdog has noticed."""
    monkeypatch.setattr(upkeep, "BLIND_AFTER_S", 0.0)
    monkeypatch.setattr(upkeep, "SEEN_AFTER_S", 0.2)
    gateway.failures["list_feeds"] = GatewayUnavailable("gone")
    await keeper.compare_feeds()


async def test_stream_that_fell_silent_while_nobody_saw_it_is_not_revived(
    herts: ForceRef, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, stream_id = await live(herts, gateway)
    keeper = Upkeep(herts)
    await lost_from_sight(gateway, monkeypatch, keeper)
    gateway.emit_video(str(stream_id), receiving=False)  # its owner hears it, while the watchdog is blind
    await until_rows(herts, lambda: stream().stall_reason == "silent")

    gateway.failures.clear()
    await keeper.compare_feeds()
    await asyncio.sleep(0.3)
    await keeper.compare_feeds()

    assert (await read(herts, stream)).state == "stalled"


@pytest.mark.parametrize("is_restarted", [False, True], ids=["the same watchdog", "another watchdog"])
async def test_stream_of_a_media_server_in_the_dark_is_live_again_when_it_has_been_seen_for_a_while(
    herts: ForceRef, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch, is_restarted: bool
) -> None:
    await live(herts, gateway)
    keeper = Upkeep(herts)
    await lost_from_sight(gateway, monkeypatch, keeper)
    assert (await read(herts, stream)).state == "stalled"

    gateway.failures.clear()
    keeper = Upkeep(herts) if is_restarted else keeper
    await keeper.compare_feeds()
    assert (await read(herts, stream)).state == "stalled", "it may be about to say that nothing arrives"
    await asyncio.sleep(0.3)
    await keeper.compare_feeds()
    assert (await read(herts, stream)).state == "live"


async def test_stream_that_stalled_by_itself_is_not_revived_by_the_watchdog(
    herts: ForceRef, gateway: FakeGateway
) -> None:
    _, stream_id = await live(herts, gateway)
    gateway.emit_video(str(stream_id), receiving=False)
    await until_rows(herts, lambda: stream().state == "stalled")

    await Upkeep(herts).compare_feeds()

    assert (await read(herts, stream)).state == "stalled"


async def test_recording_that_grows_is_confirmed(herts: ForceRef, gateway: FakeGateway, tmp_path: Path) -> None:
    _, row = await recorded(herts, gateway)
    assert await segment_state(herts) == "starting"

    write(tmp_path, row, 4096)

    assert await segment_state(herts) == "recording"


async def test_young_recording_asks_for_whole_pictures_and_an_old_one_does_not(
    herts: ForceRef, gateway: FakeGateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, row = await recorded(herts, gateway)
    at_its_start = await until(lambda: gateway.calls.count("request_keyframe"))
    write(tmp_path, row, 4096)
    await segment_state(herts)
    while_young = gateway.calls.count("request_keyframe")
    later(monkeypatch, 4.5)
    write(tmp_path, row, 9000)
    await segment_state(herts)

    assert (at_its_start, while_young) == (1, 2)
    assert gateway.calls.count("request_keyframe") == while_young


@pytest.mark.parametrize(
    ("name", "size"), [("-video-0.mjr.part", 8), ("-audio-1.mjr.part", 4096), ("-video-0.mjr", 4096)]
)
async def test_recording_of_nothing_raises_the_alarm(
    herts: ForceRef, gateway: FakeGateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, size: int
) -> None:
    _, row = await recorded(herts, gateway)
    write(tmp_path, row, size, name)

    later(monkeypatch, 3.5)

    assert await segment_state(herts) == "alarm"


async def test_recording_in_alarm_is_started_again_and_recovers(
    herts: ForceRef, gateway: FakeGateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller, row = await recorded(herts, gateway)
    await until(lambda: gateway.rooms[f"herts-{caller.session_id}"].is_recording)
    later(monkeypatch, 3.5)
    assert await segment_state(herts) == "alarm"
    gateway.rooms[f"herts-{caller.session_id}"].is_recording = False

    assert await segment_state(herts) == "alarm"
    assert gateway.rooms[f"herts-{caller.session_id}"].is_recording
    write(tmp_path, row, 4096)
    assert await segment_state(herts) == "recording"


async def test_file_of_another_stream_confirms_nothing(
    herts: ForceRef, gateway: FakeGateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, row = await recorded(herts, gateway)
    (tmp_path / "herts" / str(row.session_id)).mkdir(parents=True)
    (tmp_path / "herts" / str(row.session_id) / "videoroom-other-video-0.mjr.part").write_bytes(b"x" * 99)
    later(monkeypatch, 3.5)

    assert await segment_state(herts) == "alarm"


async def test_process_died_after_the_end_room_closed_and_recording_handed_over(
    herts: ForceRef, gateway: FakeGateway, tmp_path: Path
) -> None:
    caller, row = await recorded(herts, gateway)
    write(tmp_path, row, 4096)
    await Upkeep(herts).check_recordings()
    await ended(herts, caller)

    await Upkeep(herts).close_rooms()
    await Upkeep(herts).give_back_handles()

    assert gateway.closed_rooms == [f"herts-{caller.session_id}"]
    assert (await read(herts, LiveSession.objects.get)).room_closed_at is not None
    assert (await read(herts, Item.objects.get)).stream_id == row.id
    assert gateway.seats == {}
    assert await read(herts, handles.find_leftover_handles) == []


async def test_room_that_cannot_be_closed_is_tried_again_and_holds_up_no_other(
    herts: ForceRef, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, fine = await caller_of(herts), await caller_of(herts)
    await signalling.publish(broken, "v=0")
    for caller in (broken, fine):
        await ended(herts, caller)
    gateway.failures["close_room"] = GatewayUnavailable("gone")
    keeper = Upkeep(herts)

    await keeper.close_rooms()
    gateway.calls.clear()
    await keeper.close_rooms()  # too early to try again
    assert gateway.calls == []
    open_now = await read(
        herts, lambda: set(LiveSession.objects.filter(room_closed_at=None).values_list("id", flat=True))
    )
    assert open_now == {broken.session_id}

    gateway.failures.clear()
    monkeypatch.setattr(keeper, "_retry_at", {})
    await keeper.close_rooms()
    assert not await read(herts, LiveSession.objects.filter(room_closed_at=None).exists)


async def test_session_over_the_time_limit_is_ended(
    herts: ForceRef, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller, _ = await live(herts, gateway)

    later(monkeypatch, 241 * 60)
    await Upkeep(herts).expire_sessions()
    await Upkeep(herts).close_rooms()

    session = await read(herts, LiveSession.objects.get)
    assert (session.state, session.ended_by_kind) == ("ended", "system")
    assert gateway.closed_rooms == [f"herts-{caller.session_id}"]


async def test_caller_not_heard_is_shown_as_lost_and_back(herts: ForceRef, gateway: FakeGateway) -> Any:
    made = await make(herts, make_opened)
    await ain_force(
        herts,
        progress.note_progress,
        actor=made.actor,
        now=clock.now(),
        session_id=made.session.id,
        step="consent_shown",
    )

    async def step() -> Any:
        await Upkeep(herts).notice_callers()
        return (await read(herts, LiveSession.objects.get)).progress_step

    await presence.hear_caller(herts, made.session.id)
    assert await step() == "consent_shown"
    redis_client().delete(f"herts:caller:{made.session.id}")
    assert await step() == "connection_lost"
    await presence.hear_caller(herts, made.session.id)
    assert await step() == "connected"


async def test_watch_of_a_console_that_died_is_ended_and_that_of_a_living_one_is_not(
    herts: ForceRef, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "ORPHANED_AFTER_S", 0.0)
    await live(herts, gateway)
    dead = await read(herts, lambda: make_watch(stream(), now=clock.now(), owner="dead"))
    await read(herts, lambda: make_watch(stream(), now=clock.now(), owner="alive"))
    await presence.hold_lease(herts, "alive")

    await Upkeep(herts).end_orphaned_watches()

    over = await read(herts, lambda: list(Watch.objects.exclude(ended_at=None).values_list("id", flat=True)))
    assert over == [dead]


async def test_leases_lost_with_redis_end_no_watch_within_a_heartbeat(herts: ForceRef, gateway: FakeGateway) -> None:
    await live(herts, gateway)
    await read(herts, lambda: make_watch(stream(), now=clock.now(), owner="alive"))
    keeper = Upkeep(herts)

    await keeper.end_orphaned_watches()
    await keeper.end_orphaned_watches()

    assert (await read(herts, Watch.objects.get)).ended_at is None


def test_missing_counts_from_the_first_look_and_anew_after_a_return(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: moment[0])
    missing = Missing()

    assert missing.look({"a"}, 5) == set()
    moment[0] = 104.9
    assert missing.look({"a", "b"}, 5) == set()
    moment[0] = 105.0
    assert missing.look({"a", "b"}, 5) == {"a"}
    assert missing.look(set(), 5) == set()
    moment[0] = 200.0
    assert missing.look({"a"}, 5) == set()


async def test_step_that_fails_or_hangs_in_one_force_never_stops_another(herts: ForceRef, beds: ForceRef) -> Any:
    done = []

    async def fragile(keeper: Upkeep) -> None:
        if keeper.force.schema == "beds":
            raise RuntimeError("broken force")
        done.append(("fragile", keeper.force.schema))

    async def slow(keeper: Upkeep) -> None:
        if keeper.force.schema == "beds":
            await asyncio.sleep(3600)
        done.append(("slow", keeper.force.schema))

    async def forces() -> Any:
        return [beds, herts]

    async with asyncio.timeout(5):
        await Watchdog((Step(fragile, 1, 1), Step(slow, 1, 0.2)), forces).tend()

    assert sorted(done) == [("fragile", "herts"), ("slow", "herts")]


async def test_watchdog_stops_when_told_and_goes_on_when_forces_cannot_be_listed(herts: ForceRef) -> Any:
    stop, runs = asyncio.Event(), []
    answers = iter([RuntimeError("no database"), [herts]])

    async def forces() -> Any:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def step(keeper: Upkeep) -> None:
        runs.append(keeper.force.schema)
        stop.set()

    async with asyncio.timeout(10):
        await Watchdog((Step(step, 0, 1),), forces).run(stop)

    assert runs == ["herts"]


async def test_watchdog_tends_every_active_force_with_every_step(
    herts: ForceRef, beds: ForceRef, cambs: ForceRef, gateway: FakeGateway
) -> None:
    dog = Watchdog()

    await dog.tend()

    assert sorted(dog._upkeeps) == ["beds", "cambs", "herts"]
    assert {*STEPS} <= {*dog._steps}
    assert len(dog._due) == 3 * len(dog._steps)
