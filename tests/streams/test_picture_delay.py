"""What the phone says of the delay and the pauses of its picture: from whom it is taken, and who hears it."""

from __future__ import annotations

import pytest

from forces.context import ForceRef
from tests.factories.streams import make_opened
from tests.fakes.gateway import FakeGateway
from tests.streams.socket_peers import Peers, make


async def test_caller_without_consent_tells_a_delay_refused(peers: Peers, herts: ForceRef) -> None:
    peer = await peers.caller(herts, (await make(herts, make_opened)).ticket)

    assert await peer.refused("stream.delay", sending_ms=80) == "consent_missing"


@pytest.mark.parametrize("sending_ms", [-1, 60_001, 1.5, "80", None])
async def test_caller_tells_a_delay_that_is_none_refused(peers: Peers, herts: ForceRef, sending_ms: object) -> None:
    peer = await peers.caller(herts, (await make(herts)).ticket)

    assert await peer.refused("stream.delay", sending_ms=sending_ms) == "invalid_field"


async def test_callers_delay_reaches_the_consoles_of_the_force_alone(
    peers: Peers, herts: ForceRef, beds: ForceRef, gateway: FakeGateway
) -> None:
    made = await make(herts)
    ours, theirs = await peers.console(herts), await peers.console(beds)
    peer = await peers.caller(herts, made.ticket)
    await peer.send("stream.delay", sending_ms=80)

    told = await ours.expect("stream.delay")
    assert (told["session_id"], told["sending_ms"], told["topic"]) == (str(made.session.id), 80, "console")
    await theirs.round_trip()
    assert not [frame for frame in theirs.seen if frame["type"] == "stream.delay"]


async def test_callers_paused_camera_is_shown_until_it_goes_on(peers: Peers, herts: ForceRef) -> None:
    made = await make(herts)
    console, peer = await peers.console(herts), await peers.caller(herts, made.ticket)
    await peer.send("progress.report", step="camera_muted")
    assert (await console.expect_session(id=str(made.session.id)))["progress"]["step"] == "camera_muted"

    await peer.send("progress.report", step="camera_unmuted")
    assert (await console.expect_session(id=str(made.session.id)))["progress"]["step"] == "camera_unmuted"
