"""Django's registration of the streams app."""

from __future__ import annotations

from django.apps import AppConfig


class StreamsConfig(AppConfig):
    """Live sessions of one force: invitation, consent, media, positions and chat."""

    name = "streams"
    verbose_name = "Live sessions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell evidence what this app keeps of a session; hear of profiles, and of sign-ins that end."""
        from forces.accounts.sign_ins import register_ended_listener
        from streams.parts import register
        from streams.profiles import connect
        from streams.services.push_subscriptions import forget_signed_out

        register()
        connect()
        register_ended_listener(forget_signed_out)
