"""Django REST framework's answers: one shape for every error."""

from typing import Any

from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from forces.context import mark_rollback
from forces.errors import DomainError, NotFound

CODES = {
    400: "invalid_input",
    401: "not_signed_in",
    403: "not_permitted",
    404: "not_found",
    405: "not_allowed",
}


def handle_exception(error: Exception, context: dict[str, Any]) -> Response | None:
    """Map domain and REST errors to ``{"code", "message", "details"}`` and roll the unit of work back."""
    if isinstance(error, Http404):
        error = NotFound()
    if isinstance(error, DomainError):
        mark_rollback()
        return Response(error.as_dict(), status=error.http_status)
    response = exception_handler(error, context)
    if response is None:
        return None
    mark_rollback()
    response.data = {
        "code": CODES.get(response.status_code, "refused"),
        "message": _message(error),
        "details": response.data if isinstance(error, exceptions.ValidationError) else None,
    }
    return response


def _message(error: Exception) -> str:
    if isinstance(error, exceptions.ValidationError):
        return "Something in what was sent is not valid."
    return str(getattr(error, "detail", error))
