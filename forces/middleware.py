"""Enter the force of the Host header around a sync view; give async views the force only (see `asgi.py`)."""

import logging
import re
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.decorators import sync_and_async_middleware
from django.utils.functional import SimpleLazyObject
from psycopg_pool import PoolTimeout
from redis import RedisError

from forces import clock, selectors
from forces.accounts import step_up
from forces.accounts.models import User
from forces.accounts.sign_ins import user_of_session
from forces.accounts.step_up import StepUpRequired
from forces.actors import Actor
from forces.context import CommitUncertain, ForceRef, NoTurn, in_force, mark_rollback, request_turn
from forces.errors import DomainError, OutcomeUnknown, Unavailable
from forces.languages import say_error
from forces.languages.page import words_for
from forces.logs import force_var, request_id_var

log = logging.getLogger(__name__)

MACHINE_PREFIX = "/machine/"
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})  # nginx keeps the last one on its loopback door
# A part of the system is gone, hangs, or has cut us off in the middle: whoever asks again later is served.
PART_LOST = (OperationalError, InterfaceError, PoolTimeout, RedisError)
REQUEST_ID = re.compile(r"^[A-Za-z0-9-]{8,64}$")

# A page that was only asked for has changed nothing that its reader would have to look for.
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

GetResponse = Callable[[HttpRequest], Any]


@sync_and_async_middleware
def force_middleware(get_response: GetResponse) -> GetResponse:
    """Resolve the Host, answer 404 for unknown hosts, and run the rest as one unit of work of the force."""
    if not iscoroutinefunction(get_response):
        return lambda request: _answer(request, get_response)

    async def handle(request: HttpRequest) -> HttpResponseBase:
        return await _answer_async(request, get_response)

    return handle


def _answer(request: HttpRequest, get_response: GetResponse) -> HttpResponseBase:
    if _begin(request):
        return _respond(get_response, request)
    try:
        force = selectors.force_by_host(selectors.host_of(request.META.get("HTTP_HOST", "")))
    except PART_LOST:
        return refuse(request, Unavailable())
    if force is None:
        return _no_such_host()
    _attach(request, force)
    return _respond_in_force(force, get_response, request)


async def _answer_async(request: HttpRequest, get_response: GetResponse) -> HttpResponseBase:
    if not _begin(request):
        try:
            force = await selectors.aforce_by_host(selectors.host_of(request.META.get("HTTP_HOST", "")))
        except PART_LOST:
            return refuse(request, Unavailable())
        if force is None:
            return _no_such_host()
        _attach(request, force)
    response: HttpResponseBase = await get_response(request)
    return response


class ActorMiddleware:
    """Set ``request.user`` and ``request.actor`` from a sign-in that goes on; map domain errors to one answer."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: GetResponse) -> None:
        """Keep the rest of the chain."""
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        """Attach the lazy actor: a page without a session cookie costs no query. Returns what the chain returns."""
        request.user = SimpleLazyObject(lambda: user_of(request))  # type: ignore[assignment]
        request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a ``DomainError``, or the loss of a part, with status and code; the unit of work is rolled back."""
        if isinstance(exception, PART_LOST):
            log.warning("a part cannot be reached", exc_info=exception)
            exception = Unavailable()
        if not isinstance(exception, DomainError):
            return None
        mark_rollback()
        return refuse(request, exception)


def user_of(request: HttpRequest) -> User | AnonymousUser:
    """Return the session's user while the sign-in goes on; a session whose sign-in is over is emptied."""
    user = user_of_session(session=request.session, now=clock.now(), is_activity=True)
    if user is not None:
        return user
    if SESSION_KEY in request.session:
        request.session.flush()
    return AnonymousUser()


def actor_of(request: HttpRequest) -> Actor:
    """Return the actor of a request's session user, or an anonymous one."""
    request_id = getattr(request, "request_id", "")
    user = request.user
    return user.as_actor(request_id) if user.is_authenticated else Actor.anonymous(request_id)


def is_async_view(request: HttpRequest) -> bool:
    """Return whether the view at a request's address is async, before anything else is known of the request."""
    host = selectors.host_of(request.META.get("HTTP_HOST", ""))
    names = "config.public_urls" if host == settings.BASE_DOMAIN else settings.ROOT_URLCONF
    try:
        match = resolve(request.path_info, "config.machine_urls" if _is_for_machines(request) else names)
    except Resolver404:
        return False
    return iscoroutinefunction(match.func)


def _is_for_machines(request: HttpRequest) -> bool:
    return request.path in PROBES or request.path.startswith(MACHINE_PREFIX)


def _begin(request: HttpRequest) -> bool:
    """Identify the request; returns whether it is a probe's or a machine's, which enters no force."""
    given = request.META.get("HTTP_X_REQUEST_ID", "")
    request.request_id = given if REQUEST_ID.match(given) else uuid.uuid4().hex  # type: ignore[attr-defined]
    request_id_var.set(request.request_id)  # type: ignore[attr-defined]
    force_var.set("")
    if not _is_for_machines(request):
        return False
    request.urlconf = "config.machine_urls"
    return True


def _attach(request: HttpRequest, force: ForceRef) -> None:
    request.force = force  # type: ignore[attr-defined]
    force_var.set(force.schema)
    if force.is_platform:
        request.urlconf = "config.public_urls"


def _respond_in_force(force: ForceRef, get_response: GetResponse, request: HttpRequest) -> HttpResponseBase:
    try:
        with request_turn(force):
            return in_force(force, _respond, get_response, request)
    except CommitUncertain:
        return refuse(request, Unavailable() if request.method in SAFE_METHODS else OutcomeUnknown())
    except (*PART_LOST, NoTurn):
        return refuse(request, Unavailable())


def _respond(get_response: GetResponse, request: HttpRequest) -> HttpResponseBase:
    response: HttpResponseBase = get_response(request)
    if response.status_code >= 500:
        mark_rollback()
    return response


def _no_such_host() -> HttpResponse:
    return HttpResponse("There is no such address here.\n", status=404, content_type="text/plain")


def refuse(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Return the answer that states ``error``: JSON for programs, a page for people."""
    wants_json = request.path.startswith("/api/") or "application/json" in request.headers.get("Accept", "")
    if wants_json:
        return JsonResponse(error.as_dict(), status=error.http_status)
    if isinstance(error, StepUpRequired):
        return HttpResponseRedirect(f"{step_up.PAGE}?{urlencode({'next': _page_of(request)})}")
    words = words_for(request)
    message = say_error(words["language"], error.code, error.message)
    context = {**words, "error": error, "message": message, "is_uncertain": isinstance(error, OutcomeUnknown)}
    return render(request, "forces/error.html", context, status=error.http_status)


def _page_of(request: HttpRequest) -> str:
    """Return the page a person was on: of a form, the one that showed it, for a form is not sent again by itself."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    shown = urlsplit(request.headers.get("Referer", ""))
    return f"{shown.path or '/'}{'?' if shown.query else ''}{shown.query}"
