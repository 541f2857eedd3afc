"""What keeps the bridges: it follows the rows, and writes down how each bridge stands."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import OperationalError

from drones.ingest import bridge as bridging
from drones.ingest import keeper as keeping
from drones.ingest.bridge import BridgeReport, BridgeState
from drones.ingest.keeper import UNHEARD, Keeper
from drones.ingest.reading import Trouble
from drones.ingest.treatments import Treatment
from drones.models import AircraftKey, Feed, Flight
from drones.services.bridging import PUSH_STANDS
from drones.services.flights import land_flight
from drones.services.keys import issue_key, revoke_key
from forces import clock
from forces.context import ForceRef, ain_force
from tests.drones.bad_programs import FOUND, STAYS, Programs, gone, programs
from tests.factories.drones import make_aircraft, make_flying, make_pilot
from tests.factories.streams import person
from tests.streams.socket_peers import until_rows

SERIAL = "KEPT"
ADMIN = person("force_admin")


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[Programs]:
    """Programs in ffmpeg's place: one that passes a picture on, for as long as it is let."""
    with programs() as found:
        monkeypatch.setattr(settings, "FFMPEG", found.make(FOUND + STAYS))
        yield found


@pytest.fixture
async def keeper(live_db: str, made: Programs, herts: ForceRef) -> AsyncIterator[Keeper]:
    """What keeps the bridges of herts; its rows are asked when a test says so."""

    async def forces() -> list[ForceRef]:
        return [herts]

    stop, kept = asyncio.Event(), Keeper(forces)
    running = asyncio.create_task(kept.run(stop))
    yield kept
    stop.set()
    await running


def fly(protocol: str = "srt") -> Flight:
    """Launch an aircraft that sends so, with a new key."""
    now, aircraft = clock.now(), make_aircraft(SERIAL, protocols=[protocol])
    aircraft.protocols = [protocol]
    aircraft.save()
    issue_key(actor=ADMIN, now=now, aircraft_id=aircraft.pk)
    return make_flying(aircraft, make_pilot("pilot-kept"), now=now).flight


def revoke() -> None:
    revoke_key(
        actor=ADMIN, now=clock.now(), key_id=AircraftKey.objects.get(revoked_at=None, aircraft__serial=SERIAL).pk
    )


def state() -> str:
    """How the aircraft's bridge stands."""
    feed = Feed.objects.filter(aircraft__serial=SERIAL).first()
    return f"{feed.state} {feed.trouble}".strip() if feed is not None else ""


async def test_aircraft_is_bridged_from_the_launch_to_the_landing(
    keeper: Keeper, made: Programs, herts: ForceRef
) -> None:
    flight = await ain_force(herts, fly)
    await until_rows(herts, lambda: state() == "passing")
    assert made.starts() == 1

    await ain_force(herts, land_flight, actor=person(), now=clock.now(), session_id=flight.session_id)

    await until_rows(herts, lambda: state() == "stopped")
    assert await gone(made)


async def test_key_that_is_revoked_ends_the_bridge_and_a_new_one_begins_another(
    keeper: Keeper, made: Programs, herts: ForceRef
) -> None:
    flight = await ain_force(herts, fly)
    await until_rows(herts, lambda: state() == "passing")

    await ain_force(herts, revoke)
    await until_rows(herts, lambda: state() == "stopped")
    assert await gone(made)

    await ain_force(herts, issue_key, actor=ADMIN, now=clock.now(), aircraft_id=flight.aircraft_id)
    await until_rows(herts, lambda: state() == "passing")
    assert made.starts() == 2


async def test_database_that_is_away_ends_no_bridge(
    keeper: Keeper, made: Programs, herts: ForceRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ain_force(herts, fly)
    await until_rows(herts, lambda: state() == "passing")

    async def away(*args: object, **named: object) -> None:
        raise OperationalError("the connection is closed")

    with monkeypatch.context() as broken:
        broken.setattr(keeping, "ain_force", away)
        await keeper.look()
        await asyncio.sleep(1.5)

    assert made.starts() == 1
    assert made.running()
    assert await ain_force(herts, state) == "passing"


async def test_refusal_stands_while_it_is_looked_at_again_until_nothing_more_comes(
    keeper: Keeper, made: Programs, herts: ForceRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bridging, "REFUSED_SECONDS", 0.2)
    monkeypatch.setattr(keeping, "SETTLED_SECONDS", 1.5)
    made.make(FOUND.replace("h264 (High)", "hevc (Main)") + STAYS)
    await ain_force(herts, fly)
    await until_rows(herts, lambda: state() == "refused codec")

    before, states = made.starts(), set()
    while made.starts() < before + 4:
        states.add(await ain_force(herts, state))
        await asyncio.sleep(0.05)
    assert states == {"refused codec"}

    made.make(STAYS)
    await until_rows(herts, lambda: state() == "waiting")


async def test_force_whose_rows_hang_holds_up_no_other(
    live_db: str, made: Programs, herts: ForceRef, beds: ForceRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def forces() -> list[ForceRef]:
        return [beds, herts]

    async def asked(force: ForceRef, *args: Any, **named: Any) -> Any:
        if force == beds:
            await asyncio.sleep(1000)
        return await ain_force(force, *args, **named)

    monkeypatch.setattr(keeping, "ain_force", asked)
    stop, kept = asyncio.Event(), Keeper(forces)
    running = asyncio.create_task(kept.run(stop))
    try:
        flight = await ain_force(herts, fly)
        await until_rows(herts, lambda: state() == "passing", 8)
        # What waits to be written of it is older than what follows.
        kept._take_report(BridgeReport(f"beds:{uuid4()}", BridgeState.WAITING, Treatment.COPY))
        await ain_force(herts, land_flight, actor=person(), now=clock.now(), session_id=flight.session_id)
        await until_rows(herts, lambda: state() == "stopped", 8)
    finally:
        monkeypatch.setattr(keeping, "ENDING_SECONDS", 0.1)
        stop.set()
        await running

    assert await gone(made)


async def test_aircraft_that_is_found_at_the_very_end_is_not_bridged_after_it(
    live_db: str, made: Programs, herts: ForceRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_asked, may_answer = asyncio.Event(), asyncio.Event()

    async def forces() -> list[ForceRef]:
        return [herts]

    async def asked(force: ForceRef, *args: Any, **named: Any) -> Any:
        found = await ain_force(force, *args, **named)
        is_asked.set()
        await may_answer.wait()
        return found

    await ain_force(herts, fly)
    monkeypatch.setattr(keeping, "ain_force", asked)
    stop = asyncio.Event()
    running = asyncio.create_task(Keeper(forces).run(stop))
    await is_asked.wait()

    stop.set()
    asyncio.get_running_loop().call_later(keeping.PERIOD_SECONDS + 0.5, may_answer.set)
    await running
    await asyncio.sleep(0.7)

    assert made.starts() == 0


async def test_end_of_the_process_ends_every_bridge_and_says_so(live_db: str, made: Programs, herts: ForceRef) -> None:
    async def forces() -> list[ForceRef]:
        return [herts]

    await ain_force(herts, fly)
    stop = asyncio.Event()
    running = asyncio.create_task(Keeper(forces).run(stop))
    await until_rows(herts, lambda: state() == "passing")

    stop.set()
    await running

    assert await gone(made)
    assert await ain_force(herts, state) == "stopped"


async def test_push_of_which_nothing_arrives_is_said_until_it_ends(
    keeper: Keeper, made: Programs, herts: ForceRef
) -> None:
    made.make(STAYS)
    flight = await ain_force(herts, fly, "rtmp")
    await until_rows(herts, lambda: state() == "waiting")

    def push(ago: timedelta) -> None:
        Feed.objects.filter(aircraft_id=flight.aircraft_id).update(pushed_at=clock.now() - ago)

    await ain_force(herts, push, timedelta())
    await keeper.look()
    assert await ain_force(herts, state) == "waiting"

    await ain_force(herts, push, -UNHEARD)
    await until_rows(herts, lambda: state() == "refused no_media")

    # The bridge begins anew every ten seconds, which says nothing new.
    place = f"{herts.schema}:{flight.aircraft_id}"
    for said, trouble in ((BridgeState.PAUSED, Trouble.FAILED), (BridgeState.WAITING, None)):
        keeper._take_report(BridgeReport(place, said, Treatment.COPY, trouble=trouble))
    await asyncio.sleep(0.5)
    assert await ain_force(herts, state) == "refused no_media"

    await ain_force(herts, push, PUSH_STANDS)
    await until_rows(herts, lambda: state() == "waiting")
