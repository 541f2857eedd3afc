"""Links are sent exactly once, as the provider sees it, while real workers die, come too late, or come twice."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from config.services.processes import Running
from config.services.stack import Stack
from forces import clock
from forces.context import ForceRef, in_force
from forces.dispatch import redis_client, send_force_task
from streams import tasks
from streams.models import Invitation
from streams.services import delivery
from streams.services.delivery import LEASE
from tests.conftest import wait_until
from tests.factories.streams import make_invitation
from tests.fakes.notify import API_KEY, TEMPLATE_ID, FakeNotify, running_notify
from tests.faults.world import descendants, send_if_there

DONE_S = 40.0
Start = Callable[..., Running]


@pytest.fixture
def notify() -> Iterator[FakeNotify]:
    with running_notify() as fake:
        yield fake


@pytest.fixture
def start(stack: Stack, copy_db: str, notify: FakeNotify) -> Iterator[Start]:
    """Return ``start(kind, clock_ahead=..., url=...)``, which starts a worker or the scheduler."""
    started: list[Running] = []

    def spawn(kind: str = "worker", *, clock_ahead: timedelta = timedelta(), url: str = "") -> Running:
        running = stack.spawn(
            kind,
            SIGHTLINE_DB_NAME=copy_db,
            SIGHTLINE_SMS_SENDER="notify",
            SIGHTLINE_NOTIFY_URL=url or notify.url,
            SIGHTLINE_NOTIFY_API_KEY=API_KEY,
            SIGHTLINE_NOTIFY_TEMPLATE_ID=TEMPLATE_ID,
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


def queue_one(force: ForceRef) -> UUID:
    return in_force(force, lambda: make_invitation(now=clock.now()).id)


def row(force: ForceRef, invitation_id: UUID) -> tuple[str, int]:
    found = in_force(force, lambda: Invitation.objects.get(pk=invitation_id))
    return found.state, found.attempts


def send_task(force: ForceRef, invitation_id: UUID) -> None:
    send_force_task(force, "streams.tasks.deliver_invitation", {"invitation_id": str(invitation_id)})


def await_sent(force: ForceRef, invitation_id: UUID, attempts: int) -> None:
    wait_until(lambda: row(force, invitation_id) == ("sent", attempts), DONE_S, why=lambda: row(force, invitation_id))


def test_worker_killed_before_the_call_is_followed_by_another_that_sends_once(
    herts: ForceRef, notify: FakeNotify, start: Start
) -> None:
    # Switch: the lease in `claim_delivery`; without it the row says `sending` for ever.
    invitation_id = queue_one(herts)
    with socket.create_server(("127.0.0.1", 0)) as silent:  # it takes nothing in, like a provider that is not reached
        worker = start(url=f"http://127.0.0.1:{silent.getsockname()[1]}")
        wait_until(lambda: row(herts, invitation_id) == ("sending", 1), DONE_S)
        kill(worker)
    start(clock_ahead=LEASE)
    send_task(herts, invitation_id)
    await_sent(herts, invitation_id, 2)
    assert [text["reference"] for text in notify.sent] == [f"herts.{invitation_id}"]


def test_worker_killed_after_the_provider_accepted_is_found_out_by_asking(
    herts: ForceRef, notify: FakeNotify, start: Start
) -> None:
    # Switch: `find` in `send_once` (forces/messaging/interface.py).
    notify.hold_answer = threading.Event()
    invitation_id = queue_one(herts)
    worker = start()
    wait_until(lambda: notify.sent, DONE_S)
    kill(worker)
    assert row(herts, invitation_id) == ("sending", 1), "we do not know of it yet"
    notify.hold_answer.set()
    start(clock_ahead=LEASE)
    send_task(herts, invitation_id)
    await_sent(herts, invitation_id, 2)
    assert len(notify.sent) == 1
    assert notify.asked == [f"herts.{invitation_id}"]


def test_link_whose_task_was_lost_with_the_broker_while_the_scheduler_was_down_is_sent_once(
    herts: ForceRef, notify: FakeNotify, start: Start
) -> None:
    # Switch: `deliver_due` in CELERY_BEAT_SCHEDULE.
    invitation_id = queue_one(herts)
    assert redis_client().llen("work") == 1
    redis_client().delete("work")
    start()
    assert row(herts, invitation_id) == ("queued", 0)
    scheduler = start("beat")
    await_sent(herts, invitation_id, 1)
    kill(scheduler)
    assert len(notify.sent) == 1


def test_task_that_is_there_twelve_times_at_once_sends_once(herts: ForceRef, notify: FakeNotify, start: Start) -> None:
    # Switch: the state and the time that `claim_delivery` asks of the row, or its lock.
    notify.hold_answer = threading.Event()
    invitation_id = queue_one(herts)
    for _ in range(11):
        send_task(herts, invitation_id)
    start()
    start()
    wait_until(lambda: notify.sent, DONE_S)
    wait_until(lambda: redis_client().llen("work") == 0, DONE_S)
    notify.hold_answer.set()
    await_sent(herts, invitation_id, 1)
    assert len(notify.sent) == 1


def test_worker_that_was_held_up_until_another_has_sent_sends_no_more(
    copy_db: str, herts: ForceRef, notify: FakeNotify, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Switch: `send_before` in streams/tasks.py.
    from django.conf import settings

    monkeypatch.setattr(settings, "SMS_SENDER", "notify")
    monkeypatch.setattr(settings, "NOTIFY_URL", notify.url)
    monkeypatch.setattr(settings, "NOTIFY_API_KEY", API_KEY)
    monkeypatch.setattr(settings, "NOTIFY_TEMPLATE_ID", TEMPLATE_ID)
    invitation_id = queue_one(herts)
    claim = delivery.claim_delivery

    def claim_and_be_held_up(**words: Any) -> Any:
        claimed = claim(**words)
        monkeypatch.setattr(delivery, "claim_delivery", claim)
        monkeypatch.setattr(clock, "_offset", LEASE)
        run_task(invitation_id)  # the other worker, while this one sleeps
        return claimed

    monkeypatch.setattr(delivery, "claim_delivery", claim_and_be_held_up)
    run_task(invitation_id)
    assert len(notify.sent) == 1
    assert row(herts, invitation_id) == ("sent", 2)


def run_task(invitation_id: UUID) -> None:
    words = {"force": "herts", "invitation_id": str(invitation_id)}
    tasks.deliver_invitation.apply(kwargs=words, headers={"force": "herts"}, throw=True)
