"""Who of the force may be asked to come to a consultation."""

from __future__ import annotations

from django.db.models import F

from forces.accounts.models import User
from forces.accounts.permissions import RIGHTS, Permission, require
from forces.actors import Actor
from streams.shapes import Plain


def list_colleagues(*, actor: Actor) -> list[Plain]:
    """Return {id, name, number, team} of everybody else who may run consultations, by name."""
    require(actor, Permission.CONSULTATION_RUN)
    roles = [role for role, rights in RIGHTS.items() if Permission.CONSULTATION_RUN in rights]
    users = User.objects.filter(is_active=True, role__in=roles).exclude(pk=int(actor.id) if actor.id.isdigit() else 0)
    noted = users.annotate(number=F("officer_profile__collar_number"), team=F("officer_profile__team"))
    found = [
        {"id": str(user.pk), "name": user.display_name, "number": user.number or "", "team": user.team or ""}
        for user in noted
    ]
    return sorted(found, key=lambda one: (str(one["name"]), str(one["id"])))
