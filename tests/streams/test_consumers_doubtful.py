"""A position that cannot be is kept and acknowledged, moves nobody, and is said to be doubtful."""

from __future__ import annotations

from datetime import timedelta

from forces import clock
from forces.context import ForceRef
from forces.dispatch import async_redis
from streams.live_officers import doubt_key
from tests.streams.socket_peers import Peers
from tests.streams.test_consumers_duty import fix, follow, keep, known_active, moved, on_duty

__all__ = ["known_active"]


async def test_doubtful_fix_is_acknowledged_shown_nowhere_and_said_until_the_next_that_is_believed(
    peers: Peers, herts: ForceRef
) -> None:
    peer = await on_duty(peers, herts)
    console, _ = await follow(peers, herts)
    await keep(peer, fix(latitude=51.9))
    assert (await moved(console))["latitude"] == 51.9

    for wrong in ({"latitude": 95}, {"fixed_at": int(clock.now().timestamp() * 1000) + 3_600_000}):
        await peer.send("duty.fixes", fixes=[{**fix(), **wrong}])
        kept = await peer.expect("duty.kept")
        assert (kept["count"], kept["refused"], kept["is_doubtful"]) == (1, 0, True)

    doubt = await console.expect("officer.doubtful")
    late, (officer,) = await follow(peers, herts)
    assert (officer["doubt_at"], officer["fix"]["latitude"]) == (doubt["at"], 51.9)
    await peer.send("duty.fixes", fixes=[fix(latitude=51.95)])
    assert "is_doubtful" not in await peer.expect("duty.kept")
    assert (await moved(late))["latitude"] == 51.95
    _, (officer,) = await follow(peers, herts)
    assert officer["doubt_at"] is None


async def test_doubtful_fix_that_waited_on_the_phone_says_nothing_of_now(peers: Peers, herts: ForceRef) -> None:
    peer = await on_duty(peers, herts)

    assert (await keep(peer, fix(timedelta(minutes=9), accuracy_m=9_000)))["count"] == 1

    _, (officer,) = await follow(peers, herts)
    assert officer["doubt_at"] is None


async def test_doubt_goes_with_the_shift(peers: Peers, herts: ForceRef) -> None:
    peer = await on_duty(peers, herts)
    console, _ = await follow(peers, herts)
    await keep(peer, fix(accuracy_m=9_000))
    await console.expect("officer.doubtful")

    await peer.send("status.set", status="off_duty")
    await console.expect("officer.off_duty")

    assert await async_redis().hlen(doubt_key(herts.schema)) == 0
