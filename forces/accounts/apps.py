"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users, roles, tokens and sign-in."""

    name = "forces.accounts"
    label = "accounts"
    verbose_name = "People"

    def ready(self) -> None:
        """Follow sign-ins, refusals and changes of people."""
        from forces.accounts import openapi, signals  # noqa: F401 - the scheme classes register themselves

        signals.connect()
