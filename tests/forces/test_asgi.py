"""A sync view runs in one thread inside a unit of work; an async view runs on the loop and holds nothing of a force."""

import threading
from contextlib import ExitStack
from uuid import UUID

import httpx
import pytest
from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.test import RequestFactory, override_settings
from django.urls import path

from forces import context
from forces.asgi import DjangoApplication
from forces.context import ForceRef, open_unit, request_turn
from forces.middleware import is_async_view


def where(request: HttpRequest) -> JsonResponse:
    """Say where the view runs."""
    unit = open_unit()
    thread = threading.current_thread()
    return JsonResponse(
        {
            "unit": unit.force.schema if unit else None,
            "force": request.force.schema,  # type: ignore[attr-defined]
            "role": request.actor.role,  # type: ignore[attr-defined]
            "is_loops": thread is threading.main_thread(),
        }
    )


def in_thread(request: HttpRequest) -> JsonResponse:
    """Answer as a page does."""
    return where(request)


async def on_loop(request: HttpRequest) -> JsonResponse:
    """Answer as an upload does."""
    return where(request)


urlpatterns = [path("in-thread/", in_thread), path("on-loop/", on_loop)]


async def ask(address: str) -> httpx.Response:
    with override_settings(ROOT_URLCONF=__name__):
        transport = httpx.ASGITransport(DjangoApplication())  # type: ignore[arg-type]  # stricter stubs
        async with httpx.AsyncClient(transport=transport, base_url="http://herts.localhost") as client:
            return await client.get(address)


async def test_sync_view_runs_in_a_thread_inside_a_unit_of_its_force() -> None:
    answer = await ask("/in-thread/")

    assert answer.json() == {"unit": "herts", "force": "herts", "role": "", "is_loops": False}


async def test_async_view_runs_on_the_loop_outside_of_any_unit() -> None:
    answer = await ask("/on-loop/")

    assert answer.json() == {"unit": None, "force": "herts", "role": "", "is_loops": True}


async def test_async_view_waits_for_no_turn_of_its_force(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "REQUEST_WAIT_SECONDS", 0.05)
    with ExitStack() as turns:
        for _ in range(settings.DB_REQUESTS_PER_FORCE):
            turns.enter_context(request_turn(ForceRef("herts", "")))

        assert (await ask("/in-thread/")).status_code == 503
        assert (await ask("/on-loop/")).status_code == 200


async def test_host_of_nobody_is_answered_the_same_on_both_ways() -> None:
    with override_settings(ROOT_URLCONF=__name__):
        transport = httpx.ASGITransport(DjangoApplication())  # type: ignore[arg-type]  # stricter stubs
        async with httpx.AsyncClient(transport=transport, base_url="http://nobody.localhost") as client:
            answers = [await client.get(address) for address in ("/in-thread/", "/on-loop/", "/nowhere/")]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


@pytest.mark.parametrize(
    "address",
    [
        "/live/uploads/",
        f"/live/uploads/{UUID(int=1)}/",
        "/live/stills/",
        "/officer/stills/",
        "/live/leave/",
        f"/api/v1/shared/{UUID(int=1)}/recordings/{UUID(int=2)}/play/",
        "/api/v1/receipts/notify/",
        "/machine/janus-events/",
        "/machine/rtmp/publish/",
        "/machine/rtmp/update/",
        "/whip",
        f"/whip/{UUID(int=1)}",
    ],
)
def test_door_that_waits_for_a_body_or_for_two_forces_is_answered_on_the_loop(address: str) -> None:
    assert is_async_view(RequestFactory().get(address, headers={"host": "herts.localhost"}))


@pytest.mark.parametrize("address", ["/", "/officer/", "/api/v1/officers/nearest/", "/sign-in/", "/nowhere/"])
def test_page_is_answered_in_a_thread(address: str) -> None:
    assert not is_async_view(RequestFactory().get(address, headers={"host": "herts.localhost"}))
