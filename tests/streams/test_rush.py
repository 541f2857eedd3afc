"""A rush of callers in one force: the console of the same force keeps its line."""

from __future__ import annotations

import asyncio

from forces.context import ForceRef
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
