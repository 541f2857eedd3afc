"""WHIP in earnest: two web processes behind one address, the real media server, and a real WebRTC device."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from uuid import UUID

import httpx
import pytest

from config.services.stack import Stack
from drones.models import AircraftKey
from drones.services.keys import revoke_key
from forces import clock
from forces.context import ForceRef, ain_force
from streams import signalling
from streams.gateway.whip_sdp import credentials, without_candidates
from streams.models import Stream
from streams.signalling.upkeep import Upkeep
from streams.simulation.peer import stay_on_loopback
from tests.drones.devices import FRAGMENT, SDP, launch, newest_stream
from tests.factories.streams import person
from tests.streams.media_peers import Publisher
from tests.streams.socket_peers import read, until_rows
from tests.streams.web_process import Web, running_web

LIVE_S = 20.0


@pytest.fixture(scope="module")
def webs(stack: Stack, module_db: str) -> Iterator[tuple[Web, Web]]:
    """Two processes of one system."""
    stack.run_sql(f"UPDATE forces_medianode SET url = '{stack.environment['SIGHTLINE_JANUS_URL']}'", module_db)
    stay_on_loopback()
    with running_web(stack, module_db) as first, running_web(stack, module_db) as second:
        yield first, second


@dataclass
class Encoder:
    """A device that has a key, and a picture to send."""

    key: str
    session_id: UUID
    picture: Publisher

    async def ask(self, web: Web, method: str, path: str, body: str = "", **headers: str) -> httpx.Response:
        """Ask one of the processes."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent |= {"host": web.host, "authorization": f"Bearer {self.key}"}
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{web.port}", timeout=20) as client:
            return await client.request(method, path, content=body, headers=sent)

    async def publish(self, web: Web, offer: str) -> httpx.Response:
        """Offer the picture, and take the answer."""
        answered = await self.ask(web, "POST", "/whip", offer, content_type=SDP)
        assert answered.status_code == 201, answered.text
        await self.picture.accept(answered.text)
        return answered


@pytest.fixture
async def encoder(live_db: str, webs: tuple[Web, Web], herts: ForceRef) -> AsyncIterator[Encoder]:
    """Return the encoder of an aircraft that was launched; its WebRTC is closed in the end."""
    key, session_id = await ain_force(herts, launch, "REAL")
    made = Encoder(key, session_id, Publisher("H264"))
    yield made
    await made.picture.close()
    await signalling.close_gateways()


def fragment_of(offer: str) -> str:
    """Return the candidates of an offer as a client sends them later."""
    ufrag, pwd = credentials(offer)
    lines = re.findall(r"a=candidate:[^\r]*", offer)
    media = re.findall(r"m=[^\r]*", offer)[0]
    said = "".join(f"{line}\r\n" for line in lines)
    return f"{media}\r\na=mid:0\r\na=ice-ufrag:{ufrag}\r\na=ice-pwd:{pwd}\r\n{said}a=end-of-candidates\r\n"


async def test_picture_comes_by_one_process_and_is_changed_and_ended_by_the_other(
    encoder: Encoder, webs: tuple[Web, Web], herts: ForceRef
) -> None:
    first, second = webs
    offer = await encoder.picture.offer()

    published = await encoder.publish(first, without_candidates(offer))
    location, tag = published.headers["Location"], published.headers["ETag"]
    trickled = await encoder.ask(second, "PATCH", location, fragment_of(offer), content_type=FRAGMENT, if_match=tag)
    stream: Stream = await until_rows(herts, lambda: (found := newest_stream()).state == "live" and found, LIVE_S)

    assert trickled.status_code == 204, trickled.text
    assert "a=recvonly" in published.text
    assert re.search(r"a=(sendrecv|sendonly|inactive)\r\n", published.text) is None
    assert "a=candidate:" in published.text
    assert published.text.count("a=rtcp-mux-only\r\n") == published.text.count("m=") == 1
    assert (await encoder.ask(second, "POST", "/whip", offer, content_type=SDP)).status_code == 409

    fresh = fragment_of(offer).replace(credentials(offer)[0], "ysXw").replace(credentials(offer)[1], "v" * 24)
    restarted = await encoder.ask(second, "PATCH", location, fresh, content_type=FRAGMENT, if_match="*")

    assert (restarted.status_code, restarted.headers["Content-Type"]) == (200, FRAGMENT), restarted.text
    assert restarted.headers["ETag"] != tag
    assert credentials(restarted.text) != credentials(published.text)
    assert "a=candidate:" in restarted.text
    assert (await read(herts, newest_stream)).owner not in ("", stream.owner)

    assert (await encoder.ask(first, "DELETE", location)).status_code == 200
    assert (await read(herts, newest_stream)).end_reason == "stopped"
    assert (await encoder.ask(second, "DELETE", location)).status_code == 404


async def test_key_that_is_revoked_while_flying_cuts_the_connection(
    encoder: Encoder, webs: tuple[Web, Web], herts: ForceRef
) -> None:
    published = await encoder.publish(webs[0], await encoder.picture.offer())
    await until_rows(herts, lambda: newest_stream().state == "live", LIVE_S)

    def revoke() -> None:
        row = AircraftKey.objects.get(aircraft__serial="REAL", revoked_at=None)
        revoke_key(actor=person("force_admin"), now=clock.now(), key_id=row.pk)

    await ain_force(herts, revoke)
    await Upkeep(herts).give_back_handles()  # as the watchdog does each second

    assert (await read(herts, newest_stream)).end_reason == "key_revoked"
    async with asyncio.timeout(10):
        while encoder.picture.connection.connectionState != "closed":  # noqa: ASYNC110 - aiortc has no other way
            await asyncio.sleep(0.05)
    refused = await encoder.ask(webs[0], "DELETE", published.headers["Location"])
    assert refused.status_code == 401
