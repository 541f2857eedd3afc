"""Acts of weight ask for a fresh proof: who is refused, how a proof is given, and how long it lasts."""

import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from config.services.one_time_codes import one_time_code
from forces import clock
from forces.accounts.limits import PROOF
from forces.accounts.models import User
from forces.accounts.proofs import is_code
from forces.accounts.second_factor import is_enrolled
from forces.accounts.step_up import StepUpRequired, require_fresh_proof
from forces.actors import Actor
from forces.context import Unit
from tests.forces.test_sign_in_limits import Clock
from tests.people import PASSWORD, code_of

MakeClient = Callable[..., Client]
AuditRows = Callable[[], list[dict[str, Any]]]
PROOF_API = "/api/v1/me/proof/"
OVERRIDE = "/api/v1/sessions/00000000-0000-4000-8000-000000000000/override/"
HOLD = "/api/v1/items/00000000-0000-4000-8000-000000000000/hold/"


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> Clock:
    standing = Clock()
    monkeypatch.setattr(clock, "now", standing)
    return standing


def override(client: Client) -> tuple[int, str]:
    answer = client.post(OVERRIDE, {"reason": "Passenger holds the phone"}, content_type="application/json")
    return answer.status_code, answer.json()["code"]


def prove(client: Client, proof: str) -> int:
    return client.post(PROOF_API, {"proof": proof}, content_type="application/json").status_code


@pytest.mark.parametrize(
    "ago", [None, PROOF, timedelta(days=1), timedelta(seconds=-1)], ids=["never", "just too old", "old", "not yet"]
)
def test_actor_without_a_fresh_proof_is_refused(in_herts: Unit, ago: timedelta | None) -> None:
    now = clock.now()
    proved_at = None if ago is None else now - ago
    supervisor = Actor(kind="user", id="1", role="supervisor", proved_at=proved_at)
    with pytest.raises(StepUpRequired):
        require_fresh_proof(actor=supervisor, now=now, act="risk.override")
    assert len(in_herts.refusals) == 1


def test_supervisor_whose_proof_is_old_is_refused_override_and_release(
    in_herts: Unit, force_client: MakeClient, moved: Clock, audit_rows: AuditRows
) -> None:
    client = force_client("supervisor")
    assert override(client) == (404, "not_found")
    moved.time += PROOF
    answer = client.post(OVERRIDE, {"reason": "x"}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "step_up_required")
    assert answer.json()["details"] == {"proof_url": "/account/proof/"}
    released = client.delete(HOLD)
    assert (released.status_code, released.json()["code"]) == (403, "step_up_required")
    refused = [(row["act"], row["code"]) for row in audit_rows() if row["code"] == "step_up_required"]
    assert refused == [("risk.override", "step_up_required"), ("item.release", "step_up_required")]


def test_operator_is_told_of_the_right_before_the_proof(in_herts: Unit, force_client: MakeClient, moved: Clock) -> None:
    client = force_client("operator")
    moved.time += PROOF
    assert override(client) == (403, "not_permitted")


@pytest.mark.parametrize("act", ["end_sessions", "reset_second_factor"])
def test_force_admin_whose_proof_is_old_is_led_to_give_one_and_back(
    in_herts: Unit, force_client: MakeClient, moved: Clock, audit_rows: AuditRows, act: str
) -> None:
    # Switch: `_require_admin` in forces/accounts/sign_ins.py.
    supervisor = User.objects.get(username="supervisor")
    force_client("supervisor")
    client, page = force_client("force_admin"), "/admin/accounts/user/?q=super"
    form = {"action": act, "_selected_action": str(supervisor.pk)}
    came_from = {"referer": f"http://herts.localhost{page}"}

    def stands() -> bool:
        return is_enrolled(supervisor) and supervisor.sign_ins.filter(ended_at=None).exists()

    moved.time += PROOF
    asked = client.post(page, form, headers=came_from)
    assert asked["Location"] == "/account/proof/?next=%2Fadmin%2Faccounts%2Fuser%2F%3Fq%3Dsuper"
    assert stands()
    assert audit_rows()[-1]["code"] == "step_up_required"
    assert client.post(asked["Location"], {"proof": PASSWORD})["Location"] == page
    assert client.post(page, form, headers=came_from).status_code == 302
    assert not stands()


@pytest.mark.parametrize("proof", ["wrong-password-entirely", "000000", PASSWORD.upper(), f" {PASSWORD}"])
def test_supervisor_with_a_wrong_proof_is_refused(
    in_herts: Unit, force_client: MakeClient, moved: Clock, audit_rows: AuditRows, proof: str
) -> None:
    client = force_client("supervisor")
    moved.time += PROOF
    assert prove(client, proof) == 403
    assert override(client) == (403, "step_up_required")
    assert "account.prove" in [row["act"] for row in audit_rows() if row["outcome"] == "refused"]
    assert proof not in str(audit_rows())


def test_visitor_and_auditor_s_token_prove_nothing(in_herts: Unit, force_client: MakeClient) -> None:
    assert prove(force_client(), PASSWORD) == 401
    assert force_client().get("/account/proof/")["Location"] == "/sign-in/?next=/account/proof/"


def test_request_from_another_site_proves_nothing(in_herts: Unit, force_client: MakeClient) -> None:
    client = force_client("supervisor")
    careful = force_client(enforce_csrf_checks=True)
    careful.cookies = client.cookies
    assert prove(careful, PASSWORD) == 403


def test_supervisor_who_guesses_spends_a_budget(in_herts: Unit, force_client: MakeClient, moved: Clock) -> None:
    client = force_client("supervisor")
    moved.time += PROOF
    assert [prove(client, f"guess number {number}") for number in range(8)] == [403] * 8
    assert prove(client, PASSWORD) == 429
    assert override(client) == (403, "step_up_required")


@pytest.mark.parametrize("kind", ["password", "code"])
def test_supervisor_proves_and_goes_on_for_five_minutes(
    in_herts: Unit, force_client: MakeClient, moved: Clock, audit_rows: AuditRows, kind: str
) -> None:
    client = force_client("supervisor")
    moved.time += PROOF
    assert prove(client, PASSWORD if kind == "password" else code_of("supervisor")) == 204
    moved.time += PROOF - timedelta(seconds=1)
    assert override(client) == (404, "not_found")
    moved.time += timedelta(seconds=1)
    assert override(client) == (403, "step_up_required")
    assert "account.prove" in [row["act"] for row in audit_rows() if row["outcome"] == "done"]


def test_proof_of_one_browser_is_none_of_another(in_herts: Unit, force_client: MakeClient, moved: Clock) -> None:
    first, second = force_client("supervisor"), force_client("supervisor")
    moved.time += PROOF
    assert prove(first, PASSWORD) == 204
    assert override(second) == (403, "step_up_required")


def test_page_takes_the_proof_and_leads_back_within_the_host(
    in_herts: Unit, force_client: MakeClient, moved: Clock
) -> None:
    client = force_client("operator")
    moved.time += PROOF
    asked = client.get("/account/second-factor/")
    assert asked["Location"] == "/account/proof/?next=%2Faccount%2Fsecond-factor%2F"
    wrong = client.post(asked["Location"], {"proof": "wrong-password"})
    assert (wrong.status_code, b"neither your password" in wrong.content) == (200, True)
    evil = client.post("/account/proof/", {"proof": PASSWORD, "next": "https://evil.example/"})
    assert evil["Location"] == "/"
    right = client.post(asked["Location"], {"proof": PASSWORD})
    assert right["Location"] == "/account/second-factor/"
    assert client.get(right["Location"]).status_code == 200


def test_form_that_lacks_a_proof_leads_back_to_its_page(in_herts: Unit, force_client: MakeClient, moved: Clock) -> None:
    client = force_client("supervisor")
    moved.time += PROOF
    sent = client.post("/account/recovery-codes/", headers={"referer": "http://herts.localhost/account/"})
    assert sent["Location"] == "/account/proof/?next=%2Faccount%2F"


def test_operator_sets_up_a_second_factor_by_choice(in_herts: Unit, force_client: MakeClient) -> None:
    client = force_client("operator")
    assert client.post("/account/recovery-codes/").status_code == 409
    assert client.post("/account/second-factor/", {"code": "000000"}).status_code == 200
    page = client.get("/account/second-factor/").content.decode()
    secret = re.search(r'totp-secret">([^<]+)<', page)[1].replace(" ", "")  # type: ignore[index]
    done = client.post("/account/second-factor/", {"code": one_time_code(secret, int(time.time()) // 30)})
    assert b"Keep your recovery codes" in done.content
    assert client.get("/api/v1/me/").status_code == 200
    assert b"asked for its code" in client.get("/account/").content
    assert User.objects.get(username="operator").sign_ins.latest("started_at").has_second_factor
    again = force_client().post("/sign-in/", {"username": "operator", "password": PASSWORD})
    assert again["Location"] == "/sign-in/code/"


@pytest.mark.parametrize(
    ("text", "expected"), [("123 456", True), ("1234-5678", True), ("123456789", False), ("", False)]
)
def test_a_password_is_longer_than_any_code(text: str, expected: bool) -> None:
    assert is_code(text) == expected
