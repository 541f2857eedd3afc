"""What a shared picture costs and when it is gone: feeds in the room, bytes of the phone, frames that still come."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from playwright.sync_api import Page

from streams.gateway.janus.client import JanusGateway
from streams.signalling.rooms import room_secret
from tests.flows.journey import decoded
from tests.flows.system import System

# From the owner's click to the guest's dark screen.
CUT_WITHIN_S = 2.0


def is_silent(page: Page) -> bool:
    """Whether no picture arrives any more."""
    before = decoded(page)
    time.sleep(0.2)
    return decoded(page) == before


def bytes_a_second(phone: Page) -> float:
    """What the phone sends to the media server, measured over some seconds."""

    def sent() -> int:
        count: int = phone.evaluate(
            """async () => {
                let bytes = 0;
                for (const pc of window.sightlinePeers) {
                    for (const stat of (await pc.getStats()).values()) {
                        if (stat.type === "outbound-rtp") bytes += stat.bytesSent + stat.headerBytesSent;
                    }
                }
                return bytes;
            }"""
        )
        return count

    phone.wait_for_timeout(3_000)  # the encoder's rate has settled
    before, begun = sent(), time.monotonic()
    phone.wait_for_timeout(4_000)
    return (sent() - before) / (time.monotonic() - begun)


def feeds(system: System) -> list[str]:
    """Return who publishes in the session's room, as the media server itself says."""
    newest = "FROM herts.streams_livesession WHERE state = 'live' ORDER BY live_at DESC LIMIT 1"
    room_id = system.sql(f"SELECT room_id {newest}")

    async def ask() -> list[str]:
        gateway = JanusGateway(
            system.stack.environment["SIGHTLINE_JANUS_URL"], settings.JANUS_API_SECRET, settings.JANUS_ADMIN_KEY
        )
        await gateway.connect()
        try:
            return await gateway.list_feeds(room_id, room_secret(room_id))
        finally:
            await gateway.close()

    with ThreadPoolExecutor(1) as pool:  # Playwright's own loop runs in this thread
        found: Any = pool.submit(asyncio.run, ask()).result(20)
    return list(found)
