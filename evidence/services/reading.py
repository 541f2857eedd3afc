"""Reading metadata is a consultation too."""

from forces.actors import Actor
from forces.audit.services import Operation, record


def note_reading(*, actor: Actor, act: str, item_id: object = "", session_id: object = "") -> None:
    """Audit that `actor` read metadata of items: of one, of a session's, or a list."""
    record(
        actor=actor,
        act=act,
        operation=Operation.CONSULTATION,
        object_type="item",
        object_id=item_id,
        session_id=session_id,
    )
