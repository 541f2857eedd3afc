"""What sessions leave in a process once they are over: nothing, however many there were."""

from __future__ import annotations

import asyncio
import gc
from collections import Counter
from typing import Any

import pytest
from channels.layers import get_channel_layer

from forces.accounts.sign_ins import ACCOUNT_CHANGED, account_topic
from forces.context import ForceRef
from forces.dispatch import publish
from streams.broadcasts import CONSOLE
from streams.consumers.console import ConsoleSocket
from streams.consumers.refusals import TRY_AGAIN
from streams.signalling.gateways import reach
from streams.signalling.upkeep import Upkeep
from streams.signalling.watch import _viewers
from tests.factories.streams import make_opened
from tests.fakes.gateway import ANSWER, FakeGateway
from tests.streams.socket_peers import Peer, Peers, make, until

CONSENT = {"scopes": ["location", "video", "recording"], "wording_version": 1, "language": "en"}
SESSIONS = 10
# A kind of object that every session leaves is a leak.
FEW = SESSIONS
# Caches of libraries and timers that were cancelled come and go.
OURS = ("streams.", "forces.", "channels.", "channels_redis.", "_asyncio.Task")


async def one_session(peers: Peers, herts: ForceRef, gateway: FakeGateway) -> None:
    """Consent, publish, be watched, send a position, stop; then everything is closed."""
    made = await make(herts, make_opened)
    console = await peers.console(herts)
    caller = await peers.caller(herts, made.ticket)
    await caller.send("consent.give", **CONSENT)
    await caller.expect("consent.given")
    await caller.send("stream.publish", sdp="v=0")
    stream_id = (await caller.expect("stream.answer"))["stream_id"]
    gateway.emit_video(stream_id, receiving=True)
    await caller.expect("stream.changed", lambda f: f["stream"]["state"] == "live")
    await console.send("session.open", session_id=str(made.session.id))
    await console.send("stream.watch", session_id=str(made.session.id), stream_id=stream_id)
    offer = await console.expect("stream.offer")
    await console.send("watch.answer", watch_id=offer["watch_id"], sdp=ANSWER)
    await caller.expect("watch.changed", lambda f: f["watching"])
    await caller.round_trip()
    await caller.send("session.stop")
    await caller.expect("session.ended")
    await caller.close()
    await console.close()
    peers._open.clear()
    await Upkeep(herts).give_back_handles()


async def test_socket_that_the_web_server_cuts_off_in_the_middle_leaves_no_task_behind(
    peers: Peers, herts: ForceRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Switch: `WireSocket.__call__`; without it the socket's guard asks the database every 30 s for ever.
    reached = asyncio.Event()

    async def hang(self: ConsoleSocket) -> None:
        reached.set()
        await asyncio.Event().wait()

    before = tasks_of_sockets()
    console = await peers.console(herts)
    await console.round_trip()
    assert len(tasks_of_sockets()) == len(before) + 3
    monkeypatch.setattr(ConsoleSocket, "check", hang)
    await publish(herts, [(account_topic(console_user(console)), {"type": ACCOUNT_CHANGED})])
    await asyncio.wait_for(reached.wait(), 10)

    console.line.future.cancel()  # as it does ten seconds after the line is gone

    await until(lambda: tasks_of_sockets() == before, 15)
    peers._open.clear()


async def test_socket_that_nothing_can_be_sent_to_is_closed_and_leaves_no_task_behind(
    peers: Peers, herts: ForceRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a console would stay open, silent, and look live."""
    before = tasks_of_sockets()
    console = await peers.console(herts)
    await console.round_trip()

    def fail(frame: object) -> str:
        raise ValueError("longer than the line takes")

    monkeypatch.setattr("streams.consumers.socket.encode", fail)
    await publish(herts, [(CONSOLE, {"type": "chat.message", "text": "anything"})])

    assert await console.close_code() == TRY_AGAIN
    await console.close()
    await until(lambda: tasks_of_sockets() == before, 15)
    peers._open.clear()


async def test_socket_for_which_messages_come_as_it_ends_leaves_no_channel_behind(
    peers: Peers, herts: ForceRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a phone sends a heartbeat and is gone: a queue would wait, and be filled, for ever."""
    # Switch: `forget_channel` in streams/consumers/ending.py.
    channels, before = channels_of(get_channel_layer()), set(channels_of(get_channel_layer()))
    console, channel = await console_with_channel(peers, herts)

    monkeypatch.setattr(ConsoleSocket, "finish", lambda self: write_to(self, channel))
    await console.close()

    await until(lambda: set(channels) == before, 15)
    peers._open.clear()


async def test_socket_that_is_cut_off_while_messages_come_leaves_no_channel_behind(
    peers: Peers, herts: ForceRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    channels, before = channels_of(get_channel_layer()), set(channels_of(get_channel_layer()))
    console, channel = await console_with_channel(peers, herts)
    reached = asyncio.Event()

    async def hang(self: ConsoleSocket) -> None:
        await write_to(self, channel)
        reached.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(ConsoleSocket, "check", hang)
    await publish(herts, [(account_topic(console_user(console)), {"type": ACCOUNT_CHANGED})])
    await asyncio.wait_for(reached.wait(), 10)

    console.line.future.cancel()

    await until(lambda: set(channels) == before, 15)
    peers._open.clear()


async def console_with_channel(peers: Peers, herts: ForceRef) -> tuple[Peer, str]:
    """Open a console; returns it with its channel in the layer."""
    before = set(channels_of(get_channel_layer()))
    console = await peers.console(herts)
    await console.round_trip()
    (channel,) = set(channels_of(get_channel_layer())) - before
    return console, channel


def channels_of(layer: Any) -> dict[str, asyncio.Queue[bytes]]:
    """Return the queue of each channel of this process."""
    channels: dict[str, asyncio.Queue[bytes]] = layer._get_layer().channels
    return channels


async def write_to(socket: ConsoleSocket, channel: str) -> None:
    """Send messages to a socket until one waits for it."""
    layer: Any = socket.channel_layer
    waiting = channels_of(layer)[channel]
    for _ in range(2):  # the first goes to the reader that waits for it
        await layer.send(channel, {"type": "wire.pong", "sent_at": 1, "ref": None})
    await until(lambda: not waiting.empty())


def tasks_of_sockets() -> set[str]:
    """Return the names of the tasks that sockets have: guard, writer, and worker."""
    kinds = ("WireSocket._guard", "WireSocket._write", "Dispatcher._work")
    return {task.get_name() for task in asyncio.all_tasks() if task.get_coro().__qualname__ in kinds}  # type: ignore[union-attr]


def console_user(console: Peer) -> str:
    """Return whose console it is, as its first frame says."""
    return str(next(frame["me"]["id"] for frame in console.seen if frame["type"] == "console.snapshot"))


def living() -> Counter[str]:
    """Count the living objects by type."""
    gc.collect()
    return Counter(f"{type(one).__module__}.{type(one).__qualname__}" for one in gc.get_objects())


@pytest.mark.timeout(600)
async def test_sessions_leave_no_objects_behind(peers: Peers, herts: ForceRef, gateway: FakeGateway) -> None:
    for _ in range(3):
        await one_session(peers, herts, gateway)
    before = living()
    # Other tests of this process may have left some of theirs in the middle.
    viewers, participants = set(_viewers), set(reach().participants)
    for _ in range(SESSIONS):
        await one_session(peers, herts, gateway)
    await asyncio.sleep(0.5)
    after = living()
    assert set(_viewers) <= viewers
    assert set(reach().participants) <= participants
    left = {name: after[name] - before[name] for name in after if after[name] - before[name] >= FEW}
    left = {name: more for name, more in left.items() if name.startswith(OURS)}
    assert left == {}
