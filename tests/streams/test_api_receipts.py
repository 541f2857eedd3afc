"""GOV.UK Notify's call-backs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.test import Client

from forces import clock
from forces.context import ForceRef, in_force
from forces.messaging.interface import SendReport
from streams.models import Invitation
from streams.services.delivery import claim_delivery, note_delivery, reference_of
from tests.factories.streams import make_invitation

TOKEN = "callback-token-for-tests"
PATH = "/api/v1/receipts/notify/"
MakeClient = Callable[..., Client]


@pytest.fixture(autouse=True)
def callback_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the token that Notify presents."""
    monkeypatch.setattr(settings, "NOTIFY_CALLBACK_TOKEN", TOKEN)


def send_one(force: ForceRef) -> UUID:
    def send() -> UUID:
        now = clock.now()
        invitation_id = make_invitation(now=now).id
        claim_delivery(now=now, invitation_id=invitation_id)
        note_delivery(now=now, invitation_id=invitation_id, report=SendReport(provider_id="p-1"))
        return invitation_id

    return in_force(force, send)


def state_of(force: ForceRef, invitation_id: UUID) -> str:
    return in_force(force, lambda: Invitation.objects.get(pk=invitation_id).state)


def call_back(client: Client, reference: object, status: str = "delivered", token: str = TOKEN) -> Any:
    body = {"id": str(uuid4()), "reference": reference, "to": "+447700900123", "status": status}
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return client.post(PATH, body, content_type="application/json", headers=headers)


@pytest.mark.parametrize("token", ["", "wrong", TOKEN[:-1], "ütf-8"])
def test_stranger_calls_back_refused(copy_db: str, herts: ForceRef, force_client: MakeClient, token: str) -> None:
    invitation_id = send_one(herts)

    answered = call_back(force_client(), reference_of("herts", invitation_id), token=token)

    assert answered.status_code == 403
    assert state_of(herts, invitation_id) == "sent"


def test_anyone_calls_back_where_no_token_is_set_refused(
    copy_db: str, force_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "NOTIFY_CALLBACK_TOKEN", "")

    assert call_back(force_client(), "herts.x", token="").status_code == 403


@pytest.mark.parametrize("reference", [None, "", "herts", "herts.not-a-uuid", 7])
def test_notify_calls_back_with_unusable_reference_refused(
    copy_db: str, force_client: MakeClient, reference: object
) -> None:
    assert call_back(force_client(), reference).status_code == 400


def test_notify_calls_back_without_json_refused(copy_db: str, force_client: MakeClient) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    answered = force_client().post(PATH, b"[[", content_type="application/json", headers=headers)

    assert answered.status_code == 400


def test_notify_looks_at_address_refused(copy_db: str, force_client: MakeClient) -> None:
    assert force_client().get(PATH, headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 403


def test_notify_calls_back_for_unknown_force_not_found(copy_db: str, force_client: MakeClient) -> None:
    assert call_back(force_client(), reference_of("public", uuid4())).status_code == 404
    assert call_back(force_client(), reference_of("nowhere", uuid4())).status_code == 404


def test_notify_calls_back_for_unknown_message_is_taken(copy_db: str, force_client: MakeClient) -> None:
    assert call_back(force_client(), reference_of("herts", uuid4())).status_code == 204


def test_notify_calls_back_twice_is_delivered(copy_db: str, herts: ForceRef, force_client: MakeClient) -> None:
    invitation_id = send_one(herts)

    for _ in range(2):
        assert call_back(force_client(), reference_of("herts", invitation_id)).status_code == 204

    assert state_of(herts, invitation_id) == "delivered"


def test_notify_calls_back_at_one_force_for_another(copy_db: str, beds: ForceRef, force_client: MakeClient) -> None:
    invitation_id = send_one(beds)

    answered = call_back(force_client(schema="herts"), reference_of("beds", invitation_id), "permanent-failure")

    assert answered.status_code == 204
    assert state_of(beds, invitation_id) == "failed"
