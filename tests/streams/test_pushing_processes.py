"""A notice reaches the phone once in effect while real workers die, or the task is lost."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import settings

from config.services.processes import Running
from config.services.stack import Stack
from forces import clock
from forces.accounts.models import User
from forces.context import ForceRef, in_force
from forces.dispatch import redis_client, send_force_task
from streams.models import Notice
from streams.services.pushing import LEASE
from tests.conftest import wait_until
from tests.factories.notices import make_notice, make_phone
from tests.fakes.push_service import Browser, FakePushService, running_push_service
from tests.faults.world import descendants, send_if_there

DONE_S = 60.0
Start = Callable[..., Running]


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakePushService]:
    with running_push_service() as fake:
        monkeypatch.setattr(settings, "PUSH_TEST_ORIGINS", (fake.url,))
        yield fake


@pytest.fixture
def start(stack: Stack, copy_db: str, service: FakePushService) -> Iterator[Start]:
    """Return ``start(kind, clock_ahead=...)``, which starts a worker or the scheduler."""
    started: list[Running] = []

    def spawn(kind: str = "worker", *, clock_ahead: timedelta = timedelta()) -> Running:
        running = stack.spawn(
            kind,
            SIGHTLINE_DB_NAME=copy_db,
            SIGHTLINE_PUSH_TEST_ORIGINS=service.url,
            SIGHTLINE_CLOCK_OFFSET_S=str(clock_ahead.total_seconds()),
        )
        started.append(running)
        return running

    yield spawn
    for running in started:
        kill(running)


def kill(running: Running) -> None:
    """End a process and all below it as a lack of memory does."""
    for pid in [running.pid, *descendants(running.pid)]:
        send_if_there(pid, signal.SIGKILL)
    running.process.wait(5)


def tell(force: ForceRef, service: FakePushService) -> tuple[UUID, Browser]:
    """Tell an officer with one phone something; its task is in the broker."""

    def build() -> tuple[UUID, Browser]:
        actor = User.objects.get(username="officer").as_actor()
        browser = make_phone(service, actor, now=clock.now())
        return make_notice(actor, now=clock.now()).id, browser

    return in_force(force, build)


def state(force: ForceRef, notice_id: UUID) -> tuple[str, int]:
    row = in_force(force, lambda: Notice.objects.get(pk=notice_id))
    return row.push_state, row.push_attempts


def test_worker_killed_between_sending_and_writing_it_down_shows_it_once(
    herts: ForceRef, service: FakePushService, start: Start
) -> None:
    # Switch: the lease in `claim_push`; without it the notice would say `due` and be nobody's.
    service.hold_answer = threading.Event()
    notice_id, browser = tell(herts, service)
    worker = start()
    wait_until(lambda: service.pushed, DONE_S)
    kill(worker)
    assert state(herts, notice_id) == ("due", 1), "we do not know that it was taken"

    service.hold_answer.set()
    start(clock_ahead=LEASE)
    send_force_task(herts, "streams.tasks.push_notice", {"notice_id": str(notice_id)})
    wait_until(lambda: state(herts, notice_id) == ("sent", 2), DONE_S, why=lambda: state(herts, notice_id))

    assert {message.headers["topic"] for message in service.pushed} == {notice_id.hex}
    assert len(browser.shown) == 1


def test_notice_whose_task_was_lost_with_the_broker_is_found_by_the_sweep(
    herts: ForceRef, service: FakePushService, start: Start
) -> None:
    # Switch: `push` in CELERY_BEAT_SCHEDULE.
    notice_id, browser = tell(herts, service)
    redis_client().delete("work")
    start()
    start("beat")
    wait_until(lambda: state(herts, notice_id) == ("sent", 1), DONE_S, why=lambda: state(herts, notice_id))
    assert len(browser.shown) == 1
