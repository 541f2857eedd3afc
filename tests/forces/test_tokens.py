"""Auditors' tokens: hashed, expiring, revocable, of one auditor of one force."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from forces import clock
from forces.accounts.models import ApiToken, User
from forces.accounts.tokens import issue_token, revoke_token
from forces.actors import Actor
from forces.context import ForceRef, in_force
from forces.errors import InvalidInput, NotFound

ACTOR = Actor.system("tests")
ENTRIES = "/api/v1/audit/entries/"


def _issue(role: str = "auditor", lasts: timedelta = timedelta(days=1)) -> str:
    user = User.objects.get(username=role)
    return issue_token(actor=ACTOR, now=clock.now(), user_id=user.pk, name="test", lasts=lasts)


def _status(token: str, schema: str = "herts") -> int:
    client = Client(headers={"host": f"{schema}.localhost", "authorization": f"Bearer {token}"})
    return client.get(ENTRIES).status_code


@pytest.mark.parametrize("role", ["operator", "supervisor", "force_admin", "officer"])
def test_token_for_another_role_is_refused(in_herts: object, role: str) -> None:
    with pytest.raises(NotFound):
        _issue(role)


@pytest.mark.parametrize("days", [0, -1, 367])
def test_token_of_odd_length_is_refused(in_herts: object, days: int) -> None:
    with pytest.raises(InvalidInput):
        _issue(lasts=timedelta(days=days))


def test_token_is_kept_as_a_hash_only(in_herts: object) -> None:
    token = _issue()
    kept = ApiToken.objects.get()
    assert token not in str(kept.__dict__)
    assert len(kept.token_hash) == 64


@pytest.mark.parametrize("token", ["slt_wrong", "", "slt_"])
def test_wrong_token_reads_nothing(copy_db: str, token: str) -> None:
    assert _status(token) == 401


def test_token_reads_its_own_force_only(copy_db: str, herts: ForceRef) -> None:
    token = in_force(herts, _issue)
    assert _status(token) == 200
    assert _status(token, "beds") == 401


def test_expired_and_revoked_tokens_read_nothing(
    copy_db: str, herts: ForceRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = in_force(herts, _issue)
    monkeypatch.setattr(clock, "_offset", timedelta(days=2))
    assert _status(token) == 401
    monkeypatch.setattr(clock, "_offset", timedelta())
    assert _status(token) == 200
    in_force(herts, lambda: revoke_token(actor=ACTOR, now=clock.now(), token_id=ApiToken.objects.get().pk))
    assert _status(token) == 401


def test_token_of_a_person_who_left_reads_nothing(copy_db: str, herts: ForceRef) -> None:
    token = in_force(herts, _issue)
    in_force(herts, User.objects.filter(username="auditor").update, is_active=False)
    assert _status(token) == 401


def test_force_admin_issues_a_token_that_works(
    copy_db: str, herts: ForceRef, force_client: Callable[..., Client]
) -> None:
    auditor = in_force(herts, lambda: User.objects.get(username="auditor").pk)
    form = {"user": auditor, "name": "Inspection", "days": 30}
    page = force_client("force_admin").post("/admin/accounts/apitoken/add/", form, follow=True)
    shown = page.content.decode().split("slt_")[1][:43]
    assert _status(f"slt_{shown}") == 200
    assert in_force(herts, ApiToken.objects.count) == 1
