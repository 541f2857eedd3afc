"""Pages of signing in, of the second factor and of one's own account; the same at every force and at the platform."""

from typing import Any

import segno
from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.logout import logout
from allauth.account.internal.stagekit import clear_login
from allauth.account.views import LoginView
from allauth.mfa.base.views import AuthenticateView
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from forces import clock
from forces.accounts.forms import CodeForm, PasswordForm
from forces.accounts.models import User
from forces.accounts.second_factor import enrol, new_secret, setup_address
from forces.accounts.stages import EnrolStage
from forces.context import current_force
from forces.errors import DomainError

_SECRET = "sl_totp_secret"  # noqa: S105 - the name of a session's field


class SignIn(LoginView):
    """User name and password."""

    template_name = "forces/sign_in.html"

    def get_form_class(self) -> type[PasswordForm]:
        """Return our own form."""
        return PasswordForm


class EnterCode(AuthenticateView):
    """The code of whoever has a second factor, after the right password."""

    template_name = "forces/second_factor.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Begin anew when the second factor was reset meanwhile: there is no code to ask for."""
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        if hasattr(self, "stage") and response.get("Location", "") == settings.LOGIN_URL:
            clear_login(request)
        return response

    def _build_forms(self) -> CodeForm:
        data = self.request.POST if self.request.method == "POST" else None
        self.webauthn_form = None
        self.auth_form = CodeForm(data, user=self.stage.login.user, request=self.request)
        return self.auth_form


@method_decorator(login_stage_required(stage=EnrolStage.key, redirect_urlname="account_login"), name="dispatch")
@method_decorator(sensitive_post_parameters("code"), name="dispatch")
class EnrolAtSignIn(View):
    """Enrolment of who must have a second factor and has none: after the password, before being signed in."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the secret as a QR code and as text."""
        return show_enrolment(request, self._user(request))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Enrol, sign in, and show the recovery codes once."""
        user = self._user(request)
        try:
            codes = enrol_by_form(request, user)
        except DomainError as error:
            return show_enrolment(request, user, error.message)
        record_authentication(request, user, "mfa", type="totp")
        onward: HttpResponse = request._login_stage.exit()  # type: ignore[attr-defined]
        return show_recovery_codes(request, codes, onward["Location"])

    def _user(self, request: HttpRequest) -> User:
        user: User = request._login_stage.login.user  # type: ignore[attr-defined]
        return user


@require_POST
def start_again(request: HttpRequest) -> HttpResponse:
    """Leave a sign-in that has begun, for example with another person's name."""
    clear_login(request)
    return HttpResponseRedirect(settings.LOGIN_URL)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request, show_message=False)
    return HttpResponseRedirect(settings.LOGOUT_REDIRECT_URL)


def enrol_by_form(request: HttpRequest, user: User) -> list[str]:
    """Enrol the app whose secret was shown and whose code was sent; returns the recovery codes.

    Raises what `enrol` raises.
    """
    actor = user.as_actor(getattr(request, "request_id", ""))
    secret, code = request.session.get(_SECRET, ""), request.POST.get("code", "")
    codes = enrol(actor=actor, now=clock.now(), user=user, secret=secret, code=code)
    request.session.pop(_SECRET, None)
    return codes


def show_enrolment(request: HttpRequest, user: User, problem: str = "", *, is_sign_in: bool = True) -> HttpResponse:
    """Show the secret as a QR code and as text, with a form for the first code.

    The secret stays the same while the page is open, so that a second look at it does not void the first scan.
    """
    secret = request.session.setdefault(_SECRET, new_secret())
    address = setup_address(user.username, current_force().name, secret)
    context = {
        "problem": problem,
        "is_sign_in": is_sign_in,
        "qr_code": segno.make(address, error="m").svg_data_uri(scale=5, border=3, light="#fff"),
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
    }
    return _uncached(render(request, "forces/enrol.html", context))


def show_recovery_codes(request: HttpRequest, codes: list[str], onward: str) -> HttpResponse:
    """Show recovery codes, this once; ``onward`` is where the person goes on."""
    return _uncached(render(request, "forces/recovery_codes.html", {"codes": codes, "onward": onward}))


def _uncached(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
