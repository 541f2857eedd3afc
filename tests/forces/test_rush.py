"""A rush in one force: what waits, what goes on beside it, and what other forces notice of it."""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack

import pytest
from django.conf import settings
from django.test import Client

from forces.accounts.models import User
from forces.context import ForceRef, ain_force, ain_force_aside, request_turn
from tests.forces.slots import every_slot_taken

MakeClient = Callable[..., Client]


async def test_act_waits_for_a_slot_and_a_check_beside_does_not(copy_db: str, herts: ForceRef, beds: ForceRef) -> None:
    async with every_slot_taken(herts):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await ain_force(herts, User.objects.count)
        async with asyncio.timeout(5):
            assert await ain_force_aside(herts, User.objects.count) > 0
            assert await ain_force(beds, User.objects.count) > 0
    assert await ain_force(herts, User.objects.count) > 0


def test_request_without_a_turn_is_told_to_try_again_and_another_force_is_served(
    force_client: MakeClient, herts: ForceRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forces.context.REQUEST_WAIT_SECONDS", 0.2)
    client = force_client("operator")
    with ExitStack() as turns:
        for _ in range(settings.DB_REQUESTS_PER_FORCE):
            turns.enter_context(request_turn(herts))
        refused = client.get("/api/v1/me/")
        assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
        assert Client(headers={"host": "beds.localhost"}).get("/sign-in/").status_code == 200
    assert client.get("/api/v1/me/").json()["role"] == "operator"
