"""Safe mode: nothing that somebody else may see says what it is; and leaving in a hurry is told to the console."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.test import Client

from forces import clock
from forces.context import Unit
from forces.errors import NotPermitted
from streams.models import Invitation, LinkPolicy, MessageTemplate
from streams.selectors import CALLER_COOKIE, session_summary, write_caller_cookie
from streams.services.caller_page import open_caller_page
from streams.services.delivery import claim_delivery
from streams.services.progress import list_expected_callers, note_connected, note_lost, note_progress
from streams.services.sessions import choose_language, end_session
from tests.factories.streams import (
    NOW,
    AuditRows,
    Caller,
    make_consented,
    make_invitation,
    make_opened,
    make_session,
    person,
    session_now,
    token_for,
)

MakeClient = Callable[..., Client]
LATER = NOW + timedelta(minutes=1)
TELLING = ("police", "Hertfordshire", "Sightline", "control room", "999")


def frame_of(page: str) -> str:
    """Return what is around the words of a page: head and masthead."""
    return page.split('<main class="govuk-main-wrapper"')[0].replace("sightline-", "")


def left(caller: Caller) -> None:
    note_progress(actor=caller.actor, now=LATER, session_id=caller.session.id, step="page_left")


@pytest.mark.parametrize("language", ["en", "cy", "ur", "pl"])
def test_message_in_safe_mode_names_neither_police_nor_incident(in_herts: Unit, language: str) -> None:
    invitation = make_invitation(make_session(safe_mode=True, language=language))

    claimed = claim_delivery(now=NOW, invitation_id=invitation.id)

    assert claimed is not None
    words = claimed.message.body.split("http")[0]
    assert not [word for word in (*TELLING, "HERTS", "Ref") if word in words]
    assert f"/i/{token_for(invitation)}/" in claimed.message.body


def test_email_in_safe_mode_names_nobody_in_its_subject(in_herts: Unit) -> None:
    invitation = make_invitation(make_session(safe_mode=True))
    Invitation.objects.filter(pk=invitation.id).update(channel=Invitation.Channel.EMAIL)

    claimed = claim_delivery(now=NOW, invitation_id=invitation.id)

    assert claimed is not None
    assert claimed.message.subject == "Your link"


def test_force_without_a_safe_message_sends_the_bare_link(in_herts: Unit) -> None:
    MessageTemplate.objects.filter(safe_mode=True).delete()
    invitation = make_invitation(make_session(safe_mode=True))

    claimed = claim_delivery(now=NOW, invitation_id=invitation.id)

    assert claimed is not None
    assert claimed.message.body.startswith("http")


@pytest.mark.parametrize("body", ["{force} {link}", "{link} {reference}"])
def test_database_refuses_safe_message_that_names_the_force(in_herts: Unit, body: str) -> None:
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("UPDATE streams_messagetemplate SET body = %s WHERE safe_mode", [body])


def test_pages_in_safe_mode_say_around_their_words_not_whose_they_are(in_herts: Unit, force_client: MakeClient) -> None:
    invitation = make_invitation(make_session(now=clock.now(), safe_mode=True), now=clock.now())
    link = f"/i/{token_for(invitation)}/"
    invited = force_client().get(link)
    caller = make_opened(invitation, now=clock.now())
    browser = force_client()
    browser.cookies[CALLER_COOKIE] = write_caller_cookie(caller.ticket)
    opened = browser.get("/live/")
    end_session(actor=person(), now=clock.now(), session_id=caller.session.id, reason="operator")

    for page, status in ((invited, 200), (opened, 200), (browser.get("/live/"), 410), (force_client().get(link), 410)):
        text = page.content.decode()
        assert page.status_code == status
        assert "<title>Notes</title>" in text
        assert "/assets/note.svg" in text
        assert not [word for word in TELLING if word in frame_of(text)], frame_of(text)
    assert not [word for word in TELLING if word in invited.content.decode()]


def test_page_outside_of_safe_mode_says_who_asks(in_herts: Unit, force_client: MakeClient) -> None:
    invitation = make_invitation(now=clock.now())

    text = force_client().get(f"/i/{token_for(invitation)}/").content.decode()

    assert "<title>Hertfordshire Constabulary is asking for your help - Sightline</title>" in text
    assert 'id="exit-page" href="https://www.bbc.co.uk/weather"' in text


def test_force_chooses_where_exit_leads(in_herts: Unit, force_client: MakeClient) -> None:
    LinkPolicy.objects.update(exit_url="https://www.example.org/news")

    assert 'href="https://www.example.org/news"' in force_client().get("/join/").content.decode()
    assert open_caller_page(now=NOW, ticket=make_opened().ticket, request_id="").session["exit_url"].endswith("/news")


def test_stranger_says_that_a_caller_left_refused(in_herts: Unit) -> None:
    with pytest.raises(NotPermitted):
        note_progress(actor=make_opened().actor, now=NOW, session_id=make_opened().session.id, step="page_left")


def test_caller_leaves_in_a_hurry_alarms_consoles_and_ends_nothing(in_herts: Unit) -> None:
    caller = make_consented()

    left(caller)

    alarm = in_herts.broadcasts[-1][1]
    assert (alarm["type"], alarm["code"], alarm["session_id"]) == ("alarm.raised", "page_left", str(caller.session.id))
    assert session_summary(session_now(caller.session.id))["progress"]["step"] == "page_left"
    assert session_now(caller.session.id).state == "consented"


def test_caller_who_left_is_not_taken_for_a_lost_phone_and_may_come_back(in_herts: Unit) -> None:
    caller = make_consented()
    left(caller)
    note_lost(now=LATER, session_id=caller.session.id)

    assert session_now(caller.session.id).progress_step == "page_left"
    assert list_expected_callers() == []

    note_connected(now=LATER, session_id=caller.session.id)
    assert session_now(caller.session.id).progress_step == "connected"


def test_stranger_chooses_language_refused(in_herts: Unit) -> None:
    with pytest.raises(NotPermitted):
        choose_language(actor=make_opened().actor, session_id=make_opened().session.id, language="ur")


def test_callers_choice_of_language_becomes_the_sessions(in_herts: Unit, audit_rows: AuditRows) -> None:
    caller = make_opened()

    page = open_caller_page(now=NOW, ticket=caller.ticket, request_id="", language="ur")

    assert (page.session["language"], page.wording["language"]) == ("ur", "ur")
    assert page.phrases[0] == {"code": "yes", "text": "ہاں"}
    assert session_now(caller.session.id).language == "ur"
    assert [row["detail"]["language"] for row in audit_rows() if row["act"] == "session.language"] == ["ur"]
