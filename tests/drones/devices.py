"""An encoder that speaks WHIP to the whole application, and the texts that it exchanges."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import httpx

from forces import clock
from forces.asgi import DjangoApplication
from forces.context import ForceRef, ain_force
from streams.models import Stream
from tests.factories.drones import make_aircraft, make_flying, make_key, make_pilot
from tests.fakes.gateway import FakeGateway

SDP, FRAGMENT = "application/sdp", "application/trickle-ice-sdpfrag"
UFRAG, PWD = "EsAw", "P2uYro0UCOQ4zxjKXaWCBui1"
_ICE = f"a=ice-ufrag:{UFRAG}\r\na=ice-pwd:{PWD}\r\n"
_DTLS = "a=fingerprint:sha-256 " + ":".join(["DA"] * 32) + "\r\na=setup:actpass\r\n"
AUDIO = (
    "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\n"
    f"{_ICE}{_DTLS}a=mid:0\r\na=sendonly\r\na=msid:drone sound\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\n"
)
VIDEO = (
    "m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\n"
    f"{_ICE}{_DTLS}a=mid:1\r\na=sendonly\r\na=msid:drone picture\r\na=rtcp-mux\r\na=rtpmap:96 H264/90000\r\n"
)
HEAD = (
    "v=0\r\no=- 5228595038118931041 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
    "a=group:BUNDLE 0 1\r\na=ice-options:trickle\r\n"
)
OFFER = HEAD + AUDIO + VIDEO
HOST = "a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host"


def answer_of(ufrag: str = "38sdf4fdsf54", pwd: str = "2e13dde17c1cb009202f627fab90cbec358d766d049c9697") -> str:
    """Return an answer as the media server gives it: whole, with its candidates."""
    ice = f"a=ice-ufrag:{ufrag}\r\na=ice-pwd:{pwd}\r\n"
    candidate = "a=candidate:1 1 udp 2130706431 198.51.100.1 39132 typ host\r\na=end-of-candidates\r\n"
    rest = "a=rtcp-mux\r\na=recvonly\r\na=setup:active\r\n"
    return (
        "v=0\r\no=- 1657793490019 1 IN IP4 198.51.100.1\r\ns=room\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n"
        "a=ice-options:trickle\r\n"
        f"m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n{rest}{ice}{candidate}"
        f"m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\n{rest}{ice}{candidate}"
    )


def fragment(*lines: str, ufrag: str = UFRAG, pwd: str = PWD) -> str:
    """Return the body of a PATCH for the first section; without credentials where they are empty."""
    ice = f"a=ice-ufrag:{ufrag}\r\na=ice-pwd:{pwd}\r\n" if ufrag else ""
    said = "".join(f"{line}\r\n" for line in lines)
    return f"a=group:BUNDLE 0 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n{ice}{said}"


RESTART = fragment(HOST, "a=end-of-candidates", ufrag="ysXw", pwd="vw5LmwG4y/e6dPP/zAP9Gp5k")


@dataclass
class Device:
    """A key at a host; every request carries the key, unless another one is named."""

    key: str
    gateway: FakeGateway
    session_id: UUID
    schema: str = "herts"

    async def ask(
        self, method: str, path: str = "/whip", body: str | bytes = "", kind: str = "", **headers: str
    ) -> httpx.Response:
        """Send a request; a header of "" is left out."""
        given = {"authorization": f"Bearer {self.key}", "content-type": kind, **headers}
        sent = {name.replace("_", "-"): value for name, value in given.items() if value}
        transport = httpx.ASGITransport(DjangoApplication())  # type: ignore[arg-type]  # stricter stubs
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{self.schema}.localhost") as client:
            return await client.request(method, path, content=body, headers=sent)

    async def post(self, offer: str | bytes = OFFER, kind: str = SDP, **headers: str) -> httpx.Response:
        """Offer a picture."""
        return await self.ask("POST", "/whip", offer, kind, **headers)

    async def patch(
        self, path: str, body: str | bytes, if_match: str = "*", kind: str = FRAGMENT, **headers: str
    ) -> httpx.Response:
        """Change the ICE session."""
        return await self.ask("PATCH", path, body, kind, if_match=if_match, **headers)

    async def publish(self) -> httpx.Response:
        """Offer a picture that is taken."""
        answered = await self.post()
        assert answered.status_code == 201, answered.text
        return answered


async def in_the_air(force: ForceRef, gateway: FakeGateway, serial: str = "FLYING") -> Device:
    """Return the device of a flight that was launched just now."""
    gateway.answer = answer_of()
    gateway.restart_answer = answer_of("289b31b754eaa438", "0b66f472495ef0ccac7bda653ab6be49ea13114472a5d10a")
    key, session_id = await ain_force(force, launch, serial)
    return Device(key, gateway, session_id, force.schema)


def launch(serial: str) -> tuple[str, UUID]:
    """Launch a flight of an aircraft now; return a new key of the aircraft, and the flight's session."""
    now, aircraft = clock.now(), make_aircraft(serial)
    key = make_key(aircraft, now=now)
    flying = make_flying(aircraft, make_pilot(f"pilot-{serial.lower()}"), now=now)
    return key, flying.flight.session_id


def newest_stream() -> Stream:
    """Return the stream that was admitted last."""
    return Stream.objects.latest("admitted_at")
