"""The load: places that hold one session after the other, and what each was promised."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections import Counter
from dataclasses import dataclass, field

from streams.simulation.clip import Clip
from streams.simulation.door import Door
from streams.simulation.scenarios import HATFIELD
from tests.flows.system import System
from tests.soak.callers import Phone, quietly, reload
from tests.soak.desks import Desk

log = logging.getLogger(__name__)

# How a session goes, and how often.
WAYS = {"stop": 4, "operator": 3, "killed": 2, "reload": 3, "expire": 1}
# The operator sees that a phone is lost and, after a while, ends the session.
NOTICED_S = (6.0, 25.0)
EXPIRED_WITHIN_S = 75.0


@dataclass
class Promise:
    """What the server has acknowledged of one session."""

    session_id: str
    way: str
    end: str = ""
    texts: list[str] = field(default_factory=list)
    was_live: bool = False


@dataclass
class Load:
    """Everything that goes on; `promises` and `failures` are what remains."""

    system: System
    base_url: str
    clip: Clip
    desks: list[Desk]
    longest_s: float
    promises: list[Promise] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    async def run(self, places: int, seed: int, seconds: float) -> None:
        """Hold `places` sessions at a time for that long; returns when the last one is over."""
        until = time.monotonic() + seconds
        await asyncio.gather(*(self._hold(random.Random(f"{seed}/{place}"), place, until) for place in range(places)))

    def ways(self) -> Counter[str]:
        """Count the sessions by the way they went."""
        return Counter(promise.way for promise in self.promises)

    async def _hold(self, dice: random.Random, place: int, until: float) -> None:
        await asyncio.sleep(dice.uniform(0, 10))
        while time.monotonic() < until:
            way = dice.choices(list(WAYS), list(WAYS.values()))[0]
            try:
                await self._one(dice, self.desks[place % len(self.desks)], way)
            except Exception as error:
                log.warning("a session did not go as it should: %s: %r", way, error)
                self.failures.append(f"{way}: {error!r}")
            await asyncio.sleep(dice.uniform(0.5, 4))

    async def _one(self, dice: random.Random, desk: Desk, way: str) -> None:
        session_id, link = await desk.invite(HATFIELD)
        promise = Promise(session_id, way)
        self.promises.append(promise)
        if way == "expire":
            promise.end = await self._let_expire(session_id)
            return
        async with Door(self.base_url) as door:
            phone = Phone(door, HATFIELD, self.clip)
            try:
                phone.follow(link)
                await phone.await_live()
                promise.was_live = True
                await phone.say(f"soak {session_id}")
                await asyncio.sleep(dice.uniform(5, self.longest_s))
                phone = await self._end(dice, desk, door, phone, promise)
            finally:
                promise.texts += phone.kept_texts
                await phone.let_go()
                if not promise.end:
                    promise.end = await desk.end(promise.session_id)

    async def _end(self, dice: random.Random, desk: Desk, door: Door, phone: Phone, promise: Promise) -> Phone:
        if promise.way == "reload":
            promise.texts += phone.kept_texts
            phone = await reload(phone, door, HATFIELD, self.clip)
            await phone.await_live()
            await asyncio.sleep(dice.uniform(2, 10))
        if promise.way in {"stop", "reload"}:
            promise.end = await phone.stop()
        elif promise.way == "operator":
            promise.end = await desk.end(promise.session_id)
            await phone.end()
        else:
            await quietly(phone.vanish)
            await asyncio.sleep(dice.uniform(*NOTICED_S))
            promise.end = await desk.end(promise.session_id)
        return phone

    async def _let_expire(self, session_id: str) -> str:
        """Nobody opens it; its hour passes at once, by the row, under the lock of its writers."""
        state = f"SELECT state FROM herts.streams_livesession WHERE id = '{session_id}'"
        past = (
            f"WITH held AS (SELECT id FROM herts.streams_livesession WHERE id = '{session_id}' FOR UPDATE)"
            " UPDATE herts.streams_invitation SET expires_at = now() FROM held WHERE session_id = held.id"
        )
        await asyncio.to_thread(self.system.sql, past)
        deadline = time.monotonic() + EXPIRED_WITHIN_S
        while time.monotonic() < deadline:
            if await asyncio.to_thread(self.system.sql, state) == "expired":
                return "expired"
            await asyncio.sleep(2)
        raise TimeoutError("the link did not expire")
