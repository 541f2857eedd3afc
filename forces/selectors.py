"""Look-ups of forces and media nodes, through the platform's login, cached for a few seconds per process."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings

from forces.context import PLATFORM, ForceRef, ain_platform, in_platform
from forces.errors import NotFound
from forces.models import Domain, Force, MediaNode

T = TypeVar("T")

CACHE_SECONDS = 30.0
_cache: dict[tuple[str, str], tuple[float, Any]] = {}


@dataclass(frozen=True, slots=True)
class NodeRef:
    """A media node as signalling carries it."""

    name: str
    url: str
    state: str


def clear_cache() -> None:
    """Forget every cached look-up of this process (after provisioning, and in tests)."""
    _cache.clear()


def host_of(header: str) -> str:
    """Return the host name of a Host header: lower case, without port."""
    return header.rsplit(":", 1)[0].strip().lower() if header else ""


def force_by_host(host: str) -> ForceRef | None:
    """Return the active force of a host name, ``PLATFORM`` for the platform's own, None for any other."""
    if host == settings.BASE_DOMAIN:
        return PLATFORM
    return _cached("host", host, lambda: in_platform(_find_by_host, host))


async def aforce_by_host(host: str) -> ForceRef | None:
    """Asynchronous ``force_by_host``."""
    if host == settings.BASE_DOMAIN:
        return PLATFORM
    hit = _cache.get(("host", host))
    if hit and hit[0] > time.monotonic():
        return hit[1]  # type: ignore[no-any-return]
    found = await ain_platform(_find_by_host, host)
    _remember("host", host, found)
    return found


def find_force(schema: str) -> ForceRef:
    """Return the active force of a schema; raises ``NotFound`` for any other name."""
    found = _cached("schema", schema, lambda: in_platform(_find_by_schema, schema))
    if found is None:
        raise NotFound("There is no active force of that name.")
    return found


async def is_active(schema: str) -> bool:
    """Return whether a force is in use; one that was suspended lately may pass for active for ``CACHE_SECONDS``."""
    hit = _cache.get(("schema", schema))
    if hit and hit[0] > time.monotonic():
        return True
    found = await ain_platform(_find_by_schema, schema)
    _remember("schema", schema, found)
    return found is not None


async def is_active_now(schema: str) -> bool:
    """Return whether a force is in use, asked anew: for what must cease at once."""
    return await ain_platform(_find_by_schema, schema) is not None


def active_forces() -> list[ForceRef]:
    """Return every active force, uncached."""
    return in_platform(_list_active)


def media_nodes() -> list[NodeRef]:
    """Return every media node."""
    return _cached("nodes", "", lambda: in_platform(_list_nodes))


def _cached(kind: str, key: str, look_up: Callable[[], T]) -> T:
    hit = _cache.get((kind, key))
    if hit and hit[0] > time.monotonic():
        return hit[1]  # type: ignore[no-any-return]
    found = look_up()
    _remember(kind, key, found)
    return found


def _remember(kind: str, key: str, found: object) -> None:
    if found is None:
        return  # unknown names are not kept: they would fill the memory of whoever is scanned
    _cache[(kind, key)] = (time.monotonic() + CACHE_SECONDS, found)


def _find_by_host(host: str) -> ForceRef | None:
    domain = Domain.objects.select_related("tenant").filter(domain=host).first()
    if domain is None or domain.tenant.state != Force.State.ACTIVE:
        return None
    ref: ForceRef = domain.tenant.as_ref()
    return ref


def _find_by_schema(schema: str) -> ForceRef | None:
    force = Force.objects.filter(schema_name=schema, state=Force.State.ACTIVE).first()
    return force.as_ref() if force else None


def _list_active() -> list[ForceRef]:
    return [force.as_ref() for force in Force.objects.filter(state=Force.State.ACTIVE)]


def _list_nodes() -> list[NodeRef]:
    return [NodeRef(node.name, node.url, node.state) for node in MediaNode.objects.all()]
