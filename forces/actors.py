"""Who acts: a signed-in user, a caller with a link, a device with a key, or a part of the system."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

ActorKind = Literal["user", "caller", "device", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """The identity an act is done and audited under. ``role`` is empty for all but users and the system."""

    kind: ActorKind
    id: str
    name: str = ""
    role: str = ""
    request_id: str = ""
    # When the person last proved by password or code to be the one who signed in.
    proved_at: datetime | None = None

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody is signed in."""
        return self.kind == "user" and not self.id

    @classmethod
    def system(cls, part: str) -> "Actor":
        """Return the actor of a part of the system, for example ``watchdog``."""
        return cls(kind="system", id=part, name=part, role="system")

    @classmethod
    def caller(cls, session_id: object, request_id: str = "") -> "Actor":
        """Return the actor of the caller of one live session; carries no personal data."""
        return cls(kind="caller", id=str(session_id), name="caller", request_id=request_id)

    @classmethod
    def device(cls, device_id: object, name: str, request_id: str = "") -> "Actor":
        """Return the actor of a thing that has a key of its own, an aircraft for example; it has no rights."""
        return cls(kind="device", id=str(device_id), name=name, request_id=request_id)

    @classmethod
    def anonymous(cls, request_id: str = "") -> "Actor":
        """Return the actor of a visitor who is not signed in."""
        return cls(kind="user", id="", request_id=request_id)
