"""The roles a user can have."""

from django.db import models


class Role(models.TextChoices):
    """One role per user; a supervisor may do all that an operator may."""

    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    OFFICER = "officer"
    AUDITOR = "auditor"
    FORCE_ADMIN = "force_admin"
    PLATFORM_ADMIN = "platform_admin"
