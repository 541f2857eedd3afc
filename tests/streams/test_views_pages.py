"""The link a caller is sent, the caller's own page, and the console's door."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from forces import clock
from forces.context import ForceRef, Unit, in_force
from streams.models import Invitation
from streams.selectors import CALLER_COOKIE, read_caller_cookie, write_caller_cookie
from streams.services.invitations import rearm_invitation
from streams.services.sessions import end_session
from tests.factories.streams import (
    AuditRows,
    consent,
    make_consented,
    make_invitation,
    make_opened,
    make_session,
    person,
    token_for,
)

MakeClient = Callable[..., Client]


def link_of(invitation: Invitation) -> str:
    return f"/i/{token_for(invitation)}/"


def sent() -> Invitation:
    return make_invitation(now=clock.now())


def browser_of(caller: Any, force_client: MakeClient) -> Client:
    client = force_client()
    client.cookies[CALLER_COOKIE] = write_caller_cookie(caller.ticket)
    return client


def state_of(invitation: Invitation) -> str:
    return Invitation.objects.get(pk=invitation.pk).state


def test_robot_posts_without_csrf_token_refused(in_herts: Unit) -> None:
    invitation = sent()
    robot = Client(headers={"host": "herts.localhost"}, enforce_csrf_checks=True)

    assert robot.post(f"{link_of(invitation)}open/").status_code == 403
    assert state_of(invitation) == "queued"


@pytest.mark.parametrize("method", ["get", "head"])
def test_robot_looks_at_link_spends_nothing(in_herts: Unit, force_client: MakeClient, method: str) -> None:
    invitation = sent()

    for _ in range(3):
        assert getattr(force_client(), method)(link_of(invitation)).status_code == 200

    assert state_of(invitation) == "queued"


@pytest.mark.parametrize("method", ["get", "head", "put"])
def test_robot_opens_by_other_method_refused(in_herts: Unit, force_client: MakeClient, method: str) -> None:
    invitation = sent()

    assert getattr(force_client(), method)(f"{link_of(invitation)}open/").status_code == 405
    assert state_of(invitation) == "queued"


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_robot_writes_to_link_refused(in_herts: Unit, force_client: MakeClient, method: str) -> None:
    assert getattr(force_client(), method)(link_of(sent())).status_code == 405


@pytest.mark.parametrize("token", ["x", "A" * 32, "A" * 400, "é"])
def test_stranger_follows_unknown_link_refused(in_herts: Unit, force_client: MakeClient, token: str) -> None:
    assert force_client().get(f"/i/{token}/").status_code == 404
    assert force_client().post(f"/i/{token}/open/").status_code == 404


def test_caller_follows_link_at_other_force_refused(copy_db: str, herts: ForceRef, force_client: MakeClient) -> None:
    link = in_force(herts, lambda: link_of(sent()))

    assert force_client(schema="herts").get(link).status_code == 200
    assert force_client(schema="beds").get(link).status_code == 404
    assert force_client(schema="beds").post(f"{link}open/").status_code == 404


def test_caller_follows_old_link_is_told(in_herts: Unit, force_client: MakeClient, audit_rows: AuditRows) -> None:
    invitation = make_invitation(now=clock.now() - timedelta(minutes=61))

    assert force_client().get(link_of(invitation)).status_code == 410
    assert force_client().post(f"{link_of(invitation)}open/").status_code == 410
    assert [row["code"] for row in audit_rows() if row["act"] == "invitation.open"] == ["link_expired"]


def test_second_browser_follows_link_after_consent_refused(in_herts: Unit, force_client: MakeClient) -> None:
    caller = make_consented(now=clock.now())
    link = link_of(Invitation.objects.get(pk=caller.ticket.invitation_id))
    stranger = force_client()

    assert stranger.get(link).status_code == 409
    assert stranger.post(f"{link}open/").status_code == 409
    assert CALLER_COOKIE not in stranger.cookies


def test_browser_without_ticket_or_with_forged_one_refused(in_herts: Unit, force_client: MakeClient) -> None:
    client = force_client()
    assert client.get("/live/").status_code == 403

    client.cookies[CALLER_COOKIE] = "forged:by:hand"
    assert client.get("/live/").status_code == 403


def test_caller_of_ended_session_is_told(in_herts: Unit, force_client: MakeClient) -> None:
    caller = make_consented(now=clock.now())
    end_session(actor=person(), now=clock.now(), session_id=caller.session.id, reason="x")

    assert browser_of(caller, force_client).get("/live/").status_code == 410


def test_first_browser_of_rearmed_link_is_out(in_herts: Unit, force_client: MakeClient) -> None:
    now = clock.now()
    first = make_consented(now=now)
    rearm_invitation(actor=person(), now=now, session_id=first.session.id)
    second = make_opened(Invitation.objects.get(pk=first.ticket.invitation_id), now=now)
    consent(second, now=now)

    assert browser_of(first, force_client).get("/live/").status_code == 409
    assert browser_of(second, force_client).get("/live/").status_code == 200


def test_person_opens_link_gets_ticket_and_address_without_token(in_herts: Unit, force_client: MakeClient) -> None:
    invitation, client = sent(), force_client()
    client.get(link_of(invitation))

    opened = client.post(f"{link_of(invitation)}open/")

    assert (opened.status_code, opened["Location"]) == (303, "/live/")
    cookie = opened.cookies[CALLER_COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")
    ticket = read_caller_cookie(cookie.value)
    assert ticket is not None
    assert ticket.invitation_id == invitation.id
    page = client.get("/live/")
    assert page.status_code == 200
    assert token_for(invitation) not in page.content.decode()
    assert state_of(invitation) == "opened"


def test_person_opens_link_by_the_form_of_the_page(in_herts: Unit) -> None:
    invitation = sent()
    browser = Client(headers={"host": "herts.localhost"}, enforce_csrf_checks=True)
    page = browser.get(link_of(invitation))

    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())
    assert found is not None
    opened = browser.post(f"{link_of(invitation)}open/", {"csrfmiddlewaretoken": found.group(1)})

    assert opened.status_code == 303


def test_pages_of_link_are_not_kept_and_tell_nobody(in_herts: Unit, force_client: MakeClient) -> None:
    page = force_client().get(link_of(sent()))

    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "strict-origin"
    assert "Hertfordshire Constabulary" in page.content.decode()


def test_bound_browser_opens_link_again_keeps_its_ticket(in_herts: Unit, force_client: MakeClient) -> None:
    caller = make_consented(now=clock.now())
    client = browser_of(caller, force_client)
    link = link_of(Invitation.objects.get(pk=caller.ticket.invitation_id))

    opened = client.post(f"{link}open/")

    assert opened.status_code == 303
    assert read_caller_cookie(opened.cookies[CALLER_COOKIE].value) == caller.ticket


def test_caller_says_goodbye_and_browser_forgets_ticket(in_herts: Unit, force_client: MakeClient) -> None:
    answered = browser_of(make_consented(now=clock.now()), force_client).get("/goodbye/")

    assert answered.status_code == 200
    assert answered.cookies[CALLER_COOKIE].value == ""


@pytest.mark.parametrize(
    ("role", "where"),
    [("", "/sign-in/?next=/"), ("force_admin", "/admin/"), ("auditor", "/api/v1/docs/")],
)
def test_others_at_the_console_are_sent_where_they_belong(
    in_herts: Unit, force_client: MakeClient, role: str, where: str
) -> None:
    answered = force_client(role).get("/")

    assert (answered.status_code, answered["Location"]) == (302, where)


def test_visitor_at_the_officers_page_is_led_to_sign_in_and_back(in_herts: Unit, force_client: MakeClient) -> None:
    answered = force_client().get("/officer/")
    assert (answered.status_code, answered["Location"]) == (302, "/sign-in/?next=/officer/")


def test_operator_at_the_officers_page_refused(in_herts: Unit, force_client: MakeClient) -> None:
    assert force_client("operator").get("/officer/").status_code == 403


def test_officers_page_may_use_camera_and_microphone(in_herts: Unit, force_client: MakeClient) -> None:
    policy = force_client("officer").get("/officer/")["Permissions-Policy"]
    assert {"camera=(self)", "microphone=(self)", "geolocation=(self)"} <= set(policy.split(", "))


@pytest.mark.parametrize("role", ["operator", "supervisor"])
def test_operator_gets_the_console_and_a_csrf_cookie(in_herts: Unit, force_client: MakeClient, role: str) -> None:
    answered = force_client(role).get("/")

    assert answered.status_code == 200
    assert "sl_csrf" in answered.cookies


def test_goodbye_in_safe_mode_names_nobody(in_herts: Unit, force_client: MakeClient) -> None:
    session = make_session(now=clock.now(), safe_mode=True)
    caller = make_consented(make_opened(make_invitation(session, now=clock.now()), now=clock.now()), now=clock.now())

    text = browser_of(caller, force_client).get("/goodbye/").content.decode()

    assert [name for name in ("Hertfordshire", "Sightline -", "control room", "sharing", "999") if name in text] == []
    assert "<title>Notes</title>" in text
