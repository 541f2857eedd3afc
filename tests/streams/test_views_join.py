"""The page that takes a code: who only looks spends nothing, and a person's code opens its link."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from forces import clock, dispatch
from forces.context import ForceRef, Unit, in_force
from streams.models import Invitation
from streams.selectors import CALLER_COOKIE, read_caller_cookie
from streams.services.code_tries import FAILURES_PER_ADDRESS
from streams.services.codes import grouped
from tests.factories.streams import AuditRows, code_for, make_consented, make_invitation, token_for

MakeClient = Callable[..., Client]
WRONG = "CDFG 3467"


def sent() -> Invitation:
    return make_invitation(now=clock.now())


def state_of(invitation: Invitation) -> str:
    return Invitation.objects.get(pk=invitation.pk).state


def enter(client: Client, typed: str, **options: Any) -> Any:
    return client.post("/join/", {"code": typed}, **options)


def problem(answered: Any) -> str:
    """Return the code of the problem that a page states."""
    found = re.search(r'role="alert" id="code-problem" data-code="(\w+)"', answered.content.decode())
    return found.group(1) if found else ""


def test_robot_posts_code_without_csrf_token_refused(in_herts: Unit) -> None:
    invitation = sent()
    robot = Client(headers={"host": "herts.localhost"}, enforce_csrf_checks=True)

    assert enter(robot, code_for(invitation)).status_code == 403
    assert state_of(invitation) == "queued"


@pytest.mark.parametrize("method", ["get", "head"])
def test_robot_looks_at_page_with_code_in_its_address_spends_nothing(
    in_herts: Unit, force_client: MakeClient, method: str
) -> None:
    invitation = sent()

    for path in ("/join/", f"/join/?code={code_for(invitation)}"):
        answered = getattr(force_client(), method)(path)
        assert answered.status_code == 200
        assert CALLER_COOKIE not in answered.cookies
        assert code_for(invitation) not in answered.content.decode()
    assert state_of(invitation) == "queued"


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_robot_writes_to_page_refused(in_herts: Unit, force_client: MakeClient, method: str) -> None:
    assert getattr(force_client(), method)("/join/").status_code == 405


def test_platform_takes_no_codes() -> None:
    assert Client(headers={"host": "localhost"}).get("/join/").status_code == 404


@pytest.mark.parametrize(
    ("typed", "status", "code"),
    [(WRONG, 404, "code_unknown"), ("", 400, "code_malformed"), ("é" * 500, 400, "code_malformed")],
)
def test_stranger_enters_wrong_code_is_told_calmly(
    in_herts: Unit, force_client: MakeClient, typed: str, status: int, code: str
) -> None:
    sent()
    client = force_client()

    answered = enter(client, typed)

    assert (answered.status_code, problem(answered)) == (status, code)
    assert "Ask the operator to read it to you again" in answered.content.decode()
    assert CALLER_COOKIE not in client.cookies


def test_what_was_typed_is_shown_again_as_text(in_herts: Unit, force_client: MakeClient) -> None:
    page = enter(force_client(), '"><script>').content.decode()

    assert 'value="&quot;&gt;&lt;script&gt;"' in page


def test_caller_enters_code_of_old_and_used_links_hears_of_no_link(in_herts: Unit, force_client: MakeClient) -> None:
    now = clock.now()
    old = make_invitation(now=now - timedelta(minutes=61))
    used = Invitation.objects.get(pk=make_consented(now=now).ticket.invitation_id)

    pages = [enter(force_client(), typed) for typed in (WRONG, code_for(old), code_for(used))]

    assert [(page.status_code, problem(page)) for page in pages] == [(404, "code_unknown")] * 3


def test_caller_enters_code_at_other_force_refused(copy_db: str, herts: ForceRef, force_client: MakeClient) -> None:
    code = in_force(herts, lambda: code_for(sent()))

    assert enter(force_client(schema="beds"), code).status_code == 404
    assert enter(force_client(schema="herts"), code).status_code == 303


def test_right_code_of_spent_address_refused_with_the_time_to_wait(
    in_herts: Unit, force_client: MakeClient, audit_rows: AuditRows, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, home = clock.now(), {"REMOTE_ADDR": "203.0.113.7"}
    monkeypatch.setattr(clock, "now", lambda: now)  # no window ends meanwhile
    invitation = sent()
    for _ in range(FAILURES_PER_ADDRESS):
        assert enter(force_client(), WRONG, **home).status_code == 404

    answers = [enter(force_client(), code_for(invitation), **home) for _ in range(3)]

    assert [(answered.status_code, problem(answered)) for answered in answers] == [(429, "code_tries_spent")] * 3
    assert 0 < int(answers[0]["Retry-After"]) <= 600
    assert [row["code"] for row in audit_rows()].count("code_tries_spent") == 1
    link = f"/i/{token_for(invitation)}/"
    assert force_client(**home).get(link).status_code == 200
    assert force_client(**home).post(f"{link}open/").status_code == 303


def test_code_without_redis_refused_with_words_for_people(
    in_herts: Unit, force_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    invitation = sent()
    monkeypatch.setattr(settings, "REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(dispatch, "_redis", None)

    assert force_client().get("/join/").status_code == 200
    answered = enter(force_client(), code_for(invitation))

    assert (answered.status_code, problem(answered)) == (503, "unavailable")
    assert "Codes cannot be used at the moment" in answered.content.decode()
    assert state_of(invitation) == "queued"


def test_caller_types_the_address_as_it_is_read_out(force_client: MakeClient) -> None:
    answered = force_client().get("/join")

    assert (answered.status_code, answered["Location"]) == (301, "/join/")


def test_caller_without_ticket_is_shown_where_codes_are_entered(in_herts: Unit, force_client: MakeClient) -> None:
    assert 'href="/join/"' in force_client().get("/live/").content.decode()


def test_page_runs_no_more_than_the_way_out_and_is_not_kept(in_herts: Unit, force_client: MakeClient) -> None:
    page = force_client().get("/join/")
    text = page.content.decode()

    assert re.findall(r"<script[^>]*>", text) == ['<script type="module" src="/assets/exit.js">']
    assert "no-store" in page["Cache-Control"]
    for attribute in ('autocomplete="off"', 'inputmode="text"', 'autocapitalize="characters"'):
        assert attribute in text


def test_person_enters_code_gets_ticket_and_goes_on(in_herts: Unit, force_client: MakeClient) -> None:
    invitation = sent()
    browser = Client(headers={"host": "herts.localhost"}, enforce_csrf_checks=True)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get("/join/").content.decode())
    assert token is not None

    typed = grouped(code_for(invitation)).lower()
    opened = browser.post("/join/", {"code": typed, "csrfmiddlewaretoken": token.group(1)})

    assert (opened.status_code, opened["Location"]) == (303, "/live/")
    ticket = read_caller_cookie(opened.cookies[CALLER_COOKIE].value)
    assert ticket is not None
    assert ticket.invitation_id == invitation.id
    assert state_of(invitation) == "opened"
    assert browser.get("/live/").status_code == 200
