"""A media server without known fixes is worked with, and the log says so."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator

import pytest

from forces.selectors import NodeRef
from streams import signalling
from streams.signalling import gateways
from tests.fakes.janus import FakeJanus

NODE = "media-7"


@pytest.fixture
async def janus(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeJanus]:
    """Be the only media node."""
    async with FakeJanus() as fake:
        monkeypatch.setattr(gateways, "media_nodes", lambda: [NodeRef(NODE, fake.url, "active")])
        yield fake
        await signalling.close_gateways()


def _warnings(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    records = [record for record in caplog.records if record.name == gateways.__name__]
    assert {record.levelno for record in records} <= {logging.WARNING}
    return [(vars(record)["node"], vars(record)["version"]) for record in records]


@pytest.mark.parametrize(("version", "is_told"), [("1.1.2", True), ("1.4.0", True), ("1.4.1", False), ("1.5.0", False)])
async def test_process_meets_a_media_server_and_tells_an_outdated_one_once(
    janus: FakeJanus, caplog: pytest.LogCaptureFixture, version: str, is_told: bool
) -> None:
    janus.reactions["info"] = lambda _request: [{"janus": "server_info", "version_string": version}]

    await signalling.gateway_for(NODE)
    janus.drop()
    await signalling.gateway_for(NODE)

    assert _warnings(caplog) == ([(NODE, version)] if is_told else [])


async def test_media_server_that_does_not_tell_its_version_is_worked_with(
    janus: FakeJanus, caplog: pytest.LogCaptureFixture
) -> None:
    janus.reactions["info"] = lambda _request: [{"janus": "error", "error": {"code": 453, "reason": "Unknown request"}}]

    assert (await signalling.gateway_for(NODE)).is_connected
    assert _warnings(caplog) == []
