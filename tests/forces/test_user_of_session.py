"""Whose a session is: the user's whose own sign-in goes on, by the password that it was begun with; else nobody's."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY
from django.contrib.auth import SESSION_KEY as USER_SESSION_KEY
from django.test import override_settings

from forces.accounts.models import User
from forces.accounts.sign_ins import SESSION_KEY, begin_sign_in, end_sign_in, user_of_session
from forces.actors import Actor
from forces.context import Unit

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
SYSTEM = Actor.system("test")


def make_session(username: str = "ashby", role: str = "operator") -> dict[str, Any]:
    """Sign a new user in; returns what their session holds."""
    user = User(username=username, role=role)
    user.set_password("long enough for anybody")
    user.save()
    begun = begin_sign_in(actor=SYSTEM, now=NOW, user=user, has_second_factor=False)
    return {
        USER_SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: user.get_session_auth_hash(),
        SESSION_KEY: str(begun.pk),
    }


def find(session: dict[str, Any]) -> User | None:
    return user_of_session(session=session, now=NOW, is_activity=False)


def test_session_is_its_users_while_the_sign_in_goes_on(in_herts: Unit) -> None:
    session = make_session()
    found = find(session)

    assert found is not None
    assert (str(found.pk), str(found.sign_in and found.sign_in.pk)) == (session[USER_SESSION_KEY], session[SESSION_KEY])


@pytest.mark.parametrize(
    "changed",
    [
        {BACKEND_SESSION_KEY: "somebody.elses.Backend"},
        {BACKEND_SESSION_KEY: None},
        {HASH_SESSION_KEY: "0" * 64},
        {HASH_SESSION_KEY: ""},
        {SESSION_KEY: str(uuid4())},
        {SESSION_KEY: "no id"},
        {SESSION_KEY: None},
        {USER_SESSION_KEY: None},
    ],
)
def test_session_with_a_part_missing_or_wrong_is_nobodys(in_herts: Unit, changed: dict[str, Any]) -> None:
    session = make_session()

    assert find(session) is not None
    assert find({**session, **changed}) is None


def test_session_with_anothers_sign_in_is_nobodys(in_herts: Unit) -> None:
    session, other = make_session(), make_session("baker")

    assert find({**session, SESSION_KEY: other[SESSION_KEY]}) is None
    assert find({**session, USER_SESSION_KEY: other[USER_SESSION_KEY]}) is None


def test_session_ends_with_its_sign_in_its_password_and_its_account(in_herts: Unit) -> None:
    ended, renewed, closed = make_session("one"), make_session("two"), make_session("three")
    assert all(find(session) for session in (ended, renewed, closed))

    end_sign_in(actor=SYSTEM, now=NOW, sign_in_id=ended[SESSION_KEY], reason="by_admin")
    user = User.objects.get(pk=renewed[USER_SESSION_KEY])
    user.set_password("another one, as long")
    User.objects.filter(pk=user.pk).update(password=user.password)
    User.objects.filter(pk=closed[USER_SESSION_KEY]).update(is_active=False)

    assert [find(session) for session in (ended, renewed, closed)] == [None] * 3


def test_session_of_a_role_that_needs_a_second_factor_or_too_old_is_nobodys(in_herts: Unit) -> None:
    admin, old = make_session("admin1", role="force_admin"), make_session("old")

    assert find(admin) is None
    assert user_of_session(session=old, now=NOW + timedelta(days=2), is_activity=False) is None


def test_session_outlasts_a_change_of_the_secret_key(in_herts: Unit) -> None:
    session, before = make_session(), settings.SECRET_KEY

    with override_settings(SECRET_KEY="n" * 64, SECRET_KEY_FALLBACKS=[before]):
        assert find(session) is not None
    with override_settings(SECRET_KEY="n" * 64, SECRET_KEY_FALLBACKS=[]):
        assert find(session) is None
