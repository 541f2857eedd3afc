"""The events door: who may post, and what of a batch is acted upon."""

from __future__ import annotations

import base64
import json
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import AsyncClient

from forces.context import ForceRef
from streams import signalling
from streams.models import Stream
from streams.services import arrival
from streams.signalling import Participant
from tests.fakes.gateway import FakeGateway
from tests.streams.socket_peers import read
from tests.streams.test_signalling import published

pytestmark = pytest.mark.usefixtures("live_db")
DOOR = "/machine/janus-events/"
PASSWORD = "events-password"


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "JANUS_EVENTS_PASSWORD", PASSWORD)
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["testserver"])


def basic(user: str = "janus", word: str = PASSWORD) -> Any:
    return "Basic " + base64.b64encode(f"{user}:{word}".encode()).decode()


async def post(body: Any, authorization: str = "") -> Any:
    headers = {"authorization": authorization or basic()}
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await AsyncClient().post(DOOR, content, content_type="application/json", headers=headers)


def media(opaque_id: str, *, receiving: bool, medium: str = "video") -> Any:
    """Return an event as the sample event handler writes it."""
    return {
        "type": 32,
        "timestamp": 1795356000000000,
        "session_id": 1,
        "handle_id": 2,
        "opaque_id": opaque_id,
        "event": {"mid": "0", "mindex": 0, "media": medium, "receiving": receiving},
    }


def signed(stream_id: Any, schema: str = "herts") -> Any:
    return signalling.opaque_id(Participant(schema, "p", stream_id))


@pytest.mark.parametrize(
    "authorization",
    ["none", basic(word="wrong"), basic(user="admin"), basic(word=""), "Bearer " + PASSWORD, "Basic é"],
)
async def test_stranger_posts_events_refused_and_nothing_changes(
    herts: ForceRef, gateway: FakeGateway, authorization: str
) -> None:
    _, stream_id = await published(herts, gateway)

    answer = await post([media(signed(stream_id), receiving=True)], authorization)

    assert answer.status_code == 401
    assert (await read(herts, Stream.objects.get)).state == "connecting"


async def test_nobody_gets_in_while_no_password_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "JANUS_EVENTS_PASSWORD", "")

    assert (await post([], basic(word=""))).status_code == 401


async def test_anybody_reads_the_door_refused() -> None:
    answer = await AsyncClient().get(DOOR, headers={"authorization": basic()})

    assert answer.status_code == 405


@pytest.mark.parametrize("body", [b"", b"not json", b'[{"type": 32, "event": {}}', b"[5]"])
async def test_media_server_posts_nonsense_accepted_so_that_it_is_not_repeated(body: bytes) -> None:
    answer = await post(body)

    assert (answer.status_code, answer.headers["X-Events-Known"]) == (200, "0")


async def test_events_with_a_forged_id_change_nothing(herts: ForceRef, gateway: FakeGateway) -> None:
    _, stream_id = await published(herts, gateway)
    forged = f"herts:p:{stream_id}:{'0' * 16}"

    answer = await post([media(forged, receiving=True)])

    assert (answer.status_code, answer.headers["X-Events-Known"]) == (200, "0")
    assert (await read(herts, Stream.objects.get)).state == "connecting"


async def test_events_of_unknown_streams_are_counted_and_hold_up_no_other(
    herts: ForceRef, gateway: FakeGateway
) -> None:
    _, stream_id = await published(herts, gateway)
    batch = [
        media(signed(uuid4()), receiving=True),
        media(signed(stream_id, schema="nowhere"), receiving=True),
        media("", receiving=True),
        media(signed(stream_id), receiving=True),
    ]

    answer = await post(batch)

    assert answer.headers["X-Events-Known"] == "1"
    assert (await read(herts, Stream.objects.get)).state == "live"


async def test_event_that_fails_does_not_hold_up_those_after_it(
    herts: ForceRef, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> Any:
    _, stream_id = await published(herts, gateway)
    real, calls = arrival.mark_live, []

    def once_broken(**arguments: Any) -> Any:
        calls.append(arguments)
        if len(calls) == 1:
            raise RuntimeError("broken")
        return real(**arguments)

    monkeypatch.setattr(arrival, "mark_live", once_broken)
    answer = await post([media(signed(stream_id), receiving=True)] * 2)

    assert answer.status_code == 200
    assert (await read(herts, Stream.objects.get)).state == "live"


async def test_media_server_posts_in_order_last_one_counts(herts: ForceRef, gateway: FakeGateway) -> None:
    _, stream_id = await published(herts, gateway)
    own = signed(stream_id)

    await post([media(own, receiving=True), media(own, receiving=False)])

    assert (await read(herts, Stream.objects.get)).state == "stalled"


async def test_audio_posted_alone_is_not_live(herts: ForceRef, gateway: FakeGateway) -> None:
    _, stream_id = await published(herts, gateway)

    await post(media(signed(stream_id), receiving=True, medium="audio"))

    assert (await read(herts, Stream.objects.get)).state == "connecting"
