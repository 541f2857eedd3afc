"""A database that hangs or goes in the middle: nobody waits for ever, and nobody is told what is not known."""

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client

from config.services.stack import Stack
from forces.accounts.models import User
from forces.audit.services import flush
from forces.context import CommitUncertain, ForceRef, in_force, open_unit
from streams.consumers.dispatcher import error_frame
from tests.conftest import wait_until

pytestmark = pytest.mark.usefixtures("copy_db")
ANSWER_S = 1.0


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DB_ANSWER_SECONDS", ANSWER_S)


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


@contextmanager
def frozen(stopped: list[int]) -> Iterator[None]:
    """Let what a unit of work has stopped go on afterwards."""
    try:
        yield
    finally:
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)


def stop_own(stopped: list[int]) -> None:
    stopped.append(backend())
    os.kill(stopped[-1], signal.SIGSTOP)


def test_unit_of_work_on_a_backend_that_hangs_is_over_in_time_and_the_next_one_works(herts: ForceRef) -> None:
    # Switch: `AnsweringConnection` as the pool's class in forces/postgres/base.py; without it this waits for ever.
    stopped: list[int] = []

    def act() -> int:
        stop_own(stopped)
        return User.objects.count()

    began = time.monotonic()
    with frozen(stopped):
        with pytest.raises(OperationalError):
            in_force(herts, act)
        assert time.monotonic() - began < ANSWER_S + 2
        assert in_force(herts, User.objects.count) > 0
        assert in_force(herts, backend) != stopped[0]
        assert time.monotonic() - began < ANSWER_S + 4


def test_connections_beside_one_that_hangs_are_let_go_too(herts: ForceRef) -> None:
    """Of a server that hangs none would answer: whoever came next would wait anew for each."""
    idle = in_force(herts, backend)
    stopped: list[int] = []

    def act() -> None:
        assert backend() == idle
        stop_own(stopped)
        User.objects.count()

    with frozen(stopped), pytest.raises(OperationalError):
        in_force(herts, act)
    assert in_force(herts, backend) != idle


def test_commit_that_is_not_answered_is_uncertain_and_may_well_have_happened(herts: ForceRef, stack: Stack) -> None:
    # Switch: `CommitUncertain` in forces/context.py.
    stopped: list[int] = []

    def act() -> None:
        User.objects.create(username="kept-after-all")
        stop_own(stopped)

    with frozen(stopped), pytest.raises(CommitUncertain) as caught:
        in_force(herts, act)
    assert error_frame(caught.value).code == "outcome_unknown"
    wait_until(lambda: in_force(herts, User.objects.filter(username="kept-after-all").count) == 1, 5)


def test_act_that_fails_before_its_commit_is_not_called_uncertain(herts: ForceRef) -> None:
    stopped: list[int] = []

    def act() -> None:
        stop_own(stopped)
        User.objects.create(username="never")

    with frozen(stopped), pytest.raises(OperationalError) as caught:
        in_force(herts, act)
    assert not isinstance(caught.value, CommitUncertain)
    assert in_force(herts, User.objects.filter(username="never").count) == 0


@pytest.mark.parametrize("method", ["post", "get"])
def test_person_is_told_what_is_certain(
    force_client: Callable[..., Client], herts: ForceRef, monkeypatch: pytest.MonkeyPatch, stack: Stack, method: str
) -> None:
    client = force_client("operator")

    def flush_then_lose(entries: Any) -> None:
        flush(entries)
        stack.run_sql(f"SELECT pg_terminate_backend({backend()})")

    monkeypatch.setattr("forces.audit.services.flush", flush_then_lose)
    answers = [
        getattr(client, method)("/account/proof/", {"proof": "x"}, headers={"accept": accept})
        for accept in ("text/html", "application/json")
    ]
    assert open_unit() is None
    assert [answer.status_code for answer in answers] == [503, 503]
    page, data = answers[0].content.decode(), json.loads(answers[1].content)
    if method == "post":
        assert data["code"] == "outcome_unknown"
        assert "It is not certain whether this was done" in page
        assert "Nothing was changed" not in page
    else:
        assert data["code"] == "unavailable"
        assert "Nothing was changed" in page
