"""Pages of one's own account, for whoever is signed in: proof, second factor, recovery codes."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from forces import clock
from forces.accounts.models import User
from forces.accounts.proofs import prove
from forces.accounts.second_factor import is_enrolled, renew_recovery_codes
from forces.accounts.sign_ins import note_second_factor
from forces.accounts.step_up import require_fresh_proof
from forces.accounts.views import enrol_by_form, show_enrolment, show_recovery_codes
from forces.errors import DomainError


@login_required
@require_GET
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """Show who is signed in, and what the account has."""
    return render(request, "forces/account.html", {"is_enrolled": is_enrolled(_user(request))})


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
@sensitive_post_parameters("proof")
def give_proof(request: HttpRequest) -> HttpResponse:
    """Take a fresh proof, and lead back to where it was asked for."""
    user, problem = _user(request), ""
    onward = request.GET.get("next", "") or request.POST.get("next", "")
    if request.method == "POST":
        actor, proof = user.as_actor(request.request_id), request.POST.get("proof", "")  # type: ignore[attr-defined]
        try:
            prove(actor=actor, now=clock.now(), user=user, proof=proof)
            return HttpResponseRedirect(onward if get_adapter().is_safe_url(onward) else "/")
        except DomainError as error:
            problem = error.message
    return render(request, "forces/proof.html", {"problem": problem, "next": onward})


@login_required
@require_http_methods(["GET", "POST"])
def set_up_second_factor(request: HttpRequest) -> HttpResponse:
    """Enrol an authenticator app by one's own choice; asks for a fresh proof."""
    user = _proved_user(request, "account.enrol")
    if is_enrolled(user):
        return HttpResponseRedirect("/account/")
    if request.method == "GET":
        return show_enrolment(request, user, is_sign_in=False)
    try:
        codes = enrol_by_form(request, user)
    except DomainError as error:
        return show_enrolment(request, user, error.message, is_sign_in=False)
    note_second_factor(user=user)
    return show_recovery_codes(request, codes, "/account/")


@login_required
@require_POST
def make_recovery_codes(request: HttpRequest) -> HttpResponse:
    """Void the old recovery codes and show new ones once; asks for a fresh proof."""
    user = _proved_user(request, "account.recovery_codes_renew")
    actor = user.as_actor(request.request_id)  # type: ignore[attr-defined]
    codes = renew_recovery_codes(actor=actor, now=clock.now(), user=user)
    return show_recovery_codes(request, codes, "/account/")


def _user(request: HttpRequest) -> User:
    user: Any = request.user
    signed_in: User = user
    return signed_in


def _proved_user(request: HttpRequest, act: str) -> User:
    user = _user(request)
    require_fresh_proof(actor=user.as_actor(request.request_id), now=clock.now(), act=act)  # type: ignore[attr-defined]
    return user
