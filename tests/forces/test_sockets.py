"""What a socket must show before it is accepted: host, origin, session; and 300 of them at once."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.test import Client

from forces.accounts.models import User
from forces.context import ForceRef, ain_force, in_force
from forces.sockets import ForceSocketMiddleware, is_own_origin

ROUNDS = 8
SOCKETS_PER_FORCE = 100


class Notebook(AsyncWebsocketConsumer):
    """Write a row under the socket's name and read every row back, each as one unit of work."""

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Answer with the names of all rows this force has."""
        force: ForceRef = dict(self.scope)["force"]  # type: ignore[assignment]
        await ain_force(force, _write, f"{force.schema}-{text_data}")
        await asyncio.sleep(0)
        await self.send(json.dumps(await ain_force(force, _read)))


class Whoami(AsyncWebsocketConsumer):
    """Tell who is connected."""

    async def connect(self) -> None:
        """Accept and say actor and force."""
        await self.accept()
        scope: dict[str, Any] = dict(self.scope)
        actor = scope["actor"]
        await self.send(json.dumps([scope["force"].schema, actor.role if actor else None]))


def _write(name: str) -> None:
    User.objects.create(username=name)


def _read() -> list[str]:
    return list(User.objects.filter(username__contains="-").values_list("username", flat=True))


def _connect(consumer: Any, host: str, origin: str | None = None, cookie: str = "") -> WebsocketCommunicator:
    headers = [(b"host", host.encode()), (b"cookie", cookie.encode())]
    if origin != "":
        headers.append((b"origin", (origin or f"http://{host}").encode()))
    return WebsocketCommunicator(ForceSocketMiddleware(consumer.as_asgi()), "/ws/", headers=headers)


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("nowhere.localhost", None),
        ("localhost", None),
        ("herts.localhost", "http://beds.localhost"),
        ("herts.localhost", "http://evil.example"),
        ("herts.localhost:8000", "http://herts.localhost"),
        ("herts.localhost", ""),
        ("", None),
    ],
)
async def test_socket_of_a_wrong_host_or_origin_is_refused(copy_db: str, host: str, origin: str | None) -> None:
    connected, _ = await _connect(Whoami, host, origin).connect()
    assert not connected


async def test_socket_of_own_host_and_origin_is_accepted_anonymously(copy_db: str) -> None:
    socket = _connect(Whoami, "HERTS.localhost:8000")
    assert (await socket.connect())[0]
    assert json.loads(await socket.receive_from()) == ["herts", None]
    await socket.disconnect()


async def test_session_of_another_force_is_nobody(copy_db: str, force_client: Callable[..., Client]) -> None:
    client = await asyncio.to_thread(force_client, "operator")
    cookie = f"sl_session={client.cookies['sl_session'].value}"
    for host, expected in (("herts.localhost", "operator"), ("beds.localhost", None)):
        socket = _connect(Whoami, host, cookie=cookie)
        assert (await socket.connect())[0]
        assert json.loads(await socket.receive_from())[1] == expected
        await socket.disconnect()


async def test_supervisor_s_session_without_a_second_factor_is_nobody(copy_db: str, herts: ForceRef) -> None:
    """However such a session came about: here Django itself makes it."""

    def make() -> str:
        client = Client(headers={"host": "herts.localhost"})
        in_force(herts, lambda: client.force_login(User.objects.get(username="supervisor")))
        return str(client.cookies["sl_session"].value)

    cookie = f"sl_session={await asyncio.to_thread(make)}"
    socket = _connect(Whoami, "herts.localhost", cookie=cookie)
    assert (await socket.connect())[0]
    assert json.loads(await socket.receive_from()) == ["herts", None]
    await socket.disconnect()


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "http://",
        "javascript:alert(1)",
        "ws://herts.localhost",
        "https://herts.localhost",
        "http://herts.localhost.evil.example",
        "http://herts.localhost@evil.example",
        "http://evil.example/herts.localhost",
        "http://[herts.localhost",
        "//herts.localhost",
        "herts.localhost",
    ],
)
def test_odd_origin_is_foreign(origin: str) -> None:
    assert not is_own_origin(origin, "herts.localhost")


def test_page_over_http_is_foreign_where_people_come_by_https(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SCHEME", "https")
    assert not is_own_origin("http://herts.sightline.example", "herts.sightline.example")
    assert is_own_origin("https://herts.sightline.example", "herts.sightline.example")


async def test_300_sockets_of_three_forces_see_no_foreign_row(
    copy_db: str, herts: ForceRef, beds: ForceRef, cambs: ForceRef
) -> None:
    sockets = [
        (force.schema, number, _connect(Notebook, f"{force.schema}.localhost"))
        for number in range(SOCKETS_PER_FORCE)
        for force in (herts, beds, cambs)
    ]
    for _, _, socket in sockets:
        assert (await socket.connect())[0]
    foreign, refused_own = await _interleave(sockets)
    for _, _, socket in sockets:
        await socket.disconnect()
    assert (foreign, refused_own) == (0, 0)
    counts = [await asyncio.to_thread(in_force, force, _read) for force in (herts, beds, cambs)]
    assert [len(rows) for rows in counts] == [SOCKETS_PER_FORCE * ROUNDS] * 3


async def _interleave(sockets: list[tuple[str, int, WebsocketCommunicator]]) -> tuple[int, int]:
    """Run all sockets at once; count answers with a foreign row, and answers without the own one."""
    foreign = refused_own = 0

    async def talk(schema: str, number: int, socket: WebsocketCommunicator) -> None:
        nonlocal foreign, refused_own
        for turn in range(ROUNDS):
            await socket.send_to(f"{number}-{turn}")
            rows = json.loads(await socket.receive_from(timeout=120))
            foreign += any(not row.startswith(f"{schema}-") for row in rows)
            refused_own += f"{schema}-{number}-{turn}" not in rows

    await asyncio.gather(*(talk(*entry) for entry in sockets))
    return foreign, refused_own
