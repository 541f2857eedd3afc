"""Django's registration of the streams app."""

from __future__ import annotations

from django.apps import AppConfig


class StreamsConfig(AppConfig):
    """Live sessions of one force: invitation, consent, media, positions and chat."""

    name = "streams"
    verbose_name = "Live sessions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell evidence what this app keeps of a session, so that erasure and export reach it."""
        from streams.parts import register

        register()
