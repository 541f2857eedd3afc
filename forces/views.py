"""Sign-in, the platform's own page, and answers to what is not found."""

import sys

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from forces.accounts.permissions import rights_of
from forces.accounts.roles import Role
from forces.errors import NotFound, NotPermitted, Unavailable
from forces.middleware import PART_LOST, refuse


class SignIn(LoginView):
    """Sign in to a force. Admins land in their admin site, everybody else at the console."""

    template_name = "forces/sign_in.html"
    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> str:
        """Return where the user's role works."""
        role = str(getattr(self.request.user, "role", ""))
        pages: dict[str, str] = {Role.FORCE_ADMIN: "/admin/", Role.AUDITOR: "/api/v1/docs/"}
        return pages.get(role, "/")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return HttpResponseRedirect(settings.LOGOUT_REDIRECT_URL)


@require_GET
def platform_page(request: HttpRequest) -> HttpResponse:
    """Say what this is; name no force."""
    return render(request, "forces/platform.html")


@api_view(["GET"])
def me(request: Request) -> Response:
    """Return the signed-in user, their rights, their force and the console's settings; sets the CSRF cookie."""
    get_token(request._request)
    actor = request._request.actor  # type: ignore[attr-defined]
    force = request._request.force  # type: ignore[attr-defined]
    return Response(
        {
            "id": actor.id,
            "name": actor.name,
            "role": actor.role,
            "permissions": rights_of(actor),
            "force": {"schema": force.schema, "name": force.name},
            "map_tiles_url": settings.MAP_TILES_URL,
        }
    )


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an unknown address."""
    if request.path.startswith("/api/"):
        return JsonResponse(NotFound().as_dict(), status=404)
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer an unexpected failure without saying anything about it; a lost part outside of a view is said so."""
    if isinstance(sys.exc_info()[1], PART_LOST):
        return refuse(request, Unavailable())
    body = {"code": "server_error", "message": "Something went wrong here.", "details": None}
    if request.path.startswith("/api/"):
        return JsonResponse(body, status=500)
    return render(request, "500.html", status=500)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a request without the right CSRF token."""
    error = NotPermitted("This page is too old. Load it again and repeat what you did.")
    if request.path.startswith("/api/"):
        return JsonResponse({**error.as_dict(), "code": "csrf_failed"}, status=403)
    return render(request, "403.html", {"error": error}, status=403)
