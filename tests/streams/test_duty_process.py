"""A web process killed between a fix and its batch: what was acknowledged is there, the phone keeps the rest."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

from config.services.stack import Stack
from forces import clock
from forces.context import ForceRef, in_force
from streams.models import OfficerPosition
from tests.streams.line import TEXT, Line
from tests.streams.web_process import Web, running_web

SENT = 12
PAUSE_S = 0.21  # a socket takes five positions a second


class Phone:
    """Keeps what was not acknowledged, as the officer's page does."""

    def __init__(self) -> None:
        self.kept: dict[str, int] = {}
        self.acknowledged: set[int] = set()
        self.times: list[int] = []

    async def send(self, line: Line, fixed_at: int) -> None:
        self.times.append(fixed_at)
        self.kept[str(fixed_at)] = fixed_at
        fix = {"latitude": 51.8, "longitude": -0.08, "accuracy_m": 9, "fixed_at": fixed_at}
        await line.send_json("duty.fixes", ref=str(fixed_at), fixes=[fix])

    async def read(self, line: Line) -> None:
        """Take acknowledgements in until the line ends."""
        try:
            while True:
                opcode, payload = await line.receive()
                frame: dict[str, Any] = json.loads(payload) if opcode == TEXT else {}
                assert frame.get("type") != "error", frame
                if frame.get("type") == "duty.kept":
                    self.acknowledged.add(self.kept.pop(frame["ref"]))
        except (asyncio.IncompleteReadError, ConnectionError):
            return


async def officers_line(web: Web, cookie: str) -> Line:
    line = await web.open("/ws/officer/", cookie)
    await line.expect("officer.state")
    return line


def kept_times() -> list[int]:
    rows = OfficerPosition.objects.values_list("fixed_at", flat=True)
    return sorted(round(datetime.timestamp(at.astimezone(UTC)) * 1000) for at in rows)


async def test_killed_process_loses_nothing_that_was_acknowledged(
    stack: Stack, module_db: str, herts: ForceRef
) -> None:
    phone, first = Phone(), int(clock.now().timestamp() * 1000)
    with running_web(stack, module_db) as web:
        cookie = await web.sign_in("officer")
        line = await officers_line(web, cookie)
        await line.send_json("status.set", status="available")
        await line.expect("officer.changed")
        reading = asyncio.create_task(phone.read(line))
        for number in range(SENT):
            await asyncio.sleep(PAUSE_S)
            await phone.send(line, first + number)
        web.running.kill()
        await reading
    durable = await asyncio.to_thread(in_force, herts, kept_times)
    assert phone.acknowledged  # a batch was kept, and another one was on its way
    assert phone.kept
    assert phone.acknowledged <= set(durable)

    with running_web(stack, module_db) as web:
        line = await officers_line(web, cookie)
        reading = asyncio.create_task(phone.read(line))
        for fixed_at in list(phone.kept.values()):
            await phone.send(line, fixed_at)
            await asyncio.sleep(PAUSE_S)
        async with asyncio.timeout(10):
            while phone.kept:  # noqa: ASYNC110 - acknowledgements come with the batches
                await asyncio.sleep(0.05)
        web.running.kill()
        await reading
    assert await asyncio.to_thread(in_force, herts, kept_times) == [first + number for number in range(SENT)]
