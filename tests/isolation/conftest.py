"""Two forces with one of everything, in a database of the walk's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from forces.refs import ForceRef
from tests.streams.conftest import gateway, live_db, peers

if TYPE_CHECKING:
    from tests.isolation.worlds import World

__all__ = ["gateway", "live_db", "peers"]


@pytest.fixture(scope="module")
def worlds(module_db: str, herts: ForceRef, beds: ForceRef) -> tuple[World, World]:
    """Return (own, foreign): Hertfordshire's world and Bedfordshire's."""
    from forces import selectors
    from tests.isolation.worlds import build_world

    for force in (herts, beds):
        selectors._remember("host", f"{force.schema}.localhost", force)
        selectors._remember("schema", force.schema, force)
    return build_world(herts), build_world(beds)


@pytest.fixture(scope="module")
def sign_in_once() -> Callable[[Callable[..., Client], str, str], Client]:
    """Return a function that signs a person of a role in, once per module."""
    known: dict[tuple[str, str], Client] = {}

    def client(make: Callable[..., Client], role: str, schema: str) -> Client:
        if (role, schema) not in known:
            known[role, schema] = make(role, schema)
        return known[role, schema]

    return client


@pytest.fixture
def clients(
    worlds: tuple[World, World], sign_in_once: Any, force_client: Callable[..., Client]
) -> Callable[..., Client]:
    """Return `client(role, schema="herts")`; an empty role is a visitor."""

    def client(role: str, schema: str = "herts") -> Client:
        signed_in: Client = sign_in_once(force_client, role, schema)
        return signed_in

    return client
