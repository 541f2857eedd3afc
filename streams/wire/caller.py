"""Frames of the caller's page to `/ws/caller/`."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from streams.wire.fields import (
    LAST_MS,
    ClientFrame,
    HeartbeatPing,
    IceCandidate,
    MessageId,
    PhraseCode,
    Reason,
    Rung,
    RungReason,
    Scope,
    Sdp,
    Step,
    StillRefusal,
    Text,
)


class ChatSend(ClientFrame, frozen=True, tag="chat.send"):
    """A message of the caller, typed or a phrase; `client_id` makes a repetition harmless."""

    client_id: MessageId
    text: Text = ""
    phrase: PhraseCode = ""


class ConsentGive(ClientFrame, frozen=True, tag="consent.give"):
    """The caller agrees to `scopes`, having read this version of the wording in this language."""

    scopes: Annotated[list[Scope], Meta(min_length=1, max_length=4)]
    wording_version: Annotated[int, Meta(ge=1, le=2_000_000_000)]
    language: Annotated[str, Meta(min_length=2, max_length=12, pattern=r"^[A-Za-z-]+$")]


class ConsentWithdraw(ClientFrame, frozen=True, tag="consent.withdraw"):
    """The caller takes the consent back."""


class StreamPublish(ClientFrame, frozen=True, tag="stream.publish"):
    """The caller's offer; the answer is `stream.answer`. `early`: the camera is not on yet, `stream.begin` will say."""

    sdp: Sdp
    early: bool = False


class StreamBegin(ClientFrame, frozen=True, tag="stream.begin"):
    """The camera of the stream that was published early is on."""


class StreamCandidate(ClientFrame, frozen=True, tag="stream.candidate"):
    """A candidate of the caller's; null says that there are no more."""

    candidate: IceCandidate | None


class StreamStop(ClientFrame, frozen=True, tag="stream.stop"):
    """The caller stops the video; the session goes on. An officer names the session, for this may have waited."""

    session_id: UUID | None = None


class StreamDelay(ClientFrame, frozen=True, tag="stream.delay"):
    """What the phone's picture takes from camera to media server at present, in ms."""

    sending_ms: Annotated[int, Meta(ge=0, le=60_000)]


class PositionFix(ClientFrame, frozen=True, tag="position.fix"):
    """One fix: degrees WGS 84, metres, ms since 1970, degrees from north, metres per second."""

    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]
    accuracy_m: Annotated[float, Meta(ge=0, le=50_000_000)]
    fixed_at: Annotated[float, Meta(ge=0, le=LAST_MS)]
    altitude_m: Annotated[float, Meta(ge=-20_000, le=1_000_000)] | None = None
    heading_deg: Annotated[float, Meta(ge=0, le=360)] | None = None
    speed_mps: Annotated[float, Meta(ge=0, le=100_000)] | None = None


class ProgressReport(ClientFrame, frozen=True, tag="progress.report"):
    """How far the caller's page has come; `reason` says why a step failed."""

    step: Step
    reason: Reason = ""


class RungReport(ClientFrame, frozen=True, tag="rung.report"):
    """How much of the picture the caller's line carries now, and why not more."""

    rung: Rung
    reason: RungReason


class SessionStop(ClientFrame, frozen=True, tag="session.stop"):
    """The caller ends everything. An officer names the session, for this may have waited."""

    session_id: UUID | None = None


class StillRefuse(ClientFrame, frozen=True, tag="still.refuse"):
    """The phone has no picture to give for this request."""

    ask_id: UUID
    reason: StillRefusal


# What every phone that shares says, an officer's too.
PhoneFrame = (
    HeartbeatPing
    | StreamPublish
    | StreamBegin
    | StreamCandidate
    | StreamStop
    | StreamDelay
    | PositionFix
    | ProgressReport
    | RungReport
    | SessionStop
    | StillRefuse
)
CallerFrame = PhoneFrame | ChatSend | ConsentGive | ConsentWithdraw
