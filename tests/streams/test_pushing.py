"""The way of a notice to an officer's phones: encrypted, signed, once in effect, and given up in time."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.conf import settings

from config.services.settings_environment import push_key as key_of
from forces import clock
from forces.accounts.models import User
from forces.actors import Actor
from forces.context import ForceRef, Unit
from forces.messaging import web_push
from forces.messaging.vapid import read_key
from forces.messaging.web_push import PAUSE_S, push_to_all
from streams.models import Notice
from streams.services.notices import see_notice
from streams.services.pushing import (
    LEASE,
    MAX_ATTEMPTS,
    MOST_REFUSALS,
    PACE,
    claim_push,
    enqueue_due_pushes,
    note_push,
    topic_of,
)
from tests.factories.notices import make_notice, make_phone, row_of
from tests.factories.officers import make_officer
from tests.factories.streams import NOW, AuditRows
from tests.fakes.push_service import FakePushService, running_push_service


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakePushService]:
    with running_push_service() as fake:
        monkeypatch.setattr(settings, "PUSH_TEST_ORIGINS", (fake.url,))
        yield fake


@pytest.fixture
def officer(in_herts: Unit) -> Actor:
    return make_officer()


def push(notice: Notice, *, now: datetime = NOW) -> Notice:
    """Do what the task does, at a time; returns the notice as it stands then."""
    claimed = claim_push(now=now, notice_id=notice.id)
    assert claimed is not None
    far = clock.now() + timedelta(minutes=1)
    note_push(now=now, notice_id=notice.id, reports=push_to_all("herts", claimed.targets, claimed.message, until=far))
    return Notice.objects.get(pk=notice.id)


def test_phone_is_told_nothing_but_the_kind_and_an_id_that_means_nothing(
    officer: Actor, service: FakePushService
) -> None:
    browser = make_phone(service, officer)
    notice = push(make_notice(officer, kind="view_request", subject_id=uuid4()))

    assert service.refused == []
    (message,) = service.pushed
    assert message.content == {"kind": "view_request", "id": notice.id.hex}
    headers = message.headers
    assert (headers["ttl"], headers["urgency"], headers["topic"]) == ("300", "high", notice.id.hex)
    assert browser.shown == [message.content]
    assert (notice.push_state, notice.push_attempts) == ("sent", 1)
    kept = row_of(browser)
    assert kept is not None
    assert (kept.last_ok_at, kept.failures) == (NOW, 0)


def test_officer_with_phone_is_due_with_a_task_in_the_transaction_of_what_is_told(
    officer: Actor, service: FakePushService, in_herts: Unit
) -> None:
    make_phone(service, officer)
    notice = make_notice(officer)

    assert (notice.push_state, notice.next_push_at) == ("due", NOW)
    assert len(in_herts.after_commit) == 1
    assert enqueue_due_pushes(now=NOW) == 1
    assert enqueue_due_pushes(now=NOW - timedelta(seconds=1)) == 0


def test_worker_claims_unknown_notice_gets_nothing(in_herts: Unit) -> None:
    assert claim_push(now=NOW, notice_id=uuid4()) is None


def test_second_worker_claims_a_notice_gets_nothing_until_the_lease_is_over(
    officer: Actor, service: FakePushService
) -> None:
    make_phone(service, officer)
    notice = make_notice(officer)

    assert claim_push(now=NOW, notice_id=notice.id) is not None
    assert claim_push(now=NOW + LEASE / 2, notice_id=notice.id) is None
    assert claim_push(now=NOW + LEASE, notice_id=notice.id) is not None


def test_notice_that_was_pushed_but_not_written_down_is_shown_once(officer: Actor, service: FakePushService) -> None:
    browser = make_phone(service, officer)
    notice = make_notice(officer)
    claimed = claim_push(now=NOW, notice_id=notice.id)
    assert claimed is not None
    push_to_all("herts", claimed.targets, claimed.message, until=clock.now() + timedelta(minutes=1))

    assert push(notice, now=NOW + LEASE).push_state == "sent"
    assert [message.headers["topic"] for message in service.pushed] == [topic_of(notice.id)] * 2
    assert len(browser.shown) == 1
    assert service.pushed[1].headers["ttl"] == "240", "no longer than the first would have waited"


def test_officer_who_has_seen_it_is_not_pushed_to(officer: Actor, service: FakePushService) -> None:
    make_phone(service, officer)
    notice = make_notice(officer)
    see_notice(actor=officer, now=NOW, notice_id=notice.id)

    assert claim_push(now=NOW, notice_id=notice.id) is None
    assert Notice.objects.get().push_state == "none"


@pytest.mark.parametrize("changes", [{"is_active": False}, {"role": "operator"}])
def test_account_that_was_closed_is_not_pushed_to(
    officer: Actor, service: FakePushService, changes: dict[str, object]
) -> None:
    make_phone(service, officer)
    notice = make_notice(officer)
    User.objects.filter(pk=officer.id).update(**changes)

    assert claim_push(now=NOW, notice_id=notice.id) is None
    assert Notice.objects.get().push_state == "none"


def test_notice_that_is_old_news_is_not_pushed(officer: Actor, service: FakePushService) -> None:
    make_phone(service, officer)
    notice = make_notice(officer)

    assert claim_push(now=NOW + Notice.PUSHED_WITHIN, notice_id=notice.id) is None
    assert Notice.objects.get().push_state == "failed"


@pytest.mark.parametrize("status", [404, 410])
def test_phone_that_has_gone_is_forgotten_and_the_others_are_told(
    officer: Actor, service: FakePushService, status: int, audit_rows: AuditRows
) -> None:
    gone, stays = make_phone(service, officer, now=NOW + timedelta(seconds=1)), make_phone(service, officer)
    service.answers = [(status, {})]
    notice = push(make_notice(officer))

    assert notice.push_state == "sent"
    assert (row_of(gone), row_of(stays) is not None) == (None, True)
    assert len(stays.shown) == 1
    assert gone.name not in json.dumps(audit_rows(), default=str)


def test_push_service_that_is_busy_is_asked_again_later_and_no_phone_twice(
    officer: Actor, service: FakePushService
) -> None:
    slow, quick = make_phone(service, officer, now=NOW + timedelta(seconds=1)), make_phone(service, officer)
    service.answers = [(503, {"Retry-After": "30"})]
    notice = push(make_notice(officer))

    assert (notice.push_state, notice.next_push_at) == ("due", NOW + timedelta(seconds=30))
    assert (len(slow.shown), len(quick.shown)) == (0, 1)
    assert push(notice, now=NOW + timedelta(seconds=30)).push_state == "sent"
    assert [message.browser for message in service.pushed] == [quick, slow]


def test_push_service_that_is_always_busy_is_given_up_within_five_minutes(
    officer: Actor, service: FakePushService
) -> None:
    browser = make_phone(service, officer)
    notice = make_notice(officer)
    service.answers = [(429, {})] * MAX_ATTEMPTS
    waits, at = [], NOW
    while notice.push_state == "due":
        notice = push(notice, now=at)
        if notice.next_push_at is not None:
            waits.append((notice.next_push_at - at).total_seconds())
            at = notice.next_push_at

    assert waits == [5, 10, 20, 40, 80]
    assert (notice.push_state, notice.push_attempts) == ("failed", MAX_ATTEMPTS)
    assert row_of(browser) is not None


def test_redirect_of_a_push_service_is_not_followed(officer: Actor, service: FakePushService) -> None:
    make_phone(service, officer)
    service.answers = [(307, {"Location": f"{service.url}/elsewhere"})]

    assert push(make_notice(officer)).push_state == "failed"
    assert [path for path in service.asked if path == "/elsewhere"] == []
    assert service.pushed == []


def test_phone_whose_push_service_always_refuses_is_forgotten(officer: Actor, service: FakePushService) -> None:
    browser = make_phone(service, officer)
    for number in range(MOST_REFUSALS):
        assert row_of(browser) is not None
        service.answers = [(400, {})]
        notice = make_notice(officer, now=NOW + timedelta(hours=number))
        assert push(notice, now=NOW + timedelta(hours=number)).push_state == "failed"

    assert row_of(browser) is None


def test_push_service_that_does_not_answer_holds_no_worker_for_long_and_then_is_left_alone(
    officer: Actor, service: FakePushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_push, "DEADLINE_S", (0.5, 0.2))
    make_phone(service, officer)
    service.hold = threading.Event()
    notice = push(make_notice(officer))
    assert (notice.push_state, notice.next_push_at) == ("due", NOW + timedelta(seconds=PAUSE_S))
    service.hold.set()

    other = push(make_notice(officer, now=NOW + timedelta(seconds=1)), now=NOW + timedelta(seconds=1))
    assert other.push_state == "due"
    assert len(service.asked) == 1, "it was not asked a second time"


def test_one_kind_waits_when_there_is_too_much_of_it_and_holds_up_no_other(
    officer: Actor, service: FakePushService
) -> None:
    make_phone(service, officer)
    most = PACE[Notice.Kind.MESSAGE]
    for second in range(most):
        at = NOW + timedelta(seconds=second)
        push(make_notice(officer, kind="message", now=at), now=at)
    over = make_notice(officer, kind="message", now=NOW + timedelta(seconds=most))

    assert claim_push(now=NOW + timedelta(seconds=most), notice_id=over.id) is None
    over.refresh_from_db()
    assert (over.push_state, over.next_push_at) == ("due", NOW + timedelta(minutes=1))
    assert push(make_notice(officer, now=NOW + timedelta(seconds=most)), now=NOW + timedelta(seconds=most))
    assert push(over, now=NOW + timedelta(minutes=1)).push_state == "sent"


def test_phone_that_subscribed_for_the_key_before_is_told_under_that_key_while_it_is_known(
    officer: Actor, service: FakePushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, before = make_phone(service, officer), settings.PUSH_KEY
    monkeypatch.setattr(settings, "PUSH_KEY", key_of("ab" * 32))
    monkeypatch.setattr(settings, "PUSH_KEY_FALLBACKS", [before])
    assert push(make_notice(officer)).push_state == "sent"

    monkeypatch.setattr(settings, "PUSH_KEY_FALLBACKS", [])
    assert push(make_notice(officer, now=NOW + timedelta(hours=1)), now=NOW + timedelta(hours=1)).push_state == "failed"
    assert row_of(browser) is None
    assert service.refused == []


def test_message_of_another_deployment_is_no_matter_for_this_browser(
    officer: Actor, service: FakePushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the fake: it takes nothing that another key has signed."""
    browser = make_phone(service, officer)
    monkeypatch.setattr(web_push, "signer_of", lambda key: read_key(key_of("cd" * 32))[1])
    assert push(make_notice(officer)).push_state == "failed"
    assert service.refused == ["another sender's subscription"]
    assert browser.shown == []


def test_nothing_that_is_logged_or_shown_names_the_phone(
    officer: Actor, service: FakePushService, herts: ForceRef, caplog: pytest.LogCaptureFixture
) -> None:
    browser = make_phone(service, officer)
    service.answers = [(400, {}), (503, {})]
    claimed = claim_push(now=NOW, notice_id=make_notice(officer).id)
    assert claimed is not None
    with caplog.at_level("DEBUG"):
        for _ in range(2):
            push_to_all("herts", claimed.targets, claimed.message, until=clock.now() + timedelta(minutes=1))

    assert "a push service refused" in caplog.text
    said = f"{caplog.text} {claimed!r} {row_of(browser)!s} {[vars(record) for record in caplog.records]}"
    for secret in (browser.name, *list(browser.subscription.values())[1:], settings.PUSH_KEY):
        assert secret not in said
