"""What each role may do, in one table."""

from enum import StrEnum

from forces.accounts.roles import Role
from forces.actors import Actor
from forces.audit.services import record_refusal
from forces.errors import NotPermitted


class Permission(StrEnum):
    """A right that services ask for."""

    INCIDENT_OPEN = "incident.open"
    SESSION_VIEW = "session.view"
    SESSION_CONTROL = "session.control"
    SESSION_REASSIGN = "session.reassign"
    LINK_SEND = "link.send"
    RISK_OVERRIDE = "risk.override"
    STREAM_WATCH = "stream.watch"
    STREAM_PUBLISH = "stream.publish"
    OFFICER_LOCATE = "officer.locate"
    SHARE_GRANT = "share.grant"
    SHARE_WATCH = "share.watch"
    RECORDING_CONTROL = "recording.control"
    ITEM_VIEW = "item.view"
    ITEM_HOLD = "item.hold"
    OFFICER_ASSIGN = "officer.assign"
    FLIGHT_VIEW = "flight.view"
    FLIGHT_CONTROL = "flight.control"
    CONSULTATION_RUN = "consultation.run"
    CONSULTATION_OVERSEE = "consultation.oversee"
    AUDIT_READ = "audit.read"
    FORCE_CONFIGURE = "force.configure"
    ACCOUNTS_MANAGE = "accounts.manage"


_OPERATOR = frozenset(
    {
        Permission.INCIDENT_OPEN,
        Permission.SESSION_VIEW,
        Permission.SESSION_CONTROL,
        Permission.LINK_SEND,
        Permission.STREAM_WATCH,
        Permission.OFFICER_LOCATE,
        Permission.SHARE_GRANT,
        Permission.SHARE_WATCH,
        Permission.RECORDING_CONTROL,
        Permission.ITEM_VIEW,
        Permission.OFFICER_ASSIGN,
        Permission.FLIGHT_VIEW,
        Permission.FLIGHT_CONTROL,
        Permission.CONSULTATION_RUN,
    }
)
_FIELD = frozenset({Permission.STREAM_PUBLISH, Permission.CONSULTATION_RUN})
_SUPERVISOR = frozenset(
    {
        Permission.RISK_OVERRIDE,
        Permission.ITEM_HOLD,
        Permission.SESSION_REASSIGN,
        Permission.CONSULTATION_OVERSEE,
    }
)

RIGHTS: dict[str, frozenset[Permission]] = {
    Role.OPERATOR: _OPERATOR,
    Role.SUPERVISOR: _OPERATOR | _SUPERVISOR,
    Role.OFFICER: _FIELD,
    Role.PCSO: _FIELD,
    Role.SCENES_OF_CRIME: _FIELD,
    Role.AUDITOR: frozenset({Permission.AUDIT_READ, Permission.FLIGHT_VIEW}),
    Role.FORCE_ADMIN: frozenset({Permission.FORCE_CONFIGURE, Permission.ACCOUNTS_MANAGE}),
    # Accounts of platform staff: a user of ``public`` reaches no force's.
    Role.PLATFORM_ADMIN: frozenset({Permission.ACCOUNTS_MANAGE}),
    "system": frozenset(
        {
            Permission.SESSION_CONTROL,
            Permission.RECORDING_CONTROL,
            Permission.CONSULTATION_RUN,
            Permission.ACCOUNTS_MANAGE,
        }
    ),
}

_WITHOUT_RIGHTS = frozenset({"caller", "device"})


def may(actor: Actor, permission: Permission) -> bool:
    """Return whether ``actor``'s role has ``permission``. Callers, devices and anonymous visitors have none."""
    return actor.kind not in _WITHOUT_RIGHTS and permission in RIGHTS.get(actor.role, frozenset())


def rights_of(actor: Actor) -> list[str]:
    """Return the actor's permissions, sorted, for its own page."""
    return sorted(RIGHTS.get(actor.role, frozenset())) if actor.kind not in _WITHOUT_RIGHTS else []


def require(actor: Actor, permission: Permission) -> None:
    """Raise ``NotPermitted`` and audit the refusal unless ``actor`` has ``permission``."""
    if may(actor, permission):
        return
    record_refusal(actor=actor, act=permission.value, code=NotPermitted.code)
    raise NotPermitted
