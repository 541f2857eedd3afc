"""News of one picture is taken in its order, and waits for no other picture's."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from forces.context import ForceRef
from streams.gateway.interface import GatewayEvent, HandleEvent
from streams.models import Stream
from streams.signalling import kinds
from streams.signalling.lanes import Lanes
from streams.signalling.rooms import Participant
from tests.fakes.gateway import FakeGateway
from tests.streams.socket_peers import read, until_rows
from tests.streams.test_signalling import live, published


async def test_one_lane_keeps_its_order_and_does_not_wait_for_another() -> None:
    lanes, done, gate = Lanes(), list[str](), asyncio.Event()

    async def first() -> None:
        await gate.wait()
        done.append("first")

    async def note(name: str) -> None:
        done.append(name)
        gate.set()

    lanes.put("slow", first)
    lanes.put("slow", lambda: note("second"))
    lanes.put("quick", lambda: note("quick"))
    async with asyncio.timeout(5):
        await lanes.finish()

    assert done == ["quick", "first", "second"]


async def test_work_that_fails_stops_nothing_and_a_lane_is_opened_again() -> None:
    lanes, done = Lanes(), list[str]()

    async def fail() -> None:
        raise RuntimeError("broken")

    async def note() -> None:
        done.append("done")

    for _ in range(2):
        lanes.put("one", fail)
        lanes.put("one", note)
        await lanes.finish()

    assert done == ["done", "done"]
    assert lanes._lanes == {}


@pytest.mark.usefixtures("live_db")
async def test_picture_whose_news_takes_long_keeps_no_other_waiting(
    herts: ForceRef, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, held = await live(herts, gateway)
    gate = asyncio.Event()
    pictures = kinds.kind_of("p")

    async def slow(force: ForceRef, participant: Participant, event: GatewayEvent | HandleEvent) -> Any:
        if participant.id == held:
            await gate.wait()
        await pictures.on_event(force, participant, event)

    monkeypatch.setitem(kinds._kinds, "p", replace(pictures, on_event=slow))
    gateway.emit_video(str(held), receiving=False)
    _, other = await published(herts, gateway)
    gateway.emit_video(str(other), receiving=True)

    def state_of(stream_id: Any) -> str:
        return str(Stream.objects.get(pk=stream_id).state)

    await until_rows(herts, lambda: state_of(other) == "live")
    assert await read(herts, lambda: state_of(held)) == "live", "its own news is still on the way"
    gate.set()
    await until_rows(herts, lambda: state_of(held) == "stalled")
