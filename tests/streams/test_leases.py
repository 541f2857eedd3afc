"""A process's own lease: when it begins and ends, and what is let go when others thought the process dead."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from forces.context import ForceRef
from forces.dispatch import redis_client
from streams import signalling
from streams.gateway.interface import HandleRef
from streams.gateway.janus.client import KEEPALIVE_SECONDS
from streams.models import Stream
from streams.signalling import leases
from streams.signalling.gateways import PROCESS, reach
from streams.signalling.takeover import let_go_of_lost
from streams.signalling.upkeep import Upkeep
from streams.watchdog import STEPS
from tests.fakes.gateway import FakeGateway
from tests.streams.socket_peers import read, until
from tests.streams.test_signalling import live, watching
from tests.streams.test_takeover import OTHER, give_to_other

pytestmark = pytest.mark.usefixtures("live_db", "clean_leases")


async def test_owner_that_holds_its_own_lets_nothing_go(herts: ForceRef, gateway: FakeGateway) -> None:
    await watching(herts, gateway)

    await let_go_of_lost()

    assert gateway.released == []
    assert set(handles_held()) == set(gateway.seats)


async def test_owner_that_was_thought_dead_lets_go_without_ending_media(herts: ForceRef, gateway: FakeGateway) -> None:
    await watching(herts, gateway)
    seats = dict(gateway.seats)
    await read(herts, give_to_other)

    await let_go_of_lost()

    assert set(gateway.released) == set(seats)
    assert gateway.seats == seats
    assert handles_held() == []
    assert (await read(herts, Stream.objects.get)).state == "live"


async def test_lapsed_owner_compares_with_the_rows_at_once(
    herts: ForceRef, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "RENEW_SECONDS", 0.05)
    await live(herts, gateway)
    await until(lambda: redis_client().exists(f"process:lease:{PROCESS}"))
    await read(herts, lambda: Stream.objects.update(owner=OTHER))

    redis_client().delete(f"process:lease:{PROCESS}")

    await until(lambda: gateway.released)
    assert redis_client().exists(f"process:lease:{PROCESS}")


def handles_held() -> list[HandleRef]:
    return [handle for _, handle in reach().participants]


async def test_first_place_begins_the_lease_and_the_end_of_the_process_gives_it_back(
    herts: ForceRef, gateway: FakeGateway
) -> None:
    assert (await leases.find_absent([PROCESS])).missed == {PROCESS}
    await live(herts, gateway)
    await until(lambda: redis_client().exists(f"process:lease:{PROCESS}"))
    assert await leases.find_absent([PROCESS]) == leases.Absent(frozenset(), frozenset())
    assert 0 < redis_client().ttl(f"process:lease:{PROCESS}") <= leases.LEASE_SECONDS

    await signalling.close_gateways()

    assert (await leases.find_absent([PROCESS])).left == {PROCESS}


def test_lease_lapses_and_counts_well_before_the_media_server_gives_up() -> None:
    """The media server counts from the last request of a session, which is as old as a keepalive may be."""
    [step] = [step for step in STEPS if step.run is Upkeep.take_over_places]
    latest = leases.LEASE_SECONDS + step.every_s + leases.LAPSED_AFTER_S + step.every_s
    written = (Path(settings.BASE_DIR) / "config/services/janus/janus.jcfg").read_text()
    found = re.search(r"reclaim_session_timeout = (\d+)", written)
    assert found
    assert latest <= 9
    assert KEEPALIVE_SECONDS + latest <= int(found.group(1)) - 5
    assert leases.LAPSED_AFTER_S >= 2 * leases.RENEW_SECONDS
