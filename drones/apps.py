"""Django's registration of the drones app."""

from __future__ import annotations

from django.apps import AppConfig


class DronesConfig(AppConfig):
    """The aircraft of one force, their flights, and how their pictures come in."""

    name = "drones"
    verbose_name = "Drones"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the apps below what this one keeps and what its keys open, and hear of sessions that end."""
        from drones.parts import register

        register()
