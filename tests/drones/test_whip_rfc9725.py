"""RFC 9725: what it says a server MUST, in its order, each by its section; and the SHOULDs that this server keeps.

What the media server itself does is listed where it belongs and tried against the real one in `test_whip_process.py`:
the answer's JSEP rules and `recvonly` (4.2), revocation of consent and consent freshness (4.2), gathering of all
candidates before the answer (4.3.2), rtcp-mux and BUNDLE of the transport (4.4.1), full ICE (4.4.5).
"""

from __future__ import annotations

import re

import pytest

from forces.refs import ForceRef
from streams.gateway.interface import Candidate, CodecRefused, GatewayTimeout
from streams.models import Stream, WhipResource
from tests.drones.devices import (
    AUDIO,
    FRAGMENT,
    HEAD,
    HOST,
    OFFER,
    RESTART,
    SDP,
    VIDEO,
    Device,
    fragment,
    in_the_air,
    newest_stream,
)
from tests.fakes.gateway import FakeGateway
from tests.streams.socket_peers import read

STRONG_TAG = re.compile(r'"[\x21\x23-\x7e]+"')


# --- 4.1 HTTP usage -------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_4_1_get_is_answered_with_success_and_no_content(device: Device, method: str) -> None:
    """MUST return a 2XX with no content: neither the endpoint nor a session has a representation."""
    location = (await device.publish()).headers["Location"]

    for path in ("/whip", location):
        answered = await device.ask(method, path)
        assert (answered.status_code, answered.content) == (204, b"")


# --- 4.2 Ingest session set-up ----------------------------------------------------------------------


async def test_4_2_offer_is_answered_201_with_the_answer_and_a_location(
    device: Device, gateway: FakeGateway, herts: ForceRef
) -> None:
    """MUST generate an answer and return 201, of the type application/sdp, with the session's URL in Location."""
    answered = await device.post()

    assert answered.status_code == 201
    assert answered.headers["Content-Type"] == SDP
    assert answered.text.startswith("v=0\r\n")
    assert re.fullmatch(r"/whip/[0-9a-f-]{36}", answered.headers["Location"])
    stream = await read(herts, newest_stream)
    assert (stream.state, str(stream.id) in gateway.rooms[stream.room_id].feeds) == ("connecting", True)


@pytest.mark.parametrize("kind", ["", "text/plain", "application/json", FRAGMENT, "application/sdp2"])
async def test_4_2_offer_of_another_content_type_is_rejected(device: Device, gateway: FakeGateway, kind: str) -> None:
    """MUST reject with an appropriate 4XX, before anything is connected."""
    answered = await device.post(kind=kind)

    assert (answered.status_code, answered.headers["Accept-Post"]) == (415, SDP)
    assert "publish" not in gateway.calls


@pytest.mark.parametrize(
    "offer",
    [
        b"",
        b"\xff\xfe\x00",
        b"not an sdp",
        b"v=1\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\n",
        HEAD.replace("o=", "x=") + VIDEO,
        OFFER.replace("m=video 9", "m=video nine"),
        OFFER.replace("a=rtcp-mux", "rtcp-mux"),
        OFFER.replace("s=-", "s=-\0"),
        re.sub(r"a=ice-pwd:\S+\r\n", "", OFFER),
        re.sub(r"a=ice-ufrag:\S+", "a=ice-ufrag:x y", OFFER),
        re.sub(r"a=fingerprint:[^\r]+\r\n", "", OFFER),
    ],
)
async def test_4_2_malformed_offer_is_rejected(device: Device, gateway: FakeGateway, offer: str | bytes) -> None:
    """MUST reject a malformed SDP with an appropriate 4XX."""
    answered = await device.post(offer)

    assert (answered.status_code, answered.json()["code"]) == (400, "sdp_malformed")
    assert "publish" not in gateway.calls


@pytest.mark.parametrize("direction", ["recvonly", "inactive"])
async def test_4_2_offer_that_does_not_send_is_rejected(device: Device, gateway: FakeGateway, direction: str) -> None:
    """ "inactive" and "recvonly" MUST NOT be used in the offer."""
    answered = await device.post(OFFER.replace("sendonly", direction))

    assert answered.status_code == 422
    assert "publish" not in gateway.calls


async def test_4_2_offer_that_sends_and_receives_is_taken(device: Device) -> None:
    """MAY be "sendrecv"; the media server answers "recvonly"."""
    assert (await device.post(OFFER.replace("sendonly", "sendrecv"))).status_code == 201


async def test_4_2_delete_removes_the_session_and_frees_the_media_server(
    device: Device, gateway: FakeGateway, herts: ForceRef
) -> None:
    """Upon DELETE the session is removed, and what it held at the media server is freed."""
    location = (await device.publish()).headers["Location"]

    answered = await device.ask("DELETE", location)

    assert answered.status_code == 200
    assert gateway.seats == {}
    stream = await read(herts, newest_stream)
    assert (stream.state, stream.end_reason) == ("ended", "stopped")
    assert await read(herts, WhipResource.objects.count) == 0
    for method, body in (("DELETE", ""), ("PATCH", fragment(HOST)), ("GET", "")):
        assert (await device.ask(method, location, body, FRAGMENT, if_match="*")).status_code == 404


async def test_4_2_options_are_answered_for_cors(device: Device) -> None:
    """MUST support OPTIONS for CORS, SHOULD name the type of POST; a preflight request carries no key."""
    location = (await device.publish()).headers["Location"]
    preflight = {
        "authorization": "",
        "origin": "https://studio.example",
        "access_control_request_method": "POST",
        "access_control_request_headers": "authorization, content-type",
    }

    asked, one = await device.ask("OPTIONS", **preflight), await device.ask("OPTIONS", location, **preflight)

    assert (asked.status_code, one.status_code) == (200, 200)
    assert (asked.headers["Accept-Post"], one.headers["Accept-Patch"]) == (SDP, FRAGMENT)
    assert "POST" in asked.headers["Access-Control-Allow-Methods"]
    assert {"PATCH", "DELETE"} <= set(one.headers["Access-Control-Allow-Methods"].split(", "))
    for answered in (asked, one):
        assert answered.headers["Access-Control-Allow-Origin"] == "*"
        assert {"Authorization", "Content-Type", "If-Match"} <= set(
            answered.headers["Access-Control-Allow-Headers"].split(", ")
        )
        assert "Access-Control-Allow-Credentials" not in answered.headers
        assert "Link" not in answered.headers


async def test_4_2_pages_of_other_sites_can_read_what_they_need(device: Device) -> None:
    """CORS: Location, ETag and Link of the 201 are exposed, and refusals can be read, too."""
    published, refused = await device.publish(), await device.post(authorization="Bearer sla_wrong")

    exposed = set(published.headers["Access-Control-Expose-Headers"].split(", "))
    assert {"Location", "ETag", "Link"} <= exposed
    assert refused.headers["Access-Control-Allow-Origin"] == "*"


# --- 4.3.1 HTTP PATCH usage -------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["", SDP, "text/plain"])
async def test_4_3_1_patch_of_another_content_type_is_rejected(device: Device, gateway: FakeGateway, kind: str) -> None:
    """MUST reject with an appropriate 4XX."""
    location = (await device.publish()).headers["Location"]

    answered = await device.patch(location, fragment(HOST), kind=kind)

    assert (answered.status_code, answered.headers["Accept-Patch"]) == (415, FRAGMENT)
    assert "trickle" not in gateway.calls


@pytest.mark.parametrize(
    "body",
    [
        "",
        b"\xff\xfe",
        "garbage",
        "a=group:BUNDLE 0 1\r\n",
        fragment("a=candidate:1 1 udp"),
        fragment("a=candidate:1 1 udp 1 192.0.2.1 x typ host"),
        fragment(HOST).replace("a=mid:0", "a=mid:9"),
        fragment(HOST, ufrag="x"),
        re.sub(r"a=ice-pwd:\S+\r\n", "", fragment(HOST)),
        fragment(*[HOST] * 65),
    ],
)
async def test_4_3_1_malformed_fragment_is_rejected(device: Device, gateway: FakeGateway, body: str | bytes) -> None:
    """MUST reject a malformed SDP fragment with an appropriate 4XX."""
    location = (await device.publish()).headers["Location"]

    answered = await device.patch(location, body)

    assert (answered.status_code, answered.json()["code"]) == (400, "sdp_malformed")
    assert {"trickle", "restart"} & set(gateway.calls) == set()


async def test_4_3_1_entity_tag_is_strong_and_in_the_201(device: Device, gateway: FakeGateway, herts: ForceRef) -> None:
    """MUST generate a unique strong entity-tag, and return it in the ETag of the 201."""
    other = await in_the_air(herts, gateway, "SECOND")

    tags = [answered.headers["ETag"] for answered in (await device.publish(), await other.publish())]

    assert all(STRONG_TAG.fullmatch(tag) for tag in tags)
    assert len(set(tags)) == 2


async def test_4_3_1_delete_ignores_entity_tags(device: Device) -> None:
    """MUST ignore any entity-tag where no ICE session need match, as in DELETE."""
    location = (await device.publish()).headers["Location"]

    assert (await device.ask("DELETE", location, if_match='"of-yesterday"')).status_code == 200


@pytest.mark.parametrize("body", [fragment(HOST), RESTART])
@pytest.mark.parametrize(("if_match", "status"), [("", 428), ('"of-yesterday"', 412), ("W/{etag}", 412)])
async def test_4_3_1_patch_without_the_tag_that_stands_is_refused(
    device: Device, gateway: FakeGateway, body: str, if_match: str, status: int
) -> None:
    """Missing: 428; outdated: 412; nothing of the request is done. A weak tag matches nothing (RFC 9110, 13.1.1)."""
    published = await device.publish()
    tag = if_match.replace("{etag}", published.headers["ETag"])

    answered = await device.patch(published.headers["Location"], body, tag)

    assert answered.status_code == status
    assert {"trickle", "restart"} & set(gateway.calls) == set()


# --- 4.3.2 Trickle ICE --------------------------------------------------------------------------------


async def test_4_3_2_candidates_are_taken_with_204_no_body_and_no_tag(device: Device, gateway: FakeGateway) -> None:
    """MUST return 204 without a body, and MUST NOT include an ETag."""
    published = await device.publish()
    tag = published.headers["ETag"]

    answered = await device.patch(published.headers["Location"], fragment(HOST, "a=end-of-candidates"), tag)

    assert (answered.status_code, answered.content) == (204, b"")
    assert "ETag" not in answered.headers
    [seat] = gateway.seats.values()
    assert seat.candidates == [Candidate(HOST.removeprefix("a="), "0", 0), None]


@pytest.mark.parametrize("if_match", ["*", '"*"', '"other", {etag}'])
async def test_4_3_2_any_matching_condition_lets_candidates_in(device: Device, if_match: str) -> None:
    """MUST make use of conditional requests: a star, or one of several tags, matches."""
    published = await device.publish()
    tags = if_match.replace("{etag}", published.headers["ETag"])

    assert (await device.patch(published.headers["Location"], fragment(HOST), tags)).status_code == 204


async def test_4_3_2_candidates_without_credentials_are_of_the_session_that_stands(
    device: Device, gateway: FakeGateway
) -> None:
    """Fragments as RFC 8840 has them carry credentials; some clients leave them out."""
    published = await device.publish()

    answered = await device.patch(published.headers["Location"], fragment(HOST, ufrag=""), published.headers["ETag"])

    assert answered.status_code == 204
    assert len(next(iter(gateway.seats.values())).candidates) == 1


async def test_4_3_2_what_cannot_be_used_is_silently_left_out(device: Device, gateway: FakeGateway) -> None:
    """MUST silently discard candidates of other transports and unresolvable addresses, and process the rest."""
    published = await device.publish()
    tcp = "a=candidate:2 1 tcp 1518280447 192.0.2.1 9 typ host tcptype active"
    name = "a=candidate:3 1 udp 2122260223 1f2e3d4c.local 61764 typ host"

    answered = await device.patch(published.headers["Location"], fragment(tcp, name, HOST), published.headers["ETag"])

    assert answered.status_code == 204
    [seat] = gateway.seats.values()
    assert [one.candidate for one in seat.candidates if one] == [HOST.removeprefix("a=")]


# --- 4.3.3 ICE restarts -------------------------------------------------------------------------------


async def test_4_3_3_other_credentials_are_a_restart_answered_200_with_a_new_tag(
    device: Device, gateway: FakeGateway
) -> None:
    """MUST consider it a restart; SHALL return 200 with the fragment; the 200 MUST contain the new entity-tag."""
    published = await device.publish()

    answered = await device.patch(published.headers["Location"], RESTART)

    assert (answered.status_code, answered.headers["Content-Type"]) == (200, FRAGMENT)
    assert STRONG_TAG.fullmatch(answered.headers["ETag"])
    assert answered.headers["ETag"] != published.headers["ETag"]
    lines = answered.text.split("\r\n")
    assert "a=ice-ufrag:289b31b754eaa438" in lines
    assert "a=ice-pwd:0b66f472495ef0ccac7bda653ab6be49ea13114472a5d10a" in lines
    assert "a=candidate:1 1 udp 2130706431 198.51.100.1 39132 typ host" in lines
    assert {"a=group:BUNDLE 0 1", "m=audio 9 UDP/TLS/RTP/SAVPF 111", "a=mid:0", "a=end-of-candidates"} <= set(lines)


async def test_4_3_3_nothing_but_ice_is_negotiated_again(device: Device, gateway: FakeGateway) -> None:
    """MUST assume that the negotiated non-ICE information still applies, and replace the set of remote candidates."""
    offer = OFFER.replace("a=mid:0\r\n", f"a=mid:0\r\n{HOST.replace('192.0.2.1', '203.0.113.9')}\r\n")
    published = await device.post(offer)

    await device.patch(published.headers["Location"], RESTART)

    [seat] = gateway.seats.values()
    [given] = seat.restarts
    assert "203.0.113.9" not in given.sdp
    assert HOST in given.sdp
    strip = re.compile(r"a=(ice-ufrag|ice-pwd|candidate|end-of-candidates)[^\r]*\r\n|o=[^\r]*\r\n")
    assert strip.sub("", given.sdp) == strip.sub("", OFFER)
    assert re.findall(r"a=ice-ufrag:(\S+)", given.sdp) == ["ysXw", "ysXw"]
    assert "IN IP4 127.0.0.1\r\ns=-" in given.sdp
    assert "o=- 5228595038118931041 3 " in given.sdp


async def test_4_3_3_answer_has_the_ice_words_of_the_first_one(device: Device, gateway: FakeGateway) -> None:
    """MUST include the same ice-options, ice-pacing and ice-lite as those of the offer or answer."""
    published = await device.publish()

    answered = await device.patch(published.headers["Location"], RESTART)

    words = re.compile(r"a=(?:ice-options|ice-pacing|ice-lite)[^\r]*")
    assert words.findall(answered.text) == words.findall(published.text) == ["a=ice-options:trickle"]


async def test_4_3_3_former_tag_and_credentials_are_out_of_date_after_a_restart(
    device: Device, gateway: FakeGateway
) -> None:
    """Out of order: candidates of the former ICE session are told apart by its tag; those of the new one are taken."""
    published = await device.publish()
    location, former = published.headers["Location"], published.headers["ETag"]
    fresh = (await device.patch(location, RESTART)).headers["ETag"]
    late = fragment(HOST)
    new = fragment(HOST, ufrag="ysXw", pwd="vw5LmwG4y/e6dPP/zAP9Gp5k")

    assert (await device.patch(location, late, former)).status_code == 412
    assert (await device.patch(location, new, fresh)).status_code == 204
    assert gateway.calls.count("restart") == 1


async def test_4_3_3_failed_restart_says_so_and_keeps_the_session(
    device: Device, gateway: FakeGateway, herts: ForceRef
) -> None:
    """MUST return an error code, MUST NOT terminate the session immediately, and keeps the existing ICE session."""
    published = await device.publish()
    location, tag = published.headers["Location"], published.headers["ETag"]
    gateway.failures["restart"] = GatewayTimeout("late")

    answered = await device.patch(location, RESTART)

    assert (answered.status_code, answered.headers["Retry-After"]) == (503, "5")
    assert (await read(herts, newest_stream)).state == "connecting"
    assert (await device.patch(location, fragment(HOST), tag)).status_code == 204
    gateway.failures.clear()
    assert (await device.patch(location, RESTART)).status_code == 200


# --- 4.4 WebRTC constraints ---------------------------------------------------------------------------


async def test_4_4_1_answer_has_rtcp_mux_only_in_each_section(device: Device) -> None:
    """MUST include "rtcp-mux-only" in each bundled m= section."""
    sections = (await device.publish()).text.split("m=")[1:]

    assert [section.count("a=rtcp-mux-only\r\n") for section in sections] == [1, 1]


async def test_4_4_1_offer_that_is_not_bundled_is_rejected(device: Device, gateway: FakeGateway) -> None:
    """SHALL use "max-bundle": picture and sound come by one transport."""
    answered = await device.post(OFFER.replace("a=group:BUNDLE 0 1\r\n", ""))

    assert answered.status_code == 422
    assert "publish" not in gateway.calls


async def test_4_4_1_section_that_is_bundled_only_needs_no_transport_of_its_own(device: Device) -> None:
    """Max-bundle: a "bundle-only" section has port 0, and what the first one says holds for it."""
    ice = re.compile(r"a=(ice-ufrag|ice-pwd|fingerprint|setup):[^\r]*\r\n")
    bundled = ice.sub("", VIDEO).replace("m=video 9", "m=video 0").replace("a=mid:1", "a=mid:1\r\na=bundle-only")

    assert (await device.post(HEAD + AUDIO + bundled)).status_code == 201


@pytest.mark.parametrize(
    "offer",
    [
        HEAD.replace("0 1", "0 1 2") + AUDIO + VIDEO + VIDEO.replace("a=mid:1", "a=mid:2"),
        HEAD.replace("0 1", "0 1 2") + AUDIO + AUDIO.replace("a=mid:0", "a=mid:2") + VIDEO,
        OFFER.replace("msid:drone sound", "msid:another sound"),
        HEAD + AUDIO,
        HEAD,
    ],
)
async def test_4_4_2_other_than_a_single_stream_is_rejected(device: Device, gateway: FakeGateway, offer: str) -> None:
    """Where the number of streams or tracks is not supported: MUST reject with 422 or 400."""
    answered = await device.post(offer)

    assert (answered.status_code, answered.json()["code"]) == (422, "offer_refused")
    assert "publish" not in gateway.calls


async def test_4_4_3_no_partial_success(device: Device, gateway: FakeGateway, herts: ForceRef) -> None:
    """SHOULD NOT reject individual m= sections, but the whole request with 422 or 400; nothing stays connected."""
    gateway.answer = gateway.answer.replace("m=audio 9", "m=audio 0")

    answered = await device.post()

    assert answered.status_code == 422
    assert gateway.seats == {}
    assert (await read(herts, newest_stream)).end_reason == "codec_refused"


async def test_4_4_3_codec_that_nobody_here_decodes_is_rejected(device: Device, gateway: FakeGateway) -> None:
    """An offer of H.265 alone, for example: the same, with words that say what to send."""
    gateway.failures["publish"] = CodecRefused("port 0")

    answered = await device.post()

    assert (answered.status_code, "H.264" in answered.json()["message"]) == (422, True)


@pytest.mark.parametrize(("setup", "status"), [("actpass", 201), ("active", 201), ("passive", 201), ("holdconn", 422)])
async def test_4_4_4_setup_of_dtls(device: Device, setup: str, status: int) -> None:
    """ "active" alone MAY be offered; what is not supported SHOULD be rejected with 422 or 400."""
    assert (await device.post(OFFER.replace("setup:actpass", f"setup:{setup}"))).status_code == status


# --- 4.5 Load balancing and redirections ----------------------------------------------------------------


@pytest.mark.parametrize("path", ["/whip", "/whip/"])
async def test_4_5_endpoint_answers_with_and_without_a_slash_and_never_redirects(device: Device, path: str) -> None:
    """301 and 302 MUST NOT be used."""
    assert (await device.ask("POST", path, OFFER, SDP)).status_code == 201


async def test_4_5_plain_http_is_led_to_https_by_307(device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    """301 and 302 MUST NOT be used, 307 is; HTTPS SHALL be used (section 5): the key opens nothing without."""
    from django.conf import settings

    monkeypatch.setattr(settings, "SECURE_SSL_REDIRECT", True)
    monkeypatch.setattr(settings, "SECURE_REDIRECT_EXEMPT", [r"^whip(/|$)"])

    answered = await device.post()

    assert (answered.status_code, answered.headers["Location"]) == (307, "https://herts.localhost/whip")


async def test_4_5_media_server_that_is_away_is_503_with_a_time_to_wait(device: Device, gateway: FakeGateway) -> None:
    """MAY return 503 with Retry-After."""
    gateway.failures["publish"] = GatewayTimeout("late")

    answered = await device.post()

    assert (answered.status_code, answered.headers["Retry-After"]) == (503, "5")


# --- 4.6 STUN and TURN servers --------------------------------------------------------------------------


@pytest.mark.usefixtures("settings_turn")
async def test_4_6_relays_are_in_link_headers_of_the_201(device: Device) -> None:
    """MAY return them; then by "Link" with rel="ice-server", username, credential and credential-type."""
    published = await device.publish()

    assert re.fullmatch(
        r'<turn:turn\.example:3478>; rel="ice-server"; username="\d+:[0-9a-f-]{36}"; '
        r'credential="[A-Za-z0-9+/=]+"; credential-type="password"',
        published.headers["Link"],
    )


# --- 4.7 Authentication and authorisation -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("authorization", "challenge"),
    [
        ("", 'Bearer realm="whip"'),
        ("Basic c2xhOng=", 'Bearer realm="whip"'),
        ("Bearer ", 'Bearer realm="whip"'),
        ("Bearer sla_wrong", 'Bearer realm="whip", error="invalid_token"'),
        ("Bearer nobodys", 'Bearer realm="whip", error="invalid_token"'),
    ],
)
async def test_4_7_bearer_token_is_asked_for_at_endpoint_and_session(
    device: Device, gateway: FakeGateway, authorization: str, challenge: str
) -> None:
    """MUST support HTTP authentication and bearer tokens (RFC 6750: the 401 has a challenge)."""
    location = (await device.publish()).headers["Location"]
    before = list(gateway.calls)

    for method, path, body, kind in (
        ("POST", "/whip", OFFER, SDP),
        ("PATCH", location, fragment(HOST), FRAGMENT),
        ("DELETE", location, "", ""),
        ("GET", location, "", ""),
    ):
        answered = await device.ask(method, path, body, kind, authorization=authorization, if_match="*")
        assert (answered.status_code, answered.headers["WWW-Authenticate"]) == (401, challenge)
    assert gateway.calls == before


async def test_4_7_scheme_is_of_any_case(device: Device) -> None:
    """RFC 9110, 11.1: the scheme's name is case-insensitive."""
    assert (await device.post(authorization=f"bearer {device.key}")).status_code == 201


# --- 4.9 Protocol extensions --------------------------------------------------------------------------------


async def test_4_9_no_extension_is_required_or_announced(device: Device) -> None:
    """MUST NOT require any extension; there is none to advertise."""
    assert "urn:ietf:params:whip:ext" not in (await device.publish()).headers.get("Link", "")


# --- 5 Security considerations ------------------------------------------------------------------------------


async def test_5_addresses_of_sessions_are_random(device: Device, herts: ForceRef) -> None:
    """SHOULD have enough randomness: a random UUID, which is no id that anybody else is told."""
    location = (await device.publish()).headers["Location"]

    stream = await read(herts, Stream.objects.get)
    assert location.removeprefix("/whip/")[14] == "4"
    assert str(stream.id) not in location
    assert str(stream.session_id) not in location
