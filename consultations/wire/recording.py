"""Frames about a recording: who agrees to it, and who asks for it."""

from __future__ import annotations

from consultations.wire.fields import Answer, Code, Count, Tag
from streams.wire import ClientFrame


class ConsentAnswer(ClientFrame, frozen=True, tag="consent.answer"):
    """Yes or no to being recorded, in the present round; the answer is `consent.kept`."""

    round: Count
    answer: Answer
    wording_version: Count
    language: Tag


class ConsentWithdraw(ClientFrame, frozen=True, tag="consent.withdraw"):
    """Take a yes back; the answer is `consent.kept`."""


class RecordingAsk(ClientFrame, frozen=True, tag="recording.ask"):
    """Ask everybody inside whether they agree to be recorded."""


class RecordingStop(ClientFrame, frozen=True, tag="recording.stop"):
    """Stop the recording, or the questions."""

    reason: Code = "officer"


CONSENT_FRAMES = (ConsentAnswer, ConsentWithdraw)
RECORDING_FRAMES = (RecordingAsk, RecordingStop)
