"""Who of the force may be asked to come to a consultation."""

from __future__ import annotations

from forces.accounts.models import User
from forces.accounts.officers import officers_noted
from forces.accounts.permissions import RIGHTS, Permission, require
from forces.actors import Actor
from streams.shapes import Plain


def list_colleagues(*, actor: Actor) -> list[Plain]:
    """Return {id, name, number, team} of everybody else who may run consultations, by name."""
    require(actor, Permission.CONSULTATION_RUN)
    roles = [role for role, rights in RIGHTS.items() if Permission.CONSULTATION_RUN in rights]
    users = User.objects.filter(is_active=True, role__in=roles).exclude(pk=int(actor.id) if actor.id.isdigit() else 0)
    noted = officers_noted([str(user_id) for user_id in users.values_list("pk", flat=True)])
    found = [
        {"id": user_id, "name": one["name"], "number": one["number"], "team": one["team"]}
        for user_id, one in noted.items()
    ]
    return sorted(found, key=lambda one: (str(one["name"]), str(one["id"])))
