"""A rush of callers in one force: the console of the same force keeps its line."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from forces.context import ForceRef, ain_force_aside
from tests.forces.slots import every_slot_taken
from tests.streams.socket_peers import Peers


async def test_console_keeps_its_line_while_every_slot_of_its_force_is_taken(peers: Peers, herts: ForceRef) -> None:
    # Switch: `ain_force_aside` in streams/consumers/signed_in.py.
    console = await peers.console(herts)
    await console.round_trip()
    async with every_slot_taken(herts):
        for _ in range(2):
            async with asyncio.timeout(5):
                await console.round_trip()
            await asyncio.sleep(1.0)


async def test_officers_pages_do_not_stand_in_the_lane_of_the_consoles(
    peers: Peers, herts: ForceRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There are thousands of them: their reviews would hold up every console's heartbeat."""
    entered: list[str] = []

    async def aside(force: ForceRef, act: Callable[..., Any], /, *words: Any, **named: Any) -> Any:
        entered.append(act.__name__)
        return await ain_force_aside(force, act, *words, **named)

    monkeypatch.setattr("streams.consumers.signed_in.ain_force_aside", aside)
    officer = await peers.officer(herts)
    await officer.round_trip()
    assert entered == []

    console = await peers.console(herts)
    await console.round_trip()
    assert entered == ["session_actor"]
