"""The platform's own page, who is signed in, and answers to what is not found."""

import sys
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.http import require_GET
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view, authentication_classes
from rest_framework.request import Request
from rest_framework.response import Response

from forces import clock
from forces.accounts.authentication import SessionAuthentication
from forces.accounts.permissions import rights_of
from forces.accounts.proofs import prove
from forces.errors import NotFound, NotPermitted, Unavailable
from forces.languages import say
from forces.languages.page import words_for
from forces.middleware import PART_LOST, refuse


class ProofInput(serializers.Serializer[None]):
    """A password, or a code of an authenticator app."""

    proof = serializers.CharField(trim_whitespace=False, max_length=4096)


@require_GET
def platform_page(request: HttpRequest) -> HttpResponse:
    """Say what this is; name no force."""
    return render(request, "forces/platform.html")


@extend_schema(responses=OpenApiTypes.OBJECT)
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


@extend_schema(request=ProofInput, responses={204: OpenApiResponse(description="proved")})
@api_view(["POST"])
@authentication_classes([SessionAuthentication])
def give_proof(request: Request) -> Response:
    """Take the password or a code as a fresh proof, good for five minutes."""
    data = ProofInput(data=request.data)
    data.is_valid(raise_exception=True)
    actor = request._request.actor  # type: ignore[attr-defined]
    user: Any = request._request.user
    prove(actor=actor, now=clock.now(), user=user, proof=data.validated_data["proof"])
    return Response(status=204)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an unknown address."""
    if request.path.startswith("/api/"):
        return JsonResponse(NotFound().as_dict(), status=404)
    return render(request, "404.html", words_for(request), status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer an unexpected failure without saying anything about it; a lost part outside of a view is said so."""
    if isinstance(sys.exc_info()[1], PART_LOST):
        return refuse(request, Unavailable())
    body = {"code": "server_error", "message": "Something went wrong here.", "details": None}
    if request.path.startswith("/api/"):
        return JsonResponse(body, status=500)
    return render(request, "500.html", words_for(request), status=500)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a request without the right CSRF token."""
    words = words_for(request)
    error = NotPermitted(say(words["language"], "forbidden.stale"))
    if request.path.startswith("/api/"):
        return JsonResponse({**error.as_dict(), "code": "csrf_failed"}, status=403)
    return render(request, "403.html", {**words, "error": error}, status=403)
