"""What the force admin notes of an officer reaches the consoles that show them on duty, by whichever door it came."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save

from forces.accounts.models import OfficerProfile
from forces.context import open_unit
from streams.broadcasts import broadcast_duty_on_commit


def connect() -> None:
    """Connect to Django's signals; called once when the app is ready."""
    post_save.connect(_noted, sender=OfficerProfile, dispatch_uid="sightline.officer_noted")


def _noted(sender: object, instance: OfficerProfile, **kwargs: Any) -> None:
    if open_unit() is not None:
        broadcast_duty_on_commit(str(instance.user_id))
