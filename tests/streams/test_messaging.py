"""Senders of text messages: GOV.UK Notify against a real HTTP server, and development's outbox."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.conf import LazySettings

from forces import clock
from forces.dispatch import redis_client
from forces.errors import NotFound
from forces.messaging.interface import Message, SenderError, send_once
from forces.messaging.notify import NotifySender
from forces.messaging.outbox import OutboxSender
from forces.messaging.senders import outbox_of, sender_for
from tests.fakes.notify import API_KEY, EMAIL_TEMPLATE_ID, SERVICE_ID, TEMPLATE_ID, FakeNotify, running_notify

MESSAGE = Message(to="+447700900123", body="Herts: http://herts.localhost/i/tok/", reference="herts.ref-1")
EMAIL = Message(
    to="a@example.org",
    body="Herts: http://herts.localhost/i/tok/",
    reference="herts.ref-2",
    is_email=True,
    subject="Your link",
)


@pytest.fixture
def notify() -> Iterator[FakeNotify]:
    """Serve a fake Notify."""
    with running_notify() as fake:
        yield fake


def sender_of(notify: FakeNotify, *, key: str = API_KEY, template: str = TEMPLATE_ID) -> NotifySender:
    return NotifySender(api_key=key, template_id=template, base_url=notify.url, deadline_s=2)


def test_sender_with_wrong_secret_refused_for_good(notify: FakeNotify) -> None:
    wrong = f"fake-{SERVICE_ID}-99999999-9999-4999-8999-999999999999"

    with pytest.raises(SenderError) as error:
        sender_of(notify, key=wrong).send(MESSAGE)

    assert (error.value.code, error.value.is_permanent) == ("notify_unauthorised", True)
    assert notify.sent == []


def test_sender_with_wrong_template_refused_for_good(notify: FakeNotify) -> None:
    with pytest.raises(SenderError) as error:
        sender_of(notify, template="44444444-4444-4444-8444-444444444444").send(MESSAGE)

    assert (error.value.code, error.value.is_permanent) == ("notify_rejected", True)


@pytest.mark.parametrize(
    ("status", "code"),
    [(429, "notify_rate_limited"), (500, "notify_unavailable"), (503, "notify_unavailable")],
)
def test_sender_told_to_wait_may_try_again(notify: FakeNotify, status: int, code: str) -> None:
    notify.answers = [(status, "Exceeded rate limit")]

    with pytest.raises(SenderError) as error:
        sender_of(notify).send(MESSAGE)

    assert (error.value.code, error.value.is_permanent) == (code, False)


def test_sender_without_answer_gives_up_at_its_deadline(notify: FakeNotify) -> None:
    notify.hold = threading.Event()
    sender = NotifySender(api_key=API_KEY, template_id=TEMPLATE_ID, base_url=notify.url, deadline_s=0.2)

    with pytest.raises(SenderError) as error:
        sender.send(MESSAGE)

    assert (error.value.code, error.value.is_permanent) == ("notify_unavailable", False)


def test_sender_without_server_may_try_again() -> None:
    sender = NotifySender(api_key=API_KEY, template_id=TEMPLATE_ID, base_url="http://127.0.0.1:1")

    with pytest.raises(SenderError) as error:
        sender.send(MESSAGE)

    assert not error.value.is_permanent


def test_number_stays_out_of_logs_and_errors(notify: FakeNotify, caplog: pytest.LogCaptureFixture) -> None:
    notify.answers = [(400, "phone_number +447700900123 is not valid")]

    with caplog.at_level(logging.DEBUG):
        report = send_once(sender_of(notify), MESSAGE, is_repeat=False)

    assert report.error is not None
    assert "7700900123" not in caplog.text + repr(report) + str(report.error) + repr(MESSAGE)
    assert report.error.__cause__ is None
    assert "tok" not in repr(MESSAGE)


def test_sender_sends_whole_text_with_reference(notify: FakeNotify) -> None:
    result = sender_of(notify).send(MESSAGE)

    (sent,) = notify.sent
    assert (sent["phone_number"], sent["reference"], sent["id"]) == (
        MESSAGE.to,
        MESSAGE.reference,
        result.provider_id,
    )
    assert notify.texts() == [MESSAGE.body]


def test_sender_without_a_template_for_email_refused_for_good(notify: FakeNotify) -> None:
    with pytest.raises(SenderError) as error:
        sender_of(notify).send(EMAIL)
    assert (error.value.code, error.value.is_permanent) == ("email_not_set_up", True)
    assert notify.sent == []


def test_sender_sends_an_email_with_its_subject_and_finds_it_again(notify: FakeNotify) -> None:
    sender = NotifySender(
        api_key=API_KEY, template_id=TEMPLATE_ID, email_template_id=EMAIL_TEMPLATE_ID, base_url=notify.url, deadline_s=2
    )

    result = sender.send(EMAIL)

    sent = notify.sent[0]
    assert (sent["email_address"], sent["personalisation"]["subject"]) == ("a@example.org", "Your link")
    assert sent["personalisation"]["body"] == EMAIL.body
    assert sender.find(EMAIL.reference) == result
    assert "a@example.org" not in repr(EMAIL)


def test_sender_finds_by_reference_only_its_own(notify: FakeNotify) -> None:
    sender = sender_of(notify)
    result = sender.send(MESSAGE)

    assert sender.find(MESSAGE.reference) == result
    assert sender.find("herts.ref-2") is None


def test_repeat_after_lost_answer_sends_nothing_again(notify: FakeNotify) -> None:
    sender = sender_of(notify)
    notify.is_lossy = True
    first = send_once(sender, MESSAGE, is_repeat=False)
    notify.is_lossy = False

    second = send_once(sender, MESSAGE, is_repeat=True)

    assert first.error is not None
    assert second.provider_id == notify.sent[0]["id"]
    assert len(notify.sent) == 1


def test_outbox_keeps_message_with_link_and_code_for_an_hour() -> None:
    outbox = OutboxSender("herts")
    outbox.send(MESSAGE)

    (row,) = outbox.messages(now=clock.now())
    assert (row["id"], row["to"], row["link"]) == (
        "herts.ref-1",
        MESSAGE.to,
        "http://herts.localhost/i/tok/",
    )
    assert row["qr_svg"].startswith("<svg")
    assert 3500 < int(str(redis_client().ttl("herts:outbox"))) <= 3600
    assert outbox.messages(now=clock.now() + timedelta(hours=1)) == []


def test_outbox_of_other_force_is_empty() -> None:
    OutboxSender("herts").send(MESSAGE)

    assert OutboxSender("beds").messages(now=clock.now()) == []
    assert OutboxSender("beds").find(MESSAGE.reference) is None


def test_outbox_keeps_one_message_per_reference() -> None:
    outbox = OutboxSender("herts")
    for _ in range(2):
        outbox.send(MESSAGE)

    assert len(outbox.messages(now=clock.now())) == 1
    assert outbox.find(MESSAGE.reference) is not None


def test_settings_choose_the_sender(override: Callable[..., None]) -> None:
    override(SMS_SENDER="notify", NOTIFY_API_KEY=API_KEY, NOTIFY_TEMPLATE_ID=TEMPLATE_ID, NOTIFY_URL="")
    assert isinstance(sender_for("herts"), NotifySender)
    with pytest.raises(NotFound):
        outbox_of("herts")

    override(SMS_SENDER="outbox")
    assert isinstance(sender_for("herts"), OutboxSender)


@pytest.fixture
def override(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a function that sets settings until the test ends."""
    from django.conf import settings

    def set_all(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setattr(settings, name, value)

    assert isinstance(settings, LazySettings)
    return set_all
