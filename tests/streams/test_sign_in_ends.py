"""A sign-in that ends takes its sockets with it, and no others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from forces import clock
from forces.accounts.limits import IDLE, LONGEST
from forces.accounts.models import SignIn, User
from forces.accounts.sign_ins import end_overdue_sign_ins, end_sign_ins_of
from forces.actors import Actor
from forces.refs import ForceRef
from streams.consumers import signed_in
from streams.consumers import socket as socket_module
from tests.people import PASSWORD
from tests.streams.socket_peers import Peers, read

MakeClient = Callable[..., Client]
SYSTEM = Actor.system("tests")
REAL_NOW = clock.now


async def in_thread(fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    return await sync_to_async(fn, thread_sensitive=False)(*args, **kwargs)


async def change(force: ForceRef, username: str, **fields: Any) -> None:
    """Change a person as any door does: by saving."""

    def save() -> None:
        user = User.objects.get(username=username)
        if "password" in fields:
            user.set_password(fields["password"])
        else:
            for name, value in fields.items():
                setattr(user, name, value)
        user.save()

    await read(force, save)


@pytest.mark.parametrize(
    ("changed", "restored", "code"),
    [
        ({"is_active": False}, {"is_active": True}, 4401),
        ({"role": "supervisor"}, {"role": "operator"}, 4401),
        ({"password": "another-long-password"}, {"password": PASSWORD}, 4401),
    ],
)
async def test_person_who_was_changed_is_shut_out_at_once_and_nobody_else(
    peers: Peers, herts: ForceRef, beds: ForceRef, changed: dict[str, Any], restored: dict[str, Any], code: int
) -> None:
    console, colleague = await peers.console(herts), await peers.console(herts, "supervisor")
    elsewhere = await peers.console(beds)
    try:
        await change(herts, "operator", **changed)
        assert await console.close_code() == code
        await colleague.round_trip()
        await elsewhere.round_trip()
    finally:
        await change(herts, "operator", **restored)


async def test_person_who_signs_out_closes_the_own_socket_only(
    peers: Peers, herts: ForceRef, force_client: MakeClient
) -> None:
    other = await peers.console(herts)
    client = await in_thread(force_client, "operator")
    console = await peers._connect("/ws/console/", herts, f"sl_session={client.cookies['sl_session'].value}")
    await console.expect("console.snapshot")
    await in_thread(client.post, "/sign-out/")
    assert await console.close_code() == 4401
    await other.round_trip()


async def test_force_admin_ends_a_person_s_sessions(peers: Peers, herts: ForceRef, force_client: MakeClient) -> None:
    console = await peers.console(herts)
    admin = await in_thread(force_client, "force_admin")
    user_id = await read(herts, lambda: User.objects.get(username="operator").pk)
    form = {"action": "end_sessions", "_selected_action": str(user_id)}
    operator = await in_thread(force_client, "operator")
    refused = await in_thread(operator.post, "/admin/accounts/user/", form)
    assert refused.status_code == 302
    await console.round_trip()
    done = await in_thread(admin.post, "/admin/accounts/user/", form)
    assert done.status_code == 302
    assert await console.close_code() == 4401
    assert (await in_thread(operator.get, "/api/v1/me/")).status_code == 401
    rows = await read(herts, lambda: list(_audit("account.session_end").values("actor_role", "detail")))
    assert {"actor_role": "force_admin", "detail": {"reason": "by_admin"}} in rows


async def test_force_admin_forgets_a_lost_phone(peers: Peers, herts: ForceRef, force_client: MakeClient) -> None:
    from forces.accounts.second_factor import install_second_factor, is_enrolled
    from tests.people import totp_secret

    console = await peers.console(herts, "supervisor")
    admin = await in_thread(force_client, "force_admin")
    user = await read(herts, lambda: User.objects.get(username="supervisor"))
    form = {"action": "reset_second_factor", "_selected_action": str(user.pk)}
    try:
        await in_thread(admin.post, "/admin/accounts/user/", form)
        assert await console.close_code() == 4401
        assert not await read(herts, lambda: is_enrolled(user))
    finally:
        await read(herts, lambda: install_second_factor(user, totp_secret("supervisor")))


async def test_person_put_out_while_being_admitted_is_put_out(
    peers: Peers, herts: ForceRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end comes after the socket's session was read, and before the console begins."""

    async def end_then_listen(*args: Any) -> None:
        user_id = await read(herts, lambda: User.objects.get(username="operator").pk)
        await read(herts, lambda: end_sign_ins_of(actor=SYSTEM, now=clock.now(), user_id=user_id, reason="by_admin"))
        await signed_in.listen_for_account(*args)

    monkeypatch.setattr("streams.consumers.socket.listen_for_account", end_then_listen)
    console = await peers.console(herts, is_read=False)
    assert await console.close_code() == 4401


async def test_silent_page_is_closed_when_it_was_idle_for_too_long(
    peers: Peers, herts: ForceRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket_module, "GUARD_SECONDS", 0.2)
    console = await peers.console(herts)
    move(monkeypatch, IDLE - timedelta(seconds=30))
    await asyncio.sleep(0.6)
    assert [frame["type"] for frame in console.seen] == ["console.snapshot"]
    move(monkeypatch, IDLE)
    assert await console.close_code() == 4401


async def test_sweep_ends_overdue_sign_ins_and_closes_their_sockets(
    peers: Peers, herts: ForceRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    console = await peers.console(herts)
    later = clock.now() + IDLE
    assert await read(herts, lambda: end_overdue_sign_ins(actor=SYSTEM, now=later - timedelta(minutes=5))) == 0
    assert await read(herts, lambda: end_overdue_sign_ins(actor=SYSTEM, now=later)) >= 1
    assert await console.close_code() == 4401
    assert await read(herts, lambda: SignIn.objects.latest("started_at").end_reason) == "idle"


async def test_watched_console_is_never_idle_but_ends_after_twelve_hours(
    peers: Peers, herts: ForceRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    console = await peers.console(herts)
    for minutes in [*range(29, 12 * 60, 29), 12 * 60 - 1]:
        move(monkeypatch, timedelta(minutes=minutes))
        await console.round_trip()
        await asyncio.sleep(0.2)  # a page has an allowance of pings
    move(monkeypatch, LONGEST)
    await console.send("heartbeat.ping", sent_at=1)
    assert await console.close_code() == 4401


def move(monkeypatch: pytest.MonkeyPatch, passed: timedelta) -> None:
    """Let the only clock be ``passed`` ahead."""
    monkeypatch.setattr(clock, "now", lambda: REAL_NOW() + passed)


def _audit(act: str) -> Any:
    from forces.audit.models import AuditEntry

    return AuditEntry.objects.filter(act=act)
