"""What production starts with and what it refuses: each refusal by a real process, and the plain one that starts."""

import secrets
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from config.services.settings_environment import push_key
from forces.production import LEAST_CHARACTERS
from tests.forces.production_environment import production_environment, run_production

START = ("-c", "import django; django.setup(); print('started')")
PUSHES = {"SIGHTLINE_PUSH": "on", "SIGHTLINE_PUSH_CONTACT": "mailto:operations@sightline.example.police.uk"}
PKCS8 = PrivateFormat.PKCS8
SHORT = "0123456789abcdef"
# Long enough, and still no secret.
REPEATED = "abc" * 20
INSECURE = "django-insecure-" + "0123456789abcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SIGHTLINE_SECRET_KEY", SHORT),
        ("SIGHTLINE_SECRET_KEY", INSECURE),
        ("SIGHTLINE_LINK_KEY", "only-for-tests"),
        ("SIGHTLINE_DB_KEY", REPEATED),
        ("SIGHTLINE_JANUS_ROOM_KEY", ""),
        ("SIGHTLINE_JANUS_API_SECRET", ""),
        ("SIGHTLINE_JANUS_ADMIN_KEY", SHORT),
        ("SIGHTLINE_JANUS_EVENTS_PASSWORD", ""),
        ("SIGHTLINE_TURN_SECRET", ""),
        ("SIGHTLINE_TURN_URLS", ""),
        ("SIGHTLINE_NOTIFY_CALLBACK_TOKEN", SHORT),
        ("SIGHTLINE_NOTIFY_API_KEY", ""),
        ("SIGHTLINE_SMS_SENDER", "outbox"),
        ("SIGHTLINE_BASE_DOMAIN", "localhost"),
        ("SIGHTLINE_BASE_DOMAIN", "herts.localhost"),
        ("SIGHTLINE_BASE_DOMAIN", "192.0.2.7"),
        ("SIGHTLINE_SCHEME", "http"),
        ("SIGHTLINE_REDIS_URL", "redis://redis.internal:6379/0"),
        ("SIGHTLINE_CLOCK_OFFSET_S", "86400"),
        ("SIGHTLINE_PUSH", "yes"),
        ("SIGHTLINE_PUSH_TEST_ORIGINS", "http://127.0.0.1:9000"),
    ],
)
def test_production_with_an_unsafe_variable_refused_and_named(variable: str, value: str) -> None:
    done = run_production(*START, **{variable: value})

    assert done.returncode != 0
    assert "ImproperlyConfigured: Production does not start" in done.stderr
    assert variable in done.stderr
    assert "started" not in done.stdout


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SIGHTLINE_PUSH_KEY", ""),
        ("SIGHTLINE_PUSH_KEY", SHORT),
        ("SIGHTLINE_PUSH_KEY", "0123456789abcdef" * 4),
        ("SIGHTLINE_PUSH_KEY_FILE", "/nonexistent"),
        ("SIGHTLINE_PUSH_KEY_FALLBACKS", SHORT),
        ("SIGHTLINE_PUSH_CONTACT", ""),
        ("SIGHTLINE_PUSH_CONTACT", "mailto:operations@localhost"),
        ("SIGHTLINE_PUSH_CONTACT", "http://sightline.example.police.uk"),
    ],
)
def test_production_that_pushes_without_what_it_needs_refused_and_named(variable: str, value: str) -> None:
    key = {} if variable == "SIGHTLINE_PUSH_KEY_FILE" else {"SIGHTLINE_PUSH_KEY": push_key(secrets.token_hex(32))}
    done = run_production(*START, **{**PUSHES, **key, variable: value})

    assert "ImproperlyConfigured: Production does not start" in done.stderr
    assert variable in done.stderr
    assert value == "" or len(value) < LEAST_CHARACTERS or value not in done.stderr, "a key is never said"
    assert "started" not in done.stdout


def test_production_pushes_with_a_key_of_a_file_or_of_a_variable(tmp_path: Path) -> None:
    raw = push_key(secrets.token_hex(32))
    secret = tmp_path / "push.pem"
    secret.write_bytes(ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PKCS8, NoEncryption()))
    for given in ({"SIGHTLINE_PUSH_KEY": raw}, {"SIGHTLINE_PUSH_KEY_FILE": str(secret)}):
        done = run_production(*START, **{**PUSHES, **given, "SIGHTLINE_PUSH_KEY_FALLBACKS": f"{raw},{secret}"})
        assert (done.returncode, done.stdout.strip()) == (0, "started"), done.stderr


@pytest.mark.parametrize("variable", ["SIGHTLINE_SECRET_KEY", "SIGHTLINE_LINK_KEY", "SIGHTLINE_DB_KEY"])
def test_production_without_a_key_it_can_not_be_without_refused(variable: str) -> None:
    done = run_production(*START, **{variable: "", "SIGHTLINE_STATE": "/nonexistent"})

    assert done.returncode != 0
    assert variable in done.stderr


def test_production_with_one_secret_for_two_things_refused() -> None:
    secret = production_environment()["SIGHTLINE_SECRET_KEY"]
    done = run_production(*START, SIGHTLINE_LINK_KEY=secret, SIGHTLINE_SECRET_KEY=secret)

    assert "SIGHTLINE_LINK_KEY" in done.stderr
    assert secret not in done.stderr


def test_production_tells_every_reason_at_once() -> None:
    done = run_production(*START, SIGHTLINE_SCHEME="http", SIGHTLINE_SMS_SENDER="outbox")

    assert "SIGHTLINE_SCHEME" in done.stderr
    assert "SIGHTLINE_SMS_SENDER" in done.stderr


def test_settings_made_from_production_with_debug_refused() -> None:
    """DEBUG has no variable: it takes a settings module of somebody's own."""
    code = (
        "import django; from django.conf import settings; import config.settings.production as made;"
        "made.DEBUG = True; django.setup(); print('started')"
    )
    done = run_production("-c", code)

    assert "DEBUG is on" in done.stderr
    assert "started" not in done.stdout


@pytest.mark.parametrize("variable", ["DEBUG", "DJANGO_DEBUG", "SIGHTLINE_DEBUG"])
def test_no_variable_turns_debug_on(variable: str) -> None:
    code = "import django; django.setup(); from django.conf import settings; print('debug', settings.DEBUG)"

    assert run_production("-c", code, **{variable: "1"}).stdout.strip() == "debug False"


def test_demonstration_seeded_in_production_refused(tmp_path: object) -> None:
    done = run_production("manage.py", "seed_demo", "--output", f"{tmp_path}/demo.json", "--port", "1", DB_ROLE="owner")

    assert done.returncode != 0
    assert "production has no demonstration" in done.stderr


def test_production_with_a_plausible_environment_starts() -> None:
    done = run_production(*START)

    assert (done.returncode, done.stdout.strip()) == (0, "started"), done.stderr


def test_deployment_check_has_nothing_to_say() -> None:
    done = run_production("manage.py", "check", "--deploy", "--fail-level", "WARNING")

    assert done.returncode == 0, done.stderr
    assert "no issues (1 silenced)" in done.stdout


def test_production_cookies_are_bound_to_their_host() -> None:
    names = ("SESSION_COOKIE", "CSRF_COOKIE", "CALLER_COOKIE", "MEETING_COOKIE")
    code = (
        "import django; django.setup(); from django.conf import settings as s\n"
        f"for name in {names}: print(getattr(s, name + '_NAME'), getattr(s, name + '_DOMAIN', None))\n"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_PATH, s.CSRF_COOKIE_PATH)"
    )
    lines = run_production("-c", code).stdout.splitlines()

    cookies = [f"__Host-sl_{name} None" for name in ("session", "csrf", "caller", "meeting")]
    assert lines == [*cookies, "True True / /"]
