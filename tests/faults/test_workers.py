"""Faults of who works in the background: killed while a message is sent, and while a recording is sealed."""

import asyncio
import json
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import psycopg
import redis

from streams.simulation.door import Door
from streams.simulation.operator import Operator
from streams.simulation.scenarios import LUTON
from streams.simulation.sign_ins import SignIn
from tests.conftest import wait_until
from tests.faults.world import World, command_of, descendants, state_of
from tests.people import PASSWORD

SEALED_S = 75.0


def test_worker_killed_between_sending_and_writing_it_down_sends_once(world: World) -> None:
    # Switch: `send_once` without asking the provider first (forces/messaging/interface.py), or no `deliver_due` sweep.
    worker = world.pid("worker")
    with ThreadPoolExecutor(1) as desk, closing(_superuser(world)) as holder:
        with world.stopped(worker):
            invited: Future[str] = desk.submit(lambda: asyncio.run(_invite(world)))
            row = "FROM herts.streams_invitation ORDER BY queued_at DESC LIMIT 1"
            wait_until(lambda: world.sql(f"SELECT state {row}") == "queued", 10)
            invitation, session = world.sql(f"SELECT id, session_id {row}").split("|")
            holder.execute("SELECT 1 FROM herts.streams_livesession WHERE id = %s FOR UPDATE", [session])
        invited.result(30)  # the provider has it, and the worker waits to write that down
        wait_until(lambda: world.sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'") != "0", 10)
        sent = _outbox(world, invitation)
        world.kill_family("worker")
    of = f"FROM herts.streams_invitation WHERE id = '{invitation}'"
    assert world.sql(f"SELECT state {of}") == "sending"
    world.await_restart("worker", worker)
    # The lease of a minute ends.
    world.sql(f"UPDATE herts.streams_invitation SET next_attempt_at = now() WHERE id = '{invitation}'")
    found = f"SELECT state, attempts {of}"
    wait_until(lambda: world.sql(found) == "sent|2", 30, why=lambda: world.sql(found))
    assert _outbox(world, invitation) == sent, "sent again"


def test_recording_is_sealed_although_storage_worker_and_scheduler_fail(world: World) -> None:
    # Switches: no `seal_due` in CELERY_BEAT_SCHEDULE, no lease in `intake.claim_item`, no parent-death signal in
    # evidence/sandbox.py, or autorestart=false of worker and beat.
    item = _end_with_storage_away(world)
    of = f"FROM herts.evidence_item WHERE id = '{item}'"
    sandbox = _kill_worker_at_work(world, item)
    wait_until(lambda: all(state_of(pid) in ("", "Z") for pid in sandbox), 5)
    scheduler = world.pid("beat")
    world.kill("beat")
    world.await_restart("beat", scheduler)
    world.sql(f"UPDATE herts.evidence_item SET next_attempt_at = now() WHERE id = '{item}'")  # the lease ends
    wait_until(lambda: world.sql(f"SELECT state {of}") == "sealed", SEALED_S, why=lambda: world.sql(f"SELECT * {of}"))
    files = Path(world.stack.environment["SIGHTLINE_EVIDENCE_DIR"]) / "herts" / item
    names = world.sql(f"SELECT name FROM herts.evidence_itemfile WHERE item_id = '{item}'").split()
    assert sorted(path.name for path in files.iterdir()) == sorted(names), "nothing is left of the attempts that failed"
    cut = world.sql("SELECT is_complete, gaps::text FROM herts.evidence_item WHERE not is_complete")
    assert "media_server_lost" in cut
    _move_the_clock(world, item)


def _superuser(world: World) -> psycopg.Connection:
    cluster = world.stack.installation.postgres
    words = f"host=127.0.0.1 port={cluster.port} user=postgres dbname={world.system.database}"
    return psycopg.connect(words, password=cluster.superuser_password)


async def _invite(world: World) -> str:
    sign_in = SignIn("herts", world.system.url("").rstrip("/"), "operator", PASSWORD)
    async with Door(sign_in.base_url) as door:
        operator = Operator(door, sign_in)
        await operator.sign_in()
        return (await operator.invite(LUTON)).link


def _outbox(world: World, invitation: str) -> str:
    """Return when the message was taken by the provider: sent again, it would have another time."""
    with closing(redis.Redis.from_url(world.stack.environment["SIGHTLINE_REDIS_WEB_URL"])) as client:
        kept = client.hget("herts:outbox", f"herts.{invitation}")
    sent: str = json.loads(kept or b"{}")["sent_at"]
    return sent


def _end_with_storage_away(world: World) -> str:
    """Lose the media server, then end the session while evidence cannot be written; return the cut recording's item."""
    old, session = world.stream()[:36], world.session_id
    world.kill("janus")
    wait_until(lambda: world.stream()[:36] != old, 15)
    world.await_live(15)
    time.sleep(3)  # something is to be recorded
    storage = Path(world.stack.environment["SIGHTLINE_EVIDENCE_DIR"]) / "herts"
    away = storage.rename(storage.with_name("away")) if storage.exists() else None
    storage.write_text("no directory")
    world.page.get_by_test_id("end-session").click()
    world.page.get_by_test_id("end-confirm").click()
    items = f"FROM herts.evidence_item WHERE session_id = '{session}'"
    failed = f"SELECT count(*) {items} AND attempts > 0 AND failure_reason <> ''"
    wait_until(lambda: int(world.sql(failed)) >= 2, 20, why=lambda: world.sql(f"SELECT * {items}"))
    assert world.sql(f"SELECT count(*) {items} AND state = 'sealed'") == "0"
    storage.unlink()
    if away is not None:
        away.rename(storage)
    return world.sql(f"SELECT id FROM herts.evidence_item WHERE stream_id = '{old}'")


def _kill_worker_at_work(world: World, item: str) -> list[int]:
    """Kill the worker while it encodes; return the processes that it had in the sandbox."""
    worker = world.pid("worker")
    world.sql(f"UPDATE herts.evidence_item SET next_attempt_at = now() WHERE id = '{item}'")
    at_work = f"SELECT count(*) FROM herts.evidence_item WHERE attempts > 1 AND id = '{item}'"
    deadline = time.monotonic() + SEALED_S
    while not (sandbox := [pid for pid in descendants(worker) if b"ffmpeg" in command_of(pid)]):
        assert time.monotonic() < deadline, "never at work"
        time.sleep(0.005)
    world.kill_family("worker")
    assert world.sql(at_work) == "1"
    world.await_restart("worker", worker)
    return sandbox


def _move_the_clock(world: World, item: str) -> None:
    """Erasure looks at the clock: one that is wrong by days in either direction erases nothing early."""
    for moved in (timedelta(days=-400), timedelta(days=30)):
        world.system.manage("erase_due", "--force", "herts", clock_moved=moved)
        assert world.sql(f"SELECT state FROM herts.evidence_item WHERE id = '{item}'") == "sealed"
