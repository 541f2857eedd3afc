"""Which host leads where, what a failed request leaves behind, and who a session is at which force."""

import json
from collections.abc import Callable

import pytest
from django.test import Client

from forces.accounts.models import User
from forces.audit.models import AuditEntry
from forces.context import ForceRef, in_force
from tests.people import PASSWORD

MakeClient = Callable[..., Client]


@pytest.mark.parametrize("host", ["nowhere.localhost", "evil.example", "", "herts.localhost.evil.example"])
def test_visitor_of_an_unknown_host_finds_nothing(host: str) -> None:
    answer = Client(headers={"host": host}).get("/sign-in/")
    assert answer.status_code == 404
    assert b"Sightline" not in answer.content


def test_visitor_of_a_force_sees_its_sign_in(force_client: MakeClient) -> None:
    answer = force_client().get("/sign-in/")
    assert answer.status_code == 200
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_platform_has_no_force_pages() -> None:
    client = Client(headers={"host": "localhost"})
    assert client.get("/").status_code == 200
    assert client.get("/api/v1/me/").status_code == 404


def test_anonymous_visitor_of_the_api_is_told_to_sign_in(force_client: MakeClient) -> None:
    answer = force_client().get("/api/v1/me/")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


def test_wrong_password_is_refused_and_audited_without_what_was_typed(
    copy_db: str, herts: ForceRef, force_client: MakeClient
) -> None:
    answer = force_client().post("/sign-in/", {"username": "operator", "password": "Tr0ub4dor-wrong"})
    assert answer.status_code == 200
    rows = in_force(herts, lambda: list(AuditEntry.objects.filter(act="account.sign_in").values()))
    assert [row["outcome"] for row in rows] == ["refused"]
    assert "Tr0ub4dor" not in json.dumps(rows, default=str)


def test_user_of_one_force_is_nobody_at_another(force_client: MakeClient) -> None:
    client = force_client("operator")
    assert client.get("/api/v1/me/").json()["role"] == "operator"
    beds = client.get("/api/v1/me/", headers={"host": "beds.localhost"})
    assert beds.status_code == 401


def test_password_of_one_force_does_not_open_another(copy_db: str, herts: ForceRef, force_client: MakeClient) -> None:
    def change() -> None:
        user = User.objects.get(username="operator")
        user.set_password("only-in-herts-now")
        user.save()

    in_force(herts, change)
    beds = force_client(schema="beds").post("/sign-in/", {"username": "operator", "password": "only-in-herts-now"})
    assert beds.status_code == 200
    herts_page = force_client().post("/sign-in/", {"username": "operator", "password": PASSWORD})
    assert herts_page.status_code == 200


def test_signed_in_user_reads_own_rights(force_client: MakeClient) -> None:
    me = force_client("supervisor").get("/api/v1/me/").json()
    assert me["force"] == {"schema": "herts", "name": "Hertfordshire Constabulary"}
    assert "risk.override" in me["permissions"]
    assert "audit.read" not in me["permissions"]


def test_machine_door_knows_no_force_and_asks_for_its_password() -> None:
    answer = Client(headers={"host": "herts.localhost"}).post("/machine/janus-events/", b"[]", "application/json")
    assert answer.status_code == 401


@pytest.mark.parametrize("role", ["operator", "supervisor", "officer", "auditor", ""])
def test_admin_is_closed_to_other_roles(force_client: MakeClient, role: str) -> None:
    assert force_client(role).get("/admin/").status_code == 302


def test_force_admin_enters_the_admin_of_the_own_force(force_client: MakeClient) -> None:
    client = force_client("force_admin")
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/", headers={"host": "beds.localhost"}).status_code == 302
    assert client.get("/admin/", headers={"host": "localhost"}).status_code == 302


def test_force_admin_adds_a_user_and_the_audit_says_so(copy_db: str, herts: ForceRef, force_client: MakeClient) -> None:
    client = force_client("force_admin")
    form = {"username": "new", "first_name": "N", "last_name": "W", "role": "operator"}
    answer = client.post("/admin/accounts/user/add/", {**form, "password1": PASSWORD, "password2": PASSWORD})
    assert answer.status_code == 302, answer.content
    user, rows = in_force(
        herts,
        lambda: (User.objects.get(username="new"), list(AuditEntry.objects.filter(act="user.add").values())),
    )
    assert (user.role, user.is_staff) == ("operator", False)
    assert len(rows) == 1
    assert PASSWORD not in json.dumps(rows, default=str)


def test_platform_role_cannot_be_given_by_a_force(copy_db: str, herts: ForceRef, force_client: MakeClient) -> None:
    form = {"username": "evil", "role": "platform_admin", "password1": PASSWORD, "password2": PASSWORD}
    answer = force_client("force_admin").post("/admin/accounts/user/add/", form)
    assert answer.status_code == 200
    assert in_force(herts, User.objects.filter(username="evil").count) == 0
