"""How many sockets one sign-in and one opened link may have, and which of them gives way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings

from forces.context import ForceRef
from forces.dispatch import async_redis
from streams.consumers.caller import CallerSocket
from streams.consumers.console import ConsoleSocket
from streams.selectors import CALLER_COOKIE, write_caller_cookie
from tests.factories.streams import make_invitation, make_opened
from tests.streams.socket_peers import Peer, Peers, make

TOO_MANY = 4429


@pytest.fixture
async def session(live_db: str, force_client: Callable[..., Any]) -> str:
    """Sign an operator in; return the cookie."""
    client = await sync_to_async(force_client, thread_sensitive=False)("operator")
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"


async def _open(peers: Peers, path: str, force: ForceRef, cookie: str, count: int) -> list[Peer]:
    """Open sockets one after the other, each heard once."""
    opened = []
    for _ in range(count):
        peer = await peers._connect(path, force, cookie)
        await peer.round_trip()
        opened.append(peer)
    return opened


async def _assert_gave_way(peer: Peer) -> None:
    assert await peer.close_code() == TOO_MANY
    assert peer.seen[-1]["code"] == "too_many_sockets"


async def test_operator_opens_one_console_too_many_the_one_heard_longest_ago_gives_way(
    peers: Peers, herts: ForceRef, session: str
) -> None:
    consoles = await _open(peers, "/ws/console/", herts, session, ConsoleSocket.most_open)
    await consoles[0].round_trip()

    (newest,) = await _open(peers, "/ws/console/", herts, session, 1)

    await _assert_gave_way(consoles[1])
    for peer in (newest, consoles[0], *consoles[2:]):
        await peer.round_trip()


async def test_caller_opens_one_page_too_many_the_one_heard_longest_ago_gives_way(
    peers: Peers, herts: ForceRef
) -> None:
    made = await make(herts, make_opened)
    cookie = f"{CALLER_COOKIE}={write_caller_cookie(made.ticket)}"
    pages = await _open(peers, "/ws/caller/", herts, cookie, CallerSocket.most_open)

    (newest,) = await _open(peers, "/ws/caller/", herts, cookie, 1)

    await _assert_gave_way(pages[0])
    for peer in (newest, *pages[1:]):
        await peer.round_trip()


async def test_second_person_and_second_browser_have_places_of_their_own(
    peers: Peers, herts: ForceRef, session: str
) -> None:
    consoles = await _open(peers, "/ws/console/", herts, session, ConsoleSocket.most_open)
    invitation = await make(herts, make_invitation)
    first, second = [await make(herts, make_opened, invitation=invitation) for _ in range(2)]
    cookie = f"{CALLER_COOKIE}={write_caller_cookie(first.ticket)}"
    pages = await _open(peers, "/ws/caller/", herts, cookie, CallerSocket.most_open)

    others = [await peers.console(herts), await peers.caller(herts, second.ticket)]

    for peer in (*consoles, *pages, *others):
        await peer.round_trip()


async def test_closed_console_gives_its_place_back(peers: Peers, herts: ForceRef, session: str) -> None:
    consoles = await _open(peers, "/ws/console/", herts, session, ConsoleSocket.most_open)
    await consoles[3].close()

    (newest,) = await _open(peers, "/ws/console/", herts, session, 1)

    for peer in (newest, *consoles[:3], *consoles[4:]):
        await peer.round_trip()


async def test_stranger_takes_no_place(peers: Peers, herts: ForceRef) -> None:
    peer = await peers.console(herts, "", is_read=False)
    assert await peer.close_code() == 4401
    assert [key async for key in async_redis().scan_iter("*places*")] == []


async def test_places_are_kept_under_the_force_and_name_no_secret(peers: Peers, herts: ForceRef, session: str) -> None:
    await _open(peers, "/ws/console/", herts, session, 1)
    (key,) = [key.decode() async for key in async_redis().scan_iter("*places*")]
    assert key.startswith("herts:places:")
    assert session.partition("=")[2] not in key
    assert 0 < await async_redis().ttl(key) <= 86_400


async def test_many_sockets_at_once_leave_as_many_as_may_be(peers: Peers, herts: ForceRef, session: str) -> None:
    opening = [peers._connect("/ws/console/", herts, session) for _ in range(3 * ConsoleSocket.most_open)]
    opened = await asyncio.gather(*opening)
    closed: set[int] = set()
    async with asyncio.timeout(20):
        while len(closed) < 2 * ConsoleSocket.most_open:
            closed |= {number for number, peer in enumerate(opened) if number not in closed and await _is_closed(peer)}
    (key,) = [key async for key in async_redis().scan_iter("*places*")]
    assert await async_redis().zcard(key) == ConsoleSocket.most_open
    assert not any([await _is_closed(peer) for number, peer in enumerate(opened) if number not in closed])


async def _is_closed(peer: Peer) -> bool:
    """Read what has come so far."""
    while not await peer.line.receive_nothing(timeout=0.05):
        event = await peer.line.receive_output(1)
        if event["type"] == "websocket.close":
            return True
    return False
