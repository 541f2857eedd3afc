"""The roles a user can have."""

from django.db import models


class Role(models.TextChoices):
    """One role per user; a supervisor may do all that an operator may."""

    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    OFFICER = "officer"
    PCSO = "pcso", "PCSO"
    SCENES_OF_CRIME = "scenes_of_crime", "Scenes-of-crime officer"
    AUDITOR = "auditor"
    FORCE_ADMIN = "force_admin"
    PLATFORM_ADMIN = "platform_admin"


# People out on the ground: they have the same rights until an act tells them apart.
FIELD_ROLES = frozenset({Role.OFFICER, Role.PCSO, Role.SCENES_OF_CRIME})
