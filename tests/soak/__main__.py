"""``python -m tests.soak``: run it, print the table, end with 1 when anything is left, lost or growing."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import random
import sys
import time

from config.services.layout import state_directory
from config.services.stack import Stack
from streams.simulation.clip import Clip, clip_name, make_clip
from streams.simulation.peer import stay_on_loopback
from streams.simulation.scenarios import HATFIELD
from streams.simulation.sign_ins import SignIn
from tests.fakes.notify import API_KEY, TEMPLATE_ID, FakeNotify, running_notify
from tests.flows.system import System
from tests.people import PASSWORD
from tests.soak.desks import Desk
from tests.soak.load import Load
from tests.soak.promises import broken
from tests.soak.sampling import Sample, recordings, sample
from tests.soak.verdict import judge, table

MINUTES = float(os.environ.get("SOAK_MINUTES", "30"))
SESSIONS = int(os.environ.get("SOAK_SESSIONS", "20"))
SEED = int(os.environ.get("SOAK_SEED", "20261125"))
DESKS = 3
SAMPLE_S = min(30.0, MINUTES * 60 / 40)
# Long enough for the last recordings to be sealed, then a minute in which nothing happens: pools let go after one.
SEALED_WITHIN_S = 600.0
QUIET_S = 75.0


def main() -> int:
    """Run the soak; returns the exit code."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    for chatty in ("websockets", "aiortc", "aioice", "httpx"):  # a viewer who joins waits for a whole picture
        logging.getLogger(chatty).setLevel(logging.ERROR)
    stay_on_loopback()
    with running_notify() as notify, Stack.start(state_directory() / "soak") as stack:
        stack.installation.settings.update(
            SIGHTLINE_SMS_SENDER="notify",
            SIGHTLINE_NOTIFY_URL=notify.url,
            SIGHTLINE_NOTIFY_API_KEY=API_KEY,
            SIGHTLINE_NOTIFY_TEMPLATE_ID=TEMPLATE_ID,
        )
        system = System.start(stack)
        try:
            stack.spawn("beat", SIGHTLINE_DB_NAME=system.database)
            return asyncio.run(_soak(system, notify))
        finally:
            system.stop()


async def _soak(system: System, notify: FakeNotify) -> int:
    base_url = f"http://herts.localhost:{system.port}"
    clip = await asyncio.to_thread(_clip, system)
    desks = [
        Desk(SignIn("herts", base_url, "operator", PASSWORD), notify, random.Random(f"{SEED}/desk/{n}"))
        for n in range(DESKS)
    ]
    load = Load(system, base_url, clip, desks, longest_s=min(60.0, MINUTES * 8))
    await asyncio.gather(*(desk.begin() for desk in desks))
    print(f"warming up: {DESKS} sessions", flush=True)
    await load.run(DESKS, SEED - 1, 20)
    before = await _come_to_rest(system)
    print(f"{MINUTES:g} minutes, {SESSIONS} sessions at a time, seed {SEED}", flush=True)
    during = await _sampled(system, load)
    await desks[0].tidy(HATFIELD)
    await asyncio.gather(*(desk.leave() for desk in desks))
    after = await _come_to_rest(system)
    return _report(system, notify, load, before, during, after)


async def _sampled(system: System, load: Load) -> list[tuple[float, Sample]]:
    began = time.monotonic()
    working = asyncio.create_task(load.run(SESSIONS, SEED, MINUTES * 60))
    during: list[tuple[float, Sample]] = []
    while not working.done():
        await asyncio.wait({working}, timeout=SAMPLE_S)
        now = await asyncio.to_thread(sample, system)
        during.append((time.monotonic() - began, now))
        keys = ("rows.streams", "janus.handles", "daphne.pss", "watchdog.pss", "worker.pss", "rows.unsealed")
        print(f"{during[-1][0]:6.0f} s  " + "  ".join(f"{key} {now.get(key, 0):.0f}" for key in keys), flush=True)
    await working
    return [point for point in during if point[0] <= MINUTES * 60]


async def _come_to_rest(system: System) -> Sample:
    """Wait until everything is sealed, then for a quiet minute, and look."""
    deadline = time.monotonic() + SEALED_WITHIN_S
    while time.monotonic() < deadline:
        now = await asyncio.to_thread(sample, system)
        if not now["rows.unsealed"] and not now["files.recordings"]:
            break
        await asyncio.sleep(2)
    await asyncio.sleep(QUIET_S)
    return await asyncio.to_thread(sample, system)


def _report(
    system: System, notify: FakeNotify, load: Load, before: Sample, during: list[tuple[float, Sample]], after: Sample
) -> int:
    kept = state_directory() / "soak" / "samples.json"
    kept.write_text(json.dumps({"before": before, "during": during, "after": after}))
    lines = judge(before, during, after)
    problems = [f"{line.name}: {line.problem}" for line in lines if line.problem]
    problems += broken(system, notify, load.promises)
    problems += [f"a session failed: {failure}" for failure in load.failures]
    problems += [f"left behind: {name}" for name in recordings(system)]
    problems += [f"a picture was not watched: {failure}" for desk in load.desks for failure in desk.failures]
    blind = [stream for desk in load.desks for stream in desk.without_picture]
    problems += [f"watched without a picture: {stream}" for stream in blind]
    problems += [f"a console lost its line at {when}" for desk in load.desks for when in desk.lines_lost]
    print(table(lines))
    pictures = sum(desk.pictures for desk in load.desks)
    print(f"{len(load.promises)} sessions {dict(load.ways())}, {pictures} pictures watched, {len(notify.sent)} texts")
    for problem in problems:
        print(f"PROBLEM {problem}")
    print(json.dumps({"soak": MINUTES, "sessions": len(load.promises), "pictures": pictures, "ok": not problems}))
    return 1 if problems else 0


def _clip(system: System) -> Clip:
    path = state_directory() / "clips" / clip_name(HATFIELD.tint)
    make_clip(system.stack.environment["SIGHTLINE_FFMPEG"], path, HATFIELD.tint)
    return Clip.load(path)


if __name__ == "__main__":
    sys.exit(main())
