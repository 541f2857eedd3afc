"""What is left of a live session once its period has ended: that it was, and nothing that was said or where."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers

from evidence import erasing
from evidence.models import SessionErasure
from evidence.parts import export_session, registered_parts
from forces.context import ForceRef
from streams.models import ChatMessage, Incident, Invitation, LiveSession, Position, RiskAssessment, Stream, Watch
from streams.services.chat import post_message
from streams.services.sessions import end_session
from tests.factories.streams import NOW, PHONE, Caller, make_consented, make_invitation, make_session, person

pytestmark = pytest.mark.usefixtures("in_herts")
DUE = NOW + timedelta(days=31, hours=1)
SECRETS = ("my brother is hiding", "51.75", "900123", "Smoke from a barn", "private remark", "because I know")


@pytest.fixture
def caller() -> Caller:
    """A session with everything in it, ended."""
    made = make_consented()
    session = made.session
    post_message(actor=made.actor, now=NOW, session_id=session.id, client_id="1", text="my brother is hiding")
    Position.objects.create(
        session=session, latitude=51.75, longitude=-0.33, accuracy_m=5, fixed_at=NOW, received_at=NOW
    )
    stream = Stream.objects.create(session=session, admitted_at=NOW, state="ended", ended_at=NOW)
    Watch.objects.create(stream=stream, session=session, user_id="8", started_at=NOW, ended_at=NOW, seconds=3)
    RiskAssessment.objects.filter(session=session).update(
        outcome="overridden", override_reason="because I know", overridden_by="7", overridden_at=NOW
    )
    end_session(actor=person(), now=NOW, session_id=session.id, reason="operator")
    LiveSession.objects.filter(id=session.id).update(outcome_note="private remark")
    return made


def everything() -> str:
    """Every row of streams and evidence as text."""
    models = [*apps.get_app_config("streams").get_models(), *apps.get_app_config("evidence").get_models()]
    return "".join(serializers.serialize("json", model._default_manager.all()) for model in models)


def test_erased_session_keeps_its_skeleton_and_no_content(caller: Caller, herts: ForceRef) -> None:
    code_hash = str(Invitation.objects.get(session=caller.session).code_hash)
    before = everything()
    assert all(secret in before for secret in (*SECRETS, code_hash))

    assert erasing.erase_due(herts, DUE) == (0, 1)

    after = everything()
    assert [secret for secret in (*SECRETS, code_hash) if secret in after] == []
    session = LiveSession.objects.get(id=caller.session.id)
    assert (session.state, session.phone_number) == ("ended", "")
    assert Watch.objects.get(session=session).seconds == 3
    assert RiskAssessment.objects.get(session=session).outcome == "overridden"
    assert ChatMessage.objects.get(session=session).sent_at == NOW
    assert not Position.objects.filter(session=session).exists()


def test_erasure_counts_what_it_cleared(
    caller: Caller, herts: ForceRef, audit_rows: Callable[[], list[dict[str, Any]]]
) -> None:
    erasing.erase_due(herts, DUE)

    counts = SessionErasure.objects.get(session_id=caller.session.id).counts
    assert (counts["streams.position"], counts["streams.chatmessage"], counts["streams.livesession"]) == (1, 1, 1)
    row = next(row for row in audit_rows() if row["act"] == "session.erase")
    assert not [secret for secret in SECRETS if secret in json.dumps(row["detail"])]


def test_sessions_that_go_on_or_ended_lately_are_left_alone(caller: Caller, herts: ForceRef) -> None:
    going_on = make_invitation()

    assert erasing.erase_due(herts, NOW + timedelta(days=30)) == (0, 0)
    assert erasing.erase_due(herts, DUE) == (0, 1)
    assert LiveSession.objects.get(id=going_on.session_id).phone_number.endswith(PHONE[-6:])


def test_incident_keeps_its_text_while_a_session_of_it_is_left(caller: Caller, herts: ForceRef) -> None:
    other = make_session()
    incident = caller.session.incident
    LiveSession.objects.filter(id=other.id).update(incident=incident)
    erasing.erase_due(herts, DUE)
    assert Incident.objects.get(id=incident.id).description

    end_session(actor=person(), now=DUE, session_id=other.id, reason="operator")
    erasing.erase_due(herts, DUE + timedelta(days=32))
    assert Incident.objects.get(id=incident.id).description == ""


def test_export_has_every_kind_and_no_secret(caller: Caller) -> None:
    exported = export_session(caller.session.id)

    assert set(exported) == {part.kind for part in registered_parts()}
    assert exported["streams.chatmessage"][0]["text"] == "my brother is hiding"
    assert exported["streams.position"][0]["latitude"] == 51.75
    said = json.dumps(exported)
    assert "token_hash" not in said
    assert "browser_hash" not in said


def test_erasure_can_be_repeated(caller: Caller, herts: ForceRef) -> None:
    for part in registered_parts():
        part.erase(caller.session.id, DUE)
    again = {part.kind: part.erase(caller.session.id, DUE) for part in registered_parts()}

    assert again["streams.position"] == 0
