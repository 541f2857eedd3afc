"""What an officer's socket does with the board: every consultation that concerns them."""

from __future__ import annotations

from abc import ABC
from typing import Any, ClassVar
from uuid import UUID

from consultations import wire
from consultations.broadcasts import BOARD
from consultations.consumers.words import WordsSocket
from consultations.desk_shapes import is_on_board
from consultations.services import signals
from consultations.services.visit_page import board_team
from consultations.signalling import pages
from forces import clock
from forces.actors import Actor
from forces.context import ain_force
from forces.errors import NotFound


class BoardSocket(WordsSocket, ABC):
    """The part of a socket that follows the board."""

    shown: set[str] = set()
    team: str | None = ""
    session_id: UUID | None = None
    boarding: ClassVar[dict[type[wire.ClientFrame], str]] = {
        wire.BoardOpen: "board_open",
        wire.SignalSeen: "signal_seen",
    }

    @property
    def actor(self) -> Actor:
        """The signed-in officer."""
        raise NotImplementedError

    async def board_open(self, frame: wire.BoardOpen) -> None:
        """Send the board, and follow it."""
        self.team = await ain_force(self.force, board_team, actor=self.actor)
        async with self.topics.anew(BOARD) as seqs:
            rows, unseen = await pages.read_board(self.force, self.actor)
            self.shown = {row["id"] for row in rows}
            now = wire.wire_time(clock.now())
            self.outbox.put(wire.BoardSnapshot(now=now, rows=rows, signals=unseen, seqs=dict(seqs), ref=frame.ref))

    def completed(self, message: dict[str, Any]) -> dict[str, Any]:
        """Show what is on this officer's board; of anything else the number alone goes on, or a hole would be seen."""
        if message["type"] == "board.changed":
            if is_on_board(message["row"], user_id=self.actor.id, team=self.team):
                self.shown.add(message["row"]["id"])
            else:
                return _nothing(message)
        if message["type"] == "board.signal" and message["signal"]["session_id"] not in self.shown:
            return _nothing(message)
        return super().completed(message)

    async def signal_seen(self, frame: wire.SignalSeen) -> None:
        """Note that a silent signal was seen."""
        session_id = frame.session_id or self.session_id
        if session_id is None:
            raise NotFound("No consultation is named.")
        ids: dict[str, Any] = {"session_id": session_id, "signal_id": frame.signal_id}
        await ain_force(self.force, signals.see_signal, actor=self.actor, now=clock.now(), **ids)


def _nothing(message: dict[str, Any]) -> dict[str, Any]:
    return {"type": "board.nothing", "topic": message["topic"], "seq": message["seq"]}
