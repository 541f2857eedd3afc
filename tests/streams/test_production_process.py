"""A real web process in production's settings: signed in over https, cookies of their host, sockets of https pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from config.services.applications import web_process
from config.services.ports import PortBlock
from config.services.settings_environment import redis_rights
from config.services.stack import Stack
from tests.forces.production_environment import production_environment
from tests.people import PASSWORD
from tests.streams.line import Line

HOST = "herts.sightline.example.police.uk"
FROM_HTTPS = {"Host": HOST, "X-Forwarded-Proto": "https"}


@dataclass(frozen=True)
class Front:
    """What stands in front of the process: it speaks http to it, and says how people came."""

    port: int

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}", headers=FROM_HTTPS)

    async def socket(self, cookie: str, origin: str = f"https://{HOST}") -> Line:
        return await Line.open(self.port, "/ws/console/", HOST, cookie, headers={"Origin": origin})


@pytest.fixture(scope="module")
def front(stack: Stack, module_db: str) -> Iterator[Front]:
    """Run a web process for one force under a real name."""
    stack.run_sql(f"UPDATE forces_domain SET domain = '{HOST}' WHERE domain = 'herts.localhost'", module_db)
    # Tests' people have hashes that production rightly knows nothing of.
    word = PBKDF2PasswordHasher().encode(PASSWORD, "a-grain-of-salt")
    stack.run_sql(f"UPDATE herts.accounts_user SET password = '{word}'", module_db)
    settings = {**stack.environment, **production_environment(), "SIGHTLINE_DB_NAME": module_db}
    settings["SIGHTLINE_DB_KEY"] = stack.environment["SIGHTLINE_DB_KEY"]
    settings.update(redis_rights(stack.environment, "web"))
    block = PortBlock.take()
    running = stack.spawn_program(web_process(block.ports.web(), settings, "daphne-production"))
    yield Front(block.ports.web())
    running.stop()
    block.release()


def _set_cookies(answer: httpx.Response) -> dict[str, str]:
    lines = [line.partition("=") for line in answer.headers.get_list("set-cookie")]
    return {name: rest for name, _, rest in lines}


@pytest.fixture
def cookies(front: Front) -> dict[str, str]:
    """Sign an operator in; return every cookie as it was set, by its name."""
    with front.client() as client:
        page = client.get("/sign-in/")
        given = _set_cookies(page)
        token = given["__Host-sl_csrf"].partition(";")[0]
        answer = client.post(
            "/sign-in/",
            data={"username": "operator", "password": PASSWORD, "csrfmiddlewaretoken": token},
            headers={"Cookie": f"__Host-sl_csrf={token}", "Origin": f"https://{HOST}"},
        )
        assert answer.status_code == 302, answer.text
        given.update(_set_cookies(answer))
    return given


def test_visitor_over_http_is_sent_to_https(front: Front) -> None:
    answer = httpx.get(f"http://127.0.0.1:{front.port}/sign-in/", headers={"Host": HOST})
    assert (answer.status_code, answer.headers["Location"]) == (301, f"https://{HOST}/sign-in/")
    assert "set-cookie" not in answer.headers


def test_visitor_over_https_is_told_to_stay(front: Front) -> None:
    with front.client() as client:
        answer = client.get("/sign-in/")
    assert answer.status_code == 200
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_cookies_are_bound_to_their_host(cookies: dict[str, str]) -> None:
    assert set(cookies) == {"__Host-sl_csrf", "__Host-sl_session"}
    for cookie in cookies.values():
        attributes = cookie.split("; ")[1:]
        assert {"Secure", "Path=/", "SameSite=Lax"} <= set(attributes)
        assert [attribute for attribute in attributes if attribute.startswith("Domain")] == []


@pytest.mark.parametrize("origin", [f"http://{HOST}", "https://beds.sightline.example.police.uk", "null"])
async def test_page_of_another_origin_opens_a_socket_refused(
    front: Front, cookies: dict[str, str], origin: str
) -> None:
    session = cookies["__Host-sl_session"].partition(";")[0]
    line = await front.socket(f"__Host-sl_session={session}", origin)
    assert line.response.startswith("HTTP/1.1 403")


async def test_cookie_without_the_prefix_is_nobodys(front: Front, cookies: dict[str, str]) -> None:
    """A sibling host could have planted it."""
    session = cookies["__Host-sl_session"].partition(";")[0]
    line = await front.socket(f"sl_session={session}")
    assert await line.close_code() == 4401


async def test_operator_over_https_opens_the_console(front: Front, cookies: dict[str, str]) -> None:
    session = cookies["__Host-sl_session"].partition(";")[0]
    line = await front.socket(f"__Host-sl_session={session}")
    assert (await line.expect("console.snapshot"))["me"]["role"] == "operator"
    assert await line.is_alive()


def test_media_server_speaks_http_on_loopback(front: Front) -> None:
    """It would not follow a redirect."""
    headers = {"Host": "sightline.example.police.uk"}
    answer = httpx.post(f"http://127.0.0.1:{front.port}/machine/janus-events/", json=[], headers=headers)
    assert answer.status_code == 401
