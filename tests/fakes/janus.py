"""A Janus that speaks its real protocol over a real socket, and misbehaves when a test asks it to."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import websockets
from websockets.asyncio.server import Server, ServerConnection

Frame = dict[str, Any]
Reaction = Callable[[Frame], list[Frame]]

API_SECRET = "api-secret"
VIDEO_ANSWER = "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 VP8/90000\r\n"
REFUSED_ANSWER = "v=0\r\nm=video 0 UDP/TLS/RTP/SAVPF 96\r\na=inactive\r\n"


def error(code: int, reason: str) -> Frame:
    """Janus's own refusal."""
    return {"janus": "error", "error": {"code": code, "reason": reason}}


def plugin_reply(data: Frame, kind: str = "success", jsep: Frame | None = None) -> Frame:
    """An answer of the VideoRoom: `kind` is "success" at once, or "event" after an ack."""
    frame: Frame = {"janus": kind, "plugindata": {"plugin": "janus.plugin.videoroom", "data": data}}
    return frame if jsep is None else {**frame, "jsep": jsep}


def plugin_error(code: int, reason: str) -> Frame:
    """The VideoRoom's refusal."""
    return plugin_reply({"videoroom": "event", "error_code": code, "error": reason})


class FakeJanus:
    """Answers as Janus 1.1.2 does; `reactions[verb]` replaces an answer.

    A verb is the `janus` field, or for plugin messages the `request` of the body. A reaction returns the
    frames to send back; each gets the transaction of its request unless it names one itself.
    """

    def __init__(self) -> None:
        """Nothing listens before the context is entered."""
        self.reactions: dict[str, Reaction] = {}
        self.requests: list[Frame] = []
        self.sessions: set[int] = set()
        self.rooms: set[str] = set()
        self.people: list[Frame] = []
        self.port = 0
        self._ids = itertools.count(1000)
        self._sockets: list[ServerConnection] = []
        self._server: Server | None = None
        self._changed = asyncio.Condition()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"ws://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        """Listen on a free port."""
        await self.listen()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening."""
        await self.stop()

    async def listen(self) -> None:
        """Start, on the same port as before when there was one."""
        self._server = await websockets.serve(
            self._serve, "127.0.0.1", self.port, subprotocols=[websockets.Subprotocol("janus-protocol")]
        )
        self.port = next(iter(self._server.sockets)).getsockname()[1]

    async def stop(self) -> None:
        """Close everything."""
        if self._server is not None:
            self.drop()
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    def drop(self) -> None:
        """Tear every socket, without a closing handshake."""
        for socket in self._sockets:
            socket.transport.abort()

    async def push(self, frame: Frame) -> None:
        """Send an event to the newest client."""
        await self._sockets[-1].send(json.dumps(frame))

    async def push_text(self, text: str) -> None:
        """Send anything to the newest client."""
        await self._sockets[-1].send(text)

    def asked(self, verb: str) -> list[Frame]:
        """The requests for `verb` so far."""
        return [request for request in self.requests if _verb(request) == verb]

    async def wait_for(self, verb: str, count: int = 1) -> list[Frame]:
        """Wait until `verb` was requested `count` times."""
        async with asyncio.timeout(5), self._changed:
            await self._changed.wait_for(lambda: len(self.asked(verb)) >= count)
        return self.asked(verb)

    async def _serve(self, socket: ServerConnection) -> None:
        self._sockets.append(socket)
        try:
            async for text in socket:
                await self._answer(socket, json.loads(text))
        except websockets.ConnectionClosed:
            pass
        finally:
            self._sockets.remove(socket)

    async def _answer(self, socket: ServerConnection, request: Frame) -> None:
        async with self._changed:
            self.requests.append(request)
            self._changed.notify_all()
        for frame in self._react(request):
            await socket.send(json.dumps({"transaction": request["transaction"], **frame}))

    def _react(self, request: Frame) -> list[Frame]:
        verb = _verb(request)
        if request.get("apisecret") != API_SECRET and verb != "info":
            return [error(403, "Unauthorized request (wrong or missing secret/token)")]
        session_id = request.get("session_id")
        if verb not in self.reactions and session_id is not None and session_id not in self.sessions:
            return [error(458, f"No such session {session_id}")]
        usual: Reaction = getattr(self, f"_on_{verb}", lambda _request: [error(453, "Unknown request")])
        return self.reactions.get(verb, usual)(request)

    def _on_info(self, _request: Frame) -> list[Frame]:
        return [{"janus": "server_info", "version_string": "1.1.2", "server-name": "fake-1"}]

    def _on_create(self, _request: Frame) -> list[Frame]:
        session_id = next(self._ids)
        self.sessions.add(session_id)
        return [{"janus": "success", "data": {"id": session_id}}]

    def _on_attach(self, _request: Frame) -> list[Frame]:
        return [{"janus": "success", "data": {"id": next(self._ids)}}]

    def _on_keepalive(self, _request: Frame) -> list[Frame]:
        return [{"janus": "ack"}]

    _on_trickle = _on_keepalive

    def _on_claim(self, _request: Frame) -> list[Frame]:
        return [{"janus": "success"}]

    _on_detach = _on_claim

    def _on_destroy(self, request: Frame) -> list[Frame]:
        self.sessions.discard(request["session_id"])
        return [{"janus": "success"}]

    def _on_room_create(self, request: Frame) -> list[Frame]:
        room = request["body"]["room"]
        if room in self.rooms:
            return [plugin_error(427, f"Room {room} already exists")]
        self.rooms.add(room)
        return [plugin_reply({"videoroom": "created", "room": room})]

    def _on_room_destroy(self, request: Frame) -> list[Frame]:
        room = request["body"]["room"]
        if room not in self.rooms:
            return [plugin_error(426, f"No such room ({room})")]
        self.rooms.discard(room)
        return [plugin_reply({"videoroom": "destroyed", "room": room})]

    def _on_room_enable_recording(self, request: Frame) -> list[Frame]:
        return [plugin_reply({"videoroom": "success", "record": request["body"]["record"]})]

    def _on_room_listparticipants(self, _request: Frame) -> list[Frame]:
        return [plugin_reply({"videoroom": "participants", "participants": self.people})]

    def _on_room_kick(self, request: Frame) -> list[Frame]:
        self.people = [one for one in self.people if one["id"] != request["body"]["id"]]
        return [plugin_reply({"videoroom": "success"})]

    def _on_room_joinandconfigure(self, _request: Frame) -> list[Frame]:
        jsep = {"type": "answer", "sdp": VIDEO_ANSWER}
        return [{"janus": "ack"}, plugin_reply({"videoroom": "joined"}, "event", jsep)]

    def _on_room_join(self, _request: Frame) -> list[Frame]:
        jsep = {"type": "offer", "sdp": VIDEO_ANSWER}
        return [{"janus": "ack"}, plugin_reply({"videoroom": "attached"}, "event", jsep)]

    def _on_room_configure(self, _request: Frame) -> list[Frame]:
        return [{"janus": "ack"}, plugin_reply({"videoroom": "event", "configured": "ok"}, "event")]

    def _on_room_start(self, _request: Frame) -> list[Frame]:
        return [{"janus": "ack"}, plugin_reply({"videoroom": "event", "started": "ok"}, "event")]


def _verb(request: Frame) -> str:
    verb = str(request["janus"])
    return f"room_{request['body']['request']}" if verb == "message" else verb
