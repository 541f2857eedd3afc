"""The control room's voice on sockets: a console speaks, the officer's page listens."""

from __future__ import annotations

from abc import ABC
from typing import ClassVar

from forces.errors import DomainError
from streams import signalling, wire
from streams.consumers.own_session import OwnSession
from streams.consumers.shares import Shares
from streams.signalling.candidates import candidate_of


class Speaking(Shares):
    """The part of a console's socket that speaks to officers who are live."""

    speaking: ClassVar[dict[type[wire.ClientFrame], str]] = {
        wire.TalkStart: "talk_start",
        wire.TalkSpeak: "talk_speak",
        wire.TalkCandidate: "talk_candidate",
        wire.TalkStop: "talk_stop",
    }

    async def refuse(self, error: DomainError) -> None:
        """Say why, and close: who may not be here any more is heard no more, whenever the line goes down."""
        try:
            await signalling.end_talks_of(self.name)
        finally:
            await super().refuse(error)

    async def talk_start(self, frame: wire.TalkStart) -> None:
        """Let the microphone in."""
        session_id = frame.session_id
        talk = await signalling.start_talk(self.force, self.actor, self.name, session_id=session_id, sdp=frame.sdp)
        if self.is_open:
            self.outbox.put(_answer_frame(talk, frame))
        else:
            await signalling.end_talks_of(self.name)

    async def talk_speak(self, frame: wire.TalkSpeak) -> None:
        """Be heard, or not."""
        await signalling.speak(self.force, self.name, talk_id=frame.talk_id, on=frame.on)

    async def talk_candidate(self, frame: wire.TalkCandidate) -> None:
        """Pass a candidate on."""
        candidate = candidate_of(frame.candidate)
        await signalling.trickle_speaker(self.name, talk_id=frame.talk_id, candidate=candidate)

    async def talk_stop(self, frame: wire.TalkStop) -> None:
        """Turn the microphone off."""
        await signalling.stop_talk(self.name, talk_id=frame.talk_id)


class Listening(OwnSession, ABC):
    """The part of an officer's socket that listens to the control room."""

    listening: ClassVar[dict[type[wire.ClientFrame], str]] = {
        wire.TalkListen: "talk_listen",
        wire.TalkAccept: "talk_accept",
        wire.TalkCandidate: "talk_candidate",
    }

    async def finish(self) -> None:
        """Give back what was offered; a page that listens goes on without its line."""
        try:
            await signalling.forget_listening_of(self.name)
        finally:
            await super().finish()

    async def talk_listen(self, frame: wire.TalkListen) -> None:
        """Offer the talk of the own session."""
        talk = await signalling.listen(self.phone, self.name, talk_id=frame.talk_id)
        if self.is_open:
            servers = signalling.ice_servers(talk.talk_id)
            self.outbox.put(wire.TalkOffer(talk_id=str(talk.talk_id), sdp=talk.sdp, ice_servers=servers, ref=frame.ref))
        else:
            await self.finish()

    async def talk_accept(self, frame: wire.TalkAccept) -> None:
        """Begin to listen."""
        await signalling.answer_listening(self.phone, self.name, talk_id=frame.talk_id, sdp=frame.sdp)

    async def talk_candidate(self, frame: wire.TalkCandidate) -> None:
        """Pass a candidate on."""
        candidate = candidate_of(frame.candidate)
        await signalling.trickle_listener(self.name, talk_id=frame.talk_id, candidate=candidate)


def _answer_frame(talk: signalling.TalkSdp, asked: wire.TalkStart) -> wire.TalkAnswer:
    return wire.TalkAnswer(
        talk_id=str(talk.talk_id),
        session_id=str(asked.session_id),
        sdp=talk.sdp,
        ice_servers=signalling.ice_servers(talk.talk_id),
        ref=asked.ref,
    )
