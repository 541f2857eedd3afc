"""Frames of the console to `/ws/console/`."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from streams.wire.asked import AskingFrame
from streams.wire.duty import OfficersFollow, OfficersLeave
from streams.wire.fields import (
    LAST_MS,
    ClientFrame,
    ForceName,
    HeartbeatPing,
    IceCandidate,
    IncidentSay,
    Layer,
    MessageId,
    PhraseCode,
    Purpose,
    Sdp,
    Text,
)
from streams.wire.flights import FlightsFollow
from streams.wire.talk import SpeakingFrame


class ConsoleSnapshotAsk(ClientFrame, frozen=True, tag="console.snapshot"):
    """Asks for the list of sessions anew."""


class SessionOpen(ClientFrame, frozen=True, tag="session.open"):
    """Asks for one session whole, and follows it."""

    session_id: UUID


class SessionClose(ClientFrame, frozen=True, tag="session.close"):
    """No longer follows a session."""

    session_id: UUID


class StreamWatch(ClientFrame, frozen=True, tag="stream.watch"):
    """Asks to see a stream; the answer is `stream.offer`. `replaces`: the watch of a line that was lost."""

    session_id: UUID
    stream_id: UUID
    replaces: UUID | None = None


class WatchAnswer(ClientFrame, frozen=True, tag="watch.answer"):
    """The console's SDP answer: from here on it watches."""

    watch_id: UUID
    sdp: Sdp


class WatchCandidate(ClientFrame, frozen=True, tag="watch.candidate"):
    """A candidate of the console's; null says that there are no more."""

    watch_id: UUID
    candidate: IceCandidate | None


class WatchLayer(ClientFrame, frozen=True, tag="watch.layer"):
    """The console wants this layer of the picture; a phone that sends one layer only goes on sending that."""

    watch_id: UUID
    layer: Layer


class WatchStop(ClientFrame, frozen=True, tag="watch.stop"):
    """The console no longer watches."""

    watch_id: UUID


class SessionChatSend(ClientFrame, frozen=True, tag="chat.send"):
    """A message of the control room to a session's caller, typed or a phrase."""

    session_id: UUID
    client_id: MessageId
    text: Text = ""
    phrase: PhraseCode = ""


class RecordingSet(ClientFrame, frozen=True, tag="recording.set"):
    """An operator turns recording on or off."""

    session_id: UUID
    on: bool


class SessionEnd(ClientFrame, frozen=True, tag="session.end"):
    """An operator ends a session."""

    session_id: UUID


class StillAskFrame(ClientFrame, frozen=True, tag="still.ask"):
    """Asks a session's phone for a picture of full resolution."""

    session_id: UUID
    client_id: MessageId


class ShareGive(ClientFrame, frozen=True, tag="share.give"):
    """Lets another force watch a session's picture, for a purpose and until a time (ms since 1970).

    `recording`: it may play what is recorded of it, too.
    """

    session_id: UUID
    force: ForceName
    purpose: Purpose
    ends_at: Annotated[int, Meta(ge=0, le=LAST_MS)]
    chat: bool
    recording: bool = False


class ShareRevoke(ClientFrame, frozen=True, tag="share.revoke"):
    """Ends what another force may watch."""

    session_id: UUID
    share_id: UUID


class SharedOpen(ClientFrame, frozen=True, tag="shared.open"):
    """Asks for what another force shares, whole, and follows it."""

    share_id: UUID


class SharedClose(ClientFrame, frozen=True, tag="shared.close"):
    """No longer follows what another force shares."""

    share_id: UUID


class SharedWatch(ClientFrame, frozen=True, tag="shared.watch"):
    """Asks to see another force's stream; the answer is `stream.offer`, with the share's id as the session's."""

    share_id: UUID
    stream_id: UUID
    replaces: UUID | None = None


class IncidentOpen(ClientFrame, frozen=True, tag="incident.open"):
    """Asks for one incident whole, and follows it."""

    incident_id: UUID


class IncidentClose(ClientFrame, frozen=True, tag="incident.close"):
    """No longer follows an incident."""

    incident_id: UUID


class SessionShow(ClientFrame, frozen=True, tag="session.show"):
    """Shows a session's picture to the officers on its incident."""

    session_id: UUID


class SessionHide(ClientFrame, frozen=True, tag="session.hide"):
    """Shows it to them no longer."""

    session_id: UUID


class AgencyRevoke(ClientFrame, frozen=True, tag="agency.revoke"):
    """Ends what an outside agency may watch."""

    session_id: UUID
    agency_id: UUID


class AgencyDismiss(ClientFrame, frozen=True, tag="agency.dismiss"):
    """Ends what one viewer of an outside agency may watch."""

    session_id: UUID
    agency_id: UUID
    viewer_id: UUID


ConsoleFrame = (
    HeartbeatPing
    | ConsoleSnapshotAsk
    | SessionOpen
    | SessionClose
    | StreamWatch
    | WatchAnswer
    | WatchCandidate
    | WatchLayer
    | WatchStop
    | SessionChatSend
    | RecordingSet
    | SessionEnd
    | StillAskFrame
    | ShareGive
    | ShareRevoke
    | SharedOpen
    | SharedClose
    | SharedWatch
    | OfficersFollow
    | OfficersLeave
    | FlightsFollow
    | AskingFrame
    | IncidentOpen
    | IncidentClose
    | IncidentSay
    | AgencyRevoke
    | SessionShow
    | SessionHide
    | SpeakingFrame
    | AgencyDismiss
)
