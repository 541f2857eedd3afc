"""Frames of a member's page alone, to `/ws/meeting/`."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from consultations.wire.fields import Alone, CheckResults, Name, Tag
from streams.wire import ClientFrame


class CheckBegin(ClientFrame, frozen=True, tag="check.begin"):
    """Begin a line check; the answer is `check.ready`, with ICE servers."""


class CheckReport(ClientFrame, frozen=True, tag="check.report"):
    """What the line check found."""

    results: CheckResults


class ReadySay(ClientFrame, frozen=True, tag="ready.say"):
    """I am ready: the name that others see, and whether somebody is with me, which officers alone see."""

    shown_name: Name
    alone: Alone


class SignalSend(ClientFrame, frozen=True, tag="signal.send"):
    """Help, without a sign. There is no answer, whatever happens; `sent_at` makes it as long as a ping."""

    sent_at: Annotated[str, Meta(max_length=40)] = ""


class MeetingLeave(ClientFrame, frozen=True, tag="meeting.leave"):
    """Leave; the link leads back to the waiting room."""


class LanguageSet(ClientFrame, frozen=True, tag="language.set"):
    """Read the own pages in this language."""

    language: Tag


MEETING_FRAMES = (CheckBegin, CheckReport, ReadySay, SignalSend, MeetingLeave, LanguageSet)
