"""Django's registration of the consultations app."""

from __future__ import annotations

from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    """Video calls of officers with members of the public, their aids, and each other."""

    name = "consultations"
    verbose_name = "Consultations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the apps below what this one keeps, and who looks after its places at the media server."""
        from consultations.parts import register
        from consultations.signalling.registration import register_signalling

        register()
        register_signalling()
