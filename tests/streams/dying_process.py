"""A process of its own that publishes and views at the real media server, so that a test can kill it.

One JSON object per line, in and out: {"ask": "publish" | "subscribe" | "start", ...}.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from typing import Any

from streams.gateway.interface import Answer, HandleRef, Offer, RoomSpec
from streams.gateway.janus.client import JanusGateway


class Dying:
    """The test's end of the process."""

    def __init__(self, process: Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, environment: Mapping[str, str]) -> Dying:
        command = (sys.executable, "-m", "tests.streams.dying_process")
        process = await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=PIPE, env={**os.environ, **environment}
        )
        return cls(process)

    async def publish(self, room: RoomSpec, feed_id: str, sdp: str) -> tuple[HandleRef, str]:
        answer = await self._ask(ask="publish", room=_words(room), feed_id=feed_id, sdp=sdp)
        return HandleRef(*answer["handle"]), answer["sdp"]

    async def subscribe(self, room: RoomSpec, feed_id: str) -> tuple[HandleRef, str]:
        answer = await self._ask(ask="subscribe", room=_words(room), feed_id=feed_id)
        return HandleRef(*answer["handle"]), answer["sdp"]

    async def start_viewer(self, handle: HandleRef, sdp: str) -> None:
        await self._ask(ask="start", handle=[handle.session_id, handle.handle_id], sdp=sdp)

    async def kill(self) -> None:
        """End it as a crash would; being dead is fine."""
        if self._process.returncode is None:
            self._process.kill()
        assert await self._process.wait() == -signal.SIGKILL

    async def _ask(self, **request: Any) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        async with asyncio.timeout(15):
            return json.loads(await self._process.stdout.readline())


def _words(room: RoomSpec) -> dict[str, str]:
    return {"room_id": room.room_id, "secret": room.secret, "recording_dir": room.recording_dir}


async def _answer(gateway: JanusGateway, request: dict[str, Any]) -> dict[str, Any]:
    if request["ask"] == "start":
        await gateway.start(HandleRef(*request["handle"]), Answer(request["sdp"]))
        return {}
    room, feed_id = RoomSpec(**request["room"]), request["feed_id"]
    if request["ask"] == "publish":
        handle, answer = await gateway.publish(
            room=room, feed_id=feed_id, opaque_id=f"p:{feed_id}", offer=Offer(request["sdp"])
        )
        return {"handle": [handle.session_id, handle.handle_id], "sdp": answer.sdp}
    handle, offer = await gateway.subscribe(room=room, feed_id=feed_id, opaque_id=f"w:{feed_id}", patience=5)
    return {"handle": [handle.session_id, handle.handle_id], "sdp": offer.sdp}


async def _serve() -> None:
    names = ("SIGHTLINE_JANUS_URL", "SIGHTLINE_JANUS_API_SECRET", "SIGHTLINE_JANUS_ADMIN_KEY")
    gateway = JanusGateway(*(os.environ[name] for name in names))
    await gateway.connect()
    while line := await asyncio.to_thread(sys.stdin.readline):
        print(json.dumps(await _answer(gateway, json.loads(line))), flush=True)


if __name__ == "__main__":
    asyncio.run(_serve())
