"""What an officer's socket does with the people of the consultation that is open at its desk."""

from __future__ import annotations

from abc import ABC
from typing import Any, ClassVar
from uuid import UUID

from consultations import wire
from consultations.consumers.board import BoardSocket
from consultations.services import entrance, hands
from consultations.signalling import calls
from forces import clock
from forces.context import ain_force


class PeopleSocket(BoardSocket, ABC):
    """The part of a desk that lets people in and out."""

    people: ClassVar[dict[type[wire.ClientFrame], str]] = {
        wire.PersonAdmit: "person_admit",
        wire.PersonSendAway: "person_send_away",
        wire.PersonPutBack: "person_put_back",
        wire.PersonRemove: "person_remove",
        wire.PersonMute: "person_mute",
        wire.HandLower: "hand_lower",
        wire.RoomLock: "room_lock",
        wire.CautionState: "caution_state",
    }

    @property
    def desk_id(self) -> UUID:
        """The consultation that is open here; raises `NotFound` when none is."""
        raise NotImplementedError

    async def person_admit(self, frame: wire.PersonAdmit) -> None:
        """Let somebody in."""
        await self._act_on(entrance.admit_participant, frame)

    async def person_send_away(self, frame: wire.PersonSendAway) -> None:
        """Ask somebody to come another time."""
        await self._act_on(entrance.send_away, frame, text=frame.text)

    async def person_put_back(self, frame: wire.PersonPutBack) -> None:
        """Put somebody back into the waiting room."""
        await self._act_on(entrance.put_back, frame)

    async def person_remove(self, frame: wire.PersonRemove) -> None:
        """Put somebody out for good."""
        await self._act_on(entrance.remove_participant, frame, reason=frame.reason)

    async def person_mute(self, frame: wire.PersonMute) -> None:
        """Ask somebody to mute themselves."""
        await self._say(hands.ask_to_mute, participant_id=frame.participant_id)

    async def hand_lower(self, frame: wire.HandLower) -> None:
        """Take somebody's hand down."""
        await self._say(hands.lower_hand, participant_id=frame.participant_id)

    async def room_lock(self, frame: wire.RoomLock) -> None:
        """Lock the room, or open it again."""
        await self._say(entrance.lock_room, on=frame.on)

    async def caution_state(self, frame: wire.CautionState) -> None:
        """Set a caution down."""
        said: dict[str, Any] = {
            "participant_id": frame.participant_id,
            "reason": frame.reason,
            "goes_on": frame.goes_on,
        }
        await calls.state_caution(self.force, self.actor, self.desk_id, **said)

    async def _act_on(self, service: calls.Service, frame: Any, **arguments: Any) -> None:
        """Run an act on a person as the page knows them."""
        known = {"participant_id": frame.participant_id, "admission": frame.admission}
        await calls.act_on(self.force, self.actor, service, self.desk_id, **known, **arguments)

    async def _say(self, service: Any, **arguments: Any) -> None:
        """Run an act that means nothing at the media server."""
        at = {"actor": self.actor, "now": clock.now(), "session_id": self.desk_id}
        await ain_force(self.force, service, **at, **arguments)
