"""Frames about the control room's voice: of the console that speaks, and of the officer's page that listens."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from streams.wire.fields import ClientFrame, IceCandidate, Sdp
from streams.wire.server import ServerFrame


class TalkStart(ClientFrame, frozen=True, tag="talk.start"):
    """The console's offer of its microphone, for the officer of a session; the answer is `talk.answer`."""

    session_id: UUID
    sdp: Sdp


class TalkSpeak(ClientFrame, frozen=True, tag="talk.speak"):
    """The operator is heard from now on, or no longer; the connection stays."""

    talk_id: UUID
    on: bool


class TalkStop(ClientFrame, frozen=True, tag="talk.stop"):
    """The console's microphone is off."""

    talk_id: UUID


class TalkCandidate(ClientFrame, frozen=True, tag="talk.candidate"):
    """A candidate of who speaks, or of who listens; null says that there are no more."""

    talk_id: UUID
    candidate: IceCandidate | None


class TalkListen(ClientFrame, frozen=True, tag="talk.listen"):
    """The officer's page asks to hear the talk of its own session; the answer is `talk.offer`."""

    talk_id: UUID


class TalkAccept(ClientFrame, frozen=True, tag="talk.accept"):
    """The page's SDP answer: from here on it listens."""

    talk_id: UUID
    sdp: Sdp


SpeakingFrame = TalkStart | TalkSpeak | TalkStop | TalkCandidate
ListeningFrame = TalkListen | TalkAccept | TalkCandidate


class TalkAnswer(ServerFrame, frozen=True, tag="talk.answer"):
    """The media server's answer to a console that speaks."""

    talk_id: str
    session_id: str
    sdp: str
    ice_servers: list[dict[str, Any]]


class TalkOffer(ServerFrame, frozen=True, tag="talk.offer"):
    """The media server's offer to a page that listens."""

    talk_id: str
    sdp: str
    ice_servers: list[dict[str, Any]]
