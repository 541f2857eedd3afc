"""Thousands of officers who are signed in and on duty: rows, made at once, for what is measured comes after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils.crypto import get_random_string

from forces import clock
from forces.accounts.models import SignIn, User
from forces.accounts.roles import Role
from forces.accounts.sign_ins import SESSION_KEY as SIGN_IN_KEY
from forces.context import ForceRef, in_force
from streams.models import Shift

HERTS = ForceRef("herts", "Hertfordshire Constabulary")


@dataclass(frozen=True, slots=True)
class Signed:
    """An officer: the user's id, and the cookie of the sign-in."""

    id: str
    cookie: str


def make_officers(count: int) -> list[Signed]:
    """Commit officers of herts, each with a sign-in and a shift that goes on."""
    return in_force(HERTS, _make, count, Role.OFFICER)


def make_operators(count: int) -> list[Signed]:
    """Commit operators of herts, each with a sign-in."""
    return in_force(HERTS, _make, count, Role.OPERATOR)


def _make(count: int, role: Role) -> list[Signed]:
    now = clock.now()
    made = [User(username=f"measured-{role}-{number}", role=role, password="!") for number in range(count)]
    users = User.objects.bulk_create(made)
    times: dict[str, Any] = {"started_at": now, "seen_at": now, "proved_at": now, "has_second_factor": False}
    sign_ins = SignIn.objects.bulk_create(SignIn(user=user, **times) for user in users)
    store = SessionStore()
    sessions = []
    for user, sign_in in zip(users, sign_ins, strict=True):
        data = {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: user.get_session_auth_hash(),
            SIGN_IN_KEY: str(sign_in.pk),
        }
        key = get_random_string(32, VALID_KEY_CHARS)
        expires = now + timedelta(hours=12)
        sessions.append(Session(session_key=key, session_data=store.encode(data), expire_date=expires))
    Session.objects.bulk_create(sessions)
    if role == Role.OFFICER:
        _begin_shifts(users, now)
    cookie = settings.SESSION_COOKIE_NAME
    return [
        Signed(str(user.pk), f"{cookie}={session.session_key}") for user, session in zip(users, sessions, strict=True)
    ]


def _begin_shifts(users: list[User], now: datetime) -> None:
    on_duty: dict[str, Any] = {"status": "available", "status_at": now, "began_at": now}
    Shift.objects.bulk_create(Shift(user_id=str(user.pk), user_name=user.username, **on_duty) for user in users)
