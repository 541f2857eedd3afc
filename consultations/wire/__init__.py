"""The frames of a consultation's two sockets, typed once: `PROTOCOL.md` is their text, pages have their mirror."""

from functools import reduce
from operator import or_
from typing import Any

from consultations.wire.desk import (
    DESK_FRAMES,
    BoardOpen,
    CallEnd,
    CautionLift,
    CautionState,
    ConsultationTake,
    DeskClose,
    DeskOpen,
    PersonAdmit,
    PersonMute,
    PersonPutBack,
    PersonRemove,
    PersonSendAway,
    RoomLock,
    SignalSeen,
)
from consultations.wire.meeting import (
    MEETING_FRAMES,
    CheckBegin,
    CheckReport,
    LanguageSet,
    MeetingLeave,
    ReadySay,
    SignalSend,
)
from consultations.wire.recording import (
    CONSENT_FRAMES,
    RECORDING_FRAMES,
    ConsentAnswer,
    ConsentWithdraw,
    RecordingAsk,
    RecordingStop,
)
from consultations.wire.seat import (
    SEAT_BESIDE,
    SEAT_FRAMES,
    SEAT_URGENT,
    CallLayers,
    CallOwn,
    FeedCandidate,
    FeedClose,
    FeedOpen,
    FeedRestart,
    PlaceJoin,
    PlaceLeave,
    PlaceResume,
    ReceptionAnswer,
    ReceptionCandidate,
    ReceptionRestart,
    SeatPing,
    SeatServers,
    TalkAccept,
    TalkAsk,
    TalkDecline,
    TalkEnd,
)
from consultations.wire.server import (
    BoardSnapshot,
    CheckReady,
    ConsentKept,
    DeskSnapshot,
    FeedOpened,
    FeedRestarted,
    MeetingState,
    PlaceGone,
    PlaceJoined,
    PlaceLeft,
    PlaceResumed,
    PlaceTaken,
    ReceptionOffer,
    ServersGiven,
    TalkAsked,
    TalkBegan,
)
from consultations.wire.words import OFFICERS_WORD_FRAMES, WORD_FRAMES, CallHand, CallSay, HandLower
from streams.wire import ClientFrame, wire_time
from streams.wire.codec import Codec

MeetingFrame: Any = reduce(or_, (*SEAT_FRAMES, *CONSENT_FRAMES, *WORD_FRAMES, *MEETING_FRAMES))
"""What a member's page may say."""
DeskFrame: Any = reduce(or_, (*SEAT_FRAMES, *WORD_FRAMES, *OFFICERS_WORD_FRAMES, *RECORDING_FRAMES, *DESK_FRAMES))
"""What an officer's desk and board may say."""
_MEETING: Codec[ClientFrame] = Codec(MeetingFrame)
_DESK: Codec[ClientFrame] = Codec(DeskFrame)


def decode_meeting(text: str) -> ClientFrame:
    """Read a frame of `/ws/meeting/`; raises `WireError`."""
    return _MEETING.decode(text)


def decode_desk(text: str) -> ClientFrame:
    """Read a frame of `/ws/consultation/`; raises `WireError`."""
    return _DESK.decode(text)


__all__ = [
    "SEAT_BESIDE",
    "SEAT_URGENT",
    "BoardOpen",
    "BoardSnapshot",
    "CallEnd",
    "CallHand",
    "CallLayers",
    "CallOwn",
    "CallSay",
    "CautionLift",
    "CautionState",
    "CheckBegin",
    "CheckReady",
    "CheckReport",
    "ClientFrame",
    "ConsentAnswer",
    "ConsentKept",
    "ConsentWithdraw",
    "ConsultationTake",
    "DeskClose",
    "DeskFrame",
    "DeskOpen",
    "DeskSnapshot",
    "FeedCandidate",
    "FeedClose",
    "FeedOpen",
    "FeedOpened",
    "FeedRestart",
    "FeedRestarted",
    "HandLower",
    "LanguageSet",
    "MeetingFrame",
    "MeetingLeave",
    "MeetingState",
    "PersonAdmit",
    "PersonMute",
    "PersonPutBack",
    "PersonRemove",
    "PersonSendAway",
    "PlaceGone",
    "PlaceJoin",
    "PlaceJoined",
    "PlaceLeave",
    "PlaceLeft",
    "PlaceResume",
    "PlaceResumed",
    "PlaceTaken",
    "ReadySay",
    "ReceptionAnswer",
    "ReceptionCandidate",
    "ReceptionOffer",
    "ReceptionRestart",
    "RecordingAsk",
    "RecordingStop",
    "RoomLock",
    "SeatPing",
    "SeatServers",
    "ServersGiven",
    "SignalSeen",
    "SignalSend",
    "TalkAccept",
    "TalkAsk",
    "TalkAsked",
    "TalkBegan",
    "TalkDecline",
    "TalkEnd",
    "decode_desk",
    "decode_meeting",
    "wire_time",
]
