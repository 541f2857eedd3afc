"""Text between the control room and the caller."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from forces.actors import Actor
from forces.context import Unit
from forces.errors import InvalidInput, NotPermitted
from streams.models import ChatMessage, LiveSession
from streams.services.chat import post_message
from streams.services.locks import SessionOver
from streams.services.sessions import end_session
from tests.factories.streams import NOW, AuditRows, make_consented, make_opened, person


def post(
    actor: Actor,
    session: LiveSession,
    text: str = "Are you safe?",
    client_id: str = "m1",
    now: datetime = NOW,
) -> dict[str, Any]:
    return post_message(actor=actor, now=now, session_id=session.id, client_id=client_id, text=text)


@pytest.mark.parametrize("role", ["officer", "auditor", "force_admin"])
def test_other_role_writes_refused(in_herts: Unit, role: str) -> None:
    with pytest.raises(NotPermitted):
        post(person(role), make_opened().session)


def test_caller_writes_into_other_session_refused(in_herts: Unit) -> None:
    with pytest.raises(NotPermitted):
        post(make_opened().actor, make_opened().session)
    assert not ChatMessage.objects.exists()


@pytest.mark.parametrize("text", ["", "   ", "x" * 1001, "\x00"])
def test_caller_writes_unusable_text_refused(in_herts: Unit, text: str) -> None:
    caller = make_opened()

    with pytest.raises(InvalidInput):
        post(caller.actor, caller.session, text)


@pytest.mark.parametrize("client_id", ["", "x" * 65])
def test_caller_writes_with_unusable_id_refused(in_herts: Unit, client_id: str) -> None:
    caller = make_opened()

    with pytest.raises(InvalidInput):
        post(caller.actor, caller.session, client_id=client_id)


def test_caller_writes_after_end_refused(in_herts: Unit) -> None:
    caller = make_consented()
    end_session(actor=person(), now=NOW, session_id=caller.session.id, reason="x")

    with pytest.raises(SessionOver):
        post(caller.actor, caller.session)


def test_caller_reuses_id_of_operator_refused(in_herts: Unit) -> None:
    caller = make_opened()
    post(person(), caller.session)

    with pytest.raises(InvalidInput):
        post(caller.actor, caller.session, "Yes")


def test_operator_writes_reaches_both_sides_but_name_stays_in_the_room(in_herts: Unit, audit_rows: AuditRows) -> None:
    caller = make_opened()

    message = post(person(), caller.session)

    (room, to_room), (phone, to_phone) = in_herts.broadcasts[-2:]
    assert (room, phone) == (f"session.{caller.session.id}", f"caller.{caller.session.id}")
    assert (to_room["sender_name"], to_phone["sender_name"]) == ("Operator One", "Hertfordshire Constabulary")
    assert (message["text"], message["sender"]) == ("Are you safe?", "operator")
    assert audit_rows()[-1]["detail"] == {"characters": 13}


def test_caller_sends_message_twice_kept_and_told_once(in_herts: Unit) -> None:
    caller = make_opened()
    first = post(caller.actor, caller.session, "Yes")
    told = len(in_herts.broadcasts)

    again = post(caller.actor, caller.session, "Yes", now=NOW + timedelta(seconds=5))

    assert again == first
    assert (ChatMessage.objects.count(), len(in_herts.broadcasts)) == (1, told)


def phrase(actor: Actor, session: LiveSession, code: str, text: str = "") -> dict[str, Any]:
    return post_message(actor=actor, now=NOW, session_id=session.id, client_id=code, text=text, phrase=code)


@pytest.mark.parametrize(("code", "text"), [("no-such-phrase", ""), ("are-you-safe", ""), ("yes", "Yes")])
def test_caller_sends_unknown_or_foreign_phrase_or_two_things_refused(in_herts: Unit, code: str, text: str) -> None:
    caller = make_opened()

    with pytest.raises(InvalidInput):
        phrase(caller.actor, caller.session, code, text)
    assert not ChatMessage.objects.exists()


def test_operator_sends_answer_of_callers_refused(in_herts: Unit) -> None:
    with pytest.raises(InvalidInput):
        phrase(person(), make_opened().session, "yes")


def test_phrase_is_read_by_each_side_in_its_own_language(in_herts: Unit, audit_rows: AuditRows) -> None:
    caller = make_opened(language="ur")

    asked = phrase(person(), caller.session, "are-you-safe")
    said = phrase(caller.actor, caller.session, "no")

    words = ("text", "language", "shown_text", "shown_language", "phrase")
    assert [asked[name] for name in words] == ["Are you safe?", "en", "کیا آپ محفوظ ہیں؟", "ur", "are-you-safe"]
    assert [said[name] for name in words] == ["نہیں", "ur", "No", "en", "no"]
    # What was said is no word of the audit, which nothing erases.
    assert [row["detail"] for row in audit_rows() if row["act"] == "message.post"] == [
        {"characters": 13},
        {"characters": 4},
    ]


def test_typed_words_are_kept_and_shown_as_they_are(in_herts: Unit) -> None:
    caller = make_opened(language="ur")

    said = post(caller.actor, caller.session, "مدد")

    assert (said["text"], said["shown_text"], said["phrase"]) == ("مدد", "مدد", None)
    assert (said["language"], said["shown_language"]) == ("ur", "ur")
