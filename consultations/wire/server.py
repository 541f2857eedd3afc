"""Replies of the server to one socket of a consultation; broadcasts are plain dicts with `topic` and `seq`."""

from __future__ import annotations

from typing import Any

from streams.wire import ServerFrame

Plain = dict[str, Any]


class MeetingState(ServerFrame, frozen=True, tag="meeting.state"):
    """All that a member's page needs to begin or to go on; `wording` is a question that is due now."""

    meeting: Plain
    seat: Plain | None
    messages: list[Plain]
    uploads: list[Plain]
    wording: Plain | None
    ice_servers: list[Plain] | None
    seqs: dict[str, int]


class DeskSnapshot(ServerFrame, frozen=True, tag="desk.snapshot"):
    """One consultation whole, as officers see it."""

    now: str
    consultation: Plain
    me: Plain
    waiting: list[Plain]
    room: Plain
    messages: list[Plain]
    uploads: list[Plain]
    signals: list[Plain]
    ice_servers: list[Plain] | None
    seqs: dict[str, int]


class BoardSnapshot(ServerFrame, frozen=True, tag="board.snapshot"):
    """Every consultation that concerns this officer."""

    now: str
    rows: list[Plain]
    signals: list[Plain]
    seqs: dict[str, int]


class CheckReady(ServerFrame, frozen=True, tag="check.ready"):
    """A line check may begin."""

    ice_servers: list[Plain]


class ServersGiven(ServerFrame, frozen=True, tag="seat.servers"):
    """ICE servers for the next ten minutes."""

    ice_servers: list[Plain]


class PlaceJoined(ServerFrame, frozen=True, tag="place.joined"):
    """The place is taken: the media server's answer to the camera's offer, and how the room stands."""

    place_id: str
    feed_id: str
    sdp: str
    room: Plain


class PlaceResumed(ServerFrame, frozen=True, tag="place.resumed"):
    """The place goes on, and media with it."""

    place_id: str
    room: Plain


class PlaceLeft(ServerFrame, frozen=True, tag="place.left"):
    """The place is given up."""


class PlaceGone(ServerFrame, frozen=True, tag="place.gone"):
    """There is no such place (any more)."""

    place_id: str
    reason: str


class PlaceTaken(ServerFrame, frozen=True, tag="place.taken"):
    """Another page of the same person has the place now; this one does nothing until a tap."""

    place_id: str


class FeedOpened(ServerFrame, frozen=True, tag="feed.opened"):
    """The media server's answer to a screen's offer."""

    feed_id: str
    sdp: str


class FeedRestarted(ServerFrame, frozen=True, tag="feed.restarted"):
    """The media server's answer to an offer with new ICE credentials."""

    feed_id: str
    sdp: str


class ReceptionOffer(ServerFrame, frozen=True, tag="reception.offer"):
    """The media server's offer of all that is to be received; `lines` says what each mid is."""

    reception_id: str
    offer: int
    sdp: str
    lines: dict[str, Plain]
    ice_servers: list[Plain] | None = None


class TalkBegan(ServerFrame, frozen=True, tag="talk.began", rename={"other": "with"}):
    """The private talk goes on, for a page that was loaded again."""

    talk_id: str
    other: Plain
    ice_servers: list[Plain]


class TalkAsked(ServerFrame, frozen=True, tag="talk.asked"):
    """Somebody asks for a private talk, for a page that was loaded again."""

    talk_id: str
    by: Plain


class ConsentKept(ServerFrame, frozen=True, tag="consent.kept"):
    """The answer is on record."""

    round: int
    answer: str
