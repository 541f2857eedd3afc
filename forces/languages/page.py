"""Which language a page of the public is in: what was just chosen, else chosen before, else what the page is given."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from forces.languages import DEFAULT, LANGUAGES, base_language

PARAMETER = "language"
AGE_S = 24 * 3600


def language_of(request: HttpRequest, given: str = DEFAULT) -> str:
    """Return the language of the page: of `?language=`, of the cookie, else `given`."""
    return chosen_language(request) or base_language(given)


def chosen_language(request: HttpRequest) -> str:
    """Return the language of `?language=`, else of the cookie; empty where its reader chose none."""
    return _known(request.GET.get(PARAMETER)) or cookie_language(request.COOKIES)


def cookie_language(cookies: dict[str, str]) -> str:
    """Return the language that this browser chose before; empty where it chose none."""
    return _known(cookies.get(settings.LANGUAGE_COOKIE_NAME))


def words_of(language: str) -> dict[str, Any]:
    """Return what the templates of public pages need to know of their language."""
    return {
        "language": language,
        "direction": LANGUAGES[language].direction,
        "languages": [known for known in LANGUAGES.values() if known.tag != language],
    }


def words_for(request: HttpRequest) -> dict[str, Any]:
    """Return the same for an answer that knows of the request alone, and may not ask the database for more.

    To a visitor it says no force's name: somebody who must not know may read it.
    """
    language = language_of(request)
    words = {"language": language, "direction": LANGUAGES[language].direction}
    is_visitor = settings.SESSION_COOKIE_NAME not in request.COOKIES
    return {**words, "exit_url": settings.EXIT_URL, "force_name": "Sightline"} if is_visitor else words


def keep_choice(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let the browser remember what `?language=` chose; returns the response."""
    if chosen := _known(request.GET.get(PARAMETER)):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=AGE_S,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response


def _known(tag: str | None) -> str:
    return tag if tag in LANGUAGES else ""
