"""The control room looks where officers on duty are."""

from __future__ import annotations

from forces.accounts.permissions import Permission, require
from forces.actors import Actor
from forces.audit.services import Operation, record
from streams.officers import list_officers
from streams.selectors import Plain


def view_officers(*, actor: Actor) -> list[Plain]:
    """Return the OfficerView of everybody on duty; audited with their number. Raises `NotPermitted`."""
    require(actor, Permission.OFFICER_LOCATE)
    found = list_officers()
    record(actor=actor, act="officer.list", operation=Operation.CONSULTATION, detail={"rows": len(found)})
    return found
