"""Janus's own API over its own WebSocket: one session, handles of the VideoRoom. Imports nothing of ours."""

import asyncio
import contextlib
import json
from itertools import count
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

ALIVE_EVERY_S = 25.0
ASKED_WITHIN_S = 10.0
ROOM_EXISTS = 427


class JanusError(Exception):
    """Janus, or its plugin, said no; ``code`` is its own."""

    def __init__(self, said: dict[str, Any], code: int) -> None:
        super().__init__(json.dumps(said))
        self.code = code


class Janus:
    """One connection with one session."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._session: int | None = None
        self._asked: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._acknowledged: set[str] = set()
        self._numbers = count()
        self._tasks = [asyncio.create_task(self._read())]

    @classmethod
    async def open(cls, url: str) -> Self:
        """Connect, and create a session that is kept alive."""
        janus = cls(await connect(url, subprotocols=[Subprotocol("janus-protocol")], max_size=None, proxy=None))
        janus._session = int((await janus._ask({"janus": "create"}))["data"]["id"])
        janus._tasks.append(asyncio.create_task(janus._keep_alive()))
        return janus

    async def attach(self) -> int:
        """Return a new handle of the VideoRoom."""
        said = await self._ask({"janus": "attach", "plugin": "janus.plugin.videoroom"})
        return int(said["data"]["id"])

    async def message(self, handle: int, body: dict[str, Any], jsep: dict[str, str] | None = None) -> dict[str, Any]:
        """Ask the plugin; returns its answer, with `jsep` where there is one. Raises `JanusError`."""
        words: dict[str, Any] = {"janus": "message", "handle_id": handle, "body": body}
        said = await self._ask(words | ({"jsep": jsep} if jsep else {}))
        data: dict[str, Any] = said["plugindata"]["data"]
        if "error_code" in data:
            raise JanusError(data, int(data["error_code"]))
        return data | ({"jsep": said["jsep"]} if "jsep" in said else {})

    async def make_room(self, handle: int, room: str, options: dict[str, Any]) -> None:
        """Create a room, unless it is there."""
        try:
            await self.message(handle, {"request": "create", "room": room, "permanent": False, **options})
        except JanusError as error:
            if error.code != ROOM_EXISTS:
                raise

    async def detach(self, handle: int) -> None:
        """Give a handle back, and all that goes through it."""
        await self._ask({"janus": "detach", "handle_id": handle})

    async def close(self) -> None:
        """Hang up: Janus ends the session and everything in it."""
        for task in self._tasks:
            task.cancel()
        await self._socket.close()

    async def _ask(self, words: dict[str, Any]) -> dict[str, Any]:
        transaction = str(next(self._numbers))
        self._asked[transaction] = asyncio.get_running_loop().create_future()
        if words["janus"] == "keepalive":
            self._acknowledged.add(transaction)
        session = {} if self._session is None else {"session_id": self._session}
        await self._socket.send(json.dumps({**words, **session, "transaction": transaction}))
        try:
            said = await asyncio.wait_for(self._asked[transaction], ASKED_WITHIN_S)
        finally:
            del self._asked[transaction]
            self._acknowledged.discard(transaction)
        if said["janus"] == "error":
            raise JanusError(said["error"], int(said["error"]["code"]))
        return said

    async def _read(self) -> None:
        async for text in self._socket:
            said = json.loads(text)
            transaction = said.get("transaction", "")
            asked = self._asked.get(transaction)
            # An ack says that the answer comes; of a keepalive it is the answer.
            is_answer = said["janus"] != "ack" or transaction in self._acknowledged
            if asked is not None and not asked.done() and is_answer:
                asked.set_result(said)

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(ALIVE_EVERY_S)
            with contextlib.suppress(TimeoutError):
                await self._ask({"janus": "keepalive"})
