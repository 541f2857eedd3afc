"""What every page tells a browser: which devices it may use, and that nothing inline ever runs."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import AsyncClient, Client, override_settings

from forces import clock
from forces.context import Unit
from forces.headers import FEATURES, page_uses, permissions_policy
from streams.selectors import CALLER_COOKIE, write_caller_cookie
from tests.factories.streams import make_invitation, make_opened, token_for
from tests.forces.production_environment import run_production
from tests.people import sign_in_client

MakeClient = Callable[..., Client]
DOCUMENTS = (
    ("", "/sign-in/"),
    ("", "/goodbye/"),
    ("", "/live/"),
    ("", "/nowhere/"),
    ("", "/i/nonsense/"),
    ("", "/admin/login/"),
    ("", "/api/v1/me/"),
    ("operator", "/"),
    ("operator", "/api/v1/docs/"),
    ("operator", "/api/v1/schema/"),
    ("officer", "/admin/"),
    ("force_admin", "/admin/"),
    ("force_admin", "/admin/accounts/user/"),
    ("force_admin", "/admin/accounts/user/add/"),
    ("force_admin", "/admin/streams/consentwording/"),
    ("auditor", "/api/v1/docs/"),
    ("auditor", "/api/v1/docs/?script="),
)


def _policy(answer: Any) -> dict[str, str]:
    """Return the features of a Permissions-Policy with their allowlists."""
    return dict(part.split("=") for part in answer.headers["Permissions-Policy"].split(", "))


def _allowed(answer: Any) -> set[str]:
    policy = _policy(answer)
    assert set(policy) == set(FEATURES)
    assert set(policy.values()) <= {"()", "(self)"}
    return {feature for feature, allowlist in policy.items() if allowlist == "(self)"}


def _assert_hardened(answer: Any) -> None:
    said = answer.headers
    assert said["X-Content-Type-Options"] == "nosniff"
    assert said["X-Frame-Options"] == "DENY"
    assert said["Cross-Origin-Opener-Policy"] == "same-origin"
    assert said["Cross-Origin-Resource-Policy"] == "same-origin"
    assert said["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert said["Referrer-Policy"] in {"same-origin", "strict-origin"}
    directives = dict(part.strip().partition(" ")[::2] for part in said["Content-Security-Policy"].split(";"))
    assert "unsafe" not in said["Content-Security-Policy"]
    assert directives["script-src"] == directives["default-src"] == "'self'"
    assert directives["style-src"] == " ".join(["'self'", *(f"'nonce-{nonce}'" for nonce in _nonces(answer))])
    assert directives["object-src"] == directives["base-uri"] == directives["frame-ancestors"] == "'none'"


def _nonces(answer: Any) -> list[str]:
    """Return those of the page's own style elements, one at most."""
    found = re.findall(r'<style nonce="([\w+/=-]{16,})">', answer.content.decode())
    assert len(found) <= 1
    return found


def _assert_nothing_inline(answer: Any) -> None:
    """Whatever the policy would block is not on the page: such a page would be broken."""
    text = answer.content.decode()
    scripts = [tag for tag in re.findall(r"<script\b[^>]*>", text) if "application/json" not in tag]
    assert [tag for tag in scripts if "src=" not in tag] == []
    assert re.findall(r"<style\b(?! nonce=)|\sstyle=|\son(?:click|load|submit|error)=|javascript:", text) == []


@pytest.mark.parametrize(("role", "path"), DOCUMENTS)
def test_visitor_is_given_a_hardened_page(force_client: MakeClient, role: str, path: str) -> None:
    answer = force_client(role).get(path)
    _assert_hardened(answer)
    if answer.headers["Content-Type"].startswith("text/html"):
        _assert_nothing_inline(answer)


@pytest.mark.parametrize(("role", "path"), [page for page in DOCUMENTS if page != ("operator", "/")])
def test_other_page_may_use_no_device(force_client: MakeClient, role: str, path: str) -> None:
    assert _allowed(force_client(role).get(path)) == set()


@pytest.mark.parametrize("host", ["localhost", "nowhere.localhost", "evil.example"])
def test_platform_and_unknown_hosts_are_hardened(host: str) -> None:
    answer = Client(headers={"host": host}).get("/")
    _assert_hardened(answer)
    assert _allowed(answer) == set()


@pytest.mark.parametrize(
    "path", ["/admin/", "/admin/forces/force/", "/admin/forces/force/add/", "/admin/forces/medianode/add/"]
)
def test_platform_admin_is_given_a_hardened_page(path: str) -> None:
    client = Client(headers={"host": "localhost"})
    sign_in_client(client, "platform_admin", "public")
    answer = client.get(path)
    assert answer.status_code == 200
    _assert_hardened(answer)
    _assert_nothing_inline(answer)
    assert _allowed(answer) == set()


async def test_async_door_is_hardened() -> None:
    answer = await AsyncClient(headers={"host": "localhost"}).get("/healthz")
    _assert_hardened(answer)
    assert _allowed(answer) == set()


def test_caller_page_may_use_camera_and_position_but_no_microphone(in_herts: Unit, force_client: MakeClient) -> None:
    client = force_client()
    client.cookies[CALLER_COOKIE] = write_caller_cookie(make_opened(now=clock.now()).ticket)
    answer = client.get("/live/")
    assert answer.status_code == 200
    _assert_hardened(answer)
    _assert_nothing_inline(answer)
    assert _allowed(answer) == {"camera", "geolocation", "autoplay", "screen-wake-lock"}


def test_console_may_play_fill_the_screen_and_hear_who_speaks_to_an_officer(force_client: MakeClient) -> None:
    answer = force_client("operator").get("/")
    assert answer.status_code == 200
    assert _allowed(answer) == {"autoplay", "fullscreen", "clipboard-write", "microphone"}


def test_invitation_may_copy_its_address_and_no_more(in_herts: Unit, force_client: MakeClient) -> None:
    answer = force_client().get(f"/i/{token_for(make_invitation(now=clock.now()))}/")
    assert answer.status_code == 200
    _assert_hardened(answer)
    _assert_nothing_inline(answer)
    assert _allowed(answer) == {"clipboard-write"}


def test_unknown_feature_is_not_granted_by_mistake() -> None:
    with pytest.raises(ValueError, match="cammera"):
        permissions_policy("cammera")
    with pytest.raises(ValueError, match="cammera"):
        page_uses("cammera")


def test_tiles_of_another_host_are_not_kept_out_by_the_embedder_policy(force_client: MakeClient) -> None:
    with override_settings(CROSS_ORIGIN_EMBEDDER_POLICY="unsafe-none"):
        assert force_client().get("/sign-in/").headers["Cross-Origin-Embedder-Policy"] == "unsafe-none"
    code = "from django.conf import settings; print(settings.CROSS_ORIGIN_EMBEDDER_POLICY)"
    printed = [
        run_production("-c", code, SIGHTLINE_MAP_TILES_URL=url).stdout.strip()
        for url in ("", "/tiles/{z}/{x}/{y}.png", "https://tiles.example/{z}/{x}/{y}.png")
    ]
    assert printed == ["require-corp", "require-corp", "unsafe-none"]


def test_production_tells_browsers_to_come_by_https_alone() -> None:
    """Over https the year of HSTS is in every answer; over http there is only the way to https."""
    code = (
        "import django; django.setup()\n"
        "from django.test import Client\n"
        "client = Client(headers={'host': 'sightline.example.police.uk'})\n"
        "for secure in (False, True):\n"
        "    answer = client.get('/healthz' if secure else '/', secure=secure)\n"
        "    print(answer.status_code, answer.headers.get('Location'), answer.headers.get('Strict-Transport-Security'))"
    )
    done = run_production("-c", code)
    assert done.stdout.splitlines() == [
        "301 https://sightline.example.police.uk/ None",
        "200 None max-age=31536000; includeSubDomains",
    ], done.stderr


def test_cookies_are_kept_from_scripts_and_other_sites(force_client: MakeClient) -> None:
    client = force_client("operator")
    session, csrf = (client.cookies[name] for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME))
    assert session["httponly"]
    for cookie in (session, csrf):
        assert (cookie["samesite"], cookie["domain"], cookie["path"]) == ("Lax", "", "/")
