"""Signing in: who is refused, the second factor, enrolment, and what the audit keeps of it."""

import base64
import json
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client

from config.services.one_time_codes import one_time_code
from forces import clock
from forces.accounts.models import SecondFactorRule, SignIn, User
from forces.accounts.second_factor import REQUIRED_FOR, ciphers, is_enrolled
from forces.accounts.sign_ins import reset_second_factor, sign_out_everywhere
from forces.actors import Actor
from forces.context import ForceRef, Unit, in_force
from forces.errors import NotFound, NotPermitted
from tests.people import PASSWORD, code_of, sign_in_client

MakeClient = Callable[..., Client]
AuditRows = Callable[[], list[dict[str, Any]]]
ME = "/api/v1/me/"


@pytest.fixture
def new_supervisor(in_herts: Unit) -> User:
    """A supervisor who has not set anything up."""
    user = User(username="new-supervisor", role="supervisor")
    user.set_password(PASSWORD)
    user.save()
    return user


def enter(client: Client, username: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/sign-in/", {"username": username, "password": password, **more})


def is_nobody(client: Client) -> bool:
    answer = client.get(ME)
    return answer.status_code == 401 and answer.json()["code"] == "not_signed_in"


def shown_secret(client: Client) -> str:
    page = client.get("/sign-in/enrol/").content.decode()
    found = re.search(r'data-testid="totp-secret">([^<]+)<', page)
    assert found, page
    return found[1].replace(" ", "")


@pytest.mark.parametrize("role", sorted(REQUIRED_FOR - {"platform_admin"}))
def test_person_with_the_password_alone_is_nobody(in_herts: Unit, force_client: MakeClient, role: str) -> None:
    client = force_client()
    assert enter(client, role)["Location"] == "/sign-in/code/"
    assert is_nobody(client)
    assert client.get("/")["Location"] == "/sign-in/?next=/"
    assert client.get("/admin/").status_code == 302
    assert client.get("/sign-in/")["Location"] == "/sign-in/code/"


@pytest.mark.parametrize("code", ["000000", "", "12345678", "not-a-code"])
def test_supervisor_with_a_wrong_code_is_refused(
    in_herts: Unit, force_client: MakeClient, audit_rows: AuditRows, code: str
) -> None:
    client = force_client()
    enter(client, "supervisor")
    assert client.post("/sign-in/code/", {"code": code}).status_code == 200
    assert is_nobody(client)
    refused = [(row["act"], row["code"]) for row in audit_rows() if row["outcome"] == "refused"]
    assert refused == ([("account.second_factor", "wrong_code")] if code else [])


def test_code_that_was_used_opens_nothing_again(in_herts: Unit, force_client: MakeClient) -> None:
    first, second, code = force_client(), force_client(), code_of("supervisor")
    for client in (first, second):
        enter(client, "supervisor")
        client.post("/sign-in/code/", {"code": code})
    assert not is_nobody(first)
    assert is_nobody(second)


def test_code_of_another_force_opens_nothing(in_herts: Unit, force_client: MakeClient) -> None:
    client = force_client()
    assert client.get("/sign-in/code/")["Location"] == "/sign-in/"
    enter(client, "supervisor")
    stranger = client.post("/sign-in/code/", {"code": code_of("force_admin")})
    assert stranger.status_code == 200
    assert is_nobody(client)


def test_inactive_user_is_refused_like_a_wrong_password(in_herts: Unit, force_client: MakeClient) -> None:
    User.objects.filter(username="operator").update(is_active=False)
    right, wrong = enter(force_client(), "operator"), enter(force_client(), "operator", "another-password")
    assert right.status_code == wrong.status_code == 200
    assert b"do not belong together" in right.content
    assert b"do not belong together" in wrong.content


def test_visitor_who_guesses_spends_a_budget_and_nobody_else_s(
    in_herts: Unit, force_client: MakeClient, audit_rows: AuditRows
) -> None:
    for _ in range(8):
        enter(force_client(), "operator", "guess-after-guess")
    locked = enter(force_client(), "operator")
    assert locked.status_code == 200
    assert b"Wait five minutes" in locked.content
    assert audit_rows()[-1]["code"] == "too_many_attempts"
    assert "guess-after-guess" not in json.dumps(audit_rows(), default=str)
    elsewhere = force_client()
    elsewhere.post("/sign-in/", {"username": "operator", "password": PASSWORD}, REMOTE_ADDR="192.0.2.7")
    assert not is_nobody(elsewhere)


def test_supervisor_who_guesses_codes_spends_a_budget(in_herts: Unit, force_client: MakeClient) -> None:
    client = force_client()
    enter(client, "supervisor")
    for _ in range(8):
        client.post("/sign-in/code/", {"code": "000000"})
    locked = client.post("/sign-in/code/", {"code": code_of("supervisor")})
    assert b"Wait five minutes" in locked.content
    assert is_nobody(client)


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example/", "http://beds.localhost/"])
def test_sign_in_leads_to_no_other_host(in_herts: Unit, force_client: MakeClient, next_page: str) -> None:
    assert enter(force_client(), "operator", next=next_page)["Location"] == "/"


@pytest.mark.parametrize(
    "path", ["/sign-up/", "/accounts/signup/", "/signup/", "/password/reset/", "/sign-in/inactive/"]
)
def test_no_page_makes_or_opens_an_account(force_client: MakeClient, path: str) -> None:
    assert force_client().get(path).status_code == 404


def test_session_that_was_made_elsewhere_is_nobody_s(in_herts: Unit, force_client: MakeClient) -> None:
    """A supervisor's session without a second factor does not count, whoever made it."""
    client = force_client()
    client.force_login(User.objects.get(username="supervisor"))
    assert is_nobody(client)


def test_new_supervisor_can_do_nothing_before_the_enrolment(new_supervisor: User, force_client: MakeClient) -> None:
    client = force_client()
    assert enter(client, "new-supervisor")["Location"] == "/sign-in/enrol/"
    assert is_nobody(client)
    assert client.get("/sign-in/")["Location"] == "/sign-in/enrol/"
    assert client.post("/sign-in/enrol/", {"code": "000000"}).status_code == 200
    assert is_nobody(client)
    assert not is_enrolled(new_supervisor)


def test_new_supervisor_enrols_and_is_signed_in(
    new_supervisor: User, force_client: MakeClient, audit_rows: AuditRows
) -> None:
    client = force_client()
    enter(client, "new-supervisor", next="/api/v1/me/")
    secret = shown_secret(client)
    assert shown_secret(client) == secret
    done = client.post("/sign-in/enrol/", {"code": one_time_code(secret, int(time.time()) // 30)})
    assert "no-store" in done.headers["Cache-Control"]
    codes = re.findall(r"<li>(\d{8})</li>", done.content.decode())
    assert len(codes) == 10
    assert 'href="/api/v1/me/"' in done.content.decode()
    assert client.get(ME).json()["role"] == "supervisor"
    kept = json.dumps(audit_rows(), default=str)
    assert [row["act"] for row in audit_rows()] == ["account.enrol", "account.sign_in"]
    assert secret not in kept
    assert codes[0] not in kept
    for number, expected in ((codes[0], False), (codes[0], True)):
        client = force_client()
        enter(client, "new-supervisor")
        client.post("/sign-in/code/", {"code": number})
        assert is_nobody(client) == expected
    assert "account.recovery_code" in [row["act"] for row in audit_rows()]


def test_code_is_that_of_rfc_6238() -> None:
    assert one_time_code(base64.b32encode(b"12345678901234567890").decode(), 59 // 30) == "287082"


def test_secret_is_not_kept_in_clear(in_herts: Unit) -> None:
    from allauth.mfa.models import Authenticator

    from tests.people import totp_secret

    kept = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    assert len(kept) > 100
    assert totp_secret("supervisor") not in kept


def test_secret_under_a_replaced_key_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SECRET_KEY", "the-old-key")
    kept = ciphers().encrypt(b"secret")
    monkeypatch.setattr(settings, "SECRET_KEY", "the-new-key")
    with pytest.raises(InvalidToken):
        ciphers().decrypt(kept)
    monkeypatch.setattr(settings, "SECRET_KEY_FALLBACKS", ["the-old-key"])
    assert ciphers().decrypt(kept) == b"secret"


@pytest.mark.parametrize("role", ["operator", "supervisor", "auditor", "officer"])
def test_other_role_manages_no_accounts(in_herts: Unit, role: str) -> None:
    user = User.objects.get(username="supervisor")
    actor = Actor(kind="user", id="1", role=role)
    with pytest.raises(NotPermitted):
        reset_second_factor(actor=actor, now=clock.now(), user=user)
    with pytest.raises(NotPermitted):
        sign_out_everywhere(actor=actor, now=clock.now(), user_id=user.pk)
    assert is_enrolled(user)


def test_command_forgets_a_second_factor_of_the_named_user_only(
    copy_db: str, herts: ForceRef, beds: ForceRef, capsys: pytest.CaptureFixture[str]
) -> None:
    def enrolled(username: str) -> bool:
        return is_enrolled(User.objects.get(username=username))

    with pytest.raises(CommandError):
        call_command("reset_second_factor", "nobody", force="herts")
    with pytest.raises(NotFound):
        call_command("reset_second_factor", "force_admin", force="nowhere")
    call_command("reset_second_factor", "force_admin", force="herts")
    assert not in_force(herts, enrolled, "force_admin")
    assert in_force(herts, enrolled, "supervisor")
    assert in_force(beds, enrolled, "force_admin")


def test_operator_signs_in_by_password_unless_the_force_wants_more(in_herts: Unit, force_client: MakeClient) -> None:
    assert enter(force_client(), "operator")["Location"] == "/"
    SecondFactorRule.objects.create(role="operator")
    assert enter(force_client(), "operator")["Location"] == "/sign-in/enrol/"


@pytest.mark.parametrize(
    ("role", "page"), [("supervisor", "/"), ("force_admin", "/admin/"), ("auditor", "/api/v1/docs/")]
)
def test_person_with_password_and_code_lands_where_the_role_works(
    in_herts: Unit, force_client: MakeClient, audit_rows: AuditRows, role: str, page: str
) -> None:
    client = force_client()
    enter(client, role)
    done = client.post("/sign-in/code/", {"code": code_of(role)})
    assert (done.status_code, done["Location"]) == (302, page)
    assert [(row["act"], row["detail"]) for row in audit_rows()] == [("account.sign_in", {"second_factor": True})]


def test_platform_admin_enters_the_platform_s_admin_with_a_second_factor(copy_db: str) -> None:
    client = Client(headers={"host": "localhost"})
    sent = client.get("/admin/", follow=True)
    assert sent.redirect_chain[-1][0] == "/sign-in/?next=/admin/"
    assert enter(client, "platform_admin")["Location"] == "/sign-in/code/"
    assert client.get("/admin/").status_code == 302
    client.post("/sign-in/code/", {"code": code_of("platform_admin", "public")})
    assert client.get("/admin/").status_code == 200
    assert b"reset_second_factor" in client.get("/admin/accounts/user/").content


def test_signed_in_operator_is_refused_the_admin(in_herts: Unit, force_client: MakeClient) -> None:
    assert force_client("operator").get("/admin/", follow=True).status_code == 403


def test_person_starts_again_under_another_name(in_herts: Unit, force_client: MakeClient) -> None:
    client = force_client()
    enter(client, "supervisor")
    assert client.post("/sign-in/again/")["Location"] == "/sign-in/"
    sign_in_client(client, "operator")
    assert client.get(ME).json()["role"] == "operator"


def test_person_whose_phone_was_reset_meanwhile_begins_anew(in_herts: Unit, force_client: MakeClient) -> None:
    client, now = force_client(), clock.now()
    admin = Actor(kind="user", id="1", role="force_admin", proved_at=now)
    enter(client, "supervisor")
    reset_second_factor(actor=admin, now=now, user=User.objects.get(username="supervisor"))
    assert client.get("/sign-in/code/")["Location"] == "/sign-in/"
    assert client.get("/sign-in/").status_code == 200
    assert enter(client, "supervisor")["Location"] == "/sign-in/enrol/"


def test_signing_out_ends_the_sign_in(in_herts: Unit, force_client: MakeClient, audit_rows: AuditRows) -> None:
    client = force_client("operator")
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert is_nobody(client)
    ended = SignIn.objects.latest("started_at")
    assert ended.end_reason == "signed_out"
    assert [row["act"] for row in audit_rows()] == ["account.sign_in", "account.sign_out"]
