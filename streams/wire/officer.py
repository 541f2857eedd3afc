"""Frames of the officer's page to `/ws/officer/`; what a phone shares, it says as a caller's does."""

from __future__ import annotations

from uuid import UUID

from streams.wire.asked import AnsweringFrame
from streams.wire.caller import PhoneFrame
from streams.wire.console import StreamWatch, WatchAnswer, WatchCandidate, WatchLayer, WatchStop
from streams.wire.duty import DutyFixes
from streams.wire.fields import ClientFrame, IncidentSay, OfficerStatus
from streams.wire.talk import ListeningFrame


class OfficerSnapshotAsk(ClientFrame, frozen=True, tag="officer.snapshot"):
    """Asks for the page's state anew."""


class StatusSet(ClientFrame, frozen=True, tag="status.set"):
    """What the officer is doing; the first status begins the shift, `off_duty` ends it."""

    status: OfficerStatus


class LiveStart(ClientFrame, frozen=True, tag="live.start"):
    """The officer goes live, for an incident that is open or without one."""

    incident_id: UUID | None = None


class NoticeSeen(ClientFrame, frozen=True, tag="notice.seen"):
    """The officer has seen a notice."""

    notice_id: UUID


OfficerFrame = (
    PhoneFrame
    | OfficerSnapshotAsk
    | StatusSet
    | LiveStart
    | DutyFixes
    | AnsweringFrame
    | NoticeSeen
    | IncidentSay
    | StreamWatch
    | WatchAnswer
    | WatchCandidate
    | WatchLayer
    | WatchStop
    | ListeningFrame
)
