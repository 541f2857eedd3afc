"""The forms of signing in."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.mfa.base.internal.flows import post_authentication
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from forces.accounts.models import User
from forces.accounts.second_factor import check_code
from forces.actors import Actor
from forces.errors import DomainError


class PasswordForm(forms.Form):
    """User name and password."""

    username = forms.CharField(max_length=150)
    password = forms.CharField(strip=False, max_length=4096)

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        """Keep the request, whose address has a budget of failures."""
        super().__init__(*args, **kwargs)
        self._request = request

    def clean(self) -> dict[str, Any]:
        """Find the user; every failure reads alike, whether there is such a name or not."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        adapter = get_adapter(self._request)
        user = adapter.authenticate(self._request, username=cleaned["username"], password=cleaned["password"])
        if user is None or not user.is_active:
            raise adapter.validation_error("username_password_mismatch")
        self.user = user
        return cleaned

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Go on to the second factor, or sign in."""
        login = Login(user=self.user, redirect_url=redirect_url)
        response: HttpResponse = perform_password_login(request, {}, login)
        return response


class CodeForm(forms.Form):
    """The code of an authenticator app, or a recovery code."""

    code = forms.CharField(max_length=20)

    def __init__(self, *args: Any, user: User, request: HttpRequest, **kwargs: Any) -> None:
        """Keep whose code it is."""
        super().__init__(*args, **kwargs)
        self._user, self._request = user, request

    def clean_code(self) -> str:
        """Check the code, once."""
        actor = Actor.anonymous(getattr(self._request, "request_id", ""))
        code = str(self.cleaned_data["code"])
        try:
            self.authenticator = check_code(actor=actor, user=self._user, code=code, act="account.second_factor")
        except DomainError as error:
            raise ValidationError(error.message) from error
        return code

    def save(self) -> None:
        """Note in the session that the second factor was right."""
        post_authentication(self._request, self.authenticator)
