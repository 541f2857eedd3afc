"""What an officer's socket does about the recording of the call that is open at its desk."""

from __future__ import annotations

from abc import ABC
from typing import ClassVar

from consultations import wire
from consultations.consumers.desk_people import PeopleSocket
from consultations.services import recording
from consultations.signalling import calls


class RecordingSocket(PeopleSocket, ABC):
    """The part of a desk that asks for a recording, and stops it."""

    recording: ClassVar[dict[type[wire.ClientFrame], str]] = {
        wire.RecordingAsk: "recording_ask",
        wire.RecordingStop: "recording_stop",
    }

    async def recording_ask(self, frame: wire.RecordingAsk) -> None:
        """Ask whether everybody agrees to be recorded."""
        await calls.act_on(self.force, self.actor, recording.ask_to_record, self.desk_id)

    async def recording_stop(self, frame: wire.RecordingStop) -> None:
        """Stop the recording."""
        await calls.act_on(self.force, self.actor, recording.stop_recording, self.desk_id, reason=frame.reason)
