"""Frames of what is said beside the sound: chat, and raised hands."""

from __future__ import annotations

from uuid import UUID

from streams.wire import ClientFrame
from streams.wire.fields import MessageId, Text


class CallSay(ClientFrame, frozen=True, tag="call.say"):
    """A message to everybody in the call; `client_id` makes a repetition harmless."""

    client_id: MessageId
    text: Text


class CallHand(ClientFrame, frozen=True, tag="call.hand"):
    """Raise the own hand, or take it down."""

    up: bool


class HandLower(ClientFrame, frozen=True, tag="hand.lower"):
    """Take somebody's hand down, as whoever leads."""

    participant_id: UUID


WORD_FRAMES = (CallSay, CallHand)
OFFICERS_WORD_FRAMES = (HandLower,)
