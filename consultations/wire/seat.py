"""Frames of whoever has a place in a room, or asks for one: a member's page, and an officer's desk."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from consultations.wire.fields import MOST_LAYERS, Count, FeedId, LineRung, Purpose, Wanted
from streams.wire import ClientFrame, HeartbeatPing, IceCandidate
from streams.wire.fields import Sdp


class SeatPing(HeartbeatPing, frozen=True, tag="heartbeat.ping"):
    """A ping of a page that may have a place."""

    place_id: UUID | None = None


class PlaceJoin(ClientFrame, frozen=True, tag="place.join"):
    """Ask for a place with the camera's offer; the answer is `place.joined`."""

    sdp: Sdp
    purpose: Purpose
    talk_id: UUID | None = None


class SeatServers(ClientFrame, frozen=True, tag="seat.servers"):
    """Ask for ICE servers again: they last ten minutes."""


class PlaceResume(ClientFrame, frozen=True, tag="place.resume"):
    """A page whose line was down comes back to its place."""

    place_id: UUID


class PlaceLeave(ClientFrame, frozen=True, tag="place.leave"):
    """Give the own place up."""


class FeedOpen(ClientFrame, frozen=True, tag="feed.open"):
    """Share a screen beside the camera."""

    source: Annotated[str, Meta(pattern=r"^screen$")]
    sdp: Sdp


class FeedRestart(ClientFrame, frozen=True, tag="feed.restart"):
    """An own feed's offer with new ICE credentials."""

    feed_id: UUID
    sdp: Sdp


class FeedCandidate(ClientFrame, frozen=True, tag="feed.candidate"):
    """A candidate of an own feed; null says that there are no more."""

    feed_id: UUID
    candidate: IceCandidate | None


class FeedClose(ClientFrame, frozen=True, tag="feed.close"):
    """Share the screen no longer."""

    feed_id: UUID


class ReceptionAnswer(ClientFrame, frozen=True, tag="reception.answer"):
    """The page's answer to the offer of that number."""

    reception_id: UUID
    offer: Count
    sdp: Sdp


class ReceptionCandidate(ClientFrame, frozen=True, tag="reception.candidate"):
    """A candidate of the own reception."""

    reception_id: UUID
    candidate: IceCandidate | None


class ReceptionRestart(ClientFrame, frozen=True, tag="reception.restart"):
    """Ask for an offer with new ICE credentials."""

    reception_id: UUID


class CallLayers(ClientFrame, frozen=True, tag="call.layers"):
    """In which size each picture is wanted, by its tile; off: not at all. Sound always comes."""

    wanted: Annotated[dict[FeedId, Wanted], Meta(max_length=MOST_LAYERS)]


class CallOwn(ClientFrame, frozen=True, tag="call.own"):
    """How the own microphone, camera and line stand."""

    is_muted: bool
    camera_off: bool
    rung: LineRung


class TalkAsk(ClientFrame, frozen=True, tag="talk.ask", rename={"with_id": "with"}):
    """Ask somebody for a private talk."""

    with_id: UUID


class TalkAccept(ClientFrame, frozen=True, tag="talk.accept"):
    """Speak with them."""

    talk_id: UUID


class TalkDecline(ClientFrame, frozen=True, tag="talk.decline"):
    """Do not."""

    talk_id: UUID


class TalkEnd(ClientFrame, frozen=True, tag="talk.end"):
    """End the own private talk."""


SEAT_FRAMES = (
    SeatPing,
    PlaceJoin,
    SeatServers,
    PlaceResume,
    PlaceLeave,
    FeedOpen,
    FeedRestart,
    FeedCandidate,
    FeedClose,
    ReceptionAnswer,
    ReceptionCandidate,
    ReceptionRestart,
    CallLayers,
    CallOwn,
    TalkAsk,
    TalkAccept,
    TalkDecline,
    TalkEnd,
)
SEAT_URGENT = (HeartbeatPing,)
# These go beside the others: an answer is waited for by what waits itself, candidates by what is being connected.
SEAT_BESIDE = (FeedCandidate, ReceptionCandidate, ReceptionAnswer)
