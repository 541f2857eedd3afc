"""Messages and people of another app: receipts reach it, the outbox names its sessions, a search finds its people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.test import Client

from forces import clock
from forces.context import ForceRef, Unit, in_force
from forces.errors import NotPermitted
from forces.messaging.interface import Message
from forces.messaging.senders import outbox_of
from streams.models import Invitation
from streams.services.delivery import reference_of
from streams.services.outbox import list_outbox
from streams.services.search import Asked, search_sessions
from tests.factories.bare_calls import MemoryApp, install, make_bare_call
from tests.factories.streams import NOW, PHONE, make_invitation, make_session, person
from tests.streams.test_api_receipts import TOKEN, call_back, send_one, state_of

MakeClient = Callable[..., Client]
NUMBER = "+447700900123"


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> MemoryApp:
    """Return the app above, in memory."""
    monkeypatch.setattr(settings, "NOTIFY_CALLBACK_TOKEN", TOKEN)
    return install(monkeypatch)


def found(role: str = "operator") -> list[str]:
    asked = Asked(phone_number="07700 900123")
    results: Any = search_sessions(actor=person(role), now=NOW, asked=asked, reason="Access request 7")["results"]
    return sorted(row["id"] for row in results)


# --- receipts -------------------------------------------------------------------------------------


def test_stranger_calls_back_about_an_apps_message_refused(
    copy_db: str, app: MemoryApp, force_client: MakeClient
) -> None:
    message = uuid4()
    app.messages = {message: uuid4()}
    assert call_back(force_client(), reference_of("herts", message), token="wrong").status_code == 403
    assert app.receipts == []


def test_notify_calls_back_about_an_apps_message_and_only_the_app_is_told(
    copy_db: str, herts: ForceRef, app: MemoryApp, force_client: MakeClient
) -> None:
    message, invitation_id = uuid4(), send_one(herts)
    app.messages = {message: uuid4()}
    assert call_back(force_client(), reference_of("herts", message)).status_code == 204
    assert app.receipts == [(message, "delivered")]
    assert state_of(herts, invitation_id) == "sent"


def test_notify_calls_back_about_a_link_and_the_app_is_told_nothing(
    copy_db: str, herts: ForceRef, app: MemoryApp, force_client: MakeClient
) -> None:
    invitation_id = send_one(herts)
    call_back(force_client(), reference_of("herts", invitation_id))
    assert (state_of(herts, invitation_id), app.receipts) == ("delivered", [])


# --- the outbox -----------------------------------------------------------------------------------


def test_outbox_names_the_session_of_each_message(copy_db: str, herts: ForceRef, app: MemoryApp) -> None:
    def send() -> tuple[UUID, UUID, list[dict[str, Any]]]:
        invitation, message, session_id = make_invitation(now=clock.now()), uuid4(), uuid4()
        app.messages = {message: session_id}
        for about in (invitation.id, message, uuid4()):
            outbox_of("herts").send(_message(reference_of("herts", about)))
        shown = list_outbox(actor=person(), now=clock.now())
        return Invitation.objects.get(pk=invitation.id).session_id, session_id, shown

    own, theirs, shown = in_force(herts, send)
    assert {row["session_id"] for row in shown} == {str(own), str(theirs), None}


def _message(reference: str) -> Message:
    return Message(to=NUMBER, body="https://herts.example/i/x/", reference=reference)


# --- finding people -------------------------------------------------------------------------------


def test_officer_searches_by_number_refused(in_herts: Unit, app: MemoryApp) -> None:
    with pytest.raises(NotPermitted):
        found("officer")


def test_search_by_number_finds_callers_and_an_apps_people(in_herts: Unit, app: MemoryApp) -> None:
    caller, call, other = make_session(phone_number=PHONE), make_bare_call(), make_bare_call()
    assert found() == [str(caller.id)]
    app.numbers = {NUMBER: {call.id}}
    assert found() == sorted([str(caller.id), str(call.id)])
    assert str(other.id) not in found()
