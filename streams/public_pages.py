"""What every page of the public has: its language, safe mode, the way out at once, and plain words for a refusal."""

from __future__ import annotations

import math
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from forces.context import current_force, mark_rollback
from forces.errors import DomainError
from forces.languages import TABLES, say, say_error
from forces.languages.page import keep_choice, language_of, words_of
from streams.selectors import find_policy

# The address of a link is a key: its path leaves the page in no Referer. Less than the origin may not be sent,
# or the browser would withhold it from the opening POST, too, and the CSRF check could not tell ours.
LINK_REFERRER_POLICY = "strict-origin"


def show(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    given: str = "en",
    safe_mode: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Return a page in the language that its reader chose, else in the `given` one.

    In `safe_mode` neither title nor frame says whose page it is.
    """
    page = {
        **words_of(language_of(request, given)),
        "force_name": current_force().name,
        "safe_mode": safe_mode,
        "exit_url": find_policy().exit_url,
        **(context or {}),
    }
    return keep_choice(request, render(request, template, page, status=status))


def refuse(
    request: HttpRequest,
    error: DomainError,
    *,
    given: str = "en",
    safe_mode: bool = False,
    has_receipt: bool = False,
    keeps_what_was_written: bool = False,
) -> HttpResponse:
    """Return the page that says why nothing opens, and what to do; the unit of work is rolled back unless told."""
    if not keeps_what_was_written:
        mark_rollback()
    language = language_of(request, given)
    title = f"refused.{error.code}"
    context = {
        "title": say(language, title if title in TABLES["en"] else "refused.other"),
        "message": message_of(language, error),
        "has_receipt": has_receipt,
    }
    status = error.http_status
    return guard(show(request, "streams/caller_refused.html", context, given=given, safe_mode=safe_mode, status=status))


def message_of(language: str, error: DomainError) -> str:
    """Return what an error says to the public, in its language."""
    wait_seconds = (error.details or {}).get("wait_seconds", 0)
    return say_error(language, error.code, error.message, minutes=max(1, math.ceil(wait_seconds / 60)))


def guard(response: HttpResponse) -> HttpResponse:
    """Keep the address of a page out of what its browser tells others; returns the response."""
    response["Referrer-Policy"] = LINK_REFERRER_POLICY
    return response
