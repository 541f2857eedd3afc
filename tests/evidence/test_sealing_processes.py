"""Sealing across processes and threads: a worker that is really killed, and a claim that is kept alive."""

import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings

from evidence import media, sealing, storage
from evidence.models import Item
from evidence.sandbox import ProgramFailed
from evidence.services import intake
from forces.context import ForceRef, in_force
from tests.conftest import wait_until
from tests.evidence.conftest import ENDED, SYSTEM, MovingClock, RecordedCall, Recording
from tests.fakes import mjr

pytestmark = pytest.mark.usefixtures("copy_db")

WORKER = """
import sys, uuid, datetime
import django
django.setup()
from evidence import sealing
from forces.refs import ForceRef
now = datetime.datetime.fromisoformat(sys.argv[2])
sealing.seal(ForceRef("herts", "Hertfordshire Constabulary"), uuid.UUID(sys.argv[1]), lambda: now)
"""


def start_worker(item_id: object, now: datetime) -> "subprocess.Popen[bytes]":
    """Start another process that seals the item."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "SIGHTLINE_RECORDINGS_DIR": str(settings.RECORDINGS_DIR),
        "SIGHTLINE_EVIDENCE_DIR": str(settings.EVIDENCE_DIR),
    }
    root = Path(__file__).resolve().parents[2]
    return subprocess.Popen([sys.executable, "-c", WORKER, str(item_id), now.isoformat()], cwd=root, env=environment)


def find(herts: ForceRef, item_id: UUID) -> Item:
    return in_force(herts, lambda: Item.objects.prefetch_related("files").get(id=item_id))


def test_worker_killed_while_encoding_is_followed_by_another(herts: ForceRef, clock: MovingClock) -> None:
    recording = Recording()
    source = recording.write(packets=mjr.lose(mjr.h264(20), every=20, gap=range(0)))
    item_id = in_force(herts, recording.register)
    worker = start_worker(item_id, clock())
    workshop = storage.workshop("herts", item_id)
    wait_until(lambda: any(workshop.glob("*.anew.mp4")), 30)
    worker.kill()
    worker.wait()
    assert (find(herts, item_id).state, source.exists()) == ("sealing", True)

    sealing.seal(herts, item_id, clock)
    assert find(herts, item_id).attempts == 1  # the dead worker's claim still counts

    clock.move(minutes=2)
    sealing.seal(herts, item_id, clock)
    item = find(herts, item_id)
    directory = storage.item_directory("herts", item_id)
    assert (item.state, item.attempts) == ("sealed", 2)
    assert {path.name for path in directory.iterdir()} == {file.name for file in item.files.all()}
    assert not source.exists()
    assert not workshop.exists()


def test_worker_killed_while_composing_a_call_is_followed_by_another(herts: ForceRef, clock: MovingClock) -> None:
    call = RecordedCall()
    for name, colour in (("Ann", "red"), ("Bea", "blue"), ("Cem", "lime")):
        call.add(name, colour=colour)
    item_id = in_force(herts, call.register)
    worker = start_worker(item_id, clock())
    workshop = storage.workshop("herts", item_id)
    wait_until(lambda: any(workshop.glob("stretch-*.mp4")), 30)
    worker.kill()
    worker.wait()
    assert find(herts, item_id).state == "sealing"

    clock.move(minutes=2)
    sealing.seal(herts, item_id, clock)
    item = find(herts, item_id)
    directory = storage.item_directory("herts", item_id)
    assert (item.state, item.attempts, item.is_complete) == ("sealed", 2, True)
    assert {path.name for path in directory.iterdir()} == {file.name for file in item.files.all()}
    assert len([file for file in item.files.all() if file.role == "original"]) == 6
    assert not workshop.exists()


def test_two_workers_at_once_seal_once(herts: ForceRef, clock: MovingClock) -> None:
    recording = Recording()
    recording.write()
    item_id = in_force(herts, recording.register)
    workers = [start_worker(item_id, clock()) for _ in range(2)]

    assert [worker.wait(timeout=60) for worker in workers] == [0, 0]
    item = find(herts, item_id)
    assert (item.state, item.attempts) == ("sealed", 1)


def test_claim_is_renewed_while_the_work_goes_on(
    herts: ForceRef, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    item_id = in_force(herts, Recording().register)
    monkeypatch.setattr(sealing, "RENEW_S", 0.05)

    def long_work(*_: object, **__: object) -> None:
        clock.move(minutes=90)
        wait_until(lambda: find(herts, item_id).next_attempt_at == clock() + intake.LEASE)
        assert in_force(herts, claim) is None
        raise ProgramFailed("over")

    def claim() -> Any:
        return intake.claim_item(actor=SYSTEM, now=clock(), item_id=item_id)

    monkeypatch.setattr(media, "make_playable", long_work)
    sealing.seal(herts, item_id, clock)

    item = find(herts, item_id)
    assert (item.failure_reason, item.attempts) == ("over", 1)
    assert item.next_attempt_at == ENDED + timedelta(minutes=90, seconds=15)


def test_tasks_seal_and_erase_by_name(
    herts: ForceRef, clock: MovingClock, monkeypatch: pytest.MonkeyPatch, directories: Path
) -> None:
    from config.celery import app

    recording = Recording()
    recording.write()
    item_id = in_force(herts, recording.register)
    sent: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(
        "evidence.tasks.send_force_task", lambda force, task, kwargs, expires: sent.append((task, kwargs))
    )
    app.loader.import_default_modules()

    def run(name: str, **kwargs: Any) -> None:
        app.tasks[name].apply(kwargs={**kwargs, "force": "herts"}, headers={"force": "herts"}, throw=True).get()

    run("evidence.tasks.seal_due")
    assert sent == [("evidence.tasks.seal_recording", {"item_id": str(item_id)})]
    run(sent[0][0], **sent[0][1])
    assert find(herts, item_id).state == "sealed"
    sent.clear()
    run("evidence.tasks.seal_due")
    assert sent == []

    clock.move(days=31)
    run("evidence.tasks.erase_due")
    assert find(herts, item_id).state == "erased"
    assert not (directories / "herts" / str(item_id)).exists()
