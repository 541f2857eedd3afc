"""This process's way to each media node: one gateway per node, connected when first needed."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import logging
import uuid
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from weakref import WeakKeyDictionary

from asgiref.sync import sync_to_async
from django.conf import settings

from forces.context import ForceRef
from forces.selectors import NodeRef, media_nodes
from streams.gateway.interface import GatewayError, GatewayUnavailable, HandleEvent, HandleRef, MediaGateway
from streams.gateway.janus.client import JanusGateway
from streams.gateway.janus.tasks import start_detached
from streams.signalling import leases
from streams.signalling.errors import MediaUnavailable
from streams.signalling.lanes import Lanes
from streams.signalling.rooms import Participant

log = logging.getLogger(__name__)

# A name for this process in the rows it owns; a restart is another process.
PROCESS = uuid.uuid4().hex[:12]
ONLY_NODE = "default"
CLOSE_SECONDS = 5.0
# How often a process compares what it holds with the rows, besides whenever its lease had lapsed.
COMPARE_SECONDS = 10.0
# Chromium begins at 300 kbit/s and drops the first 720p pictures at that; 2,000 was not faster, and hard on a bad line.
START_BITRATE_KBIT_S = 1_000


@dataclass
class Reach:
    """What one event loop holds: its gateways, and whose handles it has at which node."""

    gateways: dict[str, MediaGateway] = field(default_factory=dict)
    pumps: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    participants: dict[tuple[str, HandleRef], Participant] = field(default_factory=dict)
    forces: dict[str, ForceRef] = field(default_factory=dict)
    looked_at: set[str] = field(default_factory=set)
    lease: list[asyncio.Task[None]] = field(default_factory=list)


_reach: WeakKeyDictionary[asyncio.AbstractEventLoop, Reach] = WeakKeyDictionary()
_injected: MediaGateway | None = None


def use_gateway(gateway: MediaGateway | None) -> None:
    """Use `gateway` for every node from now on (tests); None goes back to the real ones."""
    global _injected
    _injected = gateway


def reach() -> Reach:
    """Return what the running event loop holds."""
    return _reach.setdefault(asyncio.get_running_loop(), Reach())


async def gateway_for(node: str) -> MediaGateway:
    """Return the connected gateway of a node. Raises GatewayUnavailable."""
    held = reach()
    _hold_lease(held)
    if node not in held.gateways:
        held.gateways[node] = _injected or await _make(node)
        held.pumps[node] = asyncio.create_task(_pump(node, held.gateways[node]))
    gateway = held.gateways[node]
    if not gateway.is_connected:
        await gateway.connect()
        await _look_at_version(node, gateway)
    return gateway


def is_line_lost(node: str) -> bool:
    """Tell whether this process had a line to a node's media server, and has lost it."""
    gateway = reach().gateways.get(node)
    return gateway is not None and not gateway.is_connected


async def pick_node() -> str:
    """Return the name of the node for a new room: not draining, with the fewest handles of this process."""
    names = [node.name for node in await _nodes() if node.state == "active"]
    if not names:
        raise MediaUnavailable
    load = Counter(node for node, _ in reach().participants)
    return min(names, key=lambda name: (load[name], name))


def remember(force: ForceRef, node: str, handle: HandleRef, participant: Participant) -> None:
    """Keep whose handle it is, for events that name the handle only."""
    reach().participants[node, handle] = participant
    reach().forces[force.schema] = force


def forget(node: str, handle: HandleRef) -> None:
    """The handle is gone."""
    reach().participants.pop((node, handle), None)


async def close_gateways() -> None:
    """Close every gateway of the running loop, and let events in hand come to an end.

    What this process published or views ends after the media server's reclaim time, unless another process takes it
    over: the lease is given back for that.
    """
    held = reach()
    for task in held.lease:
        task.cancel()
    for gateway in held.gateways.values():
        await gateway.close()
    if held.pumps:
        await asyncio.wait(held.pumps.values(), timeout=CLOSE_SECONDS)
    _reach.pop(asyncio.get_running_loop(), None)
    if held.lease:
        atexit.unregister(leases.give_back)
        await asyncio.to_thread(leases.give_back, PROCESS)


def _hold_lease(held: Reach) -> None:
    """Whoever holds places says that it lives, from the first one to the end of the process."""
    if held.lease:
        return
    doubt = asyncio.Event()
    held.lease = [
        start_detached(leases.keep(PROCESS, doubt.set), "lease"),
        start_detached(_compare(doubt), "lease-comparison"),
    ]
    atexit.unregister(leases.give_back)
    atexit.register(leases.give_back, PROCESS)


async def _nodes() -> list[NodeRef]:
    if _injected is not None:
        return [NodeRef(ONLY_NODE, "", "active")]
    rows = await sync_to_async(media_nodes, thread_sensitive=False)()
    if not rows and settings.JANUS_URL:
        return [NodeRef(ONLY_NODE, settings.JANUS_URL, "active")]
    return rows


async def _make(node: str) -> MediaGateway:
    urls = {row.name: row.url for row in await _nodes()}
    if node not in urls:
        raise GatewayUnavailable(f"there is no media node {node!r}")
    return JanusGateway(
        urls[node],
        settings.JANUS_API_SECRET,
        settings.JANUS_ADMIN_KEY,
        start_bitrate_kbit_s=START_BITRATE_KBIT_S,
        before_claims=_let_go,
    )


async def _look_at_version(node: str, gateway: MediaGateway) -> None:
    """Warn, once per node, of a media server that lacks known fixes; it goes on serving."""
    if node in reach().looked_at:
        return
    try:
        info = await gateway.info()
    except GatewayError:
        return  # what is asked of it next tells why
    reach().looked_at.add(node)
    if info.is_outdated:
        log.warning("media server lacks fixes of known vulnerabilities", extra={"node": node, "version": info.version})


async def _compare(doubt: asyncio.Event) -> None:
    """Find out what was taken over by others, who may have thought this process dead.

    Also without a doubt: they may have looked just before the lease came back, and acted just after.
    """
    while True:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(doubt.wait(), COMPARE_SECONDS)
        doubt.clear()
        await _let_go()


async def _let_go() -> None:
    """Where the rows cannot be read nothing is known: the picture comes first."""
    from streams.signalling.takeover import let_go_of_lost  # which ends media, which needs a gateway

    try:
        await let_go_of_lost()
    except Exception:
        log.exception("places not compared with the rows")


async def _pump(node: str, gateway: MediaGateway) -> None:
    """Hand this process's own events on, those of one handle in their order: none waits for another picture's."""
    from streams.signalling.events import own_event  # events end media, which needs a gateway

    lanes = Lanes()
    async for event in gateway.events():
        lanes.put(event.handle if isinstance(event, HandleEvent) else None, partial(own_event, node, event))
    await lanes.finish()
