"""How allauth signs our people in: closed to strangers, quiet, within this host, and audited."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from forces.accounts.budget import TooManyAttempts
from forces.accounts.roles import Role
from forces.accounts.second_factor import ciphers
from forces.actors import Actor
from forces.audit.services import record_refusal

_PAGES: dict[str, str] = {Role.FORCE_ADMIN: "/admin/", Role.PLATFORM_ADMIN: "/admin/", Role.AUDITOR: "/api/v1/docs/"}


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by user name and password."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": "User name and password do not belong together.",
        "too_many_login_attempts": TooManyAttempts.message,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: admins make accounts."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return where the user's role works."""
        return _PAGES.get(str(getattr(request.user, "role", "")), "/")

    def get_login_stages(self) -> list[str]:
        """Return the stages after the password: the code of who is enrolled, enrolment of who must be."""
        return ["allauth.mfa.stages.AuthenticateStage", "forces.accounts.stages.EnrolStage"]

    def is_safe_url(self, url: str) -> bool:
        """Return whether an address lies on this very host: another force's is as foreign as any."""
        request = context.request
        return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: our pages say what they mean themselves."""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Raise `ValidationError` and audit the refusal when the budget of failures is spent."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            actor = Actor.anonymous(getattr(request, "request_id", ""))
            record_refusal(actor=actor, act="account.sign_in", code=TooManyAttempts.code)
            raise

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count by name and address: a stranger elsewhere uses up no one's budget."""
        return f"{self.get_client_ip(request)}:{str(credentials.get('username', '')).lower()}"


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of authenticator apps are kept encrypted."""

    def encrypt(self, text: str) -> str:
        """Return what is kept; a copy of the database alone opens nothing."""
        return ciphers().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret; raises cryptography's ``InvalidToken`` when the secret key has changed."""
        return ciphers().decrypt(encrypted_text.encode()).decode()
