"""Places at the media server of processes that died: who may take them over, and what becomes of the picture."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest

from forces.context import ForceRef, ain_force
from streams import signalling
from streams.gateway.interface import EventKind, GatewayUnavailable, HandleEvent
from streams.models import Stream, Watch
from streams.services import arrival, ownership
from streams.signalling import leases, presence, upkeep
from streams.signalling.gateways import PROCESS, reach
from streams.signalling.takeover import take_over
from streams.signalling.upkeep import Upkeep
from tests.fakes.gateway import FakeGateway
from tests.streams.socket_peers import read, until_rows
from tests.streams.test_signalling import live, watching

pytestmark = pytest.mark.usefixtures("live_db", "clean_leases")
OTHER = "0ther0ther00"


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take a missing lease seriously at the second look."""
    monkeypatch.setattr(leases, "LAPSED_AFTER_S", 0.0)


def give_to_other() -> None:
    Stream.objects.update(owner=OTHER)
    Watch.objects.update(process=OTHER)


async def held_by_other(herts: ForceRef, gateway: FakeGateway) -> tuple[UUID, UUID]:
    """Let another process hold a live stream and its watch; returns both ids."""
    watch_id = await watching(herts, gateway)
    await read(herts, give_to_other)
    for key in list(reach().participants):
        del reach().participants[key]
    return (await read(herts, Stream.objects.get)).id, watch_id


def owners() -> Any:
    return Stream.objects.get().owner, Watch.objects.get().process


async def test_watchdog_finds_living_owner_claims_nothing(herts: ForceRef, gateway: FakeGateway, hasty: None) -> None:
    await held_by_other(herts, gateway)
    await leases.renew(OTHER)
    keeper = Upkeep(herts)

    await keeper.take_over_places()
    await keeper.take_over_places()

    assert gateway.claimed == []
    assert await read(herts, owners) == (OTHER, OTHER)


async def test_watchdog_misses_a_lease_for_a_moment_claims_nothing(herts: ForceRef, gateway: FakeGateway) -> None:
    await held_by_other(herts, gateway)
    keeper = Upkeep(herts)

    await keeper.take_over_places()  # as after Redis came back empty
    await leases.renew(OTHER)
    await keeper.take_over_places()

    assert gateway.claimed == []


async def test_watchdog_cannot_read_leases_begins_to_wait_anew(
    herts: ForceRef, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    await held_by_other(herts, gateway)
    keeper = Upkeep(herts)
    monkeypatch.setattr(leases, "LAPSED_AFTER_S", 0.3)
    await keeper.take_over_places()
    await asyncio.sleep(0.35)
    with monkeypatch.context() as broken:
        broken.setattr(leases, "find_absent", _unreachable)
        with pytest.raises(ConnectionError):
            await keeper.take_over_places()

    await keeper.take_over_places()
    assert gateway.claimed == []
    await asyncio.sleep(0.35)
    await keeper.take_over_places()
    assert len(gateway.claimed) == 2


async def _unreachable(_processes: object) -> leases.Absent:
    raise ConnectionError


async def test_watchdog_never_claims_from_itself(herts: ForceRef, gateway: FakeGateway, hasty: None) -> None:
    await watching(herts, gateway)
    leases.give_back(PROCESS)

    await Upkeep(herts).take_over_places()

    assert gateway.claimed == []


async def test_two_claimers_one_wins(herts: ForceRef, gateway: FakeGateway) -> None:
    await held_by_other(herts, gateway)
    [stream, _] = await read(herts, lambda: ownership.list_owned(owner=OTHER))

    def change(after: str) -> Any:
        return ain_force(herts, ownership.change_owner, owned=stream, before=OTHER, after=after)

    won = await asyncio.gather(*(change(f"claimer-{number}") for number in range(4)))

    assert sorted(won) == [False, False, False, True]
    assert (await read(herts, owners))[0] == f"claimer-{won.index(True)}"


async def test_claimer_that_lost_asks_the_media_server_nothing(herts: ForceRef, gateway: FakeGateway) -> None:
    await held_by_other(herts, gateway)
    await asyncio.gather(take_over(herts, OTHER), take_over(herts, OTHER))

    assert len(gateway.claimed) == len(set(gateway.claimed)) == 2


async def test_stream_that_ended_meanwhile_is_not_claimed(herts: ForceRef, gateway: FakeGateway) -> None:
    stream_id, _ = await held_by_other(herts, gateway)
    [owned, _] = await read(herts, lambda: ownership.list_owned(owner=OTHER))
    await signalling.end_stream(herts, upkeep.WATCHDOG, stream_id, "stopped")

    assert await ain_force(herts, ownership.change_owner, owned=owned, before=OTHER, after=PROCESS) is False
    assert await take_over(herts, OTHER) == 0


async def test_owner_died_watchdog_claims_and_nothing_ends(herts: ForceRef, gateway: FakeGateway, hasty: None) -> None:
    stream_id, watch_id = await held_by_other(herts, gateway)
    keeper = Upkeep(herts)

    await keeper.take_over_places()
    await keeper.take_over_places()

    assert await read(herts, owners) == (PROCESS, PROCESS)
    assert set(gateway.claimed) == set(gateway.seats)
    rows = await read(herts, lambda: (Stream.objects.get(), Watch.objects.get()))
    assert (rows[0].id, rows[0].state, rows[1].id, rows[1].ended_at) == (stream_id, "live", watch_id, None)


async def test_owner_gave_its_lease_back_watchdog_claims_at_the_first_look(
    herts: ForceRef, gateway: FakeGateway
) -> None:
    await held_by_other(herts, gateway)
    leases.give_back(OTHER)

    await Upkeep(herts).take_over_places()

    assert await read(herts, owners) == (PROCESS, PROCESS)


async def test_events_of_a_claimed_stream_become_states(herts: ForceRef, gateway: FakeGateway) -> None:
    stream_id, watch_id = await held_by_other(herts, gateway)
    await take_over(herts, OTHER)

    gateway.emit_video(str(stream_id), receiving=False)
    await until_rows(herts, lambda: Stream.objects.get().state == "stalled")
    gateway.emit(HandleEvent(EventKind.HANGUP, gateway.publisher(str(stream_id))))

    await until_rows(herts, lambda: Stream.objects.get().end_reason == "hangup")
    assert await read(herts, lambda: Watch.objects.get(pk=watch_id).ended_at)


async def test_session_died_with_its_owner_stream_ends_as_lost(herts: ForceRef, gateway: FakeGateway) -> None:
    await held_by_other(herts, gateway)
    gateway.seats.clear()

    assert await take_over(herts, OTHER) == 0

    ended, watch = await read(herts, lambda: (Stream.objects.get(), Watch.objects.get()))
    assert (ended.state, ended.end_reason) == ("ended", "media_lost")
    assert watch.ended_at is not None
    assert reach().participants == {}


async def test_owner_died_before_it_wrote_the_place_down_stream_ends_as_lost(
    herts: ForceRef, gateway: FakeGateway
) -> None:
    stream_id, _ = await held_by_other(herts, gateway)
    await read(herts, lambda: Stream.objects.filter(pk=stream_id).update(gateway_session=None, gateway_handle=None))

    await take_over(herts, OTHER)

    assert (await read(herts, Stream.objects.get)).end_reason == "media_lost"


async def test_feed_ended_while_nobody_listened_stream_is_ended(
    herts: ForceRef, gateway: FakeGateway, hasty: None
) -> None:
    stream_id, _ = await held_by_other(herts, gateway)
    leases.give_back(OTHER)
    for room in gateway.rooms.values():
        room.feeds.discard(str(stream_id))

    await Upkeep(herts).take_over_places()

    assert (await read(herts, Stream.objects.get)).end_reason == "hangup"


async def test_media_server_does_not_answer_the_place_is_left_to_whoever_comes_next(
    herts: ForceRef, gateway: FakeGateway
) -> None:
    await held_by_other(herts, gateway)
    gateway.failures["claim"] = GatewayUnavailable("gone")
    assert await take_over(herts, OTHER) == 0
    assert await read(herts, owners) == (OTHER, OTHER)
    assert reach().participants == {}

    gateway.failures.clear()
    assert await take_over(herts, OTHER) == 2


async def test_console_of_a_dead_process_is_not_waited_for(herts: ForceRef, gateway: FakeGateway) -> None:
    await held_by_other(herts, gateway)
    await presence.hold_lease(herts, "socket")

    await take_over(herts, OTHER)

    assert await presence.lapsed(herts, ["socket"]) == {"socket"}


async def test_caller_whose_process_died_stops_by_another(herts: ForceRef, gateway: FakeGateway) -> None:
    """Rows name the place: whoever the caller comes to can trickle, publish anew and stop."""
    caller, stream_id = await live(herts, gateway)
    await read(herts, give_to_other)
    reach().participants.clear()
    await take_over(herts, OTHER)
    old = gateway.publisher(str(stream_id))

    await signalling.trickle_publisher(caller, None)
    assert gateway.seats[old].candidates == [None]
    await signalling.publish(caller, "v=0")
    assert old not in gateway.seats
    await signalling.stop_stream(caller)
    assert gateway.seats == {}
    assert await read(herts, lambda: set(Stream.objects.values_list("end_reason", flat=True))) == {
        "replaced",
        "stopped",
    }
    assert await read(herts, lambda: list(arrival.list_flowing_streams())) == []
