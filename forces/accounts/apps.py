"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users, roles, tokens and sign-in."""

    name = "forces.accounts"
    label = "accounts"
    verbose_name = "People"

    def ready(self) -> None:
        """Audit sign-ins and refusals."""
        from forces.accounts import openapi, sign_ins  # noqa: F401 - the scheme classes register themselves

        sign_ins.connect()
