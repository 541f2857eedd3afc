"""What leaves a unit of work: off the event loop, in the order of its numbers, and whoever is cancelled."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from channels.layers import get_channel_layer
from django.conf import settings

from forces import dispatch
from forces.channel_layer import PromptShard
from forces.context import ForceRef, ain_force
from forces.dispatch import async_redis, broadcast_on_commit, group_name, publish, publish_now, seq_key

WIRE = {"type": "test.said"}
SEND = """
import time
import django
django.setup()
import config.celery
from forces.dispatch import send_force_task
from forces.refs import ForceRef
began = time.monotonic()
send_force_task(ForceRef(schema="herts", name="Herts"), "streams.tasks.deliver_due", {})
print(time.monotonic() - began)
"""


@pytest.fixture
async def hung_redis(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Put a Redis that takes connections and never answers in the place of the counter's."""

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    monkeypatch.setattr(settings, "REDIS_URL", f"redis://127.0.0.1:{port}/0")
    monkeypatch.setattr(dispatch, "_redis", None)
    dispatch._async_redis.pop(asyncio.get_running_loop(), None)
    yield
    await dispatch.async_redis().aclose()
    server.close()


async def test_redis_that_hangs_never_holds_the_event_loop(hung_redis: None, herts: ForceRef) -> None:
    longest = 0.0

    async def tick() -> None:
        nonlocal longest
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.01)
            longest = max(longest, time.monotonic() - before)

    ticking = asyncio.create_task(tick())
    began = time.monotonic()
    await asyncio.gather(*(publish(herts, [("console", WIRE)]) for _ in range(20)))
    ticking.cancel()

    assert longest < 0.5
    assert time.monotonic() - began < 6


def test_broker_that_hangs_never_holds_who_sends_a_task() -> None:
    # The kernel takes the connection, and nobody ever answers. Switch: without the deadlines of the broker's transport
    # in config/settings/parts/celery.py the process would wait for ever.
    with socket.create_server(("127.0.0.1", 0)) as silent:
        hung = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        names = ("SIGHTLINE_REDIS_URL", "SIGHTLINE_REDIS_WEB_URL", "SIGHTLINE_REDIS_WORKER_URL")
        environment = {**os.environ, **dict.fromkeys(names, hung)}
        done = subprocess.run(
            [sys.executable, "-c", SEND], env=environment, capture_output=True, text=True, timeout=60, check=True
        )

    assert "task not sent" in done.stderr
    assert float(done.stdout) < 4


async def test_channel_that_redis_does_not_take_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every socket that comes while Redis hangs would leave a queue."""
    layer: Any = get_channel_layer()
    channels = layer._get_layer().channels
    before = set(channels)

    async def hang(self: PromptShard, channel: str) -> None:
        raise TimeoutError

    with monkeypatch.context() as patch:
        patch.setattr(PromptShard, "subscribe", hang)
        with pytest.raises(TimeoutError):
            await layer.new_channel()
    assert set(channels) == before
    taken = await layer.new_channel()
    assert set(channels) - before == {taken}
    await layer.forget_channel(taken)
    assert set(channels) == before


async def test_messages_of_one_process_leave_in_the_order_of_their_numbers(herts: ForceRef) -> None:
    layer: Any = get_channel_layer()
    channel = await layer.new_channel()
    await layer.group_add(group_name("herts", "console"), channel)

    # Of unequal length, so that one that came later would overtake if it could.
    acts = [[*[("caller.x", WIRE)] * (number % 4), ("console", WIRE)] for number in range(40)]
    await asyncio.gather(*(publish(herts, act) for act in acts))

    numbers = [(await asyncio.wait_for(layer.receive(channel), 5))["message"]["seq"] for _ in acts]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) == len(acts)


async def test_counters_of_topics_go_a_day_after_their_last_message(herts: ForceRef) -> None:
    await publish(herts, [("caller.gone", WIRE), ("caller.gone", WIRE), ("console", WIRE)])
    await asyncio.to_thread(publish_now, herts, [("caller.told", WIRE)])

    keys = [seq_key("herts", topic) for topic in ("caller.gone", "console", "caller.told")]
    left = [await async_redis().ttl(key) for key in keys]
    assert all(23 * 3600 < seconds <= 24 * 3600 for seconds in left), left
    assert await async_redis().get(keys[0]) == b"2"


async def test_cancelled_caller_of_a_unit_that_commits_still_sends_its_messages(copy_db: str, herts: ForceRef) -> None:
    has_begun, may_end = threading.Event(), threading.Event()

    def act() -> None:
        broadcast_on_commit("console", WIRE)
        has_begun.set()
        may_end.wait(10)

    task = asyncio.create_task(ain_force(herts, act))
    await asyncio.to_thread(has_begun.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    may_end.set()

    async with asyncio.timeout(5):
        while dispatch.current_seq("herts", "console") == 0:  # noqa: ASYNC110 - Redis does not notify
            await asyncio.sleep(0.02)


@pytest.fixture
async def relayed_redis(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[asyncio.Event]:
    """Put a relay before the channel layer's Redis, which passes nothing on once the event is cleared."""
    address = urlsplit(settings.REDIS_URL)
    flows = asyncio.Event()
    flows.set()

    async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            await flows.wait()
            writer.write(data)
        writer.close()

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(address.hostname, address.port)
        await asyncio.gather(copy(reader, far_writer), copy(far_reader, writer))

    server = await asyncio.start_server(relay, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    layer: Any = get_channel_layer()
    monkeypatch.setitem(layer._kwargs["hosts"][0], "address", settings.REDIS_URL.replace(str(address.port), str(port)))
    yield flows
    flows.set()
    await layer.flush()
    layer._layers.pop(asyncio.get_running_loop(), None)
    server.close()


async def test_channel_layer_of_a_redis_that_hangs_holds_nobody_and_works_afterwards(
    relayed_redis: asyncio.Event,
) -> None:
    # Switch: `PromptShard` in forces/channel_layer.py: whoever publishes then holds the lock for ever.
    layer: Any = get_channel_layer()
    channel = await layer.new_channel()
    await layer.group_add("herts.a", channel)
    relayed_redis.clear()
    began = time.monotonic()
    steps = [
        *(layer.send(channel, WIRE) for _ in range(10)),
        *(layer.group_add(f"herts.{number}", channel) for number in range(5)),
        layer.group_discard("herts.a", channel),
    ]
    results = await asyncio.gather(*steps, return_exceptions=True)
    assert time.monotonic() - began < 7
    assert isinstance(results[0], TimeoutError)
    relayed_redis.set()

    await layer.group_add("herts.a", channel)
    await layer.group_send("herts.a", {"type": "test.after"})
    async with asyncio.timeout(5):
        while (await layer.receive(channel))["type"] != "test.after":
            pass
