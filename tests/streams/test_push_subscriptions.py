"""The browsers that are pushed to: whose they are, at what address, how many, and when they are forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from forces import clock
from forces.accounts.models import SignIn, User
from forces.accounts.sign_ins import end_overdue_sign_ins, sign_out_everywhere
from forces.actors import Actor
from forces.context import ForceRef, Unit, in_force
from forces.errors import InvalidInput, NotPermitted
from streams.models import PushSubscription
from streams.services.push_subscriptions import (
    UNUSED_FOR,
    NewSubscription,
    PushOff,
    UnknownPushService,
    erase_unused,
    push_key,
    subscribe,
    unsubscribe,
)
from tests.factories.notices import make_phone, row_of
from tests.factories.officers import make_officer
from tests.factories.streams import NOW, AuditRows, person
from tests.fakes.push_service import Browser, FakePushService, running_push_service

DOOR = "/api/v1/push-subscriptions/"
MakeClient = Callable[..., Client]


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakePushService]:
    with running_push_service() as fake:
        monkeypatch.setattr(settings, "PUSH_TEST_ORIGINS", (fake.url,))
        yield fake


def given_by(browser: Browser, **changed: str) -> NewSubscription:
    return replace(NewSubscription(**browser.subscription), **changed)


@pytest.mark.parametrize("role", ["operator", "supervisor", "auditor", "force_admin"])
def test_role_that_is_not_out_turns_alerts_on_refused(in_herts: Unit, service: FakePushService, role: str) -> None:
    given = given_by(service.subscribe("key"))
    with pytest.raises(NotPermitted):
        subscribe(actor=person(role), now=NOW, sign_in_id=None, given=given)
    with pytest.raises(NotPermitted):
        push_key(actor=person(role))
    with pytest.raises(NotPermitted):
        unsubscribe(actor=person(role), endpoint=given.endpoint)
    assert not PushSubscription.objects.exists()


def test_officer_names_an_address_that_is_no_push_service_refused(in_herts: Unit, service: FakePushService) -> None:
    given = given_by(service.subscribe("key"), endpoint="https://169.254.169.254/latest/meta-data/")
    with pytest.raises(UnknownPushService):
        subscribe(actor=make_officer(), now=NOW, sign_in_id=None, given=given)
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(
    "changed", [{"p256dh": "AAAA"}, {"p256dh": "B" * 87}, {"auth": "AAAA"}, {"auth": "A" * 32}, {"p256dh": "A"}]
)
def test_officer_gives_keys_that_nothing_can_be_encrypted_for_refused(
    in_herts: Unit, service: FakePushService, changed: dict[str, str]
) -> None:
    with pytest.raises(InvalidInput):
        subscribe(actor=make_officer(), now=NOW, sign_in_id=None, given=given_by(service.subscribe("key"), **changed))
    assert not PushSubscription.objects.exists()


def test_officer_turns_alerts_on_where_nothing_is_pushed_refused(
    in_herts: Unit, service: FakePushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "PUSH", "off")
    actor = make_officer()

    assert push_key(actor=actor) is None
    with pytest.raises(PushOff):
        subscribe(actor=actor, now=NOW, sign_in_id=None, given=given_by(service.subscribe("key")))


def test_officer_turns_alerts_on_confirms_them_and_turns_them_off(
    in_herts: Unit, service: FakePushService, audit_rows: AuditRows
) -> None:
    actor = make_officer()
    browser = make_phone(service, actor)
    later = NOW + timedelta(days=1)
    assert subscribe(actor=actor, now=later, sign_in_id=None, given=given_by(browser)) is False

    kept = row_of(browser)
    assert kept is not None
    assert (kept.created_at, kept.seen_at, kept.server_key) == (NOW, later, push_key(actor=actor))

    unsubscribe(actor=make_officer("jones"), endpoint=browser.endpoint)
    assert row_of(browser) is not None
    unsubscribe(actor=actor, endpoint=browser.endpoint)
    unsubscribe(actor=actor, endpoint=browser.endpoint)
    assert row_of(browser) is None
    rows = [row for row in audit_rows() if row["act"].startswith("push.")]
    assert [row["act"] for row in rows] == ["push.subscribe", "push.unsubscribe"]
    assert browser.name not in str(rows)


def test_officer_who_signs_in_on_anothers_phone_takes_its_alerts_over(in_herts: Unit, service: FakePushService) -> None:
    first, second = make_officer(), make_officer("jones")
    browser = make_phone(service, first)
    subscribe(actor=second, now=NOW, sign_in_id=None, given=given_by(browser))

    assert list(PushSubscription.objects.values_list("user_id", flat=True)) == [second.id]


def test_officer_with_a_sixth_phone_loses_the_one_not_seen_for_longest(
    in_herts: Unit, service: FakePushService
) -> None:
    actor = make_officer()
    phones = [make_phone(service, actor, now=NOW + timedelta(minutes=number)) for number in range(6)]

    assert [row_of(phone) is not None for phone in phones] == [False, True, True, True, True, True]


def test_phone_that_no_page_confirmed_for_60_days_is_forgotten(in_herts: Unit, service: FakePushService) -> None:
    actor = make_officer()
    old, present = make_phone(service, actor), make_phone(service, actor, now=NOW + timedelta(seconds=1))

    assert erase_unused(now=NOW + UNUSED_FOR) == 1
    assert (row_of(old), row_of(present) is not None) == (None, True)


@pytest.mark.parametrize("changes", [{"is_active": False}, {"role": "operator"}])
def test_phone_of_an_account_that_is_closed_is_forgotten_at_once(
    in_herts: Unit, service: FakePushService, changes: dict[str, Any]
) -> None:
    actor = make_officer()
    browser = make_phone(service, actor)
    user = User.objects.get(pk=actor.id)
    for name, value in changes.items():
        setattr(user, name, value)
    user.save()

    assert row_of(browser) is None


def test_phone_of_an_account_that_was_closed_in_the_database_is_swept(in_herts: Unit, service: FakePushService) -> None:
    actor, other = make_officer(), make_officer("jones")
    closed, open_ = make_phone(service, actor), make_phone(service, other)
    User.objects.filter(pk=actor.id).update(is_active=False)

    assert erase_unused(now=NOW) == 1
    assert (row_of(closed), row_of(open_) is not None) == (None, True)


def test_sweep_asks_for_all_accounts_at_once(in_herts: Unit, service: FakePushService) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert erase_unused(now=NOW) == 0
        return len(captured)

    make_phone(service, make_officer())
    alone = asked()
    for name in ("jones", "yusuf", "clarke"):
        make_phone(service, make_officer(name))
    assert asked() == alone


def test_admin_who_signs_an_officer_out_everywhere_ends_the_alerts(in_herts: Unit, service: FakePushService) -> None:
    actor, other = make_officer(), make_officer("jones")
    phones = [make_phone(service, one, sign_in_id=uuid4()) for one in (actor, actor, other)]
    sign_out_everywhere(actor=replace(person("force_admin"), proved_at=NOW), now=NOW, user_id=int(actor.id))

    assert [row_of(phone) is not None for phone in phones] == [False, False, True]


@pytest.fixture
def phones(
    copy_db: str, service: FakePushService, force_client: MakeClient, herts: ForceRef
) -> tuple[tuple[Client, Browser], tuple[Client, Browser]]:
    """Return two phones of one officer, signed in and subscribed by the door."""

    def make() -> tuple[Client, Browser]:
        client = force_client("officer")
        browser = service.subscribe(client.get(DOOR).json()["public_key"])
        answer = client.post(DOOR, browser.subscription, content_type="application/json")
        assert answer.status_code == 201, answer.content
        return client, browser

    return make(), make()


Phones = tuple[tuple[Client, Browser], tuple[Client, Browser]]


def test_officer_signs_out_on_one_phone_and_that_phone_alone_is_forgotten(phones: Phones, herts: ForceRef) -> None:
    (client, gone), (_, stays) = phones
    client.post("/sign-out/")

    assert in_force(herts, row_of, gone) is None
    assert in_force(herts, row_of, stays) is not None


def test_phone_in_a_pocket_is_idle_and_still_told(phones: Phones, herts: ForceRef) -> None:
    def idle() -> int:
        SignIn.objects.update(seen_at=clock.now() - timedelta(hours=1))
        return end_overdue_sign_ins(actor=Actor.system("sweep"), now=clock.now())

    assert in_force(herts, idle) == 2
    assert [in_force(herts, row_of, browser) is not None for _, browser in phones] == [True, True]


def test_door_answers_what_was_done_and_leaves_another_forces_phone_alone(
    phones: Phones, herts: ForceRef, beds: ForceRef, force_client: MakeClient
) -> None:
    client, browser = phones[0]
    stranger = force_client("officer", "beds")

    assert client.post(DOOR, browser.subscription, content_type="application/json").status_code == 200
    body = {"endpoint": browser.endpoint}
    assert stranger.delete(DOOR, body, content_type="application/json").status_code == 204
    assert in_force(herts, row_of, browser) is not None
    assert client.delete(DOOR, body, content_type="application/json").status_code == 204
    assert in_force(herts, row_of, browser) is None
    assert in_force(beds, PushSubscription.objects.count) == 0


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"endpoint": "https://intranet.example/x"}, "unknown_push_service"),
        ({"endpoint": ""}, "invalid_input"),
        ({"auth": "not base64url!"}, "invalid_input"),
        ({"p256dh": 5}, "invalid_input"),
    ],
)
def test_door_refuses_and_keeps_nothing(
    in_herts: Unit, service: FakePushService, force_client: MakeClient, changed: dict[str, Any], code: str
) -> None:
    body = {**service.subscribe("key").subscription, **changed}
    answer = force_client("officer").post(DOOR, body, content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not PushSubscription.objects.exists()


def test_page_of_another_site_turns_nothing_on(
    in_herts: Unit, service: FakePushService, force_client: MakeClient
) -> None:
    client = force_client("officer")
    strict = Client(headers={"host": "herts.localhost"}, enforce_csrf_checks=True)
    strict.cookies["sl_session"] = client.cookies["sl_session"].value
    body = service.subscribe(client.get(DOOR).json()["public_key"]).subscription

    assert strict.post(DOOR, body, content_type="application/json").status_code == 403
    assert client.post(DOOR, body, content_type="application/json").status_code == 201
