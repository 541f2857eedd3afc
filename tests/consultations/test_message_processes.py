"""Reminders go out exactly once, as the provider sees it, whatever is killed when; of a cancelled meeting none does."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from config.services.processes import Running
from config.services.stack import Stack
from consultations.models import Consultation, Message
from consultations.services.booking import cancel, change_booking
from forces import clock
from forces.context import ForceRef, in_force
from forces.dispatch import redis_client, send_force_task
from streams.services.delivery import LEASE
from tests.conftest import wait_until
from tests.factories import consultations as made
from tests.factories.officers import make_officer
from tests.fakes.notify import API_KEY, TEMPLATE_ID, FakeNotify, running_notify
from tests.streams.test_delivery_processes import kill

DONE_S = 40.0
AHEAD = timedelta(days=3)
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


def book_one(force: ForceRef, **fields: Any) -> Consultation:
    """Book one of one person, so that each kind is one message."""
    starts_at = clock.now() + AHEAD
    return in_force(force, lambda: made.make_booked(now=clock.now(), people=("victim",), starts_at=starts_at, **fields))


def message(force: ForceRef, consultation: Consultation, kind: str, version: int = 1) -> tuple[UUID, str, int]:
    """Return (id, state, attempts) of a message."""
    rows = Message.objects.filter(session_id=consultation.session_id, kind=kind, booking_version=version)
    found: tuple[UUID, str, int] = in_force(force, lambda: rows.values_list("id", "state", "attempts").get())
    return found


def await_state(force: ForceRef, consultation: Consultation, kind: str, state: str, version: int = 1) -> None:
    wait_until(
        lambda: message(force, consultation, kind, version)[1] == state,
        DONE_S,
        why=lambda: message(force, consultation, kind, version),
    )


def texts(notify: FakeNotify, force: ForceRef, consultation: Consultation, kind: str, version: int = 1) -> int:
    """Return how many texts of a kind the provider took."""
    reference = f"{force.schema}.{message(force, consultation, kind, version)[0]}"
    return sum(text["reference"] == reference for text in notify.sent)


def test_reminders_are_sent_once_each_when_they_are_due_and_found_by_the_scheduler_alone(
    herts: ForceRef, notify: FakeNotify, start: Start
) -> None:
    # Switch: `messages_due` in CELERY_BEAT_SCHEDULE.
    consultation = book_one(herts)
    redis_client().delete("work")  # the task of the invitation is lost with the broker
    for kind, ahead in (
        ("invitation", timedelta()),
        ("reminder_day", AHEAD - timedelta(days=1)),
        ("reminder_soon", AHEAD - timedelta(minutes=15)),
    ):
        running = [start(clock_ahead=ahead), start("beat", clock_ahead=ahead)]
        await_state(herts, consultation, kind, "sent")
        for one in running:
            kill(one)
    assert [texts(notify, herts, consultation, kind) for kind in ("invitation", "reminder_day", "reminder_soon")] == [
        1,
        1,
        1,
    ]
    assert len(notify.sent) == 3


def test_worker_killed_before_the_call_is_followed_by_another_that_sends_once(
    herts: ForceRef, notify: FakeNotify, start: Start
) -> None:
    # Switch: the lease in `claim_message`.
    consultation = book_one(herts)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        worker = start(url=f"http://127.0.0.1:{silent.getsockname()[1]}")
        wait_until(lambda: message(herts, consultation, "invitation")[1:] == ("sending", 1), DONE_S)
        kill(worker)
    start(clock_ahead=LEASE)
    send_task(herts, consultation)
    await_state(herts, consultation, "invitation", "sent")
    assert texts(notify, herts, consultation, "invitation") == 1


def test_worker_killed_after_the_provider_accepted_is_found_out_by_asking(
    herts: ForceRef, notify: FakeNotify, start: Start
) -> None:
    # Switch: `is_repeat` of what `claim_message` returns.
    notify.hold_answer = threading.Event()
    consultation = book_one(herts)
    worker = start()
    wait_until(lambda: notify.sent, DONE_S)
    kill(worker)
    notify.hold_answer.set()
    start(clock_ahead=LEASE)
    send_task(herts, consultation)
    await_state(herts, consultation, "invitation", "sent")
    assert len(notify.sent) == 1


def test_task_that_is_there_twelve_times_at_once_sends_once(herts: ForceRef, notify: FakeNotify, start: Start) -> None:
    # Switch: the state that `claim_message` asks of the row, or its lock.
    notify.hold_answer = threading.Event()
    consultation = book_one(herts)
    for _ in range(11):
        send_task(herts, consultation)
    start()
    start()
    wait_until(lambda: notify.sent, DONE_S)
    wait_until(lambda: redis_client().llen("work") == 0, DONE_S)
    notify.hold_answer.set()
    await_state(herts, consultation, "invitation", "sent")
    assert len(notify.sent) == 1


def test_cancelled_meeting_sends_one_notice_and_no_reminder(herts: ForceRef, notify: FakeNotify, start: Start) -> None:
    # Switch: `_unwanted` of `claim_message`, and `drop_messages` of `cancel`.
    consultation = book_one(herts)
    worker = start()
    await_state(herts, consultation, "invitation", "sent")
    kill(worker)
    at: dict[str, Any] = {"now": clock.now(), "session_id": consultation.session_id, "reason": "Seen at home"}
    in_force(herts, lambda: cancel(actor=make_officer(), **at))
    ahead = AHEAD - timedelta(minutes=14)
    start(clock_ahead=ahead)
    start("beat", clock_ahead=ahead)
    await_state(herts, consultation, "cancelled", "sent")
    for kind in ("reminder_day", "reminder_soon"):
        send_task(herts, consultation, kind)
    wait_until(lambda: redis_client().llen("work") == 0, DONE_S)

    assert [texts(notify, herts, consultation, kind) for kind in ("reminder_day", "reminder_soon")] == [0, 0]
    assert len(notify.sent) == 2


def test_moved_meeting_reminds_of_the_new_time_alone(herts: ForceRef, notify: FakeNotify, start: Start) -> None:
    # Switch: the booking's version in `_unwanted`.
    consultation = book_one(herts)
    later = consultation.starts_at + timedelta(days=1)
    at: dict[str, Any] = {"now": clock.now(), "session_id": consultation.session_id, "starts_at": later}
    in_force(herts, lambda: change_booking(actor=make_officer(), **at))
    ahead = AHEAD + timedelta(minutes=1)  # past each reminder of the old time, and the day before the new one
    start(clock_ahead=ahead)
    start("beat", clock_ahead=ahead)
    await_state(herts, consultation, "reminder_day", "sent", version=2)

    assert message(herts, consultation, "reminder_soon", version=1)[1] == "dropped"
    assert message(herts, consultation, "reminder_soon", version=2)[1] == "held"
    assert texts(notify, herts, consultation, "reminder_day", version=2) == 1


def send_task(force: ForceRef, consultation: Consultation, kind: str = "invitation") -> None:
    found = str(message(force, consultation, kind)[0])
    send_force_task(force, "consultations.tasks.deliver_message", {"message_id": found})
